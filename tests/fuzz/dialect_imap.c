/* SPDX-License-Identifier: MIT */
#include "dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool greeting = size > 0 && data[size - 1] == 0xff;
    return feed(DIALECT_IMAP, greeting ? "" : "g1", data, size);
}
