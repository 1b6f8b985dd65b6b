/* SPDX-License-Identifier: MIT */
/* Sections are of RFC 7672, where no other is named. */
#include "dane.h"

#include "zone.h"

#define NAME "_25._tcp.mx.example.com"

static const char leaf_digest[32] = "the leaf's key by SHA-256";
static const char issuer_digest[64] = "the issuer's certificate by SHA-512";

static void add(unsigned usage, unsigned selector, unsigned matching, struct slice data)
{
    (void)zone_add(NAME, RECORD_TLSA,
                   (struct record){ .usage = (uint8_t)usage,
                                    .selector = (uint8_t)selector,
                                    .matching = (uint8_t)matching,
                                    .text = data });
}

static struct dane find(void)
{
    struct dane found;
    RUN(dane_find, "mx.example.com", 25, &found);
    return found;
}

static struct slice leaf(void)
{
    return (struct slice){ leaf_digest, 32 };
}

static struct slice issuer(void)
{
    return (struct slice){ issuer_digest, 64 };
}

static void load_chain(struct dane_certificate chain[2])
{
    memset(chain, 0, 2 * sizeof *chain);
    chain[0].form[DANE_SPKI][DANE_SHA2_256] = leaf();
    chain[0].form[DANE_CERT][DANE_FULL] = SLICE("the leaf");
    chain[1].form[DANE_CERT][DANE_SHA2_512] = issuer();
}

/* Section 2.2: without DNSSEC the records say nothing. */
static void believes_records_only_when_they_are_authenticated(void **state)
{
    (void)state;
    add(3, 1, 1, leaf());
    assert_int_equal(find().state, DANE_INSECURE);
    zone_row(NAME, RECORD_TLSA)->answer.authenticated = true;
    const struct dane found = find();
    assert_int_equal(found.state, DANE_READY);
    assert_int_equal(found.usable, 1);
}

static void tells_no_record_from_no_answer(void **state)
{
    (void)state;
    assert_int_equal(find().state, DANE_NONE);
    zone_status(NAME, RECORD_TLSA, ANSWER_NODATA);
    assert_int_equal(find().state, DANE_NONE);
    zone_status(NAME, RECORD_TLSA, ANSWER_SERVFAIL);
    assert_int_equal(find().state, DANE_UNKNOWN);
}

/* Sections 3.1.1 to 3.1.3, and RFC 6698 sections 2.1.1 to 2.1.4. */
static void knows_which_records_smtp_can_use(void **state)
{
    (void)state;
    const struct {
        uint8_t usage, selector, matching;
        size_t len;
        bool usable;
    } cases[] = {
        { 3, 1, 1, 32, true },  { 2, 0, 1, 32, true },  { 2, 1, 2, 64, true },
        { 3, 0, 0, 1, true },   { 0, 1, 1, 32, false }, { 1, 1, 1, 32, false },
        { 4, 1, 1, 32, false }, { 3, 2, 1, 32, false }, { 3, 1, 3, 32, false },
        { 3, 1, 1, 31, false }, { 3, 1, 1, 64, false }, { 3, 1, 2, 32, false },
        { 3, 1, 0, 0, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct record record = { .usage = cases[i].usage,
                                       .selector = cases[i].selector,
                                       .matching = cases[i].matching,
                                       .text = { issuer_digest, cases[i].len } };
        assert_int_equal(dane_usable(&record), cases[i].usable);
    }
}

static void says_when_no_record_is_of_use(void **state)
{
    (void)state;
    add(1, 1, 1, leaf());
    zone_row(NAME, RECORD_TLSA)->answer.authenticated = true;
    assert_int_equal(find().state, DANE_UNUSABLE);
}

static void matches_the_leaf_by_usage_3_alone(void **state)
{
    (void)state;
    struct dane_certificate chain[2];
    load_chain(chain);
    add(3, 0, 2, issuer()); /* the issuer's, where only the leaf counts */
    assert_null(dane_match(find().answer, chain, 2));
    add(3, 1, 1, leaf());
    const struct dane found = find();
    assert_ptr_equal(dane_match(found.answer, chain, 2), &found.answer->records[1]);
}

static void matches_any_of_the_chain_by_usage_2(void **state)
{
    (void)state;
    struct dane_certificate chain[2];
    load_chain(chain);
    add(2, 0, 2, issuer());
    assert_non_null(dane_match(find().answer, chain, 2));
    assert_null(dane_match(find().answer, chain, 1));
    assert_null(dane_match(find().answer, chain, 0));
}

static void compares_what_the_record_names(void **state)
{
    (void)state;
    struct dane_certificate chain[2];
    load_chain(chain);
    add(3, 0, 1, leaf()); /* the key's digest, said to be the certificate's */
    assert_null(dane_match(find().answer, chain, 2));
    add(3, 0, 0, SLICE("the leaf"));
    assert_non_null(dane_match(find().answer, chain, 2));
}

static void does_not_match_by_a_record_that_is_of_no_use(void **state)
{
    (void)state;
    struct dane_certificate chain[2];
    load_chain(chain);
    add(1, 1, 1, leaf());
    assert_null(dane_match(find().answer, chain, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(believes_records_only_when_they_are_authenticated),
        TEST(tells_no_record_from_no_answer),
        TEST(knows_which_records_smtp_can_use),
        TEST(says_when_no_record_is_of_use),
        TEST(matches_the_leaf_by_usage_3_alone),
        TEST(matches_any_of_the_chain_by_usage_2),
        TEST(compares_what_the_record_names),
        TEST(does_not_match_by_a_record_that_is_of_no_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
