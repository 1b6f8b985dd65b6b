/* SPDX-License-Identifier: MIT */
/* A configuration to start with, from what a domain's records tell. */
#ifndef GATEPOST_STARTER_H
#define GATEPOST_STARTER_H

#include "command_line.h"
#include "desk.h"
#include "detection.h"

#define STARTER_MAX 8192 /* bytes of the configuration, terminator included */

/* Appends a configuration for the address: JSON with comments, which settings_read takes as it is.
   It holds no secret, and names no file that is not there yet but in comments. */
void starter_write(struct text *text, const char *address, const struct detection *detection,
                   enum language language);

/* `gatepost init`: detects, writes to standard output or to the file that the command line names,
   which must not be there, and tells the next steps on standard error. */
enum exits starter_run(struct desk *desk, const struct command_line *line) MUST_USE;

#endif
