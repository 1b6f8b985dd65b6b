/* SPDX-License-Identifier: MIT */
/* `gatepost list`: checks, findings, remedies, profiles, as columns or as JSON. */
#ifndef GATEPOST_LISTING_H
#define GATEPOST_LISTING_H

#include "desk.h"

/* Prints what the command line asks for on standard output. */
void listing_print(struct desk *desk, const struct command_line *line);

#endif
