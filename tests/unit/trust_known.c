/* SPDX-License-Identifier: MIT */
#include "trust_known.h"

#include "trust_bundle.h"

/* ---- what was good before ---- */

static void tells_the_same_of_a_chain_that_it_knows(void **state)
{
    (void)state;
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    const struct certificate first = certificate;
    memset(&certificate, 0, sizeof certificate);
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    assert_int_equal(trust.known.count, 1);
    assert_string_equal(certificate.subject, first.subject);
    assert_int_equal(certificate.not_before_ms, first.not_before_ms);
    assert_int_equal(certificate.not_after_ms, first.not_after_ms);
    assert_int_equal(certificate.days_left, first.days_left);
}

static void knows_a_chain_for_its_host_only(void **state)
{
    (void)state;
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    assert_int_equal(judge_for("elsewhere.test", "good-chain"), TRUST_NAME_MISMATCH);
}

static void does_not_take_an_altered_certificate_for_the_one_it_knows(void **state)
{
    (void)state;
    mbedtls_x509_crt chain;
    mbedtls_x509_crt_init(&chain);
    assert_int_equal(parse_file(&chain, path_of("good-chain")), 0);
    assert_int_equal(trust_judge(&trust, &chain, HOST, &certificate), TRUST_GOOD);
    chain.raw.p[chain.raw.len - 1] ^=
        1; /* of the signature, which comes last (RFC 5280 section 4.1) */
    assert_int_not_equal(trust_judge(&trust, &chain, HOST, &certificate), TRUST_GOOD);
    mbedtls_x509_crt_free(&chain);
}

static void a_chain_ends_although_it_is_known(void **state)
{
    (void)state;
    wall_ms = NEW_YEAR_2030 - 1000; /* the last second of "expired" */
    assert_int_equal(judge("expired"), TRUST_GOOD);
    wall_ms = NEW_YEAR_2030;
    assert_int_equal(judge("expired"), TRUST_EXPIRED);
}

static void a_clock_that_is_set_back_makes_it_verify_again(void **state)
{
    (void)state;
    wall_ms = NEW_YEAR_2030 + 1000; /* the first second of "early" */
    assert_int_equal(judge("early"), TRUST_GOOD);
    wall_ms = NEW_YEAR_2030;
    assert_int_equal(judge("early"), TRUST_NOT_YET_VALID);
    wall_trusted = false;
    assert_int_equal(judge("early"), TRUST_CLOCK_UNSET);
}

static void a_root_that_was_taken_away_vouches_for_nobody(void **state)
{
    (void)state;
    trust_only("root", "stranger");
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    write_bundle("stranger", NULL);
    assert_int_equal(judge("good-chain"), TRUST_UNKNOWN_ROOT);
}

/* ---- what is kept ---- */

static struct trust_seen seen_of(uint8_t number)
{
    return (struct trust_seen){ .digest = { number }, .judged_ms = 100, .not_after_ms = 200 };
}

static void the_oldest_gives_way(void **state)
{
    (void)state;
    struct trust_known known = { .count = 0 };
    for (uint8_t i = 0; i < TRUST_KNOWN_MAX + 1; i++) {
        struct trust_seen seen = seen_of(i);
        trust_known_keep(&known, &seen);
    }
    assert_null(trust_known_find(&known, seen_of(0).digest, 150));
    for (uint8_t i = 1; i < TRUST_KNOWN_MAX + 1; i++)
        assert_non_null(trust_known_find(&known, seen_of(i).digest, 150));
}

static void one_that_is_kept_again_takes_no_other_place(void **state)
{
    (void)state;
    struct trust_known known = { .count = 0 };
    struct trust_seen seen = seen_of(1), other = seen_of(2);
    trust_known_keep(&known, &other);
    for (size_t i = 0; i < 2 * TRUST_KNOWN_MAX; i++)
        trust_known_keep(&known, &seen);
    assert_non_null(trust_known_find(&known, other.digest, 150));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tells_the_same_of_a_chain_that_it_knows, begin_each),
        cmocka_unit_test_setup(knows_a_chain_for_its_host_only, begin_each),
        cmocka_unit_test_setup(does_not_take_an_altered_certificate_for_the_one_it_knows,
                               begin_each),
        cmocka_unit_test_setup(a_chain_ends_although_it_is_known, begin_each),
        cmocka_unit_test_setup(a_clock_that_is_set_back_makes_it_verify_again, begin_each),
        cmocka_unit_test_setup(a_root_that_was_taken_away_vouches_for_nobody, begin_each),
        cmocka_unit_test(the_oldest_gives_way),
        cmocka_unit_test(one_that_is_kept_again_takes_no_other_place),
    };
    return cmocka_run_group_tests(tests, begin_trust, finish_trust);
}
