/* SPDX-License-Identifier: MIT */
/* Whom to believe: the CA bundle, opened on demand. Parsing a whole bundle costs 410 kB of heap, so
   an index (hash of a root's subject -> offset in the file) is built once, streaming, and only
   roots that a presented chain names are parsed. */
#ifndef GATEPOST_TRUST_H
#define GATEPOST_TRUST_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define TRUST_ROOTS_MAX 512 /* roots in the index; a bundle with more is refused */
#define TRUST_KNOWN_MAX 8   /* chains that need not be verified again */
#define TRUST_DIGEST    32  /* bytes of SHA-256 */
#define TRUST_NAME_MAX  160 /* bytes of a certificate name in text, terminator included */

struct trust_root {
    uint32_t subject_hash, offset; /* offset of its PEM block in the bundle */
};

/* A chain that was found good. Whether one is follows from the chain, the roots that it names, the
   host and the time; once it was, it stays so until the first of its certificates ends. */
struct trust_seen {
    uint8_t digest[TRUST_DIGEST];        /* of chain, roots and host */
    int64_t judged_ms;                   /* wall clock */
    int64_t not_before_ms, not_after_ms; /* of the certificate that ends first */
};

struct trust_known {
    struct trust_seen chains[TRUST_KNOWN_MAX]; /* the oldest gives way */
    size_t count, next;
};

struct trust {
    const char *bundle; /* path of the PEM bundle; the caller's, lives as long as the trust */
    struct trust_root roots[TRUST_ROOTS_MAX];
    size_t count;
    uint64_t size; /* of the bundle when it was indexed: with another it is indexed again */
    struct trust_known known;
};

enum trust_verdict {
    TRUST_GOOD,
    TRUST_CLOCK_UNSET, /* all is well but for the dates, which this device's clock cannot judge */
    TRUST_EXPIRED,
    TRUST_NOT_YET_VALID,
    TRUST_NAME_MISMATCH,
    TRUST_CHAIN_INCOMPLETE, /* the leaf names an issuer whose certificate it says where to fetch,
                               and the peer sent none */
    TRUST_UNKNOWN_ROOT,
    TRUST_SELF_SIGNED,
    TRUST_WEAK,           /* key or signature below what Mbed TLS's default profile accepts */
    TRUST_BUNDLE_TROUBLE, /* the bundle could not be read: this device's fault, not the peer's */
};

/* What a person wants to know of a peer's certificate. */
struct certificate {
    char subject[TRUST_NAME_MAX]; /* the leaf's */
    char issuer[TRUST_NAME_MAX];  /* the leaf's */
    char names[TRUST_NAME_MAX];   /* the leaf's DNS names, comma separated, cut with "..." */
    int64_t not_before_ms;        /* wall clock; of the certificate in the chain that ends first */
    int64_t not_after_ms;
    int days_left; /* to not_after_ms, whole days, negative after it */
};

/* Hashes of a peer's certificate, as TLSA records have them (RFC 6698 section 2.1). */
struct prints {
    bool known;
    uint8_t sha256[2][32]; /* of the leaf as a whole; of its SubjectPublicKeyInfo */
    uint8_t sha512[2][64];
};

/* Builds the index. False when the bundle cannot be read or holds no certificate; trouble goes to
   the log. The trust is then usable and answers TRUST_BUNDLE_TROUBLE. */
bool trust_begin(struct trust *trust, const char *bundle);

#endif
