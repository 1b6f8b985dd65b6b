/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include "../port/port.h"
#include "digest.h"
#include "text.h"

#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform.h>
#include <string.h>

struct identity {
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
};

static int give_random(void *context, unsigned char *into, size_t count)
{
    (void)context;
    port_random(into, count);
    return 0;
}

static void free_file(char *bytes)
{
    text_wipe(bytes, IDENTITY_FILE_MAX);
    mbedtls_free(bytes);
}

/* A whole file, terminated as Mbed TLS wants PEM; NULL when it cannot be read. */
static char *read_file(const char *path, size_t *into_size)
{
    char *bytes = mbedtls_calloc(1, IDENTITY_FILE_MAX + 1);
    size_t size = 0;
    if (bytes == NULL)
        return NULL;
    if (port_file_read(path, bytes, IDENTITY_FILE_MAX, &size) == FILE_DONE) {
        *into_size = size + 1;
        return bytes;
    }
    free_file(bytes);
    return NULL;
}

static const char *read_chain(struct identity *identity, const char *path)
{
    size_t size;
    char *bytes = read_file(path, &size);
    if (bytes == NULL)
        return "the file of our own certificate cannot be read";
    int code = mbedtls_x509_crt_parse(&identity->chain, (const unsigned char *)bytes, size);
    free_file(bytes);
    return code == 0 ? NULL : "the file of our own certificate is no PEM of certificates";
}

static const char *read_key(struct identity *identity, const char *path)
{
    size_t size;
    char *bytes = read_file(path, &size);
    if (bytes == NULL)
        return "the file of our own key cannot be read";
    int code = mbedtls_pk_parse_key(&identity->key, (const unsigned char *)bytes, size, NULL, 0,
                                    give_random, NULL);
    free_file(bytes);
    return code == 0 ? NULL : "the file of our own key is no PEM of a key without a password";
}

const char *identity_show(mbedtls_ssl_config *config, const char *certificate, const char *key,
                          struct identity **into_identity)
{
    struct identity *identity = mbedtls_calloc(1, sizeof *identity);
    if (identity == NULL)
        return "out of memory";
    *into_identity = identity;
    mbedtls_x509_crt_init(&identity->chain);
    mbedtls_pk_init(&identity->key);
    const char *trouble = read_chain(identity, certificate);
    if (trouble == NULL)
        trouble = read_key(identity, key);
    if (trouble != NULL)
        return trouble;
    if (mbedtls_pk_check_pair(&identity->chain.pk, &identity->key, give_random, NULL) != 0)
        return "our own key does not belong to our own certificate";
    return mbedtls_ssl_conf_own_cert(config, &identity->chain, &identity->key) == 0
               ? NULL
               : "out of memory";
}

void identity_close(struct identity *identity)
{
    if (identity == NULL)
        return;
    mbedtls_x509_crt_free(&identity->chain);
    mbedtls_pk_free(&identity->key);
    mbedtls_free(identity);
}

static bool read_digit(char c, uint8_t *into_digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL)
        return false;
    *into_digit = (uint8_t)((at - digits) % 16);
    return true;
}

static bool read_pin(const char *text, uint8_t into_pin[DIGEST_SIZE])
{
    if (strlen(text) != 2 * (size_t)DIGEST_SIZE)
        return false;
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        uint8_t high, low;
        if (!read_digit(text[2 * i], &high) || !read_digit(text[2 * i + 1], &low))
            return false;
        into_pin[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool identity_is_pinned(const mbedtls_x509_crt *leaf, const char *pin)
{
    uint8_t wanted[DIGEST_SIZE], found[DIGEST_SIZE];
    if (pin[0] == '\0')
        return true;
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    return read_pin(pin, wanted) &&
           mbedtls_md(sha256, leaf->pk_raw.p, leaf->pk_raw.len, found) == 0 &&
           digest_equal(wanted, found);
}

void identity_take_prints(const mbedtls_x509_crt *leaf, struct prints *into_prints)
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    const mbedtls_md_info_t *sha512 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA512);
    const mbedtls_x509_buf *parts[] = { &leaf->raw, &leaf->pk_raw };
    into_prints->known = sha256 != NULL && sha512 != NULL;
    for (size_t i = 0; into_prints->known && i < sizeof parts / sizeof *parts; i++)
        into_prints->known =
            mbedtls_md(sha256, parts[i]->p, parts[i]->len, into_prints->sha256[i]) == 0 &&
            mbedtls_md(sha512, parts[i]->p, parts[i]->len, into_prints->sha512[i]) == 0;
}
