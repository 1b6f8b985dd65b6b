/* SPDX-License-Identifier: MIT */
#include "dialect.h"

/* The last byte says what was asked. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const commands[] = { "", "CAPA", "AUTH", "PASS" };
    return feed(DIALECT_POP, size > 0 ? commands[data[size - 1] % 4] : "", data, size);
}
