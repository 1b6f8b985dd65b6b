/* SPDX-License-Identifier: MIT */
/* Rehearsals: what would be published if a finding were the root cause, marked "sample": true, so
   that dashboards and alerting can be tried before the first outage. */
#ifndef GATEPOST_SAMPLE_H
#define GATEPOST_SAMPLE_H

#include "payload.h"
#include "report.h"

#include <stddef.h>

/* A report of the account in which that finding is the only root. The arena holds what it is made
   from and may be reset afterwards. head->sample need not be set. */
bool sample_report(const struct settings *settings, const struct account_settings *account,
                   enum finding finding, const struct payload_head *head, struct arena *arena,
                   char *into, size_t size, size_t *into_len) MUST_USE;

/* The event that would come with it: the finding raised, the verdict gone from ok. */
bool sample_event(const struct account_settings *account, enum finding finding,
                  const struct payload_head *head, char *into, size_t size,
                  size_t *into_len) MUST_USE;

#endif
