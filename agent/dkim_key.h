/* SPDX-License-Identifier: MIT */
/* Records of DKIM keys: the TXT record at SELECTOR._domainkey.DOMAIN (RFC 6376 section 3.6.1). */
#ifndef GATEPOST_DKIM_KEY_H
#define GATEPOST_DKIM_KEY_H

#include "io.h"
#include "resolve.h"
#include "signature.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DKIM_KEY_BITS_MIN 1024 /* of RSA: shorter ones prove nothing (RFC 8301 section 3.2) */

enum dkim_kind {
    DKIM_RSA,     /* RFC 6376, with SHA-256 only (RFC 8301 section 3.1) */
    DKIM_ED25519, /* RFC 8463; recognised, but its signatures cannot be verified here */
};

enum dkim_key_verdict {
    DKIM_RECORD_GOOD,
    DKIM_RECORD_FOREIGN,   /* some other text record, which counts as none (a wildcard's, often) */
    DKIM_RECORD_REVOKED,   /* p= is empty: taken back by its owner */
    DKIM_RECORD_WEAK,      /* fewer than DKIM_KEY_BITS_MIN */
    DKIM_RECORD_MALFORMED, /* no list of tags, p= missing or no key */
    DKIM_RECORD_UNFIT,     /* by h= not for SHA-256, or by s= not for mail */
    DKIM_RECORD_UNSUPPORTED, /* k= names a kind that is not known here */
    DKIM_RECORD_UNREAD,      /* out of memory: nothing is known */
};

struct dkim_key {
    enum dkim_key_verdict verdict;
    const char *words;   /* what is wrong, static; "" for DKIM_RECORD_GOOD */
    enum dkim_kind kind; /* these: for GOOD and WEAK, else zero */
    unsigned bits;       /* of the RSA modulus, or 256 */
    bool testing;        /* t=y: the domain only tries it */
    bool strict;         /* t=s: not for subdomains of the domain */
    size_t len;
    uint8_t bytes[SIGNATURE_KEY_MAX]; /* RSA: DER as signature.h takes it; Ed25519: 32 bytes */
};

/* Judges the text of one record. */
void dkim_key_judge(struct slice txt, struct dkim_key *into_key);

/* Judges an answer's records: the first good key, else the first that is one of DKIM at all, else
   DKIM_RECORD_FOREIGN. At most 4 are looked at: what several keys at one name mean is left to the
   verifier (section 3.6.2.2). The answer has ANSWER_RECORDS. */
void dkim_key_choose(const struct answer *answer, struct dkim_key *into_key);

/* Writes SELECTOR._domainkey.DOMAIN. False where either is empty or holds what no name in the DNS
   may hold here (letters, digits, '-', '_' and dots between them), or the whole is too long. */
bool dkim_key_name(struct slice selector, struct slice domain,
                   char into[RESOLVE_NAME_MAX]) MUST_USE;

#endif
