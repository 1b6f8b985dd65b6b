/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include "trust_bundle.h"

/* ---- verdicts ---- */

static void trusts_a_good_certificate(void **state)
{
    (void)state;
    assert_int_equal(judge("good-chain"), TRUST_GOOD);
    assert_int_equal(judge("rsa"), TRUST_GOOD);
    assert_int_equal(judge("wildcard"), TRUST_GOOD);
    assert_int_equal(judge_for("MX.Example.Test", "good-chain"), TRUST_GOOD);
}

static void names_the_one_fault(void **state)
{
    (void)state;
    assert_int_equal(judge("expired"), TRUST_EXPIRED);
    assert_int_equal(judge("early"), TRUST_NOT_YET_VALID);
    assert_int_equal(judge("other"), TRUST_NAME_MISMATCH);
    assert_int_equal(judge_for("a.b.example.test", "wildcard"), TRUST_NAME_MISMATCH);
    assert_int_equal(judge("unknown-chain"), TRUST_UNKNOWN_ROOT);
    assert_int_equal(judge("self"), TRUST_SELF_SIGNED);
    assert_int_equal(judge("weak"), TRUST_WEAK);
    assert_int_equal(judge("below-ended-chain"), TRUST_EXPIRED);
}

static void names_the_cause_before_its_company(void **state)
{
    (void)state;
    assert_int_equal(judge("unknown-expired"), TRUST_UNKNOWN_ROOT);
    assert_int_equal(judge_for("elsewhere.test", "self"), TRUST_SELF_SIGNED);
    assert_int_equal(judge("expired-other"), TRUST_EXPIRED);
    assert_int_equal(judge_for("elsewhere.test", "weak"), TRUST_NAME_MISMATCH);
}

static void calls_a_chain_incomplete_only_where_the_leaf_says_how_to_complete_it(void **state)
{
    (void)state;
    assert_int_equal(judge("incomplete"), TRUST_CHAIN_INCOMPLETE);
    assert_int_equal(judge("lonely"), TRUST_UNKNOWN_ROOT);
    assert_int_equal(judge("unknown-chain"), TRUST_UNKNOWN_ROOT);
}

static void judges_dates_to_the_second(void **state)
{
    (void)state;
    const int64_t last_second_ms = NEW_YEAR_2030 - 1000; /* of "expired" */
    wall_ms = last_second_ms + 999;
    assert_int_equal(judge("expired"), TRUST_GOOD);
    wall_ms = last_second_ms + 1000;
    assert_int_equal(judge("expired"), TRUST_EXPIRED);
    const int64_t first_second_ms = NEW_YEAR_2030 + 1000; /* of "early" */
    wall_ms = first_second_ms - 1;
    assert_int_equal(judge("early"), TRUST_NOT_YET_VALID);
    wall_ms = first_second_ms;
    assert_int_equal(judge("early"), TRUST_GOOD);
}

static void blames_no_dates_while_the_clock_is_unset(void **state)
{
    (void)state;
    wall_trusted = false;
    wall_ms = 86400000;
    assert_int_equal(judge("good-chain"), TRUST_CLOCK_UNSET);
    assert_int_equal(judge("expired"), TRUST_CLOCK_UNSET);
    assert_int_equal(judge("other"), TRUST_NAME_MISMATCH);
    assert_int_equal(judge("unknown-chain"), TRUST_UNKNOWN_ROOT);
}

static void trusts_a_cross_signed_chain_through_the_root_it_names_inside(void **state)
{
    (void)state;
    assert_int_equal(judge("cross-chain"), TRUST_GOOD);
    trust_only("stranger", NULL);
    assert_int_equal(judge("cross-chain"), TRUST_GOOD);
}

static void tries_all_roots_of_one_name(void **state)
{
    (void)state;
    trust_only("first-twin", "twin");
    assert_int_equal(judge("of-twin"), TRUST_GOOD);
    trust_only("twin", "first-twin");
    assert_int_equal(judge("of-twin"), TRUST_GOOD);
    trust_only("first-twin", NULL);
    assert_int_equal(judge("of-twin"), TRUST_UNKNOWN_ROOT);
}

static void finds_a_root_whose_name_is_spelt_otherwise(void **state)
{
    (void)state;
    trust_only("root", "printable");
    assert_int_equal(judge("of-spelt"), TRUST_GOOD);
}

static void trusts_a_self_signed_certificate_that_is_in_the_bundle(void **state)
{
    (void)state;
    trust_only("root", "self");
    assert_int_equal(judge("self"), TRUST_GOOD);
}

static void tells_certificates_of_servers_from_others(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool serves;
    } cases[] = { { "rsa", true }, { "signs", true }, { "client", false }, { "revokes", false } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mbedtls_x509_crt leaf;
        mbedtls_x509_crt_init(&leaf);
        assert_int_equal(parse_file(&leaf, path_of(cases[i].name)), 0);
        assert_int_equal(trust_serves(&leaf), cases[i].serves);
        mbedtls_x509_crt_free(&leaf);
    }
}

/* ---- what a person reads ---- */

static void describes_the_leaf(void **state)
{
    (void)state;
    assert_int_equal(judge_for("elsewhere.test", "good-chain"), TRUST_NAME_MISMATCH);
    assert_string_equal(certificate.subject, "CN=mail.example.test");
    assert_string_equal(certificate.issuer, "O=Gatepost, CN=Inner");
    assert_string_equal(certificate.names, "mail.example.test, mx.example.test");
    assert_int_equal(certificate.not_before_ms, NEW_YEAR_2030 - 31 * INT64_C(86400000));
    assert_int_equal(certificate.not_after_ms, NEW_YEAR_2030 + 59 * INT64_C(86400000));
    assert_int_equal(certificate.days_left, 59);
    assert_int_equal(judge("expired"), TRUST_EXPIRED);
    assert_int_equal(certificate.days_left, -1);
}

static void tells_the_dates_of_the_certificate_that_ends_first(void **state)
{
    (void)state;
    assert_int_equal(judge("below-short-chain"), TRUST_GOOD);
    assert_int_equal(certificate.days_left, 10);
    assert_string_equal(certificate.subject, "CN=mail.example.test");
}

static void cuts_names_that_do_not_fit(void **state)
{
    (void)state;
    assert_int_equal(judge("fits"), TRUST_NAME_MISMATCH);
    assert_int_equal(strlen(certificate.names), TRUST_NAME_MAX - 1 - strlen(", ..."));
    assert_null(strstr(certificate.names, "..."));
    assert_int_equal(judge("exceeds"), TRUST_NAME_MISMATCH);
    assert_string_equal(certificate.names + 108, ", ...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(trusts_a_good_certificate, begin_each),
        cmocka_unit_test_setup(names_the_one_fault, begin_each),
        cmocka_unit_test_setup(names_the_cause_before_its_company, begin_each),
        cmocka_unit_test_setup(calls_a_chain_incomplete_only_where_the_leaf_says_how_to_complete_it,
                               begin_each),
        cmocka_unit_test_setup(judges_dates_to_the_second, begin_each),
        cmocka_unit_test_setup(blames_no_dates_while_the_clock_is_unset, begin_each),
        cmocka_unit_test_setup(trusts_a_cross_signed_chain_through_the_root_it_names_inside,
                               begin_each),
        cmocka_unit_test_setup(tries_all_roots_of_one_name, begin_each),
        cmocka_unit_test_setup(finds_a_root_whose_name_is_spelt_otherwise, begin_each),
        cmocka_unit_test_setup(trusts_a_self_signed_certificate_that_is_in_the_bundle, begin_each),
        cmocka_unit_test_setup(tells_certificates_of_servers_from_others, begin_each),
        cmocka_unit_test_setup(describes_the_leaf, begin_each),
        cmocka_unit_test_setup(tells_the_dates_of_the_certificate_that_ends_first, begin_each),
        cmocka_unit_test_setup(cuts_names_that_do_not_fit, begin_each),
    };
    return cmocka_run_group_tests(tests, begin_trust, finish_trust);
}
