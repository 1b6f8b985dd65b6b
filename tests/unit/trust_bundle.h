/* SPDX-License-Identifier: MIT */
/* Bundles of the certificates of authority.sh, and the verdict on one of their chains. */
#ifndef GATEPOST_TEST_TRUST_BUNDLE_H
#define GATEPOST_TEST_TRUST_BUNDLE_H

#include "authority.h"
#include "trust.h"
#include "trust_chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <psa/crypto.h>

static char bundle[128];
static struct trust trust;
static struct certificate certificate;

static int begin_trust(void **state)
{
    (void)state;
    if (psa_crypto_init() != PSA_SUCCESS || make_certificates() != 0)
        return -1;
    (void)snprintf(bundle, sizeof bundle, "%s/bundle.crt", directory);
    return 0;
}

static int finish_trust(void **state)
{
    (void)state;
    mbedtls_psa_crypto_free();
    return remove_certificates();
}

static void append(FILE *into, const char *path)
{
    FILE *from = fopen(path, "r");
    assert_non_null(from);
    int byte;
    while ((byte = fgetc(from)) != EOF)
        (void)fputc(byte, into);
    (void)fclose(from);
}

/* The tailored library of the release reads no files itself. Returns what its parser returns. */
static int parse_file(mbedtls_x509_crt *chain, const char *path)
{
    struct stat facts;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &facts), 0);
    size_t size = (size_t)facts.st_size;
    unsigned char *bytes = calloc(1, size + 1); /* PEM is wanted with its terminator */
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, file), size);
    int code = mbedtls_x509_crt_parse(chain, bytes, size + 1);
    free(bytes);
    (void)fclose(file);
    return code;
}

/* Writes a bundle of named certificates, each after a comment, and indexes nothing. */
static void write_bundle(const char *first, const char *second)
{
    FILE *into = fopen(bundle, "w");
    assert_non_null(into);
    (void)fputs("# r\xc3\xb6ots\n", into);
    append(into, path_of(first));
    (void)fputs("\n---- second ----\n", into);
    if (second != NULL)
        append(into, path_of(second));
    assert_int_equal(fclose(into), 0);
}

static void trust_only(const char *first, const char *second)
{
    write_bundle(first, second);
    assert_true(trust_begin(&trust, bundle));
    assert_int_equal(trust.count, second != NULL ? 2 : 1);
}

static enum trust_verdict judge_for(const char *host, const char *name)
{
    mbedtls_x509_crt chain;
    mbedtls_x509_crt_init(&chain);
    assert_int_equal(parse_file(&chain, path_of(name)), 0);
    enum trust_verdict verdict = trust_judge(&trust, &chain, host, &certificate);
    mbedtls_x509_crt_free(&chain);
    return verdict;
}

static enum trust_verdict judge(const char *name)
{
    return judge_for(HOST, name);
}

static int begin_each(void **state)
{
    (void)state;
    wall_ms = NEW_YEAR_2030;
    wall_trusted = true;
    trust_only("root", NULL);
    return 0;
}

#endif
