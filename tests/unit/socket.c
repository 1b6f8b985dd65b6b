/* SPDX-License-Identifier: MIT */
#include "../port/port.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A listener on the loopback; *into_at is how to reach it. */
static int listen_here(struct address *into_at)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&here, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &size), 0);
    assert_true(port_address_read("127.0.0.1", into_at));
    into_at->port = ntohs(here.sin_port);
    return listener;
}

static enum socket_result connect_to(const struct address *to, int *into_descriptor)
{
    enum socket_result result = port_socket_connect(to, into_descriptor);
    while (result == SOCKET_WAIT) {
        struct port_poll poll = { .descriptor = *into_descriptor, .want_write = true };
        assert_true(port_poll(&poll, 1, -1));
        assert_true(poll.can_write);
        result = port_socket_connected(*into_descriptor);
        if (result != SOCKET_DONE && result != SOCKET_WAIT)
            port_socket_close(*into_descriptor);
    }
    return result;
}

struct pair {
    int ours, theirs;
};

static struct pair connected_pair(void)
{
    struct address at;
    struct pair pair;
    int listener = listen_here(&at);
    assert_int_equal(connect_to(&at, &pair.ours), SOCKET_DONE);
    pair.theirs = accept(listener, NULL, NULL);
    assert_true(pair.theirs >= 0);
    (void)close(listener);
    return pair;
}

static void wait_readable(int descriptor)
{
    struct port_poll poll = { .descriptor = descriptor, .want_read = true };
    assert_true(port_poll(&poll, 1, -1));
    assert_true(poll.can_read);
    assert_false(poll.can_write);
}

static void reset_on_close(int descriptor)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    assert_int_equal(setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    (void)close(descriptor);
}

static void a_connection_carries_bytes_both_ways(void **state)
{
    (void)state;
    struct pair pair = connected_pair();
    size_t count = 0;
    char bytes[8] = "";
    assert_int_equal(port_socket_send(pair.ours, "EHLO", 4, &count), SOCKET_DONE);
    assert_int_equal(count, 4);
    assert_int_equal(recv(pair.theirs, bytes, 4, MSG_WAITALL), 4);
    assert_memory_equal(bytes, "EHLO", 4);
    assert_int_equal(port_socket_receive(pair.ours, bytes, sizeof bytes, &count), SOCKET_WAIT);
    assert_int_equal(send(pair.theirs, "250", 3, 0), 3);
    wait_readable(pair.ours);
    assert_int_equal(port_socket_receive(pair.ours, bytes, 2, &count), SOCKET_DONE);
    assert_int_equal(count, 2);
    assert_memory_equal(bytes, "25", 2);
    port_socket_close(pair.ours);
    (void)close(pair.theirs);
}

static void a_connection_neither_blocks_nor_is_inherited_nor_delays(void **state)
{
    (void)state;
    struct pair pair = connected_pair();
    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    assert_true(fcntl(pair.ours, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(pair.ours, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(getsockopt(pair.ours, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    assert_true(no_delay);
    port_socket_close(pair.ours);
    (void)close(pair.theirs);
}

static void waits_when_the_peer_reads_nothing(void **state)
{
    (void)state;
    struct pair pair = connected_pair();
    static const char bytes[65536];
    size_t count;
    enum socket_result result;
    while ((result = port_socket_send(pair.ours, bytes, sizeof bytes, &count)) == SOCKET_DONE)
        assert_in_range(count, 1, sizeof bytes);
    assert_int_equal(result, SOCKET_WAIT);
    port_socket_close(pair.ours);
    (void)close(pair.theirs);
}

static void tells_a_refusal(void **state)
{
    (void)state;
    struct address at;
    int descriptor = -1;
    (void)close(listen_here(&at));
    assert_int_equal(connect_to(&at, &descriptor), SOCKET_REFUSED);
}

static void an_address_that_needs_a_link_is_unreachable(void **state)
{
    (void)state;
    struct address to;
    int descriptor = -1;
    assert_true(port_address_read("fe80::1", &to));
    to.port = 25;
    assert_int_equal(port_socket_connect(&to, &descriptor), SOCKET_UNREACHABLE);
    assert_int_equal(descriptor, -1);
}

static void a_peer_that_closes_in_order_is_no_failure(void **state)
{
    (void)state;
    struct pair pair = connected_pair();
    char byte;
    size_t count = 7;
    (void)close(pair.theirs);
    wait_readable(pair.ours);
    assert_int_equal(port_socket_receive(pair.ours, &byte, 1, &count), SOCKET_CLOSED);
    assert_int_equal(count, 7);
    port_socket_close(pair.ours);
}

static void a_reset_is_told_and_does_not_kill(void **state)
{
    (void)state;
    struct pair pair = connected_pair();
    char byte;
    size_t count;
    reset_on_close(pair.theirs);
    wait_readable(pair.ours);
    assert_int_equal(port_socket_receive(pair.ours, &byte, 1, &count), SOCKET_RESET);
    /* The next write raises SIGPIPE in whoever does not ask otherwise, which would end this test.
     */
    assert_int_equal(port_socket_send(pair.ours, "x", 1, &count), SOCKET_RESET);
    port_socket_close(pair.ours);
}

static void a_device_without_descriptors_is_no_fault_of_the_network(void **state)
{
    (void)state;
    struct address at;
    struct rlimit before;
    int descriptor = -1;
    int listener = listen_here(&at);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = { .rlim_cur = 0, .rlim_max = before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    enum socket_result result = port_socket_connect(&at, &descriptor);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(result, SOCKET_FAILED);
    assert_int_equal(descriptor, -1);
    assert_true(port_trouble()[0] != '\0');
    (void)close(listener);
}

static void reads_and_writes_addresses_of_both_families(void **state)
{
    (void)state;
    static const uint8_t v4[] = { 192, 0, 2, 1 };
    static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
    struct address address;
    char text[ADDRESS_TEXT_MAX];
    assert_true(port_address_read("192.0.2.1", &address));
    assert_int_equal(address.family, FAMILY_V4);
    assert_memory_equal(address.bytes, v4, sizeof v4);
    assert_int_equal(address.port, 0);
    port_address_text(&address, text);
    assert_string_equal(text, "192.0.2.1");
    assert_true(port_address_read("2001:DB8:0:0::1", &address));
    assert_int_equal(address.family, FAMILY_V6);
    assert_memory_equal(address.bytes, v6, sizeof v6);
    port_address_text(&address, text);
    assert_string_equal(text, "2001:db8::1");
}

static void refuses_text_that_is_no_address(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "mail.example.net", "192.0.2",      "192.0.2.256",
        "192.0.2.1 ", "[2001:db8::1]",    "fe80::1%eth0", "2001:db8"
    };
    struct address address = { .family = FAMILY_V6, .port = 25 };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(port_address_read(wrong[i], &address));
    assert_int_equal(address.port, 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_carries_bytes_both_ways),
        cmocka_unit_test(a_connection_neither_blocks_nor_is_inherited_nor_delays),
        cmocka_unit_test(waits_when_the_peer_reads_nothing),
        cmocka_unit_test(tells_a_refusal),
        cmocka_unit_test(an_address_that_needs_a_link_is_unreachable),
        cmocka_unit_test(a_peer_that_closes_in_order_is_no_failure),
        cmocka_unit_test(a_reset_is_told_and_does_not_kill),
        cmocka_unit_test(a_device_without_descriptors_is_no_fault_of_the_network),
        cmocka_unit_test(reads_and_writes_addresses_of_both_families),
        cmocka_unit_test(refuses_text_that_is_no_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
