/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include "wire_peers.h"

#include <fcntl.h>
#include <sys/socket.h>

#define LONG_SIZE     300000
#define WIRE_HEAP_MAX 48000 /* two buffers of 16 kB, and little beside */

static enum io send_whole(struct wire *wire, struct slice bytes)
{
    while (bytes.len > 0) {
        size_t sent;
        enum io io = wire_send(wire, bytes, &sent);
        if (io == IO_FAILED)
            return io;
        if (io == IO_DONE)
            bytes = slice_from(bytes, sent);
        else
            await(wire, io);
    }
    return IO_DONE;
}

static void assert_echo(struct wire *wire)
{
    char reply[6];
    assert_int_equal(send_whole(wire, SLICE("hello\n")), IO_DONE);
    assert_int_equal(receive_all(wire, reply, sizeof reply), sizeof reply);
    assert_memory_equal(reply, "olleh\n", sizeof reply);
}

static void assert_secures(struct server server, const char *protocol)
{
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_string_equal(wire_protocol(&wire), "");
    assert_int_equal(secure(&wire, HOST), IO_DONE);
    assert_true(wire.secured);
    assert_int_equal(wire.verdict, TRUST_GOOD);
    assert_string_equal(wire_protocol(&wire), protocol);
    assert_string_equal(wire.certificate.subject, "CN=" HOST);
    assert_echo(&wire);
    wire_close(&wire);
    assert_int_equal(wire.descriptor, -1);
    end(&server);
}

static void speaks_tls_1_2_and_1_3_with_either_sort_of_key(void **state)
{
    (void)state;
    assert_secures(serve("good", "-rev", "-tls1_3", NULL), "TLSv1.3");
    assert_secures(serve("good", "-rev", "-tls1_2", NULL), "TLSv1.2");
    assert_secures(serve("rsa", "-rev", "-tls1_3", NULL), "TLSv1.3");
    assert_secures(serve("rsa", "-rev", "-tls1_2", NULL), "TLSv1.2");
    assert_secures(serve("good", "-rev", NULL), "TLSv1.3");
}

/* The library may or may not be one that fails at first. */
static void reaches_a_tls_1_2_server_that_insists_on_rsa_pss(void **state)
{
    (void)state;
    struct server server = serve("rsa", "-rev", "-tls1_2", "-serverpref", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    if (secure(&wire, HOST) == IO_FAILED) {
        assert_int_equal(wire.trouble, WIRE_TLS_HANDSHAKE);
        assert_true(wire.failed_by_pss);
        wire_close(&wire);
        assert_int_equal(dial(&wire, &server.address), IO_DONE);
        wire.without_pss = true;
        assert_int_equal(secure(&wire, HOST), IO_DONE);
    }
    assert_string_equal(wire_protocol(&wire), "TLSv1.2");
    assert_echo(&wire);
    wire_close(&wire);
    end(&server);
}

static void assert_refuses(const char *name, const char *version, enum trust_verdict verdict)
{
    struct server server = serve(name, "-rev", version, "-cipher", "DEFAULT:@SECLEVEL=0", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_FAILED);
    assert_int_equal(wire.trouble, WIRE_TLS_NOT_TRUSTED);
    assert_int_equal(wire.verdict, verdict);
    assert_false(wire.secured);
    assert_string_equal(wire_protocol(&wire), "");

    size_t moved = 1;
    char byte;
    assert_int_equal(wire_send(&wire, SLICE("PASS"), &moved), IO_FAILED);
    assert_int_equal(moved, 0);
    assert_int_equal(wire_receive(&wire, &byte, 1, &moved), IO_FAILED);
    assert_int_equal(secure(&wire, HOST), IO_FAILED);
    wire_close(&wire);
    assert_int_equal(wire.verdict, verdict);
    end(&server);
}

static void hands_out_no_wire_with_a_bad_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum trust_verdict verdict;
    } cases[] = {
        { "expired", TRUST_EXPIRED },
        { "early", TRUST_NOT_YET_VALID },
        { "other", TRUST_NAME_MISMATCH },
        { "unknown", TRUST_UNKNOWN_ROOT },
        { "unknown-expired", TRUST_UNKNOWN_ROOT },
        { "self", TRUST_SELF_SIGNED },
        { "weak", TRUST_WEAK },
        { "below-ended", TRUST_EXPIRED },
        { "incomplete", TRUST_CHAIN_INCOMPLETE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_refuses(cases[i].name, "-tls1_3", cases[i].verdict);
        assert_refuses(cases[i].name, "-tls1_2", cases[i].verdict);
    }
}

static void hands_out_no_wire_while_the_clock_is_unset(void **state)
{
    (void)state;
    wall_trusted = false;
    assert_refuses("good", "-tls1_3", TRUST_CLOCK_UNSET);
    wall_trusted = true;
}

static void hands_out_no_wire_with_a_certificate_for_clients(void **state)
{
    (void)state;
    struct server server = serve("client", "-rev", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_FAILED);
    assert_int_equal(wire.trouble, WIRE_TLS_HANDSHAKE);
    assert_string_equal(wire.words, "the certificate is not meant for a server");
    assert_false(wire.secured);
    wire_close(&wire);
    end(&server);
}

static void names_the_host_to_a_server_of_many(void **state)
{
    (void)state;
    assert_secures(
        serve("other", "-rev", "-servername", HOST, "-cert2", "rsa.pem", "-key2", "rsa.key", NULL),
        "TLSv1.3");
}

/* The next line of a file of openssl's digests. */
static void assert_next_digest(FILE *file, const uint8_t *digest, size_t size)
{
    char wanted[140] = "", found[140];
    assert_non_null(fgets(wanted, sizeof wanted, file));
    for (size_t i = 0; i < size; i++)
        (void)snprintf(found + 2 * i, 3, "%02x", (unsigned)digest[i]);
    assert_memory_equal(found, wanted, 2 * size);
}

static void keeps_the_hashes_by_which_tlsa_records_name_a_certificate(void **state)
{
    (void)state;
    struct server server = serve("good", "-rev", NULL);
    struct wire wire;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/good.prints", directory);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_DONE);
    assert_true(wire.prints.known);
    for (size_t i = 0; i < 2; i++)
        assert_next_digest(file, wire.prints.sha256[i], sizeof wire.prints.sha256[i]);
    for (size_t i = 0; i < 2; i++)
        assert_next_digest(file, wire.prints.sha512[i], sizeof wire.prints.sha512[i]);
    (void)fclose(file);
    wire_close(&wire);
    end(&server);
}

static void fill(char *into, size_t size)
{
    for (size_t i = 0; i < size; i++)
        into[i] = (char)('a' + i * i % 26);
}

static void receives_a_long_reply_and_then_the_end(void **state)
{
    (void)state;
    static char expected[LONG_SIZE], got[LONG_SIZE + 1000];
    char path[128];
    fill(expected, sizeof expected);
    (void)snprintf(path, sizeof path, "%s/long.txt", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(expected, 1, sizeof expected, file), sizeof expected);
    assert_int_equal(fclose(file), 0);

    struct server server = serve("good", "-WWW", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_DONE);
    assert_int_equal(send_whole(&wire, SLICE("GET /long.txt HTTP/1.0\r\n\r\n")), IO_DONE);
    size_t count = receive_all(&wire, got, sizeof got);
    assert_int_equal(wire.trouble, WIRE_CLOSED);
    assert_true(count > sizeof expected);
    assert_memory_equal(got + count - sizeof expected, expected, sizeof expected);
    wire_close(&wire);
    end(&server);
}

/* Reads what the server prints, as far as it is there. */
static void drain(int words, char *said, size_t size, size_t *count)
{
    ssize_t got;
    while (*count < size && (got = read(words, said + *count, size - *count)) > 0)
        *count += (size_t)got;
}

static void sends_more_than_the_peer_takes_at_once(void **state)
{
    (void)state;
    static char whole[LONG_SIZE], said[LONG_SIZE + 8000];
    fill(whole, sizeof whole);
    struct server server = serve("good", "-no_ticket", NULL);
    struct wire wire;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_DONE);
    assert_int_equal(
        setsockopt(wire.descriptor, SOL_SOCKET, SO_SNDBUF, &(int){ 4096 }, sizeof(int)), 0);
    assert_int_equal(fcntl(server.words, F_SETFL, O_NONBLOCK), 0);
    struct slice rest = { whole, sizeof whole };
    size_t count = 0, sent, waits = 0;
    while (rest.len > 0) {
        enum io io = wire_send(&wire, rest, &sent);
        assert_int_not_equal(io, IO_FAILED);
        if (io == IO_DONE) {
            rest = slice_from(rest, sent);
            continue;
        }
        waits++;
        drain(server.words, said, sizeof said, &count);
        await(&wire, io);
    }
    assert_true(waits > 0);
    wire_close(&wire);
    while (memmem(said, count, "DONE\n", 5) == NULL) {
        struct port_poll poll = { .descriptor = server.words, .want_read = true };
        assert_true(port_poll(&poll, 1, PATIENCE_MS));
        drain(server.words, said, sizeof said, &count);
    }
    assert_non_null(memmem(said, count, whole, sizeof whole));
    end(&server);
}

/* Bytes of heap that one secured wire to this server holds. */
static size_t heap_of_a_wire_to(const char *name)
{
    struct server server = serve(name, "-rev", NULL);
    struct wire wire;
    size_t before = mallinfo2().uordblks;
    assert_int_equal(dial(&wire, &server.address), IO_DONE);
    assert_int_equal(secure(&wire, HOST), IO_DONE);
    size_t held = mallinfo2().uordblks - before;
    wire_close(&wire);
    end(&server);
    return held;
}

static void keeps_little_memory_per_wire_and_nothing_of_the_chain(void **state)
{
    (void)state;
    size_t with_small = heap_of_a_wire_to("signs"), with_large = heap_of_a_wire_to("crowded");
    assert_true(with_small < WIRE_HEAP_MAX);
    assert_true(with_large < with_small + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speaks_tls_1_2_and_1_3_with_either_sort_of_key),
        cmocka_unit_test(reaches_a_tls_1_2_server_that_insists_on_rsa_pss),
        cmocka_unit_test(hands_out_no_wire_with_a_bad_certificate),
        cmocka_unit_test(hands_out_no_wire_while_the_clock_is_unset),
        cmocka_unit_test(hands_out_no_wire_with_a_certificate_for_clients),
        cmocka_unit_test(names_the_host_to_a_server_of_many),
        cmocka_unit_test(keeps_the_hashes_by_which_tlsa_records_name_a_certificate),
        cmocka_unit_test(receives_a_long_reply_and_then_the_end),
        cmocka_unit_test(sends_more_than_the_peer_takes_at_once),
        cmocka_unit_test(keeps_little_memory_per_wire_and_nothing_of_the_chain),
    };
    return cmocka_run_group_tests(tests, begin_wires, finish_wires);
}
