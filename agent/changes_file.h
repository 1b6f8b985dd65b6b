/* SPDX-License-Identifier: MIT */
/* The file of the changes, `changes` in the state directory: a line for each account, below a sum
   over them all. Slugs, not numbers: another version of the program reads them, too. For changes.c.
 */
#ifndef GATEPOST_CHANGES_FILE_H
#define GATEPOST_CHANGES_FILE_H

#include "changes.h"

#define CHANGES_LINE_MAX 2560 /* bytes */
#define CHANGES_FILE_MAX (SETTINGS_ACCOUNTS_MAX * CHANGES_LINE_MAX + 64)

/* Fills accounts from changes->path. What cannot be read is left out, with a line in the log. */
void changes_file_read(struct changes *changes);

/* True when the file says what is known. */
bool changes_file_write(const struct changes *changes) MUST_USE;

#endif
