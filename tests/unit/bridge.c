/* SPDX-License-Identifier: MIT */
/* The bridge between callers of this test's and a plain wire, whose other end is this test's, too.
 */
#include "bridge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000
#define ENDLESS     (BRIDGE_CALLERS_MAX * 40)
#define LOAD        (3 * 1024 * 1024) /* bytes: more than sockets and bridge hold together */

static struct loop loop;
static struct wire wire;
static struct bridge bridge;
static struct address door; /* where callers call */
static int peer;            /* the other end of the wire */
static int ends;
static enum bridge_end last_end;

static void on_end(void *owner, enum bridge_end end)
{
    assert_ptr_equal(owner, &bridge);
    ends++;
    last_end = end;
}

static void await_descriptor(int descriptor, bool to_write)
{
    struct port_poll poll = { .descriptor = descriptor,
                              .want_read = !to_write,
                              .want_write = to_write };
    assert_true(port_poll(&poll, 1, PATIENCE_MS));
}

static int call_at(const struct address *to)
{
    int descriptor = -1;
    enum socket_result result = port_socket_connect(to, &descriptor);
    assert_true(result == SOCKET_DONE || result == SOCKET_WAIT);
    return descriptor;
}

static bool was_idle;

static void on_idle(struct watcher *watcher, enum loop_event event)
{
    (void)watcher, (void)event;
    was_idle = true;
}

/* Turns the loop until nothing more happens. */
static void turn(void)
{
    struct watcher idle = { .descriptor = -1, .call = on_idle };
    assert_true(loop_watch(&loop, &idle));
    for (int quiet = 0; quiet < 3;) {
        idle.deadline_ms = port_now_ms() + 1;
        was_idle = false;
        assert_true(loop_turn(&loop));
        quiet = was_idle ? quiet + 1 : 0;
    }
    loop_forget(&loop, &idle);
}

static int begin(void **state)
{
    (void)state;
    int listener;
    struct address there = { .family = FAMILY_V4, .bytes = { 127, 0, 0, 1 } };
    loop_begin(&loop);
    wire_begin(&wire);
    ends = 0;
    door = there;
    assert_int_equal(port_socket_listen(&there.port, &listener), SOCKET_DONE);
    enum io io;
    while ((io = wire_dial(&wire, &there)) == IO_WRITE)
        await_descriptor(wire.descriptor, true);
    assert_int_equal(io, IO_DONE);
    await_descriptor(listener, false);
    assert_int_equal(port_socket_accept(listener, &peer), SOCKET_DONE);
    port_socket_close(listener);
    return bridge_open(&bridge, &loop, &wire, on_end, &bridge, &door.port) ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    bridge_close(&bridge);
    wire_close(&wire);
    port_socket_close(peer);
    return 0;
}

/* What a caller writes who knows the secret. */
static size_t write_request(char into[BRIDGE_REQUEST_MAX])
{
    char pair[64];
    struct text text, credentials;
    text_begin(&credentials, pair, sizeof pair);
    text_add_format(&credentials, "gatepost:%s", bridge.secret);
    text_begin(&text, into, BRIDGE_REQUEST_MAX);
    text_add_string(&text, "CONNECT broker.invalid:8883 HTTP/1.1\r\nHost: broker.invalid\r\n"
                           "Proxy-authorization: Basic ");
    text_add_base64(&text, text_slice(&credentials));
    text_add_string(&text, "\r\n\r\n");
    assert_false(text.overflow);
    return text.len;
}

static void tell(int descriptor, const char *bytes, size_t len)
{
    size_t sent = 0;
    await_descriptor(descriptor, true);
    assert_int_equal(port_socket_send(descriptor, bytes, len, &sent), SOCKET_DONE);
    assert_int_equal(sent, len);
}

/* All that has come; "closed" is appended where the other side has closed. */
static const char *hear(int descriptor)
{
    static char heard[512];
    size_t len = 0, got;
    enum socket_result result;
    while ((result = port_socket_receive(descriptor, heard + len, 400 - len, &got)) == SOCKET_DONE)
        len += got;
    (void)snprintf(heard + len, 100, "%s", result == SOCKET_WAIT ? "" : "closed");
    return heard;
}

static int call_as_ours(void)
{
    char request[BRIDGE_REQUEST_MAX];
    size_t len = write_request(request);
    int ours = call_at(&door);
    tell(ours, request, len);
    turn();
    assert_string_equal(hear(ours), "HTTP/1.1 200 OK\r\n\r\n");
    return ours;
}

/* ---- who calls ---- */

static void carries_bytes_both_ways_for_who_knows_the_secret(void **state)
{
    (void)state;
    int ours = call_as_ours();
    assert_true(bridge_is_open(&bridge));
    tell(ours, "CONNECT", 7);
    turn();
    assert_string_equal(hear(peer), "CONNECT");
    tell(peer, "CONNACK", 7);
    turn();
    assert_string_equal(hear(ours), "CONNACK");
    port_socket_close(ours);
}

static void takes_a_request_that_comes_byte_by_byte(void **state)
{
    (void)state;
    char request[BRIDGE_REQUEST_MAX];
    size_t len = write_request(request);
    int ours = call_at(&door);
    for (size_t i = 0; i < len; i++) {
        assert_string_equal(hear(ours), "");
        tell(ours, request + i, 1);
        turn();
    }
    assert_string_equal(hear(ours), "HTTP/1.1 200 OK\r\n\r\n");
    port_socket_close(ours);
}

static void declines_every_request_that_differs_in_one_byte(void **state)
{
    (void)state;
    char request[BRIDGE_REQUEST_MAX];
    size_t len = write_request(request);
    for (size_t i = 0; i < len; i++) {
        int stranger = call_at(&door);
        request[i] ^= 1;
        tell(stranger, request, len);
        turn();
        request[i] ^= 1;
        assert_string_equal(hear(stranger), "HTTP/1.1 403 Forbidden\r\n\r\nclosed");
        port_socket_close(stranger);
    }
    assert_false(bridge_is_open(&bridge));
    port_socket_close(call_as_ours());
}

static void declines_a_request_with_more_behind_it(void **state)
{
    (void)state;
    char request[BRIDGE_REQUEST_MAX];
    size_t len = write_request(request);
    request[len] = 'x';
    int stranger = call_at(&door);
    tell(stranger, request, len + 1);
    turn();
    assert_string_equal(hear(stranger), "HTTP/1.1 403 Forbidden\r\n\r\nclosed");
    port_socket_close(stranger);
}

static void lets_ours_in_among_garbage_and_those_who_hold_the_line(void **state)
{
    (void)state;
    static int held[ENDLESS];
    for (int i = 0; i < ENDLESS; i++) {
        held[i] = call_at(&door);
        if (i % 3 == 0)
            tell(held[i], "GET / HTTP/1.1\r\n", 16);
        turn();
    }
    int ours = call_as_ours();
    for (int i = 0; i < ENDLESS; i++) {
        const char *heard = hear(held[i]);
        assert_non_null(strstr(heard, "closed"));
        assert_null(strstr(heard, "200"));
        port_socket_close(held[i]);
    }
    tell(ours, "x", 1);
    turn();
    assert_string_equal(hear(peer), "x");
    port_socket_close(ours);
}

/* Another process has no socket of ours: it is hung up on before it has said a word. */
static void hangs_up_on_other_processes(void **state)
{
    (void)state;
    char request[BRIDGE_REQUEST_MAX];
    size_t len = write_request(request);
    int said[2];
    assert_int_equal(pipe(said), 0);
    pid_t stranger = fork();
    if (stranger == 0) {
        size_t count = 0;
        int descriptor = -1;
        char answer = 0;
        if (port_socket_connect(&door, &descriptor) == SOCKET_FAILED)
            _exit(1);
        struct port_poll poll = { .descriptor = descriptor, .want_write = true };
        (void)port_poll(&poll, 1, PATIENCE_MS);
        if (port_socket_send(descriptor, request, len, &count) == SOCKET_FAILED)
            _exit(1);
        poll = (struct port_poll){ .descriptor = descriptor, .want_read = true };
        (void)port_poll(&poll, 1, PATIENCE_MS);
        answer = port_socket_receive(descriptor, &answer, 1, &count) == SOCKET_DONE ? '!' : '.';
        _exit(write(said[1], &answer, 1) == 1 ? 0 : 1);
    }
    struct watcher end = { .descriptor = said[0], .want_read = true, .call = on_idle };
    end.deadline_ms = LOOP_NEVER;
    assert_true(loop_watch(&loop, &end));
    for (was_idle = false; !was_idle;)
        assert_true(loop_turn(&loop));
    loop_forget(&loop, &end);
    char answer = 0;
    assert_int_equal(read(said[0], &answer, 1), 1);
    assert_int_equal(answer, '.');
    assert_int_equal(waitpid(stranger, NULL, 0), stranger);
    assert_int_equal(loop.count, 1);
    assert_false(bridge_is_open(&bridge));
    (void)close(said[0]);
    (void)close(said[1]);
    port_socket_close(call_as_ours());
}

static void watches_a_bounded_number_of_callers(void **state)
{
    (void)state;
    int held[BRIDGE_CALLERS_MAX + 1];
    for (int i = 0; i <= BRIDGE_CALLERS_MAX; i++) {
        held[i] = call_at(&door);
        turn();
        assert_int_equal(loop.count, 1 + (i < BRIDGE_CALLERS_MAX ? i + 1 : BRIDGE_CALLERS_MAX));
    }
    for (int i = 0; i <= BRIDGE_CALLERS_MAX; i++)
        port_socket_close(held[i]);
}

static void is_closed_to_all_once_ours_has_come(void **state)
{
    (void)state;
    int waiting = call_at(&door);
    turn();
    int ours = call_as_ours();
    assert_string_equal(hear(waiting), "closed");
    int late = -1;
    enum socket_result result = port_socket_connect(&door, &late);
    if (result == SOCKET_WAIT) {
        await_descriptor(late, true);
        result = port_socket_connected(late);
        port_socket_close(late);
    }
    assert_int_equal(result, SOCKET_REFUSED);
    port_socket_close(waiting);
    port_socket_close(ours);
}

static void has_a_secret_of_its_own_for_each_connect(void **state)
{
    (void)state;
    char before[BRIDGE_SECRET_SIZE];
    memcpy(before, bridge.secret, sizeof before);
    assert_int_equal(strlen(before), 32);
    bridge_close(&bridge);
    assert_int_equal(bridge.secret[0], '\0');
    assert_true(bridge_open(&bridge, &loop, &wire, on_end, &bridge, &door.port));
    assert_string_not_equal(bridge.secret, before);
}

/* ---- what passes ---- */

static char pattern(size_t at)
{
    return (char)(at % 251);
}

static void pump(int from, int to)
{
    static char bytes[16384];
    size_t out = 0, in = 0;
    while (in < LOAD) {
        size_t count, want = LOAD - out < sizeof bytes ? LOAD - out : sizeof bytes;
        for (size_t i = 0; i < want; i++)
            bytes[i] = pattern(out + i);
        if (want > 0 && port_socket_send(from, bytes, want, &count) == SOCKET_DONE)
            out += count;
        assert_true(loop_turn(&loop));
        while (port_socket_receive(to, bytes, sizeof bytes, &count) == SOCKET_DONE)
            for (size_t i = 0; i < count; i++, in++)
                if (bytes[i] != pattern(in))
                    fail_msg("byte %zu differs", in);
    }
}

static void changes_no_byte_of_a_load_larger_than_all_buffers(void **state)
{
    (void)state;
    int ours = call_as_ours();
    pump(ours, peer);
    pump(peer, ours);
    port_socket_close(ours);
}

/* Sends until nothing more is taken; the loop must then have nothing to do. */
static void fill_up(int from)
{
    static char bytes[65536];
    size_t count, total = 0;
    for (int refused = 0; refused < 3;) {
        refused =
            port_socket_send(from, bytes, sizeof bytes, &count) == SOCKET_DONE ? 0 : refused + 1;
        total += refused == 0 ? count : 0;
        turn();
    }
    assert_true(total > BRIDGE_BUFFER_MAX);
}

static void holds_back_a_side_whose_other_does_not_read(void **state)
{
    (void)state;
    int ours = call_as_ours();
    fill_up(ours);
    assert_true(bridge.up.len <= BRIDGE_BUFFER_MAX);
    assert_false(bridge.local.want_read);
    fill_up(peer);
    assert_false(bridge.remote.want_read);
    assert_int_equal(bridge.remote.deadline_ms, LOOP_NEVER);
    assert_int_equal(ends, 0);
    port_socket_close(ours);
}

static void hands_on_what_came_before_the_end_of_either_side(void **state)
{
    (void)state;
    int ours = call_as_ours();
    tell(ours, "DISCONNECT", 10);
    port_socket_close(ours);
    turn();
    assert_int_equal(ends, 1);
    assert_int_equal(last_end, BRIDGE_CALLER);
    assert_string_equal(hear(peer), "DISCONNECT");
}

static void hands_on_what_the_peer_said_before_it_closed(void **state)
{
    (void)state;
    int ours = call_as_ours();
    tell(peer, "because", 7);
    port_socket_close(peer);
    turn();
    assert_int_equal(ends, 1);
    assert_int_equal(last_end, BRIDGE_PEER);
    assert_string_equal(hear(ours), "becauseclosed");
    port_socket_close(ours);
    peer = call_at(&(struct address){ .family = FAMILY_V4, .bytes = { 127, 0, 0, 1 }, .port = 1 });
}

static void leaves_nothing_watched(void **state)
{
    (void)state;
    int waiting = call_at(&door);
    turn();
    bridge_close(&bridge);
    assert_int_equal(loop.count, 0);
    assert_string_equal(hear(waiting), "HTTP/1.1 403 Forbidden\r\n\r\nclosed");
    port_socket_close(waiting);
    assert_int_equal(ends, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(carries_bytes_both_ways_for_who_knows_the_secret),
        TEST(takes_a_request_that_comes_byte_by_byte),
        TEST(declines_every_request_that_differs_in_one_byte),
        TEST(declines_a_request_with_more_behind_it),
        TEST(lets_ours_in_among_garbage_and_those_who_hold_the_line),
        TEST(hangs_up_on_other_processes),
        TEST(watches_a_bounded_number_of_callers),
        TEST(is_closed_to_all_once_ours_has_come),
        TEST(has_a_secret_of_its_own_for_each_connect),
        TEST(changes_no_byte_of_a_load_larger_than_all_buffers),
        TEST(holds_back_a_side_whose_other_does_not_read),
        TEST(hands_on_what_came_before_the_end_of_either_side),
        TEST(hands_on_what_the_peer_said_before_it_closed),
        TEST(leaves_nothing_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
