/* SPDX-License-Identifier: MIT */
#include "resolve_stand_in.h"

#include "text.h"

#include <stdlib.h>

/* ---- records ---- */

static void says_mx(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_mx(reply, asked->name, 20, "aa.example");
    add_mx(reply, asked->name, 5, "MX2.Example");
    add_mx(reply, asked->name, 5, "mx1.example");
    add_mx(reply, "other.example", 1, "not.asked.for.example");
}

static void sorts_mx_by_preference_then_name(void **state)
{
    (void)state;
    (void)stand_in(says_mx, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_MX);
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_int_equal(answer->count, 3);
    assert_string_equal(answer->records[0].name, "mx1.example");
    assert_string_equal(answer->records[1].name, "mx2.example");
    assert_string_equal(answer->records[2].name, "aa.example");
    assert_int_equal(answer->records[2].priority, 20);
    assert_int_equal(answer->records[0].ttl_s, 300);
    assert_null(answer->cname);
    assert_false(answer->cut || answer->truncated || answer->authenticated);
}

static void says_null_mx(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_mx(reply, asked->name, 0, "");
}

/* RFC 7505 */
static void gives_a_null_mx_an_empty_name(void **state)
{
    (void)state;
    (void)stand_in(says_null_mx, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_MX);
    assert_int_equal(answer->count, 1);
    assert_string_equal(answer->records[0].name, "");
}

static void says_srv(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    uint8_t data[64] = { 0, 3, 0, 9, 443 >> 8, 443 & 255 };
    size_t size = 6 + write_name(data + 6, "ex.example");
    answer_with(asked, reply, 0);
    add(reply, asked->name, TYPE_SRV, data, size);
    data[1] = 1;
    add(reply, asked->name, TYPE_SRV, data, size);
}

static void reads_all_of_srv(void **state)
{
    (void)state;
    (void)stand_in(says_srv, NULL);
    const struct answer *answer = answer_to("_autodiscover._tcp.example.org", RECORD_SRV);
    assert_int_equal(answer->count, 2);
    assert_int_equal(answer->records[0].priority, 1);
    assert_int_equal(answer->records[1].priority, 3);
    assert_int_equal(answer->records[1].weight, 9);
    assert_int_equal(answer->records[1].port, 443);
    assert_string_equal(answer->records[1].name, "ex.example");
}

static void says_aaaa(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    const uint8_t data[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 5 };
    answer_with(asked, reply, 0);
    add(reply, asked->name, TYPE_AAAA, data, sizeof data);
}

static void reads_addresses_of_both_families(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_aaaa, NULL);
    char text[ADDRESS_TEXT_MAX];
    port_address_text(&answer_to("host.example", RECORD_AAAA)->records[0].address, text);
    assert_string_equal(text, "2001:db8::5");
    self->speak = says_address;
    port_address_text(&answer_to("host.example", RECORD_A)->records[0].address, text);
    assert_string_equal(text, "192.0.2.7");
}

static void says_text(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add(reply, asked->name, TYPE_TXT, "\7v=spf1 \0\5a\0all", 15);
    add(reply, asked->name, TYPE_TXT, "\0", 1);
}

static void joins_the_strings_of_a_text(void **state)
{
    (void)state;
    (void)stand_in(says_text, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_TXT);
    assert_int_equal(answer->count, 2);
    assert_null(answer->records[0].name);
    assert_true(slice_equal(answer->records[0].text, SLICE("v=spf1 a\0all")));
    assert_int_equal(answer->records[1].text.len, 0);
}

static void says_servers(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_name(reply, asked->name, asked->type, "NS2.Example");
    add_name(reply, asked->name, asked->type, "ns1.example");
}

/* Sorted, because resolvers turn the order from answer to answer. */
static void gives_the_names_of_servers_and_of_addresses(void **state)
{
    (void)state;
    (void)stand_in(says_servers, NULL);
    const enum record_type types[] = { RECORD_NS, RECORD_PTR };
    for (size_t i = 0; i < 2; i++) {
        const struct answer *answer = answer_to("2.0.192.in-addr.arpa", types[i]);
        assert_int_equal(answer->count, 2);
        assert_string_equal(answer->records[0].name, "ns1.example");
        assert_string_equal(answer->records[1].name, "ns2.example");
    }
}

static void says_soa(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    uint8_t data[128] = { 0 };
    size_t size = write_name(data, "Primary.Example");
    size += write_name(data + size, "hostmaster.example");
    answer_with(asked, reply, 0);
    add(reply, asked->name, TYPE_SOA, data, size + 20);
}

static void names_the_primary_server_of_a_zone(void **state)
{
    (void)state;
    (void)stand_in(says_soa, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_SOA);
    assert_int_equal(answer->count, 1);
    assert_string_equal(answer->records[0].name, "primary.example");
}

static void says_tlsa(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add(reply, asked->name, TYPE_TLSA, "\3\1\2\0\xff\0", 6);
}

/* RFC 6698 section 2.1 */
static void reads_all_of_tlsa(void **state)
{
    (void)state;
    (void)stand_in(says_tlsa, NULL);
    const struct answer *answer = answer_to("_25._tcp.mx.example", RECORD_TLSA);
    assert_int_equal(answer->count, 1);
    assert_int_equal(answer->records[0].usage, 3);
    assert_int_equal(answer->records[0].selector, 1);
    assert_int_equal(answer->records[0].matching, 2);
    assert_true(slice_equal(answer->records[0].text, SLICE("\0\xff\0")));
}

static void says_caa(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add(reply, asked->name, TYPE_CAA, "\x80\5Issueca.example", 17);
}

/* RFC 8659 section 4.1 */
static void reads_all_of_caa(void **state)
{
    (void)state;
    (void)stand_in(says_caa, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_CAA);
    assert_int_equal(answer->count, 1);
    assert_int_equal(answer->records[0].flags, 128);
    assert_string_equal(answer->records[0].name, "issue");
    assert_true(slice_is(answer->records[0].text, "ca.example"));
}

/* Memory for an answer is what its records need: a run has many. */
static void takes_little_memory_for_a_short_answer(void **state)
{
    (void)state;
    (void)stand_in(says_address, NULL);
    size_t before = arena.used;
    assert_int_equal(answer_to("host.example", RECORD_A)->count, 1);
    assert_true(arena.used - before <= 192);
}

static void says_many(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    answer_with(asked, reply, 0);
    for (uint8_t i = 0; i < *(const unsigned *)self->script; i++)
        add_a(reply, asked->name, i);
}

static void keeps_as_many_records_as_it_has_room_for(void **state)
{
    (void)state;
    const unsigned exactly = RESOLVE_RECORDS_MAX, one_more = RESOLVE_RECORDS_MAX + 1;
    struct stand_in *self = stand_in(says_many, &exactly);
    const struct answer *answer = answer_to("host.example", RECORD_A);
    assert_int_equal(answer->count, RESOLVE_RECORDS_MAX);
    assert_false(answer->cut);
    self->script = &one_more;
    answer = answer_to("host.example", RECORD_A);
    assert_int_equal(answer->count, RESOLVE_RECORDS_MAX);
    assert_true(answer->cut);
    assert_int_equal(answer->records[RESOLVE_RECORDS_MAX - 1].address.bytes[3],
                     RESOLVE_RECORDS_MAX - 1);
}

/* 16 texts of 1024 bytes are the 16 kB that are kept; then one of as many bytes as the script says.
 */
static void says_long_texts(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    uint8_t data[1029];
    memset(data, 'a', sizeof data);
    data[0] = data[256] = data[512] = data[768] = 255;
    data[1024] = 4;
    answer_with(asked, reply, 0);
    for (unsigned i = 0; i < 16; i++)
        add(reply, asked->name, TYPE_TXT, data, sizeof data);
    data[0] = *(const uint8_t *)self->script;
    add(reply, asked->name, TYPE_TXT, data, 1u + data[0]);
}

static void cuts_text_beyond_its_bound(void **state)
{
    (void)state;
    const uint8_t empty = 0, one = 1;
    struct stand_in *self = stand_in(says_long_texts, &empty);
    const struct answer *answer = answer_to("example.org", RECORD_TXT);
    assert_int_equal(answer->count, 17);
    assert_false(answer->cut);
    self->script = &one;
    answer = answer_to("example.org", RECORD_TXT);
    assert_int_equal(answer->count, 16);
    assert_int_equal(answer->records[15].text.len, 1024);
    assert_true(answer->cut);
}

static void says_when_the_arena_is_full(void **state)
{
    (void)state;
    (void)stand_in(says_mx, NULL);
    assert_int_equal(answer_to("example.org", RECORD_MX)->status, ANSWER_RECORDS);
    const long to_ask = 2; /* the name and the answer; the rest is taken when the reply is there */
    for (long takes = arena.takes, at = to_ask + 1; at <= takes; at++) {
        arena_reset(&arena);
        arena.takes = 0;
        arena.fail_at = at;
        const struct answer *answer = answer_to("example.org", RECORD_MX);
        assert_int_equal(answer->status, ANSWER_DEVICE);
        assert_int_equal(answer->count, 0);
    }
    for (long at = 1; at <= to_ask; at++) {
        struct question question = { .under_way = false };
        arena.takes = 0;
        arena.fail_at = at;
        assert_false(resolve_ask(resolve, &question, "example.org", RECORD_MX, count_call, NULL));
        assert_int_equal(loop.count, 0);
    }
}

static void leaves_nothing_of_a_reply_that_did_not_fit(void **state)
{
    (void)state;
    (void)stand_in(says_mx, NULL);
    (void)stand_in(says_mx, NULL);
    begin();
    arena.fail_at = 5; /* of the first reply one record has room, and all of the next reply */
    const struct answer *answer = answer_to("example.org", RECORD_MX);
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_int_equal(answer->count, 3);
}

/* ---- CNAME ---- */

static void says_chain(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_a(reply, "c.example", 9); /* the order is not promised */
    add_cname(reply, "B.example", "c.Example");
    add_cname(reply, "a.example", "b.example");
}

static void follows_the_cnames_of_one_reply(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_chain, NULL);
    const struct answer *answer = answer_to("A.example", RECORD_A);
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_int_equal(answer->count, 1);
    assert_int_equal(answer->records[0].address.bytes[3], 9);
    assert_string_equal(answer->cname, "c.example");
    assert_int_equal(self->heard, 1);
}

/* As a host's TLSA records may be kept in one place for all its ports. */
static void says_tlsa_behind_a_chain(struct stand_in *self, const struct asked *asked,
                                     struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_cname(reply, asked->name, "_dane.mx.example");
    add_cname(reply, "_dane.mx.example", "_dane.Example");
    add(reply, "_dane.example", TYPE_TLSA, "\3\1\1\xff", 4);
}

static void finds_tlsa_behind_the_cnames_of_one_reply(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_tlsa_behind_a_chain, NULL);
    const struct answer *answer = answer_to("_25._tcp.mx.example", RECORD_TLSA);
    assert_int_equal(answer->count, 1);
    assert_int_equal(answer->records[0].usage, 3);
    assert_true(slice_equal(answer->records[0].text, SLICE("\xff")));
    assert_int_equal(self->heard, 1);
}

static void gives_a_cname_itself_where_one_is_asked_for(void **state)
{
    (void)state;
    (void)stand_in(says_chain, NULL);
    const struct answer *answer = answer_to("a.example", RECORD_CNAME);
    assert_int_equal(answer->count, 1);
    assert_string_equal(answer->records[0].name, "b.example");
    assert_null(answer->cname);
}

/* n0.example -> n1.example -> ... one link a reply, up to the number of the script. */
static void says_links(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    unsigned links = *(const unsigned *)self->script;
    unsigned at = (unsigned)strtoul(asked->name + 1, NULL, 10);
    char next[32];
    (void)snprintf(next, sizeof next, "n%u.example", at + 1);
    answer_with(asked, reply, 0);
    if (at < links)
        add_cname(reply, asked->name, next);
    else
        add_mx(reply, asked->name, 1, "mx.example");
}

static void asks_for_the_target_where_the_resolver_did_not(void **state)
{
    (void)state;
    const unsigned one = 1;
    struct stand_in *self = stand_in(says_links, &one);
    const struct answer *answer = answer_to("n0.example", RECORD_MX);
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_string_equal(answer->records[0].name, "mx.example");
    assert_string_equal(answer->cname, "n1.example");
    assert_int_equal(self->heard, 2);
    assert_string_equal(self->names[1], "n1.example");
    assert_int_equal(resolve_asked(resolve), 2);
}

static void follows_eight_cnames_and_no_more(void **state)
{
    (void)state;
    const unsigned eight = 8, nine = 9;
    struct stand_in *self = stand_in(says_links, &eight);
    assert_int_equal(answer_to("n0.example", RECORD_MX)->status, ANSWER_RECORDS);
    self->script = &nine;
    self->heard = 0;
    assert_int_equal(answer_to("n0.example", RECORD_MX)->status, ANSWER_GARBLED);
    assert_int_equal(self->heard, 9);
}

static void says_circle(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_cname(reply, "a.example", "b.example");
    add_cname(reply, "b.example", "a.example");
}

static void says_half_a_circle(struct stand_in *self, const struct asked *asked,
                               struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    add_cname(reply, asked->name, asked->name[0] == 'a' ? "b.example" : "A.example");
}

static void gets_out_of_a_circle_of_cnames(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_circle, NULL);
    assert_int_equal(answer_to("a.example", RECORD_MX)->status, ANSWER_GARBLED);
    assert_int_equal(self->heard, 1);
    self->speak = says_half_a_circle;
    self->heard = 0;
    assert_int_equal(answer_to("a.example", RECORD_MX)->status, ANSWER_GARBLED);
    assert_int_equal(self->heard, 2);
}

/* The reply with the CNAME takes nearly all of a try, and then there is silence. */
static void says_a_link_slowly(struct stand_in *self, const struct asked *asked,
                               struct reply *reply)
{
    if (self->heard > 1)
        return;
    clock_ms += RESOLVE_TRY_MS - 1;
    answer_with(asked, reply, 0);
    add_cname(reply, asked->name, "next.example");
}

static void keeps_its_promised_time_with_cnames_too(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_a_link_slowly, NULL);
    const struct answer *answer = answer_to("a.example", RECORD_MX);
    assert_int_equal(answer->status, ANSWER_TIMED_OUT);
    assert_int_equal(answer->duration_ms, RESOLVE_TRY_MS * RESOLVE_TRIES);
    assert_string_equal(answer->cname, "next.example");
    assert_int_equal(self->heard, 3);
}

static void says_an_authentic_end(struct stand_in *self, const struct asked *asked,
                                  struct reply *reply)
{
    const unsigned one = 1;
    self->script = &one;
    says_links(self, asked, reply);
    reply->bytes[3] |= self->heard > 1 ? 0x20 : 0;
}

static void trusts_a_chain_as_far_as_its_weakest_link(void **state)
{
    (void)state;
    (void)stand_in(says_an_authentic_end, NULL);
    const struct answer *answer = answer_to("n0.example", RECORD_MX);
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_false(answer->authenticated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sorts_mx_by_preference_then_name),
        TEST(gives_a_null_mx_an_empty_name),
        TEST(reads_all_of_srv),
        TEST(reads_addresses_of_both_families),
        TEST(joins_the_strings_of_a_text),
        TEST(gives_the_names_of_servers_and_of_addresses),
        TEST(names_the_primary_server_of_a_zone),
        TEST(reads_all_of_tlsa),
        TEST(reads_all_of_caa),
        TEST(takes_little_memory_for_a_short_answer),
        TEST(keeps_as_many_records_as_it_has_room_for),
        TEST(cuts_text_beyond_its_bound),
        TEST(says_when_the_arena_is_full),
        TEST(leaves_nothing_of_a_reply_that_did_not_fit),
        TEST(follows_the_cnames_of_one_reply),
        TEST(finds_tlsa_behind_the_cnames_of_one_reply),
        TEST(gives_a_cname_itself_where_one_is_asked_for),
        TEST(asks_for_the_target_where_the_resolver_did_not),
        TEST(follows_eight_cnames_and_no_more),
        TEST(gets_out_of_a_circle_of_cnames),
        TEST(keeps_its_promised_time_with_cnames_too),
        TEST(trusts_a_chain_as_far_as_its_weakest_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
