/* SPDX-License-Identifier: MIT */
/* The file of trusted roots (PEM, RFC 7468), byte by byte, without ever holding more than a little
   of it. */
#ifndef GATEPOST_TRUST_BUNDLE_H
#define GATEPOST_TRUST_BUNDLE_H

#include "io.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUNDLE_READ 1024
#define ROOT_MAX    4096 /* bytes of one root in DER; the largest public one has about 2000 */

struct bundle {
    const char *path;
    uint64_t offset; /* behind the bytes held */
    char bytes[BUNDLE_READ];
    size_t held, at;
    bool trouble; /* it could not be read */
};

struct bundle_root {
    uint8_t der[ROOT_MAX];
    size_t len;
};

/* Goes behind the next opening line and tells where that begins. False: there is none, or trouble.
 */
bool bundle_find(struct bundle *bundle, uint64_t *into_offset) MUST_USE;

/* Decodes what stands between an opening and the dashes of the closing line. False: it is no
   base64, larger than ROOT_MAX, or trouble. */
bool bundle_read(struct bundle *bundle, struct bundle_root *into_root) MUST_USE;

#endif
