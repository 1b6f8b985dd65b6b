/* SPDX-License-Identifier: MIT */
#include "../../agent/handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509.h>

static char words[128];

static const char *told(int code)
{
    handshake_tell_code(code, words, sizeof words);
    return words;
}

/* The number is what the library's documentation and other people's questions are found by. */
static void tells_the_librarys_number_behind_its_own_words(void **state)
{
    (void)state;
    assert_string_equal(told(MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER),
                        "the peer chose what was not offered (Mbed TLS -0x6600)");
    assert_string_equal(told(-0x5E80), "the TLS handshake failed (Mbed TLS -0x5E80)");
}

/* Errors of certificates come with the error below them added. */
static void knows_a_certificate_that_cannot_be_read(void **state)
{
    (void)state;
    assert_non_null(strstr(told(MBEDTLS_ERR_X509_INVALID_DATE), "certificate cannot be read"));
    assert_non_null(strstr(told(MBEDTLS_ERR_X509_INVALID_FORMAT + MBEDTLS_ERR_ASN1_OUT_OF_DATA),
                           "certificate cannot be read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_librarys_number_behind_its_own_words),
        cmocka_unit_test(knows_a_certificate_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
