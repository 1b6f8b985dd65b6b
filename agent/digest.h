/* SPDX-License-Identifier: MIT */
/* Hashes over Mbed TLS: fingerprints of secrets, marks that prove a test mail is ours, and what
   signatures of mails are over. */
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

/* SHA-256 of bytes that come piece by piece: digest_hash calls fill once, with a digest that lives
   until fill returns, and fill hands over the pieces. False when the library fails; into is then
   unchanged. */
struct digest;
typedef void digest_fill_fn(struct digest *digest, const void *what);
bool digest_hash(digest_fill_fn *fill, const void *what, uint8_t into[DIGEST_SIZE]) MUST_USE;
void digest_add(struct digest *digest, struct slice piece);

#define DIGEST_SHA1_SIZE 20 /* bytes */

/* SHA-1 (RFC 3174), for a provider's interface that has its requests signed by it; nothing here
   trusts it. False when the library fails; into is then unchanged. */
bool digest_sha1(struct slice message, uint8_t into[DIGEST_SHA1_SIZE]) MUST_USE;

/* Equal, in time that does not depend on the bytes. */
bool digest_equal(const uint8_t a[DIGEST_SIZE], const uint8_t b[DIGEST_SIZE]);

#endif
