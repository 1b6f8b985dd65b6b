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

bool digest_slow(struct slice secret, struct slice salt, unsigned rounds, uint8_t into[DIGEST_SIZE])
{
    if (rounds == 0)
        return false;
    uint8_t digest[DIGEST_SIZE];
    int code =
        mbedtls_pkcs5_pbkdf2_hmac_ext(MBEDTLS_MD_SHA256, bytes_of(secret), secret.len,
                                      bytes_of(salt), salt.len, rounds, sizeof digest, digest);
    if (code == 0)
        memcpy(into, digest, sizeof digest);
    text_wipe(digest, sizeof digest);
    return code == 0;
}

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
