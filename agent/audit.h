/* SPDX-License-Identifier: MIT */
/* `gatepost check`: from a mailbox's address to its report. */
#ifndef GATEPOST_AUDIT_H
#define GATEPOST_AUDIT_H

#include "desk.h"

/* Returns the exit status: diagnosis_exit_status, or one of enum exits with the reason on standard
 * error. */
int audit_run(struct desk *desk, const struct command_line *line) MUST_USE;

#endif
