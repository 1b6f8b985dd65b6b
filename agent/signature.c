/* SPDX-License-Identifier: MIT */
#include "signature.h"

#include <mbedtls/bignum.h>
#include <mbedtls/pk.h>

/* A code of Mbed TLS is a sum: the lowest seven bits are the inner cause. */
static bool is_out_of_memory(int code)
{
    return code == MBEDTLS_ERR_PK_ALLOC_FAILED || (-code & 0x7F) == -MBEDTLS_ERR_MPI_ALLOC_FAILED;
}

static enum signature_result read_key(mbedtls_pk_context *pk, struct slice key)
{
    if (key.len == 0 || key.len > SIGNATURE_KEY_MAX)
        return SIGNATURE_NO_KEY;
    int code = mbedtls_pk_parse_public_key(pk, (const unsigned char *)key.at, key.len);
    if (is_out_of_memory(code))
        return SIGNATURE_DEVICE;
    return code == 0 && mbedtls_pk_get_type(pk) == MBEDTLS_PK_RSA ? SIGNATURE_GOOD
                                                                  : SIGNATURE_NO_KEY;
}

enum signature_result signature_key_bits(struct slice key, unsigned *into_bits)
{
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    enum signature_result result = read_key(&pk, key);
    if (result == SIGNATURE_GOOD)
        *into_bits = (unsigned)mbedtls_pk_get_bitlen(&pk);
    mbedtls_pk_free(&pk);
    return result;
}

enum signature_result signature_verify(struct slice key, const uint8_t hash[DIGEST_SIZE],
                                       struct slice signature)
{
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    enum signature_result result = read_key(&pk, key);
    if (result == SIGNATURE_GOOD) {
        int code = signature.len == 0
                       ? MBEDTLS_ERR_PK_SIG_LEN_MISMATCH
                       : mbedtls_pk_verify(&pk, MBEDTLS_MD_SHA256, hash, DIGEST_SIZE,
                                           (const unsigned char *)signature.at, signature.len);
        if (code != 0)
            result = is_out_of_memory(code) ? SIGNATURE_DEVICE : SIGNATURE_WRONG;
    }
    mbedtls_pk_free(&pk);
    return result;
}
