/* SPDX-License-Identifier: MIT */
/* `gatepost explain REPORT.json`: tells the reasoning of a report step by step - what was asked and
   answered, lowest layer first; what follows from it by which rule, how sure that is and what
   speaks against it; what it explains; what to do. Reads reports of every age: what an older one
   does not say is left out. */
#ifndef GATEPOST_REASONING_H
#define GATEPOST_REASONING_H

#include "desk.h"

#include <stdbool.h>

/* True where a name is that of a file rather than a code. */
bool reasoning_is_file(const char *name);

/* Prints on standard output. EXITS_DATA, and why on standard error, where the file is no report;
   EXITS_NO_INPUT where it cannot be read. */
enum exits reasoning_print(struct desk *desk, const char *file) MUST_USE;

#endif
