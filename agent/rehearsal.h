/* SPDX-License-Identifier: MIT */
/* `gatepost agent --simulate FINDING`: a marked sample of a finding for dashboards and alerting,
   published beside an agent that may be at work: under another client's name, without a status, a
   journal or a number, and never retained. */
#ifndef GATEPOST_REHEARSAL_H
#define GATEPOST_REHEARSAL_H

#include "keeper_parts.h"

/* The exit status for the program. The configuration has been read. */
int rehearsal_run(struct keeper *keeper);

#endif
