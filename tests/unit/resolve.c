/* SPDX-License-Identifier: MIT */
#include "resolve_stand_in.h"

#include <stdlib.h>

/* ---- what resolvers may say ---- */

static void says_nothing(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self, (void)asked, (void)reply;
}

static const unsigned noerror = 0, servfail = RCODE_SERVFAIL, nxdomain = RCODE_NXDOMAIN,
                      notimp = RCODE_NOTIMP, refused = RCODE_REFUSED, yxdomain = 6;

static void says_garbage(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    memcpy(reply->bytes, asked->bytes, 2);
    memset(reply->bytes + 2, 0xff, 38);
    reply->size = 40;
}

static void says_wrong_id(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    says_address(self, asked, reply);
    reply->bytes[0] ^= 0x55;
}

static void says_wrong_name(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    struct asked other = *asked;
    other.bytes[13] = 'x';
    answer_with(&other, reply, 0);
    add_a(reply, "x", 7);
}

static void says_truncated(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    for (uint8_t i = 0; i < (asked->over_tcp ? 30 : 3); i++)
        add_a(reply, asked->name, i);
    if (!asked->over_tcp)
        reply->bytes[2] |= 0x02;
}

static void says_referral(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    (void)self;
    answer_with(asked, reply, 0);
    reply->bytes[3] = 0;
}

static void says_formerr_to_edns(struct stand_in *self, const struct asked *asked,
                                 struct reply *reply)
{
    if (asked->edns)
        answer_with(asked, reply, RCODE_FORMERR);
    else
        says_address(self, asked, reply);
}

/* ---- what became of the question ---- */

static void tells_the_words_of_a_resolver_apart(void **state)
{
    (void)state;
    const struct {
        const unsigned *code;
        enum answer_status status;
    } cases[] = {
        { &noerror, ANSWER_NODATA },    { &nxdomain, ANSWER_NXDOMAIN },
        { &servfail, ANSWER_SERVFAIL }, { &refused, ANSWER_REFUSED },
        { &notimp, ANSWER_REFUSED },    { &yxdomain, ANSWER_REFUSED },
    };
    struct stand_in *self = stand_in(says_code, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        self->script = cases[i].code;
        self->heard = 0;
        const struct answer *answer = answer_to("example.org", RECORD_MX);
        assert_int_equal(answer->status, cases[i].status);
        assert_int_equal(answer->count, 0);
        assert_int_equal(self->heard, 1);
    }
    assert_false(resolve_all_silent(resolve));
}

static void waits_for_silent_resolvers_as_long_as_promised(void **state)
{
    (void)state;
    struct stand_in *first = stand_in(says_nothing, NULL), *second = stand_in(says_nothing, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_A);
    assert_int_equal(answer->status, ANSWER_TIMED_OUT);
    assert_int_equal(answer->duration_ms, RESOLVE_TRY_MS * RESOLVE_TRIES * 2);
    assert_int_equal(first->heard, RESOLVE_TRIES);
    assert_int_equal(second->heard, RESOLVE_TRIES);
    assert_int_equal(resolve_asked(resolve), 1);
    assert_true(resolve_all_silent(resolve));
}

static void takes_a_closed_port_for_silence(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_nothing, NULL);
    close_one(&self->udp);
    close_one(&self->tcp);
    assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_TIMED_OUT);
    assert_true(resolve_all_silent(resolve));
}

static void asks_the_next_resolver(void **state)
{
    (void)state;
    struct stand_in *first = stand_in(NULL, &servfail), *second = stand_in(says_address, NULL);
    speak_fn *const useless[] = { says_code, says_nothing, says_garbage, says_referral };
    for (size_t i = 0; i < sizeof useless / sizeof useless[0]; i++) {
        first->heard = second->heard = 0;
        first->speak = useless[i];
        assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_RECORDS);
        assert_int_equal(first->heard, 1);
        assert_int_equal(second->heard, 1);
        resolve_finish(resolve);
        resolve = NULL;
    }
}

static void believes_the_resolver_that_says_most(void **state)
{
    (void)state;
    const struct {
        speak_fn *first, *second;
        const unsigned *code;
        enum answer_status status;
    } cases[] = {
        { says_nothing, says_code, &nxdomain, ANSWER_NXDOMAIN },
        { says_nothing, says_code, &servfail, ANSWER_SERVFAIL },
        { says_code, says_nothing, &servfail, ANSWER_SERVFAIL },
        { says_code, says_nothing, &refused, ANSWER_REFUSED },
        { says_code, says_garbage, &servfail, ANSWER_SERVFAIL },
        { says_garbage, says_nothing, NULL, ANSWER_GARBLED },
        { says_code, says_code, &servfail, ANSWER_SERVFAIL },
        { says_referral, says_nothing, NULL, ANSWER_REFUSED },
    };
    struct stand_in *first = stand_in(NULL, NULL), *second = stand_in(NULL, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        first->speak = cases[i].first;
        second->speak = cases[i].second;
        first->script = second->script = cases[i].code;
        assert_int_equal(answer_to("example.org", RECORD_A)->status, cases[i].status);
        assert_false(resolve_all_silent(resolve));
        resolve_finish(resolve);
        resolve = NULL;
    }
}

static void asks_a_resolver_that_answered_no_second_time(void **state)
{
    (void)state;
    struct stand_in *first = stand_in(says_code, &servfail), *second = stand_in(says_nothing, NULL);
    assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_SERVFAIL);
    assert_int_equal(first->heard, 1);
    assert_int_equal(second->heard, RESOLVE_TRIES);
}

static void begins_with_the_resolver_that_was_of_use(void **state)
{
    (void)state;
    struct stand_in *dead = stand_in(says_nothing, NULL);
    (void)stand_in(says_address, NULL);
    assert_int_equal(answer_to("a.example", RECORD_A)->duration_ms, RESOLVE_TRY_MS);
    assert_int_equal(answer_to("b.example", RECORD_A)->duration_ms, 0);
    assert_int_equal(dead->heard, 1);
}

static void tells_which_resolver_has_answered_at_all(void **state)
{
    (void)state;
    (void)stand_in(says_nothing, NULL);
    (void)stand_in(says_address, NULL);
    assert_int_equal(answer_to("a.example", RECORD_A)->status, ANSWER_RECORDS);
    assert_false(resolve_heard(resolve, 0));
    assert_true(resolve_heard(resolve, 1));
    assert_false(resolve_heard(resolve, 2));
}

static void passes_over_replies_to_something_else(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_wrong_id, NULL);
    assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_TIMED_OUT);
    self->speak = says_wrong_name;
    assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_TIMED_OUT);
}

static void asks_again_over_tcp_when_truncated(void **state)
{
    (void)state;
    (void)stand_in(says_truncated, NULL);
    const struct answer *answer = answer_to("example.org", RECORD_A);
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_int_equal(answer->count, 30);
    assert_true(answer->truncated);
}

static void does_not_call_a_resolver_silent_that_only_tcp_does_not_reach(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_truncated, NULL);
    close_one(&self->tcp);
    const struct answer *answer = answer_to("example.org", RECORD_A);
    assert_int_equal(answer->status, ANSWER_TIMED_OUT);
    assert_true(answer->truncated);
    assert_int_equal(answer->count, 0);
    assert_false(resolve_all_silent(resolve));
}

static void gets_along_with_resolvers_that_know_no_edns(void **state)
{
    (void)state;
    (void)stand_in(says_formerr_to_edns, NULL);
    assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_RECORDS);
}

static void says_authentic(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    says_address(self, asked, reply);
    reply->bytes[3] |= asked->ad ? 0x20 : 0;
}

static void asks_whether_the_answer_is_authentic(void **state)
{
    (void)state;
    (void)stand_in(says_authentic, NULL);
    assert_true(answer_to("example.org", RECORD_A)->authenticated);
}

static void says_for_its_zone(struct stand_in *self, const struct asked *asked, struct reply *reply)
{
    says_address(self, asked, reply);
    reply->bytes[2] |= 0x04; /* AA, RFC 1035 section 4.1.1 */
}

static void tells_the_word_of_the_zone_from_that_of_a_cache(void **state)
{
    (void)state;
    struct stand_in *server = stand_in(says_for_its_zone, NULL);
    assert_true(answer_to("example.org", RECORD_A)->authoritative);
    server->speak = says_address;
    assert_false(answer_to("example.net", RECORD_A)->authoritative);
}

/* ---- asking ---- */

static void asks_for_the_name_as_it_is_and_no_other(void **state)
{
    (void)state;
    struct stand_in *self = stand_in(says_code, &nxdomain);
    assert_int_equal(setenv("LOCALDOMAIN", "corp.example", 1), 0);
    assert_int_equal(setenv("RES_OPTIONS", "ndots:5", 1), 0);
    assert_int_equal(answer_to("router", RECORD_A)->status, ANSWER_NXDOMAIN);
    assert_int_equal(answer_to("mail.example.org.", RECORD_A)->status, ANSWER_NXDOMAIN);
    assert_int_equal(answer_to("localhost", RECORD_A)->status, ANSWER_NXDOMAIN);
    assert_int_equal(self->heard, 3);
    assert_string_equal(self->names[0], "router");
    assert_string_equal(self->names[1], "mail.example.org");
    assert_string_equal(self->names[2], "localhost");
    (void)unsetenv("LOCALDOMAIN");
    (void)unsetenv("RES_OPTIONS");
}

static void asks_resolvers_over_ipv6(void **state)
{
    (void)state;
    if (stand_in_at("::1", says_address, NULL) == NULL)
        skip(); /* a machine without IPv6 */
    assert_int_equal(answer_to("example.org", RECORD_A)->status, ANSWER_RECORDS);
}

/* Labels of 49 bytes: 5 of them make a name of 249 bytes, then as many bytes as it takes. */
static const char *name_of(char name[300], size_t len)
{
    memset(name, 'a', len);
    name[len] = '\0';
    for (size_t at = 49; at + 1 < len; at += 50)
        name[at] = '.';
    return name;
}

static void takes_names_that_dns_can_hold(void **state)
{
    (void)state;
    char name[300];
    struct question question = { .under_way = false };
    (void)stand_in(says_address, NULL);
    assert_int_equal(answer_to(name_of(name, 253), RECORD_A)->status, ANSWER_RECORDS);
    name_of(name, 254);
    assert_false(resolve_ask(resolve, &question, name, RECORD_A, count_call, NULL));
    assert_false(resolve_ask(resolve, &question, "", RECORD_A, count_call, NULL));
    assert_false(resolve_ask(resolve, &question, ".", RECORD_A, count_call, NULL));
    assert_int_equal(answer_to("a..example", RECORD_A)->status, ANSWER_NXDOMAIN);
}

static void has_room_for_its_number_of_questions(void **state)
{
    (void)state;
    static struct question questions[RESOLVE_QUESTIONS_MAX + 1];
    (void)stand_in(says_address, NULL);
    begin();
    for (size_t i = 0; i < RESOLVE_QUESTIONS_MAX; i++)
        assert_true(resolve_ask(resolve, &questions[i], "a.example", RECORD_A, count_call, NULL));
    assert_false(resolve_ask(resolve, &questions[RESOLVE_QUESTIONS_MAX], "a.example", RECORD_A,
                             count_call, NULL));
    assert_int_equal(calls, 0); /* never from within resolve_ask */
    while (loop.count > 0)
        assert_true(loop_turn(&loop));
    assert_int_equal(calls, RESOLVE_QUESTIONS_MAX);
}

static void calls_nobody_after_finish(void **state)
{
    (void)state;
    struct question asked = { .under_way = false }, sent = { .under_way = false };
    (void)stand_in(says_address, NULL);
    begin();
    assert_true(resolve_ask(resolve, &sent, "a.example", RECORD_A, count_call, NULL));
    assert_true(loop_turn(&loop));
    assert_true(resolve_ask(resolve, &asked, "b.example", RECORD_A, count_call, NULL));
    resolve_finish(resolve);
    resolve = NULL;
    assert_int_equal(calls, 0);
    assert_int_equal(loop.count, 0);
    assert_false(asked.under_way || sent.under_way);
}

static void finish_from_within(struct question *question)
{
    count_call(question);
    resolve_finish(question->resolve);
    resolve = NULL;
}

static void ask_from_within(struct question *question)
{
    count_call(question);
    assert_true(
        resolve_ask(question->resolve, question, "b.example", RECORD_A, finish_from_within, NULL));
    assert_int_equal(calls, 1);
}

static void lets_the_asker_ask_and_finish_from_within_its_call(void **state)
{
    (void)state;
    struct question question = { .under_way = false }, other = { .under_way = false };
    struct stand_in *self = stand_in(says_address, NULL);
    begin();
    assert_true(resolve_ask(resolve, &question, "a.example", RECORD_A, ask_from_within, NULL));
    while (calls < 1)
        assert_true(loop_turn(&loop));
    self->speak = says_address;
    assert_true(resolve_ask(resolve, &other, "c.example", RECORD_A, finish_from_within, NULL));
    while (resolve != NULL)
        assert_true(loop_turn(&loop));
    assert_int_equal(calls, 2);
    assert_int_equal(loop.count, 0);
}

static void says_when_the_loop_is_full(void **state)
{
    (void)state;
    static struct watcher others[LOOP_WATCHERS_MAX];
    struct question question = { .under_way = false };
    (void)stand_in(says_address, NULL);
    begin();
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++) {
        others[i] = (struct watcher){ .descriptor = -1, .deadline_ms = LOOP_NEVER };
        assert_true(loop_watch(&loop, &others[i]));
    }
    assert_false(resolve_ask(resolve, &question, "a.example", RECORD_A, count_call, NULL));
    assert_false(question.under_way);
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++)
        loop_forget(&loop, &others[i]);
    assert_int_equal(answer_to("a.example", RECORD_A)->status, ANSWER_RECORDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_the_words_of_a_resolver_apart),
        TEST(waits_for_silent_resolvers_as_long_as_promised),
        TEST(takes_a_closed_port_for_silence),
        TEST(asks_the_next_resolver),
        TEST(believes_the_resolver_that_says_most),
        TEST(asks_a_resolver_that_answered_no_second_time),
        TEST(begins_with_the_resolver_that_was_of_use),
        TEST(tells_which_resolver_has_answered_at_all),
        TEST(passes_over_replies_to_something_else),
        TEST(asks_again_over_tcp_when_truncated),
        TEST(does_not_call_a_resolver_silent_that_only_tcp_does_not_reach),
        TEST(gets_along_with_resolvers_that_know_no_edns),
        TEST(asks_whether_the_answer_is_authentic),
        TEST(tells_the_word_of_the_zone_from_that_of_a_cache),
        TEST(asks_for_the_name_as_it_is_and_no_other),
        TEST(asks_resolvers_over_ipv6),
        TEST(takes_names_that_dns_can_hold),
        TEST(has_room_for_its_number_of_questions),
        TEST(calls_nobody_after_finish),
        TEST(lets_the_asker_ask_and_finish_from_within_its_call),
        TEST(says_when_the_loop_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
