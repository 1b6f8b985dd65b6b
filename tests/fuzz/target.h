/* SPDX-License-Identifier: MIT */
/* What every fuzz target needs. */
#ifndef GATEPOST_FUZZ_TARGET_H
#define GATEPOST_FUZZ_TARGET_H

#include "../../agent/text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Must hold for every input; what follows tells why not. */
#define HOLDS(condition) ((condition) ? (void)0 : broken(#condition, __FILE__, __LINE__))

static inline void broken(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* The slice lies within the bytes. */
static inline bool within(struct slice part, const char *bytes, size_t size)
{
    return part.len == 0 || (part.at >= bytes && part.at + part.len <= bytes + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#endif
