/* SPDX-License-Identifier: MIT */
#include "trust_bundle.h"

#include "../port/port.h"

#include <mbedtls/base64.h>

#define DIGITS_SIZE 64 /* base64 digits decoded at a time */

static const char opening[] = "-----BEGIN CERTIFICATE-----";

static bool next_byte(struct bundle *bundle, char *into_byte)
{
    if (bundle->at == bundle->held) {
        size_t got = 0;
        enum file_result result = port_file_read_at(bundle->path, bundle->offset, bundle->bytes,
                                                    sizeof bundle->bytes, &got);
        if (result != FILE_DONE)
            bundle->trouble = true;
        if (result != FILE_DONE || got == 0)
            return false;
        bundle->offset += got;
        bundle->held = got;
        bundle->at = 0;
    }
    *into_byte = bundle->bytes[bundle->at++];
    return true;
}

bool bundle_find(struct bundle *bundle, uint64_t *into_offset)
{
    size_t matched = 0;
    char byte;
    while (next_byte(bundle, &byte)) {
        if (byte == opening[matched])
            matched++;
        else if (byte != '-')
            matched = 0;
        else if (matched != 5) /* after five dashes a sixth still leaves five */
            matched = 1;
        if (matched < sizeof opening - 1)
            continue;
        *into_offset = bundle->offset - (bundle->held - bundle->at) - matched;
        return true;
    }
    return false;
}

static bool decode(struct bundle_root *root, const char *digits, size_t count)
{
    size_t got = 0;
    int code = mbedtls_base64_decode(root->der + root->len, sizeof root->der - root->len, &got,
                                     (const unsigned char *)digits, count);
    root->len += code == 0 ? got : 0;
    return code == 0;
}

bool bundle_read(struct bundle *bundle, struct bundle_root *into_root)
{
    char digits[DIGITS_SIZE];
    size_t count = 0;
    char byte;
    into_root->len = 0;
    while (next_byte(bundle, &byte) && byte != '-') {
        if (byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t')
            continue;
        digits[count++] = byte;
        if (count < sizeof digits)
            continue;
        if (!decode(into_root, digits, count))
            return false;
        count = 0;
    }
    return !bundle->trouble && decode(into_root, digits, count);
}
