/* SPDX-License-Identifier: MIT */
/* What twenty mailboxes of two domains, each at a provider of its own, ask together. */
#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define DOMAINS       2
#define PERIOD        (15 * MINUTE) /* of the light runs */
#define SETTLED       HOUR
#define FAULT         (SETTLED + MINUTE)
#define LONGEST_RUN   MINUTE
#define FIRST_COMMAND (SETTLED + 2 * MINUTE)

/* No controls: what is elsewhere is no matter here. */
static const struct office_kind twenty = { OFFICE_ACCOUNTS, true, "\"reach_targets\":[],", DOMAINS,
                                           true };

/* The next report, of an account of the domain, of a run that was begun from that moment on. */
static const struct heard *next_report(const struct heard *after, size_t domain, int64_t from_ms)
{
    const struct heard *one = after == NULL ? heard : after + 1;
    while (one < heard + heard_count &&
           !(one->kind == MESSAGE_REPORT && one->account % DOMAINS == domain &&
             one->at_ms >= FAKE_START_MS + from_ms + LONGEST_RUN))
        one++;
    return one < heard + heard_count ? one : NULL;
}

static bool has_root(const struct heard *report, const char *finding)
{
    return slice_has_nocase(slice_of(report->roots), finding);
}

static void work_until(int64_t moment_ms)
{
    office_plan(moment_ms, office_stop, 0);
    assert_int_equal(office_work(), 0);
}

/* An MX host over one family is left: it is asked whether it knows this mailbox. */
static void one_mailbox_of_a_domain_asks_what_all_share(void **state)
{
    (void)state;
    office_begin(&twenty);
    work_until(SETTLED + LONGEST_RUN + 4 * PERIOD);
    for (size_t domain = 0; domain < DOMAINS; domain++) {
        unsigned all = 0, others = 0, questions_of_all = 0, questions_of_others = 0;
        const struct heard *report = NULL;
        while ((report = next_report(report, domain, SETTLED)) != NULL) {
            if (strcmp(report->cost, "light") != 0)
                continue;
            assert_string_equal(report->verdict, "ok");
            bool asks_all = report->dials > 1;
            *(asks_all ? &all : &others) += 1;
            *(asks_all ? &questions_of_all : &questions_of_others) += report->questions;
            assert_int_equal(report->dials, asks_all ? 3 * FAMILIES : 1);
        }
        assert_int_equal(all, 4);
        assert_int_equal(others, 4 * (OFFICE_ACCOUNTS / DOMAINS - 1));
        assert_true(questions_of_others / others * 3 < questions_of_all / all);
    }
}

/* The first that asks finds it, within a period; nobody believes what was seen before it. */
static void a_fault_of_the_provider_is_found_by_each_mailbox_itself(void **state)
{
    (void)state;
    unsigned found = 0;
    office_begin(&twenty);
    office_plan(FAULT, office_close_imap, true);
    work_until(FAULT + 3 * PERIOD);
    const struct heard *report = next_report(NULL, 0, FAULT);
    while (report != NULL && strcmp(report->verdict, "ok") == 0)
        report = next_report(report, 0, FAULT);
    assert_non_null(report);
    assert_true(report->at_ms <= FAKE_START_MS + FAULT + PERIOD + LONGEST_RUN);
    for (; report != NULL; report = next_report(report, 0, FAULT)) {
        assert_string_equal(report->verdict, "failed");
        assert_true(strcmp(report->root_at, report->started) >= 0);
        found |= 1U << report->account;
    }
    assert_int_equal(found, 0x55555); /* the even ones: all of the first domain */
    for (report = NULL; (report = next_report(report, 1, FAULT)) != NULL;)
        assert_string_equal(report->verdict, "ok");
}

/* A mailbox whose password is refused asks anew what others have seen before the fault, and does so
   before anybody else has noticed it. */
static void what_is_borrowed_hides_nothing_where_anything_is_wrong(void **state)
{
    (void)state;
    unsigned found = 0;
    bool noticed = false;
    const struct heard *report = NULL;
    office_begin(&twenty);
    office_plan(SETTLED + MINUTE, office_break, 0);
    office_plan(SETTLED + MINUTE, office_refuse_password, true);
    work_until(SETTLED + MINUTE + PERIOD);
    while ((report = next_report(report, 0, SETTLED + MINUTE)) != NULL) {
        if (strcmp(report->verdict, "ok") == 0) {
            assert_false(noticed);
            assert_string_equal(report->cost, "light");
            continue;
        }
        assert_true(noticed || strcmp(report->cost, "light") != 0);
        assert_true(has_root(report, "dns.mx-missing "));
        assert_true(report->borrowed == 0 || noticed);
        noticed = true;
        found++;
    }
    assert_true(found > 1);
}

static void command_one(size_t unused)
{
    (void)unused;
    fake_broker_command("{\"id\":\"1\",\"do\":\"run\",\"account\":\"user03@office01.example\"}");
}

static void command_all(size_t unused)
{
    (void)unused;
    fake_broker_command("{\"id\":\"2\",\"do\":\"run\"}");
}

static void who_commands_hears_of_nothing_that_was_seen_before(void **state)
{
    (void)state;
    const struct heard *alone = NULL, *first = NULL;
    unsigned borrowers = 0;
    office_begin(&twenty);
    office_plan(FIRST_COMMAND, command_one, 0);
    office_plan(FIRST_COMMAND + 5 * MINUTE, command_all, 0);
    work_until(FIRST_COMMAND + 10 * MINUTE);
    for (const struct heard *one = heard; one < heard + heard_count; one++) {
        if (strcmp(one->trigger, "command") != 0)
            continue;
        if (alone == NULL) {
            alone = one;
        } else if (first == NULL) {
            first = one;
        } else if (one->borrowed > 0) {
            assert_true(strcmp(one->borrowed_from, first->started) >= 0);
            borrowers++;
        }
    }
    assert_non_null(first);
    assert_int_equal(alone->borrowed, 0);
    assert_int_equal(first->borrowed, 0);
    assert_int_equal(borrowers, OFFICE_ACCOUNTS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_mailbox_of_a_domain_asks_what_all_share),
        cmocka_unit_test(a_fault_of_the_provider_is_found_by_each_mailbox_itself),
        cmocka_unit_test(what_is_borrowed_hides_nothing_where_anything_is_wrong),
        cmocka_unit_test(who_commands_hears_of_nothing_that_was_seen_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
