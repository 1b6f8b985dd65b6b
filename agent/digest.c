/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <string.h>

/* An empty slice may have no address; the library is always given one. */
static const unsigned char *bytes_of(struct slice slice)
{
    return (const unsigned char *)(slice.len > 0 ? slice.at : "");
}

bool digest_mac(struct slice key, struct slice message, uint8_t into[DIGEST_SIZE])
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    uint8_t digest[DIGEST_SIZE];
    int code =
        mbedtls_md_hmac(sha256, bytes_of(key), key.len, bytes_of(message), message.len, digest);
    if (code == 0)
        memcpy(into, digest, sizeof digest);
    text_wipe(digest, sizeof digest);
    return code == 0;
}

/* ---- slow ---- */

#define BLOCK_SIZE 64 /* bytes that SHA-256 works on at a time */

/* A key with its two pads hashed (RFC 2104). The library's PBKDF2 does that anew in every round,
 * which makes two blocks of work four. */
struct pads {
    mbedtls_sha256_context inner, outer;
};

static int hash_pad(mbedtls_sha256_context *pad, const uint8_t key[BLOCK_SIZE], uint8_t with)
{
    uint8_t block[BLOCK_SIZE];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = key[i] ^ with;
    mbedtls_sha256_init(pad);
    int code = mbedtls_sha256_starts(pad, 0);
    if (code == 0)
        code = mbedtls_sha256_update(pad, block, sizeof block);
    text_wipe(block, sizeof block);
    return code;
}

static int hash_pads(struct pads *pads, struct slice secret)
{
    uint8_t key[BLOCK_SIZE] = { 0 };
    int code = 0;
    if (secret.len > sizeof key)
        code = mbedtls_sha256(bytes_of(secret), secret.len, key, 0);
    else
        memcpy(key, bytes_of(secret), secret.len);
    int inner = hash_pad(&pads->inner, key, 0x36);
    int outer = hash_pad(&pads->outer, key, 0x5c);
    text_wipe(key, sizeof key);
    if (code == 0)
        code = inner;
    return code == 0 ? outer : code;
}

static int hash_after(const mbedtls_sha256_context *pad, uint8_t digest[DIGEST_SIZE])
{
    mbedtls_sha256_context context;
    mbedtls_sha256_init(&context);
    mbedtls_sha256_clone(&context, pad);
    int code = mbedtls_sha256_update(&context, digest, DIGEST_SIZE);
    if (code == 0)
        code = mbedtls_sha256_finish(&context, digest);
    mbedtls_sha256_free(&context);
    return code;
}

/* RFC 8018 section 5.2 from the second round on: digest is U_1, and becomes their sum. */
static int add_rounds(const struct pads *pads, unsigned rounds, uint8_t digest[DIGEST_SIZE])
{
    uint8_t last[DIGEST_SIZE];
    int code = 0;
    memcpy(last, digest, sizeof last);
    for (unsigned round = 1; code == 0 && round < rounds; round++) {
        code = hash_after(&pads->inner, last);
        if (code == 0)
            code = hash_after(&pads->outer, last);
        for (size_t i = 0; i < sizeof last; i++)
            digest[i] ^= last[i];
    }
    text_wipe(last, sizeof last);
    return code;
}

bool digest_slow(struct slice secret, struct slice salt, unsigned rounds, uint8_t into[DIGEST_SIZE])
{
    if (rounds == 0)
        return false;
    uint8_t digest[DIGEST_SIZE];
    struct pads pads;
    int code = mbedtls_pkcs5_pbkdf2_hmac_ext(MBEDTLS_MD_SHA256, bytes_of(secret), secret.len,
                                             bytes_of(salt), salt.len, 1, sizeof digest, digest);
    int padded = hash_pads(&pads, secret);
    if (code == 0)
        code = padded;
    if (code == 0)
        code = add_rounds(&pads, rounds, digest);
    if (code == 0)
        memcpy(into, digest, sizeof digest);
    mbedtls_sha256_free(&pads.inner);
    mbedtls_sha256_free(&pads.outer);
    text_wipe(digest, sizeof digest);
    return code == 0;
}

/* ---- piece by piece ---- */

struct digest {
    mbedtls_sha256_context context;
    int code; /* the first failure; 0 for none */
};

void digest_add(struct digest *digest, struct slice piece)
{
    if (digest->code == 0)
        digest->code = mbedtls_sha256_update(&digest->context, bytes_of(piece), piece.len);
}

bool digest_hash(digest_fill_fn *fill, const void *what, uint8_t into[DIGEST_SIZE])
{
    struct digest digest;
    uint8_t hash[DIGEST_SIZE];
    mbedtls_sha256_init(&digest.context);
    digest.code = mbedtls_sha256_starts(&digest.context, 0);
    if (digest.code == 0)
        fill(&digest, what);
    if (digest.code == 0)
        digest.code = mbedtls_sha256_finish(&digest.context, hash);
    if (digest.code == 0)
        memcpy(into, hash, sizeof hash);
    mbedtls_sha256_free(&digest.context);
    return digest.code == 0;
}

bool digest_sha1(struct slice message, uint8_t into[DIGEST_SHA1_SIZE])
{
    uint8_t hash[DIGEST_SHA1_SIZE];
    int code = mbedtls_sha1(bytes_of(message), message.len, hash);
    if (code == 0)
        memcpy(into, hash, sizeof hash);
    return code == 0;
}

bool digest_equal(const uint8_t a[DIGEST_SIZE], const uint8_t b[DIGEST_SIZE])
{
    return mbedtls_ct_memcmp(a, b, DIGEST_SIZE) == 0;
}
