/* SPDX-License-Identifier: MIT */
/* The broker is away, for a week or for a moment: every change of state arrives all the same. */
#include "office.h"

#include "settings.h"
#include "stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OUTAGE_BEGINS (6 * HOUR)
#define OUTAGE_ENDS   (OUTAGE_BEGINS + 7 * DAY)
#define BOUND         262144        /* journal_bytes when nothing is set */
#define NOTICED       (20 * MINUTE) /* a light period, and the others' turn */

static const struct office_kind whole = { OFFICE_ACCOUNTS, true, "", 0, false };

static void leave(size_t unused)
{
    (void)unused;
    fake_broker_leave();
}

static void come_back(size_t unused)
{
    (void)unused;
    fake_broker_return();
}

static void withhold(size_t withholds)
{
    fake_broker.withholds = withholds != 0;
}

/* Day by day each domain loses its MX and gets it back. */
static int64_t breaks_at(size_t account, int64_t day)
{
    return OUTAGE_BEGINS + day * DAY + HOUR + (int64_t)account * 30 * MINUTE;
}

static int64_t mends_at(size_t account, int64_t day)
{
    return breaks_at(account, day) + 8 * HOUR;
}

static void plan_troubles(void)
{
    for (size_t account = 0; account < OFFICE_ACCOUNTS; account++)
        for (int64_t day = 0; day < 7; day++) {
            office_plan(breaks_at(account, day), office_break, account);
            office_plan(mends_at(account, day), office_mend, account);
        }
}

/* ---- what is to be looked at ---- */

/* "made" is a moment of this stretch. */
static void assert_made_within(const struct heard *event, int64_t from_ms, int64_t until_ms)
{
    char from[STAMP_MAX], until[STAMP_MAX];
    stamp_rfc3339(FAKE_WALL_MS + from_ms, from);
    stamp_rfc3339(FAKE_WALL_MS + until_ms, until);
    if (strcmp(event->made, from) < 0 || strcmp(event->made, until) > 0)
        fail_msg("user%02zu: %s at %s, not between %s and %s", event->account, event->kind_of_event,
                 event->made, from, until);
}

/* Each change once, in order, told for the time when it was seen and not when it was sent. */
static void assert_troubles_told(size_t account)
{
    size_t changes = 0;
    for (size_t i = 0; i < heard_count; i++) {
        const struct heard *event = &heard[i];
        bool raised = changes % 2 == 0;
        int64_t day = (int64_t)changes / 2;
        if (event->kind != MESSAGE_EVENT || event->account != account || event->finding[0] == '\0')
            continue;
        assert_true(day < 7);
        assert_string_equal(event->kind_of_event, raised ? "raised" : "cleared");
        assert_string_equal(event->finding, "dns.mx-missing");
        int64_t from_ms = raised ? breaks_at(account, day) : mends_at(account, day);
        assert_made_within(event, from_ms, from_ms + NOTICED);
        assert_true(event->at_ms - FAKE_START_MS >= OUTAGE_ENDS);
        changes++;
    }
    assert_int_equal(changes, 14);
}

/* Events have arrived in the order of their numbers. Each number that has not arrived is one that
   was dropped and counted, or lies where the agent says that it skipped some. */
static void assert_complete(void)
{
    static bool here[OFFICE_HEARD_MAX];
    const struct heard *last = &heard[heard_count - 1];
    uint64_t last_event = 0, first_skipped = 0, skipped = 0;
    uint64_t missing = 0, missing_elsewhere = 0, dropped = 0;
    memset(here, 0, sizeof here);
    for (size_t i = 0; i < heard_count; i++) {
        assert_true(heard[i].seq < OFFICE_HEARD_MAX);
        here[heard[i].seq] = true;
        if (heard[i].skipped_count > 0) {
            first_skipped = heard[i].skipped_first;
            skipped = heard[i].skipped_count;
        }
        if (heard[i].kind != MESSAGE_EVENT)
            continue;
        assert_true(heard[i].seq > last_event);
        last_event = heard[i].seq;
    }
    for (uint64_t seq = 1; seq <= last->seq; seq++) {
        bool may_be_skipped = seq >= first_skipped && seq < first_skipped + skipped;
        missing += !here[seq];
        missing_elsewhere += !here[seq] && !may_be_skipped;
    }
    for (enum message_kind kind = 0; kind < MESSAGE_KINDS; kind++)
        dropped += last->dropped.count[kind];
    assert_in_range(dropped, missing_elsewhere, missing); /* without a crash they are the same */
    assert_int_equal(last->dropped.count[MESSAGE_EVENT], 0);
}

/* ---- the tests ---- */

static void a_week_without_the_broker_loses_no_change(void **state)
{
    (void)state;
    office_begin(&whole);
    plan_troubles();
    office_plan(OUTAGE_BEGINS, leave, 0);
    office_plan(OUTAGE_ENDS, come_back, 0);
    office_plan(OUTAGE_ENDS + 2 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), 0);
    for (size_t account = 0; account < OFFICE_ACCOUNTS; account++)
        assert_troubles_told(account);
    assert_complete();
    assert_true(journal_peak <= BOUND);
    assert_int_equal(fake_broker.sessions, 2);
}

static void a_power_cut_in_that_week_loses_none_either(void **state)
{
    (void)state;
    office_begin(&whole);
    plan_troubles();
    office_plan(OUTAGE_BEGINS, leave, 0);
    office_plan(OUTAGE_BEGINS + 3 * DAY + 11 * HOUR + 7 * MINUTE, office_cut_power, 0);
    office_plan(OUTAGE_ENDS, come_back, 0);
    office_plan(OUTAGE_ENDS + 2 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), OFFICE_POWER_CUT);
    assert_int_equal(office_work(), 0);
    for (size_t account = 0; account < OFFICE_ACCOUNTS; account++)
        assert_troubles_told(account);
    assert_complete();
    assert_true(journal_peak <= BOUND);
}

/* The broker has it, and its acknowledgement is lost: it comes again, under the same number. */
static void what_was_not_acknowledged_comes_again_as_what_it_was(void **state)
{
    (void)state;
    const struct office_kind one = { 1, true, "", 0, false };
    const struct heard *events[3];
    size_t count = 0;
    office_begin(&one);
    office_plan(1 * HOUR, withhold, true);
    office_plan(1 * HOUR, office_break, 0);
    office_plan(2 * HOUR, leave, 0);
    office_plan(2 * HOUR, withhold, false);
    office_plan(3 * HOUR, come_back, 0);
    office_plan(4 * HOUR, office_stop, 0);
    assert_int_equal(office_work(), 0);
    for (size_t i = 0; i < heard_count && count < 3; i++)
        if (heard[i].kind == MESSAGE_EVENT && heard[i].finding[0] != '\0')
            events[count++] = &heard[i];
    assert_int_equal(count, 2);
    assert_true(events[0]->at_ms - FAKE_START_MS < 2 * HOUR);
    assert_true(events[1]->at_ms - FAKE_START_MS >= 3 * HOUR);
    assert_int_equal(events[1]->seq, events[0]->seq);
    assert_string_equal(events[1]->made, events[0]->made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_without_the_broker_loses_no_change),
        cmocka_unit_test(a_power_cut_in_that_week_loses_none_either),
        cmocka_unit_test(what_was_not_acknowledged_comes_again_as_what_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
