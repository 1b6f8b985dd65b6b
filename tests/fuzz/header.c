/* SPDX-License-Identifier: MIT */
/* HTTP header fields, and the header of a mail that may be ours. */
#include "../../agent/dialect.h"
#include "../../agent/parcel.h"

#include "target.h"

#define MARK "000102030405060708090a0b0c0d0e0f"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    HOLDS(copy != NULL);
    memcpy(copy, data, size);
    struct slice bytes = { copy, size }, value;
    struct parcel parcel;
    size_t state = 0, last = 0;
    while (dialect_header(bytes, "Set-Cookie", &state, &value)) {
        HOLDS(state > last && within(value, copy, size));
        last = state;
    }
    parcel_begin(&parcel, PARCEL_OUT, MARK, "a@example.com", "b@example.com");
    if (parcel_is_ours(&parcel, bytes))
        HOLDS(slice_has_nocase(bytes, "X-Gatepost-Token:") && slice_has_nocase(bytes, MARK "-out"));
    if (parcel_is_answered(&parcel, bytes))
        HOLDS(slice_has_nocase(bytes, MARK "-out"));
    free(copy);
    return 0;
}
