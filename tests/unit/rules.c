/* SPDX-License-Identifier: MIT */
/* What holds for the table of rules as a whole, whatever rows it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conversation.h"
#include "logins.h"
#include "verdict.h"

static const struct budget no_history;

/* ---- the shape of a row ---- */

static void every_rule_has_a_code_and_words_of_its_own(void **state)
{
    (void)state;
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++) {
        const struct rule_row *row = rule_row(i);
        assert_int_equal(rule_find(slice_of(row->slug)), i);
        assert_int_equal(finding_find(slice_of(row->slug)), NO_FINDING);
        for (enum language language = 0; language < LANGUAGES; language++)
            assert_true(slice_ends_nocase(slice_of(row->words[language]), "."));
        assert_string_not_equal(row->words[LANGUAGE_EN], row->words[LANGUAGE_FR]);
    }
}

static bool is_about(enum sign sign)
{
    return sign >= SIGN_ABOUT_TOLD;
}

static bool concludes(const struct rule_row *row)
{
    return row->kind == RULE_MIRRORS || row->kind == RULE_CONCLUDES || row->kind == RULE_CLEARS ||
           row->kind == RULE_REPLACES;
}

/* While conclusions are drawn there is no finding in question yet. */
static void conclusions_look_at_the_whole_run_only(void **state)
{
    (void)state;
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        for (size_t k = 0; concludes(rule_row(i)) && k < RULE_SIGNS_MAX; k++) {
            assert_false(is_about(rule_row(i)->all[k]));
            assert_false(is_about(rule_row(i)->none[k]));
        }
}

static void the_last_word_on_sureness_fits_everything(void **state)
{
    (void)state;
    enum rule last = NO_RULE;
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        if (rule_row(i)->kind == RULE_RATES)
            last = i;
    assert_null(rule_row(last)->of);
    assert_int_equal(rule_row(last)->all[0], NO_SIGN);
    assert_int_equal(rule_row(last)->none[0], NO_SIGN);
}

/* General rows behind the others: inference.c asks the concluding rule between the two. */
static void rows_about_single_findings_come_before_the_general_ones(void **state)
{
    (void)state;
    bool general = false;
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++) {
        if (rule_row(i)->kind != RULE_RATES)
            continue;
        assert_false(general && rule_row(i)->of != NULL);
        general = rule_row(i)->of == NULL;
    }
}

static void a_doubt_never_makes_surer(void **state)
{
    (void)state;
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        if (rule_row(i)->kind == RULE_DOUBTS) {
            assert_int_not_equal(rule_row(i)->confidence, CONFIDENCE_CERTAIN);
            assert_int_not_equal(rule_row(i)->all[0], NO_SIGN);
        }
}

/* Two tables tell which logins a mailbox may have switched off: they agree. */
static void the_logins_that_can_be_switched_off_are_those_of_the_logins(void **state)
{
    (void)state;
    const struct login *login;
    for (size_t i = 0; (login = login_row(i)) != NULL; i++) {
        bool listed = rule_lists(rule_row(RULE_SWITCHED_OFF)->of, login->refused) > 0;
        assert_int_equal(listed, login->switchable);
        assert_true(rule_lists(rule_row(RULE_ONE_PASSWORD)->of, login->refused) > 0);
    }
}

/* ---- where a finding may be raised ---- */

static bool belongs_by_name(enum finding finding, enum check check)
{
    struct slice slug = slice_of(finding_row(finding)->slug), group;
    (void)slice_cut(&slug, '.', &group);
    struct slice rest = slice_of(check_row(check)->slug), own;
    (void)slice_cut(&rest, '.', &own);
    return slice_equal(own, group);
}

static check_set homes_of(enum finding finding)
{
    check_set homes = 0;
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (conversation_raises(act, finding))
            homes |= CHECK_BIT(act_row(act)->check);
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++) {
        const struct rule_row *row = rule_row(i);
        if ((row->kind == RULE_CONCLUDES || row->kind == RULE_MIRRORS) && row->finding == finding)
            homes |= CHECK_BIT(row->check);
    }
    for (enum check check = 0; homes == 0 && check < CHECK_COUNT; check++)
        if (belongs_by_name(finding, check))
            homes |= CHECK_BIT(check);
    return homes != 0 ? homes : CHECK_BIT(DEVICE_CLOCK);
}

static enum check first_of(check_set checks)
{
    enum check check = 0;
    while ((checks & CHECK_BIT(check)) == 0)
        check++;
    return check;
}

/* ---- explanations never go in a circle ---- */

static bool row_explains(const struct rule_row *row, enum finding cause, enum finding effect)
{
    size_t before = rule_lists(row->of, cause), after = rule_lists(row->of, effect);
    if (row->kind == RULE_ORDERS)
        return before > 0 && after > before;
    if (row->kind != RULE_EXPLAINS || cause == effect || rule_lists(row->by, cause) == 0)
        return false;
    return (row->of == NULL || after > 0) &&
           (row->where == 0 || (row->where & homes_of(effect)) != 0);
}

static bool explains(enum finding cause, enum finding effect)
{
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        if (row_explains(rule_row(i), cause, effect))
            return true;
    return false;
}

/* Takes away, again and again, what nothing that is left explains: a circle would stay. */
static void nothing_explains_its_own_cause(void **state)
{
    (void)state;
    static bool edge[FINDING_COUNT][FINDING_COUNT];
    bool left[FINDING_COUNT];
    bool changed = true;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        left[i] = true;
        for (enum finding k = NO_FINDING + 1; k < FINDING_COUNT; k++)
            edge[i][k] = explains(i, k);
    }
    while (changed) {
        changed = false;
        for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
            bool explained = false;
            for (enum finding k = NO_FINDING + 1; k < FINDING_COUNT; k++)
                explained = explained || (left[k] && edge[k][i]);
            changed = changed || (left[i] && !explained);
            left[i] = left[i] && explained;
        }
    }
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
        if (left[i])
            fail_msg("%s is in a circle of explanations", finding_row(i)->slug);
}

/* ---- one root where one explains all ---- */

static void raise_at(enum finding finding, enum check check)
{
    (void)ledger_raise(&office.ledger, finding, check, SERVICE_DNS, "HEAR", "", FAMILY_V4,
                       SLICE("words"));
}

static bool is_unexplained(size_t i)
{
    return inference_explain(&office.ledger, &no_history, &office.ledger.raised[i]).rule == NO_RULE;
}

/* Without signs a row holds wherever its findings are. */
static void judge_pair(const struct rule_row *row, enum finding cause, enum finding effect)
{
    check_set at = homes_of(effect) & (row->where != 0 ? row->where : CHECK_SET_ALL);
    if (at == 0 || cause == effect)
        return;
    ledger_begin(&office.ledger, &office.arena);
    raise_at(cause, first_of(homes_of(cause)));
    raise_at(effect, first_of(at));
    if (is_unexplained(1))
        fail_msg("%s does not explain %s", finding_row(cause)->slug, finding_row(effect)->slug);
}

static void every_cause_of_the_table_explains_its_effects(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++) {
        const struct rule_row *row = rule_row(i);
        if (row->kind != RULE_EXPLAINS || row->all[0] != NO_SIGN || row->none[0] != NO_SIGN ||
            row->of == NULL)
            continue;
        for (size_t k = 0; row->by[k] != NO_FINDING; k++)
            for (size_t m = 0; row->of[m] != NO_FINDING; m++, pairs++)
                judge_pair(row, row->by[k], row->of[m]);
    }
    assert_true(pairs > 50);
}

/* Where anything was found at all, something must be left to mend. */
static void no_two_findings_explain_each_other_away(void **state)
{
    (void)state;
    ledger_begin(&office.ledger, &office.arena);
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
        for (enum finding k = i + 1; k < FINDING_COUNT; k++) {
            office.ledger.raised_count = 0;
            arena_reset(&office.arena);
            raise_at(i, first_of(homes_of(i)));
            raise_at(k, first_of(homes_of(k)));
            if (!is_unexplained(0) && !is_unexplained(1))
                fail_msg("%s and %s leave no root", finding_row(i)->slug, finding_row(k)->slug);
        }
}

/* ---- each finding alone ---- */

/* Found alone, these are better told by another. */
static const struct {
    enum finding finding, root;
} told_by_another[] = {
    { SERVICE_BUSY, PROVIDER_INCIDENT },
    { DNS_TIMED_OUT, OFFICE_RESOLVER_DEAD },
};

static enum finding root_for(enum finding finding)
{
    for (size_t i = 0; i < sizeof told_by_another / sizeof *told_by_another; i++)
        if (told_by_another[i].finding == finding)
            return told_by_another[i].root;
    return finding;
}

static void judge_alone(enum finding finding)
{
    office_begin(&office);
    ledger_begin(&office.ledger, &office.arena);
    enum check home = first_of(homes_of(finding));
    office.ledger.checks[home].asked = true;
    (void)office_add(&office, finding, home, SERVICE_DNS, FAMILY_V4, "words");
    office_diagnose(&office);
    if (office.diagnosis.root_count != 1 ||
        office.diagnosis.roots[0].raised->finding != root_for(finding))
        fail_msg("%s alone has %zu roots, the first is %s", finding_row(finding)->slug,
                 office.diagnosis.root_count,
                 office.diagnosis.root_count > 0
                     ? finding_row(office.diagnosis.roots[0].raised->finding)->slug
                     : "none");
}

static void every_finding_alone_is_the_root(void **state)
{
    (void)state;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
        judge_alone(i);
}

static void every_finding_is_as_sure_as_some_rule_says(void **state)
{
    (void)state;
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        judge_alone(i);
        assert_int_not_equal(office.diagnosis.roots[0].sure_by, NO_RULE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_rule_has_a_code_and_words_of_its_own),
        TEST(conclusions_look_at_the_whole_run_only),
        TEST(the_last_word_on_sureness_fits_everything),
        TEST(rows_about_single_findings_come_before_the_general_ones),
        TEST(a_doubt_never_makes_surer),
        TEST(the_logins_that_can_be_switched_off_are_those_of_the_logins),
        TEST(nothing_explains_its_own_cause),
        TEST(every_cause_of_the_table_explains_its_effects),
        TEST(no_two_findings_explain_each_other_away),
        TEST(every_finding_alone_is_the_root),
        TEST(every_finding_is_as_sure_as_some_rule_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
