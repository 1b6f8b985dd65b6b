/* SPDX-License-Identifier: MIT */
/* Chains that were verified before. Signatures of certificates are most of what a run computes, and
   it meets the same chain a dozen times: over both families, on each service. */
#ifndef GATEPOST_TRUST_KNOWN_H
#define GATEPOST_TRUST_KNOWN_H

#include "trust.h"

#include <mbedtls/x509_crt.h>

/* The digest of everything but the time that a verdict follows from. False: it cannot be had. */
bool trust_known_print(const mbedtls_x509_crt *chain, const mbedtls_x509_crt *roots,
                       const char *host, uint8_t into_digest[TRUST_DIGEST]) MUST_USE;

/* The chain of this digest, when it was good at some time not after now_ms, and none of its
   certificates has ended since; else NULL. */
const struct trust_seen *trust_known_find(const struct trust_known *known,
                                          const uint8_t digest[TRUST_DIGEST],
                                          int64_t now_ms) MUST_USE;

/* Keeps a chain that was found good. */
void trust_known_keep(struct trust_known *known, const struct trust_seen *seen);

#endif
