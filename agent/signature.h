/* SPDX-License-Identifier: MIT */
/* Signatures by RSA over Mbed TLS: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2). */
#ifndef GATEPOST_SIGNATURE_H
#define GATEPOST_SIGNATURE_H

#include "digest.h"
#include "io.h"
#include "text.h"

#define SIGNATURE_MAX     1024 /* bytes of a signature: a key of 8192 bits */
#define SIGNATURE_KEY_MAX 1100 /* bytes of such a key in DER */

enum signature_result {
    SIGNATURE_GOOD,
    SIGNATURE_WRONG,
    SIGNATURE_NO_KEY, /* the key is none of RSA */
    SIGNATURE_DEVICE, /* out of memory: nothing is known */
};

/* How many bits the modulus of an RSA key has, which is given in DER as a SubjectPublicKeyInfo (RFC
   5280 section 4.1) or an RSAPublicKey (RFC 8017 appendix A.1.1). GOOD, NO_KEY or DEVICE; into_bits
   is set only by GOOD. */
enum signature_result signature_key_bits(struct slice key, unsigned *into_bits) MUST_USE;

/* Whether the signature is that of the hash by the key's owner. */
enum signature_result signature_verify(struct slice key, const uint8_t hash[DIGEST_SIZE],
                                       struct slice signature) MUST_USE;

#endif
