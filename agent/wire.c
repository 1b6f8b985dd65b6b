/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include "handshake.h"
#include "identity.h"
#include "trust_chain.h"

#include <assert.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/platform.h>
#include <mbedtls/ssl.h>
#include <psa/crypto.h>
#include <string.h>

#define HEARD_MAX   64  /* bytes kept of a peer that does not speak TLS */
#define SCRATCH_MAX 384 /* room for these as text, of which the words keep what fits */

/* RFC 8446 section 5.1: types of record, and the size of what stands before each */
#define RECORD_FIRST  MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC
#define RECORD_LAST   MBEDTLS_SSL_MSG_APPLICATION_DATA
#define RECORD_HEADER 5

/* PKCS #1 stands before PSS, other than in the library's own list: most servers with TLS 1.2 follow
   the client's order, and then failed_by_pss does not come up. TLS 1.3 has only PSS. */
static const uint16_t signatures[] = {
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256, MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512, MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,       MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,    MBEDTLS_TLS1_3_SIG_NONE,
};

struct wire_tls {
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    struct identity *own; /* NULL: we have none */
    int descriptor;
    enum socket_result below; /* what the socket said last */

    /* Mbed TLS does not tell which alert it received, nor what it took for a bad record: so we
       overhear the peer's records as long as they are plain. */
    uint8_t heard[HEARD_MAX]; /* the first bytes since wire_secure */
    size_t heard_count;
    uint8_t header[RECORD_HEADER]; /* of the present record */
    size_t header_count;
    size_t body_count;
    uint8_t alert[2]; /* level and description */
};

bool wire_start(void)
{
    return psa_crypto_init() == PSA_SUCCESS;
}

void wire_finish(void)
{
    mbedtls_psa_crypto_free();
}

void wire_begin(struct wire *wire)
{
    *wire = (struct wire){ .descriptor = -1 };
}

static enum io fail(struct wire *wire, enum wire_trouble trouble, const char *words)
{
    wire->trouble = trouble;
    text_put(wire->words, sizeof wire->words, slice_of(words));
    return IO_FAILED;
}

static enum io socket_failed(struct wire *wire, enum socket_result result)
{
    switch (result) {
    case SOCKET_DONE:
        return IO_DONE;
    case SOCKET_WAIT:
        return IO_WRITE;
    case SOCKET_REFUSED:
        return fail(wire, WIRE_REFUSED, "connection refused");
    case SOCKET_UNREACHABLE:
        return fail(wire, WIRE_UNREACHABLE, "no way to this address");
    case SOCKET_CLOSED:
        return fail(wire, WIRE_CLOSED, "the peer closed the connection");
    case SOCKET_RESET:
        return fail(wire, WIRE_CLOSED, "the connection was reset");
    case SOCKET_FAILED:
        return fail(wire, WIRE_DEVICE, port_trouble());
    }
    return IO_FAILED;
}

enum io wire_dial(struct wire *wire, const struct address *to)
{
    if (wire->trouble != WIRE_FINE)
        return IO_FAILED;
    if (wire->descriptor >= 0 && !wire->connecting)
        return IO_DONE;
    enum socket_result result = wire->connecting ? port_socket_connected(wire->descriptor)
                                                 : port_socket_connect(to, &wire->descriptor);
    wire->connecting = result == SOCKET_WAIT;
    if (result == SOCKET_RESET)
        return fail(wire, WIRE_UNREACHABLE, "no answer from this address");
    return socket_failed(wire, result);
}

static void overhear(struct wire_tls *tls, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (tls->heard_count < sizeof tls->heard)
            tls->heard[tls->heard_count++] = bytes[i];
        if (tls->header_count < RECORD_HEADER) {
            tls->header[tls->header_count++] = bytes[i];
            tls->body_count = 0;
        } else {
            if (tls->header[0] == MBEDTLS_SSL_MSG_ALERT && tls->body_count < sizeof tls->alert)
                tls->alert[tls->body_count] = bytes[i];
            tls->body_count++;
        }
        size_t body = (size_t)tls->header[3] << 8 | tls->header[4];
        if (tls->header_count == RECORD_HEADER && tls->body_count == body)
            tls->header_count = 0;
    }
}

static int code_of(enum socket_result result, int code_to_wait)
{
    return result == SOCKET_WAIT ? code_to_wait : MBEDTLS_ERR_NET_CONN_RESET;
}

static int give(void *context, const unsigned char *bytes, size_t count)
{
    struct wire_tls *tls = context;
    size_t sent;
    tls->below = port_socket_send(tls->descriptor, bytes, count, &sent);
    return tls->below == SOCKET_DONE ? (int)sent : code_of(tls->below, MBEDTLS_ERR_SSL_WANT_WRITE);
}

static int take(void *context, unsigned char *into, size_t room)
{
    struct wire_tls *tls = context;
    size_t got;
    tls->below = port_socket_receive(tls->descriptor, into, room, &got);
    if (tls->below == SOCKET_CLOSED)
        return 0;
    if (tls->below != SOCKET_DONE)
        return code_of(tls->below, MBEDTLS_ERR_SSL_WANT_READ);
    if (!mbedtls_ssl_is_handshake_over(&tls->ssl))
        overhear(tls, into, got);
    return (int)got;
}

static int give_random(void *context, unsigned char *into, size_t count)
{
    (void)context;
    port_random(into, count);
    return 0;
}

static enum io fail_with_code(struct wire *wire, enum wire_trouble trouble, int code)
{
    handshake_tell_code(code, wire->words, sizeof wire->words);
    wire->trouble = trouble;
    return IO_FAILED;
}

/* The library would verify during the handshake only with all roots parsed, so it is told not to.
   trust_judge does, before anybody is given the wire. */
static int configure(struct wire_tls *tls, const char *host, bool without_pss)
{
    mbedtls_ssl_config *config = &tls->config;
    int code = mbedtls_ssl_config_defaults(
        config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (code != 0)
        return code;
    mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_max_tls_version(config, without_pss ? MBEDTLS_SSL_VERSION_TLS1_2
                                                         : MBEDTLS_SSL_VERSION_TLS1_3);
    mbedtls_ssl_conf_sig_algs(config, signatures); /* of which TLS 1.2 alone offers no PSS */
    mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    mbedtls_ssl_conf_rng(config, give_random, NULL);
    mbedtls_ssl_set_bio(&tls->ssl, tls, give, take, NULL);
    code = mbedtls_ssl_setup(&tls->ssl, config);
    return code != 0 ? code : mbedtls_ssl_set_hostname(&tls->ssl, host);
}

static enum io show_identity(struct wire *wire)
{
    const struct wire_identity *own = wire->identity;
    if (own == NULL || own->certificate[0] == '\0')
        return IO_DONE;
    const char *trouble =
        identity_show(&wire->tls->config, own->certificate, own->key, &wire->tls->own);
    return trouble == NULL ? IO_DONE : fail(wire, WIRE_TLS_IDENTITY, trouble);
}

static enum io prepare(struct wire *wire, const char *host)
{
    struct wire_tls *tls = mbedtls_calloc(1, sizeof *tls);
    if (tls == NULL)
        return fail(wire, WIRE_DEVICE, "out of memory");
    wire->tls = tls;
    tls->descriptor = wire->descriptor;
    mbedtls_ssl_init(&tls->ssl);
    mbedtls_ssl_config_init(&tls->config);
    int code = configure(tls, host, wire->without_pss);
    if (code == MBEDTLS_ERR_SSL_ALLOC_FAILED)
        return fail(wire, WIRE_DEVICE, "out of memory");
    return code == 0 ? show_identity(wire) : fail_with_code(wire, WIRE_TLS_HANDSHAKE, code);
}

static enum io fail_with_alert(struct wire *wire)
{
    uint8_t alert = wire->tls->alert[1];
    if (alert == MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION)
        return fail(wire, WIRE_TLS_PROTOCOL, "the peer refused TLS 1.2 and TLS 1.3");
    handshake_tell_alert(alert, wire->words, sizeof wire->words);
    wire->trouble = WIRE_TLS_HANDSHAKE;
    return IO_FAILED;
}

/* Mbed TLS stops at the first five bytes; the rest of what the peer said makes the words plain. */
static enum io fail_with_plain_text(struct wire *wire)
{
    struct wire_tls *tls = wire->tls;
    size_t room = sizeof tls->heard - tls->heard_count, got;
    if (room > 0 && port_socket_receive(tls->descriptor, tls->heard + tls->heard_count, room,
                                        &got) == SOCKET_DONE)
        tls->heard_count += got;
    struct slice rest = { (const char *)tls->heard, tls->heard_count }, line = rest;
    (void)slice_line(&rest, &line); /* there is at least one byte */
    char scratch[SCRATCH_MAX];
    struct text text;
    text_begin(&text, scratch, sizeof scratch);
    text_add_string(&text, "not TLS, but: ");
    text_add_printable(&text, line);
    return fail(wire, WIRE_TLS_HANDSHAKE, scratch);
}

static bool is_silence(int code)
{
    return code == 0 || code == MBEDTLS_ERR_SSL_CONN_EOF ||
           code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
}

static enum io handshake_failed(struct wire *wire, int code)
{
    const struct wire_tls *tls = wire->tls;
    if (code == MBEDTLS_ERR_SSL_ALLOC_FAILED || code == MBEDTLS_ERR_X509_ALLOC_FAILED)
        return fail(wire, WIRE_DEVICE, "out of memory");
    if (tls->heard_count > 0 && (tls->heard[0] < RECORD_FIRST || tls->heard[0] > RECORD_LAST))
        return fail_with_plain_text(wire);
    if (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE &&
        tls->alert[0] == MBEDTLS_SSL_ALERT_LEVEL_FATAL)
        return fail_with_alert(wire);
    if (code == MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION)
        return fail(wire, WIRE_TLS_PROTOCOL, "the peer chose a version older than TLS 1.2");
    if (is_silence(code))
        return fail(wire, WIRE_CLOSED, "the peer closed the connection during the TLS handshake");
    if (code == MBEDTLS_ERR_NET_CONN_RESET)
        return socket_failed(wire, tls->below);
    wire->failed_by_pss = code == MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER && !wire->without_pss &&
                          mbedtls_ssl_get_version_number(&tls->ssl) == MBEDTLS_SSL_VERSION_TLS1_2;
    return fail_with_code(wire, WIRE_TLS_HANDSHAKE, code);
}

static enum io verify(struct wire *wire, const char *host, struct trust *trust)
{
    const mbedtls_x509_crt *chain = mbedtls_ssl_get_peer_cert(&wire->tls->ssl);
    if (chain == NULL || chain->raw.p == NULL)
        return fail(wire, WIRE_TLS_HANDSHAKE, "the peer showed no certificate");
    wire->verdict = trust_judge(trust, chain, host, &wire->certificate);
    bool serves = trust_serves(chain);
    bool pinned = wire->identity == NULL || identity_is_pinned(chain, wire->identity->pin);
    identity_take_prints(chain, &wire->prints);
    /* Nobody looks at it again, and a dozen wires would keep a dozen chains. An empty chain is left
     * to the library. */
    mbedtls_x509_crt_free((mbedtls_x509_crt *)chain);
    if (wire->verdict != TRUST_GOOD)
        return fail(wire, WIRE_TLS_NOT_TRUSTED, "");
    if (!serves)
        return fail(wire, WIRE_TLS_HANDSHAKE, "the certificate is not meant for a server");
    if (!pinned)
        return fail(wire, WIRE_TLS_PIN, "the peer's key is not the pinned one");
    wire->secured = true;
    return IO_DONE;
}

enum io wire_secure(struct wire *wire, const char *host, struct trust *trust)
{
    if (wire->trouble != WIRE_FINE)
        return IO_FAILED;
    if (wire->secured)
        return IO_DONE;
    if (wire->tls == NULL && prepare(wire, host) != IO_DONE)
        return IO_FAILED;
    int code = mbedtls_ssl_handshake(&wire->tls->ssl);
    if (code == MBEDTLS_ERR_SSL_WANT_READ)
        return IO_READ;
    if (code == MBEDTLS_ERR_SSL_WANT_WRITE)
        return IO_WRITE;
    if (code != 0)
        return handshake_failed(wire, code);
    return verify(wire, host, trust);
}

/* What Mbed TLS said instead of a number of bytes. */
static enum io stream_io(struct wire *wire, int code)
{
    if (code == MBEDTLS_ERR_SSL_WANT_READ)
        return IO_READ;
    if (code == MBEDTLS_ERR_SSL_WANT_WRITE)
        return IO_WRITE;
    if (is_silence(code))
        return socket_failed(wire, SOCKET_CLOSED);
    if (code == MBEDTLS_ERR_NET_CONN_RESET)
        return socket_failed(wire, wire->tls->below);
    if (code == MBEDTLS_ERR_SSL_ALLOC_FAILED)
        return fail(wire, WIRE_DEVICE, "out of memory");
    wire->alerted = code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
    return fail_with_code(wire, WIRE_CLOSED, code);
}

/* Between wire_secure's first call and its success nothing may pass, least of all in plain text. */
static bool is_usable(const struct wire *wire)
{
    bool open = wire->descriptor >= 0 && !wire->connecting && wire->trouble == WIRE_FINE;
    return open && (wire->tls == NULL || wire->secured);
}

enum io wire_send(struct wire *wire, struct slice bytes, size_t *into_sent)
{
    *into_sent = 0;
    if (!is_usable(wire))
        return IO_FAILED;
    if (bytes.len == 0)
        return IO_DONE;
    if (!wire->secured)
        return socket_failed(wire,
                             port_socket_send(wire->descriptor, bytes.at, bytes.len, into_sent));
    int code = mbedtls_ssl_write(&wire->tls->ssl, (const unsigned char *)bytes.at, bytes.len);
    if (code <= 0)
        return stream_io(wire, code);
    *into_sent = (size_t)code;
    return IO_DONE;
}

enum io wire_receive(struct wire *wire, char *into, size_t room, size_t *into_got)
{
    assert(room > 0);
    *into_got = 0;
    if (!is_usable(wire))
        return IO_FAILED;
    if (!wire->secured) {
        enum socket_result result = port_socket_receive(wire->descriptor, into, room, into_got);
        return result == SOCKET_WAIT ? IO_READ : socket_failed(wire, result);
    }
    int code;
    do
        code = mbedtls_ssl_read(&wire->tls->ssl, (unsigned char *)into, room);
    while (code == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET);
    if (code <= 0)
        return stream_io(wire, code);
    *into_got = (size_t)code;
    return IO_DONE;
}

const char *wire_protocol(const struct wire *wire)
{
    return wire->secured ? mbedtls_ssl_get_version(&wire->tls->ssl) : "";
}

void wire_close(struct wire *wire)
{
    if (wire->tls != NULL) {
        if (wire->trouble != WIRE_CLOSED)
            (void)mbedtls_ssl_close_notify(&wire->tls->ssl); /* a courtesy: no second try */
        mbedtls_ssl_free(&wire->tls->ssl);
        mbedtls_ssl_config_free(&wire->tls->config);
        identity_close(wire->tls->own);
        mbedtls_free(wire->tls);
    }
    if (wire->descriptor >= 0)
        port_socket_close(wire->descriptor);
    wire->tls = NULL;
    wire->descriptor = -1;
    wire->connecting = false;
    wire->secured = false;
}
