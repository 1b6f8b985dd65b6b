/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include "wire_peers.h"

#include <arpa/inet.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* A peer that is this test itself. */
static int listen_here(struct address *into_address)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    assert_int_equal(bind(listener, (struct sockaddr *)&here, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &size), 0);
    *into_address = loopback(ntohs(here.sin_port));
    return listener;
}

enum ending { ENDS_SILENT, ENDS_IN_ORDER, ENDS_BY_RESET };

/* The handshake with a peer that says only this, and then ends so. */
static enum io secure_against(struct slice speech, enum ending ending, struct wire *wire)
{
    struct address address;
    int listener = listen_here(&address);
    assert_int_equal(dial(wire, &address), IO_DONE);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    assert_int_equal(wire_secure(wire, HOST, &trust), IO_READ);
    if (speech.len > 0)
        assert_int_equal(send(peer, speech.at, speech.len, 0), speech.len);
    if (ending == ENDS_IN_ORDER)
        assert_int_equal(shutdown(peer, SHUT_WR), 0);
    if (ending == ENDS_BY_RESET)
        (void)close(peer); /* with the client's hello unread */
    enum io io = secure(wire, HOST);
    if (ending != ENDS_BY_RESET)
        (void)close(peer);
    (void)close(listener);
    return io;
}

static void assert_fails(struct slice speech, enum ending ending, enum wire_trouble trouble,
                         const char *words)
{
    struct wire wire;
    assert_int_equal(secure_against(speech, ending, &wire), IO_FAILED);
    assert_int_equal(wire.trouble, trouble);
    assert_string_equal(wire.words, words);
    assert_false(wire.secured);
    wire_close(&wire);
}

static void names_a_peer_that_is_too_old(void **state)
{
    (void)state;
    struct server server = serve("rsa", "-rev", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_FAILED);
    assert_int_equal(wire.trouble, WIRE_TLS_PROTOCOL);
    wire_close(&wire);
    end(&server);

    /* A server that knows no newer version answers with its own: RFC 4346 section 7.4.1.3. */
    static const char hello_of_tls_1_1[] = "\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02"
                                           "0123456789abcdef0123456789abcdef"
                                           "\x00\x00\x2f\x00";
    struct slice hello = { hello_of_tls_1_1, sizeof hello_of_tls_1_1 - 1 };
    assert_fails(hello, ENDS_SILENT, WIRE_TLS_PROTOCOL,
                 "the peer chose a version older than TLS 1.2");
}

static void tells_the_alert_that_a_peer_breaks_off_with(void **state)
{
    (void)state;
    assert_fails(SLICE("\x15\x03\x01\x00\x02\x02\x46"), ENDS_IN_ORDER, WIRE_TLS_PROTOCOL,
                 "the peer refused TLS 1.2 and TLS 1.3");
    assert_fails(SLICE("\x15\x03\x01\x00\x02\x02\x28"), ENDS_SILENT, WIRE_TLS_HANDSHAKE,
                 "the peer broke off the handshake with TLS alert 40 (handshake failure)");
    assert_fails(SLICE("\x15\x03\x03\x00\x02\x01\x5a\x15\x03\x03\x00\x02\x02\x70"), ENDS_SILENT,
                 WIRE_TLS_HANDSHAKE,
                 "the peer broke off the handshake with TLS alert 112 (unrecognized name)");
    struct server server = serve("good", "-rev", "-tls1_2", "-cipher", "AES128-SHA256", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_FAILED);
    assert_int_equal(wire.trouble, WIRE_TLS_HANDSHAKE);
    assert_string_equal(wire.words,
                        "the peer broke off the handshake with TLS alert 40 (handshake failure)");
    wire_close(&wire);
    end(&server);
}

static void tells_what_a_peer_says_instead_of_tls(void **state)
{
    (void)state;
    assert_fails(SLICE("220 mail.example.test ESMTP\r\n"), ENDS_SILENT, WIRE_TLS_HANDSHAKE,
                 "not TLS, but: 220 mail.example.test ESMTP");
    assert_fails(SLICE("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"), ENDS_IN_ORDER,
                 WIRE_TLS_HANDSHAKE, "not TLS, but: HTTP/1.1 400 Bad Request");
    assert_fails(SLICE("-\x1b\r\n"), ENDS_IN_ORDER, WIRE_TLS_HANDSHAKE, "not TLS, but: -\\x1B");
}

static void cuts_the_words_of_a_peer_that_says_much(void **state)
{
    (void)state;
    char speech[4000];
    memset(speech, '\x01', sizeof speech);
    struct wire wire;
    assert_int_equal(secure_against((struct slice){ speech, sizeof speech }, ENDS_SILENT, &wire),
                     IO_FAILED);
    assert_int_equal(strlen(wire.words), sizeof wire.words - 1);
    wire_close(&wire);
}

static void notices_a_peer_that_hangs_up_during_the_handshake(void **state)
{
    (void)state;
    const char *words = "the peer closed the connection during the TLS handshake";
    assert_fails(SLICE(""), ENDS_IN_ORDER, WIRE_CLOSED, words);
    assert_fails(SLICE("\x16\x03\x03\x00"), ENDS_IN_ORDER, WIRE_CLOSED, words);
    assert_fails(SLICE(""), ENDS_BY_RESET, WIRE_CLOSED, "the connection was reset");
}

static int random_of(void *context, unsigned char *into, size_t count)
{
    (void)context;
    port_random(into, count);
    return 0;
}

/* A server within this test: openssl refuses to be one with the key of another certificate. */
struct inmate {
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
};

static void begin_inmate(struct inmate *inmate, const char *name, const char *key,
                         mbedtls_ssl_protocol_version version)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s.key", directory, key);
    mbedtls_x509_crt_init(&inmate->certificate);
    mbedtls_pk_init(&inmate->key);
    mbedtls_ssl_config_init(&inmate->config);
    mbedtls_ssl_init(&inmate->ssl);
    assert_int_equal(mbedtls_x509_crt_parse_file(&inmate->certificate, path_of(name)), 0);
    assert_int_equal(mbedtls_pk_parse_keyfile(&inmate->key, path, NULL, random_of, NULL), 0);
    mbedtls_ssl_config *config = &inmate->config;
    assert_int_equal(mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_SERVER, 0, 0), 0);
    mbedtls_ssl_conf_rng(config, random_of, NULL);
    mbedtls_ssl_conf_max_tls_version(config, version);
    assert_int_equal(mbedtls_ssl_conf_own_cert(config, &inmate->certificate, &inmate->key), 0);
    assert_int_equal(mbedtls_ssl_setup(&inmate->ssl, config), 0);
}

static void end_inmate(struct inmate *inmate)
{
    mbedtls_ssl_free(&inmate->ssl);
    mbedtls_ssl_config_free(&inmate->config);
    mbedtls_pk_free(&inmate->key);
    mbedtls_x509_crt_free(&inmate->certificate);
}

/* The handshake with a server that shows NAME.pem, but has this key. */
static enum io secure_with_key(const char *name, const char *key,
                               mbedtls_ssl_protocol_version version)
{
    struct inmate inmate;
    struct address address;
    struct wire wire;
    begin_inmate(&inmate, name, key, version);
    int listener = listen_here(&address);
    assert_int_equal(dial(&wire, &address), IO_DONE);
    mbedtls_net_context peer = { accept(listener, NULL, NULL) };
    assert_int_equal(mbedtls_net_set_nonblock(&peer), 0);
    mbedtls_ssl_set_bio(&inmate.ssl, &peer, mbedtls_net_send, mbedtls_net_recv, NULL);
    enum io io;
    while (is_waiting(io = wire_secure(&wire, HOST, &trust)))
        (void)mbedtls_ssl_handshake(&inmate.ssl); /* whether it is content does not matter */
    assert_int_equal(wire.secured, io == IO_DONE);
    wire_close(&wire);
    (void)close(listener);
    mbedtls_net_free(&peer);
    end_inmate(&inmate);
    return io;
}

static void refuses_a_server_that_has_not_the_key_of_its_certificate(void **state)
{
    (void)state;
    static const mbedtls_ssl_protocol_version versions[] = { MBEDTLS_SSL_VERSION_TLS1_2,
                                                             MBEDTLS_SSL_VERSION_TLS1_3 };
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        assert_int_equal(secure_with_key("signs", "signs", versions[i]), IO_DONE);
        assert_int_equal(secure_with_key("signs", "early", versions[i]), IO_FAILED);
    }
}

static void passes_nothing_in_plain_text_once_the_handshake_has_begun(void **state)
{
    (void)state;
    struct wire wire;
    struct address address;
    int listener = listen_here(&address);
    assert_int_equal(dial(&wire, &address), IO_DONE);
    int peer = accept(listener, NULL, NULL);
    size_t sent;
    assert_int_equal(wire_send(&wire, SLICE("STARTTLS\r\n"), &sent), IO_DONE);
    assert_int_equal(wire_secure(&wire, HOST, &trust), IO_READ);
    assert_int_equal(wire_send(&wire, SLICE("PASS"), &sent), IO_FAILED);
    wire_close(&wire);

    char heard[4000];
    ssize_t got = recv(peer, heard, sizeof heard, MSG_WAITALL);
    assert_true(got > 10);
    assert_memory_equal(heard, "STARTTLS\r\n\x16\x03", 12);
    assert_null(memmem(heard, (size_t)got, "PASS", 4));
    (void)close(peer);
    (void)close(listener);
}

static void carries_plain_bytes_before_tls(void **state)
{
    (void)state;
    struct wire wire;
    struct address address;
    int listener = listen_here(&address);
    assert_int_equal(dial(&wire, &address), IO_DONE);
    int peer = accept(listener, NULL, NULL);
    char byte;
    size_t got;
    assert_int_equal(wire_receive(&wire, &byte, 1, &got), IO_READ);
    assert_int_equal(send(peer, "ok", 2, 0), 2);
    assert_int_equal(receive_all(&wire, &byte, 1), 1);
    assert_int_equal(byte, 'o');
    assert_int_equal(close(peer), 0);
    assert_int_equal(receive_all(&wire, &byte, 1), 1);
    assert_int_equal(receive_all(&wire, &byte, 1), 0);
    assert_int_equal(wire.trouble, WIRE_CLOSED);
    wire_close(&wire);
    (void)close(listener);
}

static void names_a_refused_connection(void **state)
{
    (void)state;
    struct address address;
    (void)close(listen_here(&address));
    struct wire wire;
    assert_int_equal(dial(&wire, &address), IO_FAILED);
    assert_int_equal(wire.trouble, WIRE_REFUSED);
    assert_int_equal(wire_dial(&wire, &address), IO_FAILED);
    wire_close(&wire);
}

static void takes_hosts_of_255_bytes_and_no_longer(void **state)
{
    (void)state;
    char host[257];
    memset(host, 'a', sizeof host);
    host[255] = '\0';
    struct address address;
    int listener = listen_here(&address);
    struct wire wire;
    assert_int_equal(dial(&wire, &address), IO_DONE);
    assert_int_equal(wire_secure(&wire, host, &trust), IO_READ);
    wire_close(&wire);
    host[255] = 'a';
    host[256] = '\0';
    assert_int_equal(dial(&wire, &address), IO_DONE);
    assert_int_equal(wire_secure(&wire, host, &trust), IO_FAILED);
    assert_int_equal(wire.trouble, WIRE_TLS_HANDSHAKE);
    wire_close(&wire);
    (void)close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_a_peer_that_is_too_old),
        cmocka_unit_test(tells_the_alert_that_a_peer_breaks_off_with),
        cmocka_unit_test(tells_what_a_peer_says_instead_of_tls),
        cmocka_unit_test(cuts_the_words_of_a_peer_that_says_much),
        cmocka_unit_test(notices_a_peer_that_hangs_up_during_the_handshake),
        cmocka_unit_test(refuses_a_server_that_has_not_the_key_of_its_certificate),
        cmocka_unit_test(passes_nothing_in_plain_text_once_the_handshake_has_begun),
        cmocka_unit_test(carries_plain_bytes_before_tls),
        cmocka_unit_test(names_a_refused_connection),
        cmocka_unit_test(takes_hosts_of_255_bytes_and_no_longer),
    };
    return cmocka_run_group_tests(tests, begin_wires, finish_wires);
}
