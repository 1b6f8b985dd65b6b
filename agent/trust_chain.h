/* SPDX-License-Identifier: MIT */
/* What trust.c tells wire.c in types of Mbed TLS, which stay out of trust.h. */
#ifndef GATEPOST_TRUST_CHAIN_H
#define GATEPOST_TRUST_CHAIN_H

#include "trust.h"

#include <mbedtls/x509_crt.h>

/* Verifies a presented chain, leaf first: signatures up to a root of the bundle, dates, and that
   the leaf names host. Of several faults the first of this order is the verdict: no root, dates,
   name, weakness. Reads the bundle again when it has changed since trust_begin. *into_certificate
   is filled whatever the verdict. */
enum trust_verdict trust_judge(struct trust *trust, const mbedtls_x509_crt *chain, const char *host,
                               struct certificate *into_certificate) MUST_USE;

/* True when the leaf may be used by a TLS server (RFC 5280 sections 4.2.1.3 and 4.2.1.12). */
bool trust_serves(const mbedtls_x509_crt *leaf);

#endif
