/* SPDX-License-Identifier: MIT */
/* Sections are of RFC 5782. */
#include "blocklist.h"

#include "zone.h"

#define LISTED_NAME "99.2.0.192.list.example"

static const struct address subject = { .family = FAMILY_V4, .bytes = { 192, 0, 2, 99 } };

static struct blocklist judge(void)
{
    struct blocklist found;
    RUN(blocklist_address, &subject, "list.example", &found);
    return found;
}

static struct blocklist judge_domain(const char *domain)
{
    struct blocklist found;
    RUN(blocklist_domain, domain, "list.example", &found);
    return found;
}

/* ---- names ---- */

/* The examples of sections 2.1 and 2.4. */
static void reverses_an_address_of_either_family(void **state)
{
    (void)state;
    char name[RESOLVE_NAME_MAX];
    const struct address six = { .family = FAMILY_V6,
                                 .bytes = { 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 5, 0x67,
                                            0x89, 0xab } };
    assert_true(blocklist_address_name(&subject, "bad.example.com", name));
    assert_string_equal(name, "99.2.0.192.bad.example.com");
    assert_true(blocklist_address_name(&six, "ugly.example.com", name));
    assert_string_equal(name, "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2."
                              "ugly.example.com");
}

/* Section 3. */
static void puts_a_domain_before_the_zone(void **state)
{
    (void)state;
    char name[RESOLVE_NAME_MAX], domain[RESOLVE_NAME_MAX];
    const size_t longest = RESOLVE_NAME_MAX - 1 - strlen(".z");
    assert_true(blocklist_domain_name("example.net", "doms.example.net", name));
    assert_string_equal(name, "example.net.doms.example.net");
    memset(domain, 'a', sizeof domain);
    domain[longest] = '\0';
    assert_true(blocklist_domain_name(domain, "z", name));
    assert_false(blocklist_domain_name(domain, "zz", name));
}

/* ---- answers ---- */

static void is_clear_where_the_list_has_no_record(void **state)
{
    (void)state;
    assert_int_equal(judge().state, BLOCKLIST_CLEAR);
    assert_int_equal(zone.asked_count, 1);
    zone_status(LISTED_NAME, RECORD_A, ANSWER_NODATA);
    assert_int_equal(judge().state, BLOCKLIST_CLEAR);
}

/* Section 2.1, and traps of public lists: other codes are not listings. */
static void tells_codes_apart(void **state)
{
    (void)state;
    const struct {
        uint8_t code[4];
        enum blocklist_state state;
    } cases[] = {
        { { 127, 0, 0, 2 }, BLOCKLIST_LISTED },
        { { 127, 0, 0, 254 }, BLOCKLIST_LISTED },
        { { 127, 0, 0, 1 }, BLOCKLIST_UNKNOWN },
        { { 127, 0, 0, 0 }, BLOCKLIST_UNKNOWN },
        { { 127, 0, 0, 255 }, BLOCKLIST_UNKNOWN },
        { { 127, 0, 1, 2 }, BLOCKLIST_UNKNOWN },
        { { 127, 255, 255, 252 }, BLOCKLIST_REFUSED },
        { { 127, 255, 255, 254 }, BLOCKLIST_REFUSED },
        { { 127, 255, 255, 255 }, BLOCKLIST_REFUSED },
        { { 127, 255, 0, 2 }, BLOCKLIST_UNKNOWN },
        { { 192, 0, 2, 1 }, BLOCKLIST_UNKNOWN },
        { { 126, 0, 0, 2 }, BLOCKLIST_UNKNOWN },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t *code = cases[i].code;
        (void)zone_set_up(NULL);
        zone_address(LISTED_NAME, code[0], code[1], code[2], code[3]);
        assert_int_equal(judge().state, cases[i].state);
    }
}

static void gives_the_codes_and_words_of_a_listing(void **state)
{
    (void)state;
    zone_address(LISTED_NAME, 127, 0, 0, 4);
    zone_address(LISTED_NAME, 127, 0, 0, 10);
    zone_text(LISTED_NAME, "https://list.example/query/192.0.2.99");
    const struct blocklist found = judge();
    assert_int_equal(found.state, BLOCKLIST_LISTED);
    assert_int_equal(found.code_count, 2);
    assert_int_equal(found.code[1][0], 0);
    assert_int_equal(found.code[1][1], 10);
    assert_slice(found.words, "https://list.example/query/192.0.2.99");
}

static void does_not_call_a_refusal_a_listing(void **state)
{
    (void)state;
    zone_address(LISTED_NAME, 127, 255, 255, 254);
    zone_text(LISTED_NAME, "Error: open resolver");
    const struct blocklist found = judge();
    assert_int_equal(found.state, BLOCKLIST_REFUSED);
    assert_slice(found.words, "Error: open resolver");
    assert_int_equal(found.code_count, 0);
}

static void doubts_an_answer_with_one_strange_code(void **state)
{
    (void)state;
    zone_address(LISTED_NAME, 127, 0, 0, 2);
    zone_address(LISTED_NAME, 203, 0, 113, 7);
    const struct blocklist found = judge();
    assert_int_equal(found.state, BLOCKLIST_UNKNOWN);
    assert_int_equal(found.code_count, 0);
}

/* Section 5: 127.0.0.1 must not be listed. A list that was given up may list the world. */
static void does_not_believe_a_list_that_lists_everything(void **state)
{
    (void)state;
    zone_address(LISTED_NAME, 127, 0, 0, 2);
    zone_address("1.0.0.127.list.example", 127, 0, 0, 2);
    assert_int_equal(judge().state, BLOCKLIST_UNKNOWN);
    zone_status("1.0.0.127.list.example", RECORD_A, ANSWER_TIMED_OUT);
    assert_int_equal(judge().state, BLOCKLIST_UNKNOWN);
}

static void asks_the_right_question_in_doubt_for_each_kind(void **state)
{
    (void)state;
    const struct address six = { .family = FAMILY_V6, .bytes = { 0x20, 1 } };
    struct blocklist found;
    char name[RESOLVE_NAME_MAX];
    assert_true(blocklist_address_name(&six, "list.example", name));
    zone_address(name, 127, 0, 0, 2);
    RUN(blocklist_address, &six, "list.example", &found);
    assert_int_equal(found.state, BLOCKLIST_LISTED);
    assert_string_equal(zone.asked[1],
                        "1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
                        "0.0.list.example");
    zone_address("bad.example.list.example", 127, 0, 0, 2);
    assert_int_equal(judge_domain("bad.example").state, BLOCKLIST_LISTED);
    assert_string_equal(zone.asked[4], "invalid.list.example");
}

/* Lists of domains have codes of their own in 127.0.1. */
static void knows_the_codes_of_domain_lists(void **state)
{
    (void)state;
    zone_address("bad.example.list.example", 127, 0, 1, 2);
    zone_address("err.example.list.example", 127, 0, 1, 255);
    assert_int_equal(judge_domain("bad.example").state, BLOCKLIST_LISTED);
    assert_int_equal(judge_domain("bad.example").code[0][0], 1);
    assert_int_equal(judge_domain("err.example").state, BLOCKLIST_UNKNOWN);
    assert_int_equal(judge_domain("good.example").state, BLOCKLIST_CLEAR);
}

static void knows_nothing_without_an_answer(void **state)
{
    (void)state;
    const enum answer_status statuses[] = { ANSWER_SERVFAIL, ANSWER_REFUSED, ANSWER_TIMED_OUT,
                                            ANSWER_GARBLED, ANSWER_DEVICE };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        zone_status(LISTED_NAME, RECORD_A, statuses[i]);
        const struct blocklist found = judge();
        assert_int_equal(found.state, BLOCKLIST_UNKNOWN);
        assert_int_equal(found.status, statuses[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reverses_an_address_of_either_family),
        TEST(puts_a_domain_before_the_zone),
        TEST(is_clear_where_the_list_has_no_record),
        TEST(tells_codes_apart),
        TEST(gives_the_codes_and_words_of_a_listing),
        TEST(does_not_call_a_refusal_a_listing),
        TEST(doubts_an_answer_with_one_strange_code),
        TEST(does_not_believe_a_list_that_lists_everything),
        TEST(asks_the_right_question_in_doubt_for_each_kind),
        TEST(knows_the_codes_of_domain_lists),
        TEST(knows_nothing_without_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
