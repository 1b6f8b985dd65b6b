/* SPDX-License-Identifier: MIT */
/* Resolvers of the test's own on loopback, and a clock that only moves when nobody has anything to
   say: port_poll serves them, so all happens in one thread and waiting costs no time. */
#ifndef GATEPOST_RESOLVE_STAND_IN_H
#define GATEPOST_RESOLVE_STAND_IN_H

#include "port/port.h"
#include "resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define STAND_INS_MAX 3
#define MESSAGE_MAX   65535
#define GRACE_MS      20 /* for the kernel to carry what was sent; nothing is asserted about it */

enum { RCODE_FORMERR = 1, RCODE_SERVFAIL, RCODE_NXDOMAIN, RCODE_NOTIMP, RCODE_REFUSED };
enum {
    TYPE_A = 1,
    TYPE_NS = 2,
    TYPE_CNAME = 5,
    TYPE_SOA = 6,
    TYPE_PTR = 12,
    TYPE_MX = 15,
    TYPE_TXT = 16,
    TYPE_AAAA = 28,
    TYPE_SRV = 33,
    TYPE_TLSA = 52,
    TYPE_CAA = 257
};

struct asked {
    uint8_t bytes[MESSAGE_MAX];
    size_t size, question_end;
    char name[256];
    unsigned type;
    bool over_tcp, edns, ad;
};

struct reply {
    uint8_t bytes[MESSAGE_MAX];
    size_t size; /* 0: silence */
};

struct stand_in;
typedef void speak_fn(struct stand_in *self, const struct asked *asked, struct reply *reply);

struct stand_in {
    struct address address;
    int udp, tcp, connection;
    speak_fn *speak;
    const void *script; /* what speak wants to know */
    unsigned heard;     /* questions */
    char names[64][256];
    struct sockaddr_storage from;
    socklen_t from_size;
};

static struct stand_in stand_ins[STAND_INS_MAX];
static size_t stand_in_count;
static int64_t clock_ms;

/* ---- messages ---- */

static inline void put16(struct reply *reply, unsigned value)
{
    reply->bytes[reply->size++] = (uint8_t)(value >> 8);
    reply->bytes[reply->size++] = (uint8_t)value;
}

/* "a.b" or "a.b." in labels; "" is the root. */
static inline size_t write_name(uint8_t *into, const char *name)
{
    size_t size = 0;
    while (*name != '\0') {
        size_t len = strcspn(name, ".");
        into[size++] = (uint8_t)len;
        memcpy(into + size, name, len);
        size += len;
        name += len + (name[len] == '.');
    }
    into[size++] = 0;
    return size;
}

/* Begins the reply: RD and RA, the question repeated. */
static inline void answer_with(const struct asked *asked, struct reply *reply, unsigned rcode)
{
    memcpy(reply->bytes, asked->bytes, asked->question_end);
    reply->size = asked->question_end;
    reply->bytes[2] = 0x81;
    reply->bytes[3] = (uint8_t)(0x80 | rcode);
    memset(reply->bytes + 6, 0, 6);
}

static inline void add(struct reply *reply, const char *owner, unsigned type, const void *data,
                       size_t size)
{
    reply->size += write_name(reply->bytes + reply->size, owner);
    put16(reply, type);
    put16(reply, 1);
    put16(reply, 0);
    put16(reply, 300);
    put16(reply, (unsigned)size);
    memcpy(reply->bytes + reply->size, data, size);
    reply->size += size;
    reply->bytes[7]++; /* answers; there are never 256 */
}

static inline void add_name(struct reply *reply, const char *owner, unsigned type,
                            const char *target)
{
    uint8_t data[256];
    add(reply, owner, type, data, write_name(data, target));
}

static inline void add_cname(struct reply *reply, const char *owner, const char *target)
{
    add_name(reply, owner, TYPE_CNAME, target);
}

static inline void add_mx(struct reply *reply, const char *owner, unsigned preference,
                          const char *target)
{
    uint8_t data[256] = { (uint8_t)(preference >> 8), (uint8_t)preference };
    add(reply, owner, TYPE_MX, data, 2 + write_name(data + 2, target));
}

static inline void add_a(struct reply *reply, const char *owner, uint8_t last)
{
    add(reply, owner, TYPE_A, (const uint8_t[]){ 192, 0, 2, last }, 4);
}

static inline bool read_question(struct asked *asked)
{
    size_t at = 12, len = 0;
    asked->name[0] = '\0';
    while (at < asked->size && asked->bytes[at] != 0) {
        int written =
            snprintf(asked->name + len, sizeof asked->name - len, "%s%.*s", len > 0 ? "." : "",
                     (int)asked->bytes[at], (const char *)asked->bytes + at + 1);
        len += (size_t)written;
        at += 1u + asked->bytes[at];
    }
    if (at + 5 > asked->size)
        return false;
    asked->type = (unsigned)asked->bytes[at + 1] << 8 | asked->bytes[at + 2];
    asked->question_end = at + 5;
    asked->edns = asked->bytes[11] > 0;
    asked->ad = (asked->bytes[3] & 0x20) != 0;
    return true;
}

/* ---- service ---- */

static inline void close_one(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static inline void send_reply(struct stand_in *self, const struct reply *reply, bool over_tcp)
{
    if (reply->size == 0)
        return;
    if (!over_tcp) {
        (void)!sendto(self->udp, reply->bytes, reply->size, 0, (struct sockaddr *)&self->from,
                      self->from_size);
        return;
    }
    uint8_t length[2] = { (uint8_t)(reply->size >> 8), (uint8_t)reply->size };
    (void)!send(self->connection, length, sizeof length, MSG_NOSIGNAL);
    (void)!send(self->connection, reply->bytes, reply->size, MSG_NOSIGNAL);
}

static inline void hear(struct stand_in *self, struct asked *asked, bool over_tcp)
{
    static struct reply reply;
    asked->over_tcp = over_tcp;
    if (!read_question(asked))
        return;
    (void)snprintf(self->names[self->heard % 64], sizeof self->names[0], "%s", asked->name);
    self->heard++;
    reply.size = 0;
    self->speak(self, asked, &reply);
    send_reply(self, &reply, over_tcp);
}

static inline bool serve_tcp(struct stand_in *self, struct asked *asked)
{
    if (self->connection < 0 && self->tcp >= 0)
        self->connection = accept4(self->tcp, NULL, NULL, SOCK_NONBLOCK);
    if (self->connection < 0)
        return false;
    uint8_t length[2];
    ssize_t got = recv(self->connection, length, 2, 0);
    if (got == 0) {
        close_one(&self->connection);
        return true;
    }
    if (got != 2)
        return false;
    got = recv(self->connection, asked->bytes, sizeof asked->bytes, 0);
    asked->size = got > 0 ? (size_t)got : 0;
    hear(self, asked, true);
    return true;
}

static inline bool serve(struct stand_in *self)
{
    static struct asked asked;
    if (self->udp < 0)
        return false;
    self->from_size = sizeof self->from;
    ssize_t got = recvfrom(self->udp, asked.bytes, sizeof asked.bytes, 0,
                           (struct sockaddr *)&self->from, &self->from_size);
    if (got < 0)
        return serve_tcp(self, &asked);
    asked.size = (size_t)got;
    hear(self, &asked, false);
    return true;
}

static inline int open_socket(struct stand_in *self, int type)
{
    bool v6 = self->address.family == FAMILY_V6;
    struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_in four = { .sin_family = AF_INET };
    six.sin6_port = four.sin_port = htons(self->address.port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct sockaddr *at = v6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t size = v6 ? sizeof six : sizeof four;
    int descriptor = socket(v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK, 0);
    if (bind(descriptor, at, size) != 0 || getsockname(descriptor, at, &size) != 0) {
        close(descriptor);
        return -1;
    }
    self->address.port = ntohs(v6 ? six.sin6_port : four.sin_port);
    if (type == SOCK_STREAM)
        assert_int_equal(listen(descriptor, 4), 0);
    return descriptor;
}

/* A resolver on loopback that answers as speak does; NULL when there is no such address. */
static inline struct stand_in *stand_in_at(const char *address, speak_fn *speak, const void *script)
{
    assert_true(stand_in_count < STAND_INS_MAX);
    struct stand_in *self = &stand_ins[stand_in_count];
    *self = (struct stand_in){ .udp = -1, .tcp = -1, .connection = -1 };
    self->speak = speak;
    self->script = script;
    /* The port that UDP gets may be taken over TCP. */
    for (int attempt = 0; attempt < 50 && self->tcp < 0; attempt++) {
        close_one(&self->udp);
        assert_true(port_address_read(address, &self->address));
        self->udp = open_socket(self, SOCK_DGRAM);
        if (self->udp < 0)
            return NULL;
        self->tcp = open_socket(self, SOCK_STREAM);
    }
    assert_true(self->tcp >= 0);
    stand_in_count++;
    return self;
}

static inline struct stand_in *stand_in(speak_fn *speak, const void *script)
{
    struct stand_in *self = stand_in_at("127.0.0.1", speak, script);
    assert_non_null(self);
    return self;
}

static inline void stand_ins_close(void)
{
    for (; stand_in_count > 0; stand_in_count--) {
        close_one(&stand_ins[stand_in_count - 1].udp);
        close_one(&stand_ins[stand_in_count - 1].tcp);
        close_one(&stand_ins[stand_in_count - 1].connection);
    }
}

/* ---- the port's part ---- */

int64_t port_now_ms(void)
{
    return clock_ms;
}

bool port_asked_to_stop(void)
{
    return false;
}

static inline bool serve_all(void)
{
    bool served = false;
    for (size_t i = 0; i < stand_in_count; i++)
        while (serve(&stand_ins[i]))
            served = true;
    return served;
}

static inline bool look(struct port_poll *polls, size_t count, int grace_ms)
{
    struct pollfd entries[PORT_POLLS_MAX];
    for (size_t i = 0; i < count; i++) {
        int events = (polls[i].want_read ? POLLIN : 0) | (polls[i].want_write ? POLLOUT : 0);
        entries[i] = (struct pollfd){ events ? polls[i].descriptor : -1, (short)events, 0 };
        polls[i].can_read = polls[i].can_write = false;
    }
    int seen = poll(entries, (nfds_t)count, grace_ms);
    for (size_t i = 0; i < count; i++) {
        bool gone = (entries[i].revents & (POLLERR | POLLHUP)) != 0;
        polls[i].can_read = polls[i].want_read && (gone || entries[i].revents & POLLIN);
        polls[i].can_write = polls[i].want_write && (gone || entries[i].revents & POLLOUT);
    }
    return seen > 0;
}

bool port_poll(struct port_poll *polls, size_t count, int64_t timeout_ms)
{
    while (serve_all())
        ;
    if (look(polls, count, timeout_ms == 0 ? 0 : GRACE_MS))
        return true;
    if (serve_all())
        return look(polls, count, GRACE_MS);
    assert_true(timeout_ms >= 0); /* or the wait would never end */
    clock_ms += timeout_ms;
    return false;
}

/* ---- the asker ---- */

static struct loop loop;
static struct arena arena;
static struct resolve *resolve;
static unsigned calls;

static inline int set_up(void **state)
{
    (void)state;
    static max_align_t memory[1 << 14];
    loop_begin(&loop);
    arena_begin(&arena, memory, sizeof memory);
    clock_ms = 1000;
    calls = 0;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    resolve_finish(resolve);
    resolve = NULL;
    stand_ins_close();
    return 0;
}

/* Opens the resolve on the stand-ins, in their order. */
static inline void begin(void)
{
    struct address addresses[STAND_INS_MAX];
    for (size_t i = 0; i < stand_in_count; i++)
        addresses[i] = stand_ins[i].address;
    resolve = resolve_begin(&loop, &arena, addresses, stand_in_count);
    assert_non_null(resolve);
}

static inline void count_call(struct question *question)
{
    assert_non_null(question->answer);
    assert_false(question->under_way);
    calls++;
}

static inline const struct answer *answer_to(const char *name, enum record_type type)
{
    static struct question question;
    if (resolve == NULL)
        begin();
    unsigned before = calls;
    question = (struct question){ .type = type };
    assert_true(resolve_ask(resolve, &question, name, type, count_call, NULL));
    while (calls == before)
        assert_true(loop_turn(&loop));
    assert_int_equal(loop.count, 0);
    return question.answer;
}

/* ---- what resolvers may say ---- */

static inline void says_code(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    answer_with(asked, reply, *(const unsigned *)self->script);
}

static inline void says_address(struct stand_in *self, const struct asked *asked,
                                struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_a(reply, asked->name, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
