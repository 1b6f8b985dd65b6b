/* SPDX-License-Identifier: MIT */
/* For wire.c, in types of Mbed TLS: the certificate and key that we show to a peer that asks for
   one, and whether a peer's key is the one that was pinned. */
#ifndef GATEPOST_IDENTITY_H
#define GATEPOST_IDENTITY_H

#include "io.h"
#include "trust.h"

#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <stdbool.h>

#define IDENTITY_FILE_MAX 16384 /* bytes of a PEM file of ours */

struct identity; /* allocated by the library */

/* Reads both PEM files, of which the certificate's may hold its whole chain, leaf first, and makes
   the configuration show them. NULL, or in words what is wrong with them. *into_identity is to be
   closed in either case, after the configuration. */
const char *identity_show(mbedtls_ssl_config *config, const char *certificate, const char *key,
                          struct identity **into_identity) MUST_USE;

void identity_close(struct identity *identity); /* NULL is left alone */

/* True when the SHA-256 of the leaf's SubjectPublicKeyInfo (RFC 5280 section 4.1) is the pin, 64
   hexadecimal digits; and for the pin "", which demands nothing. */
bool identity_is_pinned(const mbedtls_x509_crt *leaf, const char *pin);

/* The leaf's hashes; not `known` where the library has none. */
void identity_take_prints(const mbedtls_x509_crt *leaf, struct prints *into_prints);

#endif
