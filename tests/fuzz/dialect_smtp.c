/* SPDX-License-Identifier: MIT */
#include "dialect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return feed(DIALECT_SMTP, "", data, size);
}
