/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue.h"
#include "checks.h"

#include <stdio.h>
#include <string.h>

/* Holes that the engine fills for every finding raised in a conversation, or the suite for all. */
static const enum param universal[] = { PARAM_SERVICE, PARAM_HOST, PARAM_ADDRESS, PARAM_DOMAIN };

static bool is_universal(enum param param)
{
    for (size_t i = 0; i < sizeof universal / sizeof *universal; i++)
        if (universal[i] == param)
            return true;
    return false;
}

static enum param param_named(struct slice name)
{
    enum param param = 0;
    while (param < PARAM_COUNT && !slice_is(name, param_name(param)))
        param++;
    return param;
}

/* Calls for every hole in words; bracketed tells that it may stay without a value. */
static void for_each_hole(const char *words, void (*look)(enum param param, bool bracketed))
{
    bool bracketed = false;
    for (const char *c = words; *c != '\0'; c++) {
        if (*c == '[' || *c == ']')
            bracketed = *c == '[';
        if (*c != '{')
            continue;
        const char *end = strchr(c, '}');
        assert_non_null(end);
        look(param_named((struct slice){ c + 1, (size_t)(end - c - 1) }), bracketed);
    }
}

static void must_be_known(enum param param, bool bracketed)
{
    (void)bracketed;
    assert_true(param < PARAM_COUNT);
}

static void must_be_universal_or_optional(enum param param, bool bracketed)
{
    assert_true(is_universal(param) || bracketed);
}

static void must_have_words(const char *words)
{
    assert_non_null(words);
    assert_true(strlen(words) > 1);
    assert_null(strstr(words, "TEXT"));
    assert_null(strstr(words, "  "));
    for_each_hole(words, must_be_known);
}

static void every_code_has_words_in_both_languages(void **state)
{
    (void)state;
    for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
        for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
            must_have_words(finding_row(i)->title[language]);
            must_have_words(finding_row(i)->cause[language]);
        }
        for (enum remedy i = 0; i < REMEDY_COUNT; i++)
            must_have_words(remedy_row(i)->words[language]);
        for (enum reason i = 0; i < REASON_COUNT; i++)
            must_have_words(reason_row(i)->words[language]);
    }
}

static void a_title_is_a_symptom_and_not_a_sentence(void **state)
{
    (void)state;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
        for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
            const char *title = finding_row(i)->title[language];
            const char *cause = finding_row(i)->cause[language];
            assert_int_not_equal(title[strlen(title) - 1], '.');
            assert_true(strchr(".]", cause[strlen(cause) - 1]) != NULL);
        }
}

/* dns.* findings always have {name} or its stand-in {host}; port-blocked always has {port}. */
static void no_words_depend_on_what_may_be_absent(void **state)
{
    (void)state;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        bool dns = strncmp(finding_row(i)->slug, "dns.", 4) == 0;
        if (dns || i == OFFICE_PORT_BLOCKED)
            continue;
        for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
            for_each_hole(finding_row(i)->title[language], must_be_universal_or_optional);
            for_each_hole(finding_row(i)->cause[language], must_be_universal_or_optional);
        }
    }
}

static void a_finding_worth_raising_is_never_ok(void **state)
{
    (void)state;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        enum status status = finding_row(i)->status;
        assert_true(status == STATUS_WARNING || status == STATUS_FAILED ||
                    status == STATUS_UNKNOWN);
        bool advice = finding_row(i)->remedy != NO_REMEDY;
        assert_true(advice || finding_row(i)->who == WHO_NOBODY);
    }
}

static void finds_every_code_by_its_slug(void **state)
{
    (void)state;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
        assert_int_equal(finding_find(slice_of(finding_row(i)->slug)), i);
    for (enum remedy i = 0; i < REMEDY_COUNT; i++)
        assert_int_equal(remedy_find(slice_of(remedy_row(i)->slug)), i);
    for (enum check i = 0; i < CHECK_COUNT; i++)
        assert_int_equal(check_find(slice_of(check_row(i)->slug)), i);
}

static void knows_no_code_that_does_not_exist(void **state)
{
    (void)state;
    assert_int_equal(finding_find(SLICE("dns.mx-purple")), NO_FINDING);
    assert_int_equal(finding_find(SLICE("")), NO_FINDING);
    assert_int_equal(remedy_find(SLICE("")), REMEDY_COUNT);
    assert_int_equal(check_find(SLICE("dns")), CHECK_COUNT);
}

static void a_check_needs_only_earlier_ones(void **state)
{
    (void)state;
    for (enum check i = 0; i < CHECK_COUNT; i++)
        assert_true(check_row(i)->needs < CHECK_BIT(i) || check_row(i)->needs == 0);
}

static void the_acts_of_a_service_speak_the_secret_only_in_login_checks(void **state)
{
    (void)state;
    for (enum act i = 0; i < ACT_COUNT; i++)
        if (act_row(i)->speaks == SPEAKS_LOGIN)
            assert_true(check_row(act_row(i)->check)->cost >= COST_LOGIN);
}

static const char *fill(const char *words, const struct params *params, char *into, size_t size)
{
    struct text text;
    text_begin(&text, into, size);
    catalogue_fill(&text, words, params);
    return into;
}

static void fills_holes(void **state)
{
    (void)state;
    char line[128];
    struct params params = { 0 };
    params.value[PARAM_HOST] = "mx1.example.net";
    params.value[PARAM_DAYS] = "9";
    assert_string_equal(fill("{host}: {days} days, {host}", &params, line, sizeof line),
                        "mx1.example.net: 9 days, mx1.example.net");
}

static void a_hole_without_a_value_becomes_a_question_mark(void **state)
{
    (void)state;
    char line[128];
    const struct params params = { 0 };
    assert_string_equal(fill("from {host} to {nowhere}", &params, line, sizeof line),
                        "from ? to ?");
}

static void leaves_out_what_is_optional_and_has_no_value(void **state)
{
    (void)state;
    char line[128];
    struct params params = { 0 };
    const char *words = "wait[ {minutes} minutes][ until {until}].";
    assert_string_equal(fill(words, &params, line, sizeof line), "wait.");
    params.value[PARAM_MINUTES] = "30";
    assert_string_equal(fill(words, &params, line, sizeof line), "wait 30 minutes.");
    params.value[PARAM_UNTIL] = "noon";
    assert_string_equal(fill(words, &params, line, sizeof line), "wait 30 minutes until noon.");
}

static void a_name_that_was_not_given_is_the_host(void **state)
{
    (void)state;
    char line[64];
    struct params params = { 0 };
    params.value[PARAM_HOST] = "ex4.example.net";
    assert_string_equal(fill("{name}", &params, line, sizeof line), "ex4.example.net");
    params.value[PARAM_NAME] = "_srv.example.com";
    assert_string_equal(fill("{name}", &params, line, sizeof line), "_srv.example.com");
}

static void a_value_cannot_steer_the_terminal(void **state)
{
    (void)state;
    char line[64];
    struct params params = { 0 };
    params.value[PARAM_FOUND] = "\033[2Jgone {host}";
    assert_string_equal(fill("found {found}", &params, line, sizeof line),
                        "found \\x1B[2Jgone {host}");
}

static void survives_words_with_a_lone_mark(void **state)
{
    (void)state;
    char line[64];
    const struct params params = { 0 };
    assert_string_equal(fill("a } b ] c { d [ e", &params, line, sizeof line), "a } b ] c { d [ e");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_words_in_both_languages),
        cmocka_unit_test(a_title_is_a_symptom_and_not_a_sentence),
        cmocka_unit_test(no_words_depend_on_what_may_be_absent),
        cmocka_unit_test(a_finding_worth_raising_is_never_ok),
        cmocka_unit_test(finds_every_code_by_its_slug),
        cmocka_unit_test(knows_no_code_that_does_not_exist),
        cmocka_unit_test(a_check_needs_only_earlier_ones),
        cmocka_unit_test(the_acts_of_a_service_speak_the_secret_only_in_login_checks),
        cmocka_unit_test(fills_holes),
        cmocka_unit_test(a_hole_without_a_value_becomes_a_question_mark),
        cmocka_unit_test(leaves_out_what_is_optional_and_has_no_value),
        cmocka_unit_test(a_name_that_was_not_given_is_the_host),
        cmocka_unit_test(a_value_cannot_steer_the_terminal),
        cmocka_unit_test(survives_words_with_a_lone_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
