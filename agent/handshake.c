/* SPDX-License-Identifier: MIT */
#include "handshake.h"

#include "text.h"

#include <mbedtls/ecp.h>
#include <mbedtls/rsa.h>
#include <mbedtls/ssl.h>

#define X509_FIRST 0x2080 /* the errors of Mbed TLS about certificates */
#define X509_LAST  0x3000

void handshake_tell_alert(uint8_t alert, char *into, size_t size)
{
    const char *name = "";
    if (alert == MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE)
        name = " (handshake failure)";
    if (alert == MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR)
        name = " (internal error)";
    if (alert == MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME)
        name = " (unrecognized name)";
    text_put_format(into, size, "the peer broke off the handshake with TLS alert %u%s", alert,
                    name);
}

/* The library's own words are 14 kB, and most of them about what we do not do. */
static const struct {
    int code;
    const char *words;
} reasons[] = {
    { MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, "the peer broke off the handshake" },
    { MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE, "the peer and we have no cipher or parameters in common" },
    { MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER, "the peer chose what was not offered" },
    { MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION,
      "the peer answered an extension that was not offered" },
    { MBEDTLS_ERR_SSL_DECODE_ERROR, "a message of the peer breaks the rules of TLS" },
    { MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, "the peer sent a message out of turn" },
    { MBEDTLS_ERR_SSL_INVALID_RECORD, "the peer sent a record that is not TLS" },
    { MBEDTLS_ERR_SSL_INVALID_MAC, "a record of the peer was damaged or forged on its way" },
    { MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL, "a message of the peer is too long" },
    { MBEDTLS_ERR_SSL_BAD_CERTIFICATE, "the peer's certificate cannot be used" },
    { MBEDTLS_ERR_RSA_VERIFY_FAILED, "the peer's signature over the handshake is wrong" },
    { MBEDTLS_ERR_ECP_VERIFY_FAILED, "the peer's signature over the handshake is wrong" },
};

static const char *reason_of(int code)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].code == code)
            return reasons[i].words;
    if (-code >= X509_FIRST && -code <= X509_LAST)
        return "the peer's certificate cannot be read";
    return "the TLS handshake failed";
}

void handshake_tell_code(int code, char *into, size_t size)
{
    text_put_format(into, size, "%s (Mbed TLS -0x%04X)", reason_of(code), (unsigned)-code);
}
