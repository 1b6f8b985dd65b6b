/* SPDX-License-Identifier: MIT */
/* The platform: a clock that moves when everybody waits, randomness that is the same every time. */
#include "../../port/port.h"

#include "fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void port_start(void)
{
}

int64_t port_now_ms(void)
{
    return fake.now_ms;
}

int64_t port_wall_ms(void)
{
    if (!fake.clock_trusted)
        return fake.now_ms - FAKE_START_MS; /* 1970 */
    return FAKE_WALL_MS + fake.clock_off_ms + fake.wall_offset_ms + fake.now_ms - FAKE_START_MS;
}

bool port_wall_trusted(void)
{
    return fake.clock_trusted;
}

void port_random(void *into, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)into)[i] = (uint8_t)i;
}

void port_address_text(const struct address *address, char into[ADDRESS_TEXT_MAX])
{
    const uint8_t *bytes = address->bytes;
    if (address->family == FAMILY_V4)
        (void)snprintf(into, ADDRESS_TEXT_MAX, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2],
                       bytes[3]);
    else /* every address here is 2001:db8::N */
        (void)snprintf(into, ADDRESS_TEXT_MAX, "2001:db8::%x",
                       (unsigned)(bytes[14] << 8 | bytes[15]));
}

static bool read_v4(struct slice text, struct address *into_address)
{
    struct slice part;
    size_t count = 0;
    while (count < 4 && slice_cut(&text, '.', &part)) {
        uint64_t number = 0;
        if (!slice_number(part, 255, &number))
            return false;
        into_address->bytes[count++] = (uint8_t)number;
    }
    return count == 4 && text.len == 0;
}

bool port_address_read(const char *text, struct address *into_address)
{
    struct address address = { .family = FAMILY_V4 };
    static const uint8_t documentation[] = { 0x20, 0x01, 0x0d, 0xb8 };
    if (strncmp(text, "2001:db8::", 10) == 0) {
        unsigned long number = strtoul(text + 10, NULL, 16);
        address.family = FAMILY_V6;
        memcpy(address.bytes, documentation, sizeof documentation);
        address.bytes[14] = (uint8_t)(number >> 8);
        address.bytes[15] = (uint8_t)number;
    } else if (!read_v4(slice_of(text), &address)) {
        return false;
    }
    *into_address = address;
    return true;
}

/* The fake wire has no sockets; nobody may come here. */
enum socket_result port_socket_connect(const struct address *to, int *into_descriptor)
{
    (void)to;
    *into_descriptor = -1;
    return SOCKET_FAILED;
}

enum socket_result port_socket_connected(int descriptor)
{
    (void)descriptor;
    return SOCKET_FAILED;
}

enum socket_result port_socket_send(int descriptor, const void *bytes, size_t size,
                                    size_t *into_sent)
{
    (void)descriptor;
    (void)bytes;
    (void)size;
    *into_sent = 0;
    return SOCKET_FAILED;
}

enum socket_result port_socket_receive(int descriptor, void *into, size_t size, size_t *into_got)
{
    (void)descriptor;
    (void)into;
    (void)size;
    *into_got = 0;
    return SOCKET_FAILED;
}

void port_socket_close(int descriptor)
{
    (void)descriptor;
}

static bool any_ready(struct port_poll *polls, size_t count, int64_t *into_wake_ms)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        struct port_poll *poll = &polls[i];
        bool ready = poll->descriptor >= 0 &&
                     fake_ready(poll->descriptor, poll->want_read, poll->want_write, into_wake_ms);
        poll->can_read = ready && poll->want_read;
        poll->can_write = ready && poll->want_write;
        any = any || ready;
    }
    return any;
}

bool port_poll(struct port_poll *polls, size_t count, int64_t timeout_ms)
{
    int64_t wake_ms = timeout_ms < 0 ? INT64_MAX : fake.now_ms + timeout_ms;
    if (++fake.turns > FAKE_TURNS_MAX) {
        (void)fprintf(stderr, "the run does not end: %u polls\n", fake.turns);
        exit(1);
    }
    int64_t happens_ms = fake.happen == NULL ? INT64_MAX : fake.happen();
    if (happens_ms < wake_ms)
        wake_ms = happens_ms;
    if (port_asked_to_stop())
        return false;
    if (any_ready(polls, count, &wake_ms))
        return true;
    if (wake_ms == INT64_MAX) {
        (void)fprintf(stderr, "the run waits for ever\n");
        exit(1);
    }
    if (wake_ms > fake.now_ms)
        fake.now_ms = wake_ms;
    if (happens_ms <= fake.now_ms)
        (void)fake.happen(); /* now, before the loop looks who is late */
    return any_ready(polls, count, &wake_ms);
}

bool port_asked_to_stop(void)
{
    return fake.stop_after_turns > 0 && fake.turns >= fake.stop_after_turns;
}

void port_link_facts(enum family family, struct link_facts *into_facts)
{
    bool up = fake.link != FAKE_LINK_DOWN, usable = up && fake.family[family];
    *into_facts = (struct link_facts){ .up = up,
                                       .address = usable,
                                       .route = usable && fake.link != FAKE_LINK_NO_ROUTE };
}

bool port_family_usable(enum family family)
{
    struct link_facts facts;
    port_link_facts(family, &facts);
    return facts.address && facts.route;
}

size_t port_resolvers(struct address *into, size_t room)
{
    if (room == 0)
        return 0;
    into[0] = (struct address){ .family = FAMILY_V4, .bytes = { 192, 0, 2, 53 }, .port = 53 };
    return 1;
}

void port_host_name(char *into, size_t size)
{
    text_put(into, size, SLICE(FAKE_HOST_NAME));
}

bool port_is_terminal(int descriptor)
{
    (void)descriptor;
    return false;
}

int port_terminal_columns(void)
{
    return 80;
}

bool port_ask_secret(const char *prompt, char *into, size_t size)
{
    (void)prompt;
    text_wipe(into, size);
    return false;
}

const char *port_environment(const char *name)
{
    (void)name;
    return NULL;
}

bool port_is_root(void)
{
    return true;
}

void port_log_line(const char *line)
{
    size_t len = strlen(line);
    if (len + 1 > sizeof fake.log - fake.log_len)
        fake.log_len =
            0; /* the newest lines are as good as the oldest: a secret is as bad in all */
    memcpy(fake.log + fake.log_len, line, len);
    fake.log_len += len;
    fake.log[fake.log_len++] = '\n';
    if (fake_betrays((struct slice){ line, len }))
        fake_complain("a line of the log tells the secret");
}

void port_log(enum severity severity, const char *line)
{
    (void)severity;
    port_log_line(line);
}

/* Nobody may believe that the memory still holds what it held: a byte here and there shows it, and
   costs less than all of them. */
void port_give_back(void *memory, size_t size)
{
    for (size_t i = 0; i < size; i += 256)
        ((unsigned char *)memory)[i] = 0xa5;
}

void port_give_back_program(void)
{
}

long port_peak_kb(void)
{
    return 0;
}
