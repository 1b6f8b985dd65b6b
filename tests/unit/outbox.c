/* SPDX-License-Identifier: MIT */
/* What the outbox hands over, in which order, and what becomes of it; the uplink is the test's. */
#include "outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ACCOUNT "anna@example.com"
#define OTHER   "info@example.com"

/* ---- the uplink ---- */

struct uplink {
    bool online;
    size_t room;         /* messages that it takes until it is full */
    uint64_t handed[64]; /* ids, in order */
    size_t count;
};

static struct uplink line;

enum uplink_state uplink_state(const struct uplink *uplink)
{
    return uplink->online ? UPLINK_ONLINE : UPLINK_WAITING;
}

bool uplink_publish(struct uplink *uplink, const struct message *message)
{
    if (!uplink->online || uplink->room == 0)
        return false;
    uplink->room--;
    uplink->handed[uplink->count++] = message->id;
    return true;
}

/* ---- the outbox ---- */

static struct outbox outbox;
static char folder[] = "/tmp/gatepost-outbox-XXXXXX";

static void begin(bool online)
{
    memset(&outbox, 0, sizeof outbox);
    line = (struct uplink){ .online = online, .room = 64 };
    outbox_begin(&outbox, journal_open(folder, 65536), "root", "office");
    outbox.uplink = &line;
}

static int wipe(void **state)
{
    (void)state;
    char names[16][PORT_NAME_MAX], path[200];
    if (outbox.journal != NULL)
        journal_close(outbox.journal);
    outbox.journal = NULL;
    size_t count = port_directory_list(folder, names, 16);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%.*s", folder, PORT_NAME_MAX - 1, names[i]);
        (void)unlink(path);
    }
    return 0;
}

static uint64_t event(const char *account)
{
    uint64_t id = outbox_head(&outbox).seq;
    outbox_keep(&outbox, MESSAGE_EVENT, account, id, SLICE("{}"));
    return id;
}

static uint64_t report(const char *account)
{
    char *room = outbox_report_room(&outbox);
    uint64_t id = outbox_head(&outbox).seq;
    memcpy(room, "{}", 3);
    outbox_report(&outbox, account, id, 2, true, 60);
    return id;
}

static void assert_handed(size_t count, const uint64_t *ids)
{
    assert_int_equal(line.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(line.handed[i], ids[i]);
}

static uint32_t dropped(enum message_kind kind)
{
    return journal_dropped(outbox.journal).count[kind];
}

/* ---- tests ---- */

static void hands_over_in_the_order_of_ids(void **state)
{
    (void)state;
    begin(true);
    uint64_t ids[4];
    ids[0] = event(ACCOUNT);
    ids[1] = report(ACCOUNT);
    ids[2] = event(OTHER);
    ids[3] = report(OTHER);
    outbox_pump(&outbox);
    assert_handed(4, ids);
}

static void goes_on_when_there_is_room_again(void **state)
{
    (void)state;
    begin(true);
    line.room = 1;
    const uint64_t ids[] = { event(ACCOUNT), event(ACCOUNT) };
    outbox_pump(&outbox);
    assert_handed(1, ids);
    line.room = 1;
    outbox_delivered(&outbox, ids[0]);
    outbox_pump(&outbox);
    assert_handed(2, ids);
}

static void hands_over_again_what_was_not_acknowledged(void **state)
{
    (void)state;
    begin(true);
    const uint64_t first = event(ACCOUNT), second = event(ACCOUNT), third = report(ACCOUNT);
    outbox_pump(&outbox);
    outbox_delivered(&outbox, first);
    outbox_offline(&outbox);
    outbox_online(&outbox);
    outbox_pump(&outbox);
    assert_handed(5, (const uint64_t[]){ first, second, third, second, third });
}

static void keeps_events_and_reports_over_a_restart(void **state)
{
    (void)state;
    begin(false);
    const uint64_t ids[] = { event(ACCOUNT), report(ACCOUNT) };
    outbox_end(&outbox);
    journal_close(outbox.journal);
    begin(true);
    outbox_online(&outbox);
    outbox_pump(&outbox);
    assert_handed(2, ids);
}

static void is_empty_when_all_is_acknowledged(void **state)
{
    (void)state;
    begin(true);
    assert_true(outbox_empty(&outbox));
    const uint64_t first = event(ACCOUNT), second = report(ACCOUNT);
    outbox_pump(&outbox);
    outbox_delivered(&outbox, first);
    assert_false(outbox_empty(&outbox));
    outbox_delivered(&outbox, second);
    assert_true(outbox_empty(&outbox));
    outbox_end(&outbox);
    assert_int_equal(dropped(MESSAGE_REPORT), 0);
}

static void answers_are_kept_until_they_are_acknowledged(void **state)
{
    (void)state;
    begin(false);
    const uint64_t id = outbox_head(&outbox).seq;
    outbox_reply(&outbox, id, "", SLICE("thread"), SLICE("{}"));
    line.online = true;
    outbox_pump(&outbox);
    outbox_offline(&outbox);
    outbox_online(&outbox);
    outbox_pump(&outbox);
    outbox_delivered(&outbox, id);
    outbox_pump(&outbox);
    assert_handed(2, (const uint64_t[]){ id, id });
    outbox_end(&outbox);
    assert_int_equal(dropped(MESSAGE_REPLY), 0);
}

static void counts_answers_that_find_no_room(void **state)
{
    (void)state;
    begin(false);
    for (size_t i = 0; i < REPLIES_MAX + 1; i++)
        outbox_reply(&outbox, outbox_head(&outbox).seq, "", SLICE(""), SLICE("{}"));
    assert_int_equal(dropped(MESSAGE_REPLY), 1);
    outbox_end(&outbox);
    assert_int_equal(dropped(MESSAGE_REPLY), REPLIES_MAX + 1);
}

static void counts_a_status_that_gave_way_to_another(void **state)
{
    (void)state;
    begin(true);
    assert_true(outbox_wants_status(&outbox));
    const uint64_t first = outbox_head(&outbox).seq;
    assert_non_null(outbox_status(&outbox, first, SLICE("{}")));
    assert_false(outbox_wants_status(&outbox));
    const uint64_t second = outbox_head(&outbox).seq;
    const struct message *last = outbox_status(&outbox, second, SLICE("{}"));
    assert_int_equal(last->id, second);
    assert_true(last->retained);
    outbox_delivered(&outbox, second);
    outbox_end(&outbox);
    assert_int_equal(dropped(MESSAGE_STATUS), 1);
}

static void rests_before_it_tries_a_broker_that_refuses(void **state)
{
    (void)state;
    begin(true);
    const uint64_t first = event(ACCOUNT), second = event(ACCOUNT);
    outbox_pump(&outbox);
    outbox_refused(&outbox, first, UPLINK_AGAINST_RULES, "not authorized");
    outbox_refused(&outbox, second, UPLINK_AGAINST_RULES, "not authorized");
    outbox_pump(&outbox);
    assert_handed(2, (const uint64_t[]){ first, second });
    assert_true(outbox_wake_ms(&outbox) > port_now_ms() + 60000);
    outbox.held_until_ms = port_now_ms(); /* the rest is over */
    outbox_pump(&outbox);
    assert_handed(4, (const uint64_t[]){ first, second, first, second });
    assert_int_equal(dropped(MESSAGE_EVENT), 0);
}

static void gives_up_a_message_that_is_refused_for_a_day(void **state)
{
    (void)state;
    begin(true);
    const uint64_t id = event(ACCOUNT);
    for (int i = 0; i < 24 * 60 / 5; i++) {
        outbox.held_until_ms = port_now_ms();
        assert_int_equal(journal_count(outbox.journal), 1);
        outbox_refused(&outbox, id, UPLINK_AGAINST_RULES, "not authorized");
    }
    assert_int_equal(journal_count(outbox.journal), 0);
    assert_int_equal(dropped(MESSAGE_EVENT), 1);
}

static void gives_up_at_once_what_no_rule_can_make_good(void **state)
{
    (void)state;
    begin(true);
    const uint64_t large = event(ACCOUNT), hung_up = report(ACCOUNT), next = event(OTHER);
    outbox_pump(&outbox);
    outbox_refused(&outbox, large, UPLINK_BAD_MESSAGE, "too large");
    outbox_refused(&outbox, hung_up, UPLINK_HANGS_UP, "");
    outbox_offline(&outbox);
    outbox_online(&outbox);
    outbox_pump(&outbox);
    assert_handed(4, (const uint64_t[]){ large, hung_up, next, next });
    assert_int_equal(dropped(MESSAGE_EVENT), 1);
    assert_int_equal(dropped(MESSAGE_REPORT), 1);
}

static void shows_no_status_where_the_broker_hangs_up_for_it(void **state)
{
    (void)state;
    begin(true);
    const uint64_t id = outbox_head(&outbox).seq;
    assert_non_null(outbox_status(&outbox, id, SLICE("{}")));
    outbox_pump(&outbox);
    outbox_refused(&outbox, id, UPLINK_HANGS_UP, "");
    outbox_offline(&outbox);
    outbox_online(&outbox);
    assert_false(outbox_wants_status(&outbox));
    assert_int_equal(dropped(MESSAGE_STATUS), 1);
    outbox_begin(&outbox, outbox.journal, "root", "office"); /* a reload */
    assert_true(outbox_wants_status(&outbox));
}

static void keeps_nothing_without_a_broker(void **state)
{
    (void)state;
    memset(&outbox, 0, sizeof outbox);
    outbox_begin(&outbox, NULL, "root", "office");
    outbox_keep(&outbox, MESSAGE_EVENT, ACCOUNT, outbox_head(&outbox).seq, SLICE("{}"));
    outbox_pump(&outbox);
    assert_true(outbox_empty(&outbox));
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hands_over_in_the_order_of_ids, wipe),
        cmocka_unit_test_teardown(goes_on_when_there_is_room_again, wipe),
        cmocka_unit_test_teardown(hands_over_again_what_was_not_acknowledged, wipe),
        cmocka_unit_test_teardown(keeps_events_and_reports_over_a_restart, wipe),
        cmocka_unit_test_teardown(is_empty_when_all_is_acknowledged, wipe),
        cmocka_unit_test_teardown(answers_are_kept_until_they_are_acknowledged, wipe),
        cmocka_unit_test_teardown(counts_answers_that_find_no_room, wipe),
        cmocka_unit_test_teardown(counts_a_status_that_gave_way_to_another, wipe),
        cmocka_unit_test_teardown(rests_before_it_tries_a_broker_that_refuses, wipe),
        cmocka_unit_test_teardown(gives_up_a_message_that_is_refused_for_a_day, wipe),
        cmocka_unit_test_teardown(gives_up_at_once_what_no_rule_can_make_good, wipe),
        cmocka_unit_test_teardown(shows_no_status_where_the_broker_hangs_up_for_it, wipe),
        cmocka_unit_test_teardown(keeps_nothing_without_a_broker, wipe),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
