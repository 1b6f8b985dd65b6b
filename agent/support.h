/* SPDX-License-Identifier: MIT */
/* The support request that the provider's own page would send: subject, summary, the eight results,
   the evidence of what failed. Redacted: no secret, no mail content, no address but the account's.
   As Markdown to paste, and as JSON for MQTT. */
#ifndef GATEPOST_SUPPORT_H
#define GATEPOST_SUPPORT_H

#include "report.h"
#include "suite.h"

#include <stdbool.h>
#include <stddef.h>

#define SUPPORT_MAX      32768       /* bytes of the Markdown, terminator included */
#define SUPPORT_JSON_MAX MESSAGE_MAX /* bytes of the JSON, terminator included */

/* What is known from earlier runs: since when each root has held (wall clock; 0: not known, then
   the request says when it was seen). */
struct support_history {
    int64_t since_wall_ms[DIAGNOSIS_ROOTS_MAX];
};

#define SUPPORT_SUMMARY_MAX 8192

/* Appends the subject, one line, and the summary, one paragraph; plain text. */
void support_subject(const struct order *order, const struct run *run, enum language language,
                     struct text *into_text);
void support_summary(const struct order *order, const struct run *run, enum language language,
                     struct text *into_text);

/* history may be NULL: nothing is known. */
bool support_markdown(const struct order *order, const struct run *run, enum language language,
                      const struct support_history *history, char *into, size_t size,
                      size_t *into_len) MUST_USE;

/* ledger as for report_write: NULL for a single run, and then it is indented, with a newline at its
   end. The JSON holds the Markdown too ("text"), and the whole report of the run, redacted as
   the rest; a report with which it does not fit is left out. */
bool support_json(const struct order *order, const struct run *run, enum language language,
                  const struct support_history *history, const struct report_ledger *ledger,
                  char *into, size_t size, size_t *into_len) MUST_USE;

#endif
