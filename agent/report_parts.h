/* SPDX-License-Identifier: MIT */
/* The parts that a report and a support request have in common. */
#ifndef GATEPOST_REPORT_PARTS_H
#define GATEPOST_REPORT_PARTS_H

#include "document.h"
#include "report.h"
#include "suite.h"

/* All members of a report; ledger as for report_write. */
void report_fill(struct document *document, cJSON *object, const struct order *order,
                 const struct run *run, const struct report_ledger *ledger);

/* "params" and "evidence" of a finding; "results", the eight; what stands beside a status: the
   check that stopped it, or the finding or reason that leaves it open. */
void report_params(struct document *document, cJSON *object, const struct params *params);
void report_evidence(struct document *document, cJSON *object, const struct evidence *evidence);
void report_results(struct document *document, cJSON *object, const struct ledger *ledger);
void report_why(struct document *document, cJSON *object, const struct entry *entry);

/* finding, layer, who, remedy and confidence of a root. */
void report_cause(struct document *document, cJSON *object, const struct root *root);

#endif
