/* SPDX-License-Identifier: MIT */
/* The small files of the state directory that one noun reads whole and writes whole. */
#ifndef GATEPOST_STATE_FILE_H
#define GATEPOST_STATE_FILE_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

/* The file's bytes, in the caller's room; "" where it is missing, cannot be read, or is larger. */
struct slice state_file_read(const char *directory, const char *name, char *room, size_t size);

/* Replaces the file, for its owner only, and makes the directory where it is missing. */
bool state_file_replace(const char *directory, const char *name, struct slice bytes) MUST_USE;

#endif
