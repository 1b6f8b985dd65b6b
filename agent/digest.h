/* SPDX-License-Identifier: MIT */
/* Hashes over Mbed TLS: fingerprints of secrets, and marks that prove a test mail is ours. */
#ifndef GATEPOST_DIGEST_H
#define GATEPOST_DIGEST_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define DIGEST_SIZE 32 /* bytes of SHA-256 */

/* HMAC-SHA-256 (RFC 2104) of a message. False when the library fails; into is then unchanged. */
bool digest_mac(struct slice key, struct slice message, uint8_t into[DIGEST_SIZE]) MUST_USE;

/* PBKDF2-HMAC-SHA-256 (RFC 8018 section 5.2): slow on purpose, in proportion to rounds. */
bool digest_slow(struct slice secret, struct slice salt, unsigned rounds,
                 uint8_t into[DIGEST_SIZE]) MUST_USE;

/* Equal, in time that does not depend on the bytes. */
bool digest_equal(const uint8_t a[DIGEST_SIZE], const uint8_t b[DIGEST_SIZE]);

#endif
