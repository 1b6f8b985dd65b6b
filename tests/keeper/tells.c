/* SPDX-License-Identifier: MIT */
/* What the agent tells the broker and its log of what a run has found. */
#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define REFUSED_FROM (2 * HOUR)
#define FORGOTTEN    (5 * HOUR)

static const struct office_kind one = { 1, true, "", 0, false };

static void forget(size_t unused)
{
    (void)unused;
    fake_broker_command("{\"id\":\"1\",\"do\":\"forget-refusal\","
                        "\"account\":\"user00@office00.example\"}");
}

static void ask_for_the_lock(size_t unused)
{
    (void)unused;
    fake_broker_command("{\"id\":\"1\",\"do\":\"run\",\"checks\":[\"account.lock\"]}");
}

static bool log_has(const char *line)
{
    return slice_has_nocase((struct slice){ fake.log, fake.log_len }, line);
}

static const struct heard *event(const char *kind, const char *finding)
{
    for (size_t i = 0; i < heard_count; i++)
        if (strcmp(heard[i].kind_of_event, kind) == 0 && strcmp(heard[i].finding, finding) == 0)
            return &heard[i];
    fail_msg("%s is never %s", finding, kind);
    return NULL;
}

/* What a dashboard shows of a sick mailbox is not a run that did not look. */
static void a_lighter_run_does_not_take_the_place_of_a_report_that_shows_more(void **state)
{
    (void)state;
    size_t lighter = 0;
    office_begin(&one);
    office_plan(REFUSED_FROM, office_refuse_password, true);
    office_plan(FORGOTTEN, office_refuse_password, false);
    office_plan(FORGOTTEN, forget, 0);
    office_plan(8 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), 0);
    const struct heard *raised = event("raised", "account.locked-by-policy");
    const struct heard *cleared = event("cleared", "account.locked-by-policy");
    assert_true(raised < cleared);
    for (const struct heard *report = heard; report < heard + heard_count; report++) {
        bool overlooks = strcmp(report->cost, "light") == 0 && report > raised && report < cleared;
        if (report->kind != MESSAGE_REPORT)
            continue;
        assert_int_equal(report->retained, !overlooks);
        lighter += overlooks;
    }
    assert_true(lighter >= 4);
}

static void a_state_of_the_account_is_decided_for_the_fleet(void **state)
{
    (void)state;
    const struct heard *report = NULL;
    office_begin(&one);
    office_plan(2 * MINUTE, ask_for_the_lock, 0);
    office_plan(5 * MINUTE, office_stop, 0);
    assert_int_equal(office_work(), 0);
    for (size_t i = 0; i < heard_count; i++)
        if (heard[i].kind == MESSAGE_REPORT && heard[i].lock[0] != 'u')
            report = &heard[i];
    assert_non_null(report);
    assert_string_equal(report->lock, "ok");
    assert_false(report->retained); /* only a part was asked for */
}

static void a_recovery_is_no_warning(void **state)
{
    (void)state;
    office_begin(&one);
    office_plan(1 * HOUR, office_break, 0);
    office_plan(2 * HOUR, office_mend, 0);
    office_plan(3 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), 0);
    assert_true(log_has("warning change: user00@office00.example: dns.mx-missing raised"));
    assert_true(log_has("info change: user00@office00.example: dns.mx-missing cleared"));
}

/* ---- a new configuration ---- */

static void reload(size_t restarts)
{
    struct office_kind kind = { 2, true, "\"light_period_s\":60,", 0, false };
    if (restarts)
        kind.settings = "\"user\":\"somebody\",\"journal_bytes\":65536,";
    office_configure(&kind);
    fake.reload = true;
}

static void what_counts_after_a_restart_is_said(void **state)
{
    (void)state;
    const struct office_kind two = { 2, true, "", 0, false };
    office_begin(&two);
    office_plan(1 * HOUR, reload, false);
    office_plan(2 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), 0);
    assert_true(log_has("is taken, with 2 accounts"));
    assert_false(log_has("after a restart"));
    office_begin(&two);
    office_plan(1 * HOUR, reload, true);
    office_plan(2 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), 0);
    assert_true(log_has("another user counts after a restart"));
    assert_true(log_has("another journal_bytes counts after a restart"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lighter_run_does_not_take_the_place_of_a_report_that_shows_more),
        cmocka_unit_test(a_state_of_the_account_is_decided_for_the_fleet),
        cmocka_unit_test(a_recovery_is_no_warning),
        cmocka_unit_test(what_counts_after_a_restart_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
