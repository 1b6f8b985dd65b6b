/* SPDX-License-Identifier: MIT */
#include "journal_disk.h"

#include "journal_record.h"

#define BOUND 16384
#define LARGE 262144
#define HOUR  (60 * 60 * 1000)

static struct journal *journal;
static struct kept kept;

static int begin(void **state)
{
    (void)state;
    disk_begin(LARGE);
    return 0;
}

static void open_with(size_t bound)
{
    journal = journal_open(DIRECTORY, bound);
}

/* As after a cut: nothing is said before. */
static void fall_and_open(size_t bound)
{
    disk_settle(UNSYNCED_KEPT);
    open_with(bound);
}

static size_t overhead(const char *key)
{
    const struct record record = { .message = message_of(MESSAGE_EVENT, 1, 100, key) };
    return record_size(&record) - 100;
}

static void assert_kept(size_t count, const uint64_t *ids)
{
    read_kept(journal, &kept);
    assert_int_equal(kept.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(kept.id[i], ids[i]);
}

/* ---- ids ---- */

static void counts_ids_on_over_a_clean_restart(void **state)
{
    (void)state;
    uint64_t first;
    open_with(BOUND);
    assert_int_equal(journal_boots(journal), 1);
    for (uint64_t id = 1; id <= 3; id++)
        assert_int_equal(journal_next_id(journal), id);
    journal_close(journal);
    open_with(BOUND);
    assert_int_equal(journal_boots(journal), 2);
    assert_int_equal(journal_next_id(journal), 4);
    assert_int_equal(journal_skipped(journal, &first), 0);
}

static void tells_which_ids_a_crash_left_unused(void **state)
{
    (void)state;
    uint64_t first;
    open_with(BOUND);
    for (int i = 0; i < 3; i++)
        (void)journal_next_id(journal);
    fall_and_open(BOUND);
    assert_int_equal(journal_skipped(journal, &first), JOURNAL_BLOCK);
    assert_int_equal(first, 1);
    assert_int_equal(journal_next_id(journal), JOURNAL_BLOCK + 1);
}

static void tells_skipped_ids_until_they_are_told(void **state)
{
    (void)state;
    uint64_t first;
    open_with(BOUND);
    fall_and_open(BOUND);
    journal_close(journal);
    open_with(BOUND);
    assert_int_equal(journal_skipped(journal, &first), JOURNAL_BLOCK);
    fall_and_open(BOUND);
    assert_int_equal(journal_skipped(journal, &first), 2 * JOURNAL_BLOCK);
    assert_int_equal(first, 1);
    journal_skipped_told(journal);
    assert_int_equal(journal_skipped(journal, &first), 0);
    journal_close(journal);
    open_with(BOUND);
    assert_int_equal(journal_skipped(journal, &first), 0);
}

static void reserves_a_block_with_one_small_write(void **state)
{
    (void)state;
    open_with(BOUND);
    uint64_t opened = journal_written(journal);
    for (int i = 0; i < JOURNAL_BLOCK; i++)
        (void)journal_next_id(journal);
    assert_int_equal(journal_written(journal), opened);
    (void)journal_next_id(journal);
    assert_true(journal_written(journal) > opened);
    assert_true(journal_written(journal) < opened + 128);
    fall_and_open(BOUND);
    assert_int_equal(journal_next_id(journal), 2 * JOURNAL_BLOCK + 1);
}

/* ---- keeping ---- */

static void gives_back_what_it_keeps_in_order(void **state)
{
    (void)state;
    open_with(BOUND);
    uint64_t ids[3];
    ids[0] = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    ids[1] = keep_new(journal, MESSAGE_REPORT, 900, "anna");
    ids[2] = keep_new(journal, MESSAGE_SUPPORT, 1200, "bob");
    assert_kept(3, ids);
    fall_and_open(BOUND);
    assert_kept(3, ids);
    struct message message;
    assert_true(journal_next(journal, ids[0], &message));
    assert_int_equal(message.kind, MESSAGE_REPORT);
    assert_string_equal(message.key, "anna");
    assert_false(journal_next(journal, ids[2], &message));
}

static void forgets_what_was_delivered(void **state)
{
    (void)state;
    open_with(BOUND);
    uint64_t one = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    uint64_t two = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    journal_remove(journal, one);
    journal_remove(journal, one);
    journal_remove(journal, 999);
    assert_kept(1, &two);
    fall_and_open(BOUND);
    assert_kept(1, &two);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 0);
}

static void keeps_an_id_once(void **state)
{
    (void)state;
    open_with(BOUND);
    uint64_t id = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    uint64_t written = journal_written(journal);
    struct message again = message_of(MESSAGE_EVENT, id, 400, "anna");
    assert_true(journal_append(journal, &again));
    assert_int_equal(journal_written(journal), written);
    assert_kept(1, &id);
}

static void keeps_only_the_newest_report_of_an_account(void **state)
{
    (void)state;
    open_with(BOUND);
    uint64_t ids[2];
    (void)keep_new(journal, MESSAGE_REPORT, 900, "anna");
    ids[0] = keep_new(journal, MESSAGE_REPORT, 900, "bob");
    ids[1] = keep_new(journal, MESSAGE_REPORT, 900, "anna");
    assert_kept(2, ids);
    assert_int_equal(dropped_of(journal, MESSAGE_REPORT), 1);
    struct message older = message_of(MESSAGE_REPORT, ids[1] - 2, 900, "anna");
    assert_false(journal_append(journal, &older));
    assert_int_equal(dropped_of(journal, MESSAGE_REPORT), 2);
    fall_and_open(BOUND);
    assert_kept(2, ids);
    assert_int_equal(dropped_of(journal, MESSAGE_REPORT), 2);
}

static void keeps_no_states_and_no_replies(void **state)
{
    (void)state;
    bool held;
    open_with(BOUND);
    (void)append_new(journal, MESSAGE_STATUS, 100, "", &held);
    assert_false(held);
    (void)append_new(journal, MESSAGE_REPLY, 100, "", &held);
    assert_false(held);
    journal_drop(journal, MESSAGE_REPLY);
    assert_int_equal(journal_count(journal), 0);
    journal_close(journal);
    open_with(BOUND);
    assert_int_equal(dropped_of(journal, MESSAGE_STATUS), 1);
    assert_int_equal(dropped_of(journal, MESSAGE_REPLY), 2);
}

static void keeps_texts_of_the_largest_size_and_no_longer_ones(void **state)
{
    (void)state;
    static char key[MESSAGE_KEY_MAX + 1], topic[TOPIC_MAX + 1];
    memset(key, 'k', MESSAGE_KEY_MAX);
    memset(topic, 't', TOPIC_MAX);
    open_with(LARGE);
    struct message message = message_of(MESSAGE_REPORT, journal_next_id(journal), MESSAGE_MAX, key);
    message.topic = topic;
    key[MESSAGE_KEY_MAX - 1] = topic[TOPIC_MAX - 1] = '\0';
    assert_true(journal_append(journal, &message));
    fall_and_open(LARGE);
    struct message found;
    assert_true(journal_next(journal, 0, &found));
    assert_int_equal(found.payload.len, MESSAGE_MAX);
    assert_memory_equal(found.payload.at, message.payload.at, MESSAGE_MAX);
    assert_string_equal(found.topic, topic);
    key[MESSAGE_KEY_MAX - 1] = 'k';
    message = message_of(MESSAGE_EVENT, journal_next_id(journal), 100, key);
    assert_false(journal_append(journal, &message));
    topic[TOPIC_MAX - 1] = 't';
    message.key = "";
    message.topic = topic;
    assert_false(journal_append(journal, &message));
    message.topic = "";
    message.payload.len = MESSAGE_MAX + 1;
    assert_false(journal_append(journal, &message));
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 3);
    assert_int_equal(journal_count(journal), 1);
}

/* ---- the bound ---- */

static void keeps_what_just_fits_and_nothing_larger(void **state)
{
    (void)state;
    bool held;
    disk.bound = BOUND;
    open_with(BOUND);
    (void)append_new(journal, MESSAGE_EVENT, BOUND / 8 * 7 - overhead("anna") + 1, "anna", &held);
    assert_false(held);
    uint64_t id = keep_new(journal, MESSAGE_EVENT, BOUND / 8 * 7 - overhead("anna"), "anna");
    assert_kept(1, &id);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
    journal_remove(journal, id);
    (void)append_new(journal, MESSAGE_REPORT, BOUND / 8 * 5 - overhead("anna") + 1, "anna", &held);
    assert_false(held);
    id = keep_new(journal, MESSAGE_REPORT, BOUND / 8 * 5 - overhead("anna"), "anna");
    assert_kept(1, &id);
    assert_int_equal(dropped_of(journal, MESSAGE_REPORT), 1);
}

static void gives_up_the_oldest_report_before_any_event(void **state)
{
    (void)state;
    uint64_t ids[3];
    disk.bound = BOUND;
    open_with(BOUND);
    ids[0] = keep_new(journal, MESSAGE_EVENT, 2000, "anna");
    (void)keep_new(journal, MESSAGE_REPORT, 3000, "anna");
    ids[1] = keep_new(journal, MESSAGE_REPORT, 3000, "bob");
    ids[2] = keep_new(journal, MESSAGE_EVENT, 6000, "carol");
    assert_kept(3, ids);
    assert_int_equal(dropped_of(journal, MESSAGE_REPORT), 1);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 0);
}

static void gives_up_the_oldest_event_where_no_report_is_left(void **state)
{
    (void)state;
    uint64_t ids[3];
    bool held;
    disk.bound = BOUND;
    open_with(BOUND);
    (void)keep_new(journal, MESSAGE_EVENT, 4000, "anna");
    ids[0] = keep_new(journal, MESSAGE_SUPPORT, 4000, "bob");
    ids[1] = keep_new(journal, MESSAGE_EVENT, 4000, "carol");
    (void)append_new(journal, MESSAGE_REPORT, 3000, "anna", &held);
    assert_false(held);
    ids[2] = keep_new(journal, MESSAGE_EVENT, 4000, "dave");
    assert_kept(3, ids);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
    assert_int_equal(dropped_of(journal, MESSAGE_REPORT), 1);
    fall_and_open(BOUND);
    assert_kept(3, ids);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
}

static void keeps_as_many_as_it_has_places_for(void **state)
{
    (void)state;
    disk.bound = 2 * LARGE;
    open_with(2 * LARGE);
    for (int i = 0; i < JOURNAL_ENTRIES_MAX; i++)
        (void)keep_new(journal, MESSAGE_EVENT, 20, "anna");
    assert_int_equal(journal_count(journal), JOURNAL_ENTRIES_MAX);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 0);
    (void)keep_new(journal, MESSAGE_EVENT, 20, "anna");
    assert_int_equal(journal_count(journal), JOURNAL_ENTRIES_MAX);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
    fall_and_open(2 * LARGE);
    read_kept(journal, &kept);
    assert_int_equal(kept.count, JOURNAL_ENTRIES_MAX);
    assert_int_equal(kept.id[0], 2);
}

static void meets_a_smaller_bound_at_the_next_start(void **state)
{
    (void)state;
    open_with(LARGE);
    for (int i = 0; i < 100; i++)
        (void)keep_new(journal, MESSAGE_EVENT, 400, "anna");
    journal_close(journal);
    open_with(BOUND);
    size_t left = journal_count(journal);
    assert_true(left > 20 && left < 40);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 100 - left);
    assert_true(disk.journal.size <= BOUND);
    fall_and_open(BOUND);
    assert_int_equal(journal_count(journal), left);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 100 - left);
}

static void gives_room_back_when_half_of_the_bound_is_dead(void **state)
{
    (void)state;
    size_t most = 0;
    open_with(LARGE);
    uint64_t stays = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    for (int i = 0; i < 2000; i++) {
        journal_remove(journal, keep_new(journal, MESSAGE_EVENT, 400, "anna"));
        most = disk.journal.size > most ? disk.journal.size : most;
    }
    assert_true(most > LARGE / 2 && most < LARGE / 2 + 1000);
    fall_and_open(LARGE);
    assert_kept(1, &stays);
}

/* ---- a disk that takes nothing ---- */

static void goes_on_in_memory_while_the_disk_is_full(void **state)
{
    (void)state;
    uint64_t ids[3];
    bool held;
    open_with(BOUND);
    ids[0] = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    disk.refuse = FILE_FULL;
    ids[1] = append_new(journal, MESSAGE_EVENT, 400, "bob", &held);
    assert_false(held);
    assert_int_equal(journal_health(journal), JOURNAL_DISK_FULL);
    ids[2] = append_new(journal, MESSAGE_REPORT, 900, "bob", &held);
    assert_false(held);
    assert_kept(3, ids);
    disk.refuse = FILE_DONE;
    disk.now_ms += 60000;
    uint64_t more[4] = { ids[0], ids[1], ids[2], keep_new(journal, MESSAGE_EVENT, 400, "anna") };
    assert_int_equal(journal_health(journal), JOURNAL_ON_DISK);
    fall_and_open(BOUND);
    assert_kept(4, more);
    assert_int_equal(journal_health(journal), JOURNAL_ON_DISK);
}

static void tries_a_refusing_disk_once_a_minute(void **state)
{
    (void)state;
    bool held;
    open_with(BOUND);
    disk.refuse = FILE_DENIED;
    (void)append_new(journal, MESSAGE_EVENT, 400, "anna", &held);
    assert_int_equal(journal_health(journal), JOURNAL_READ_ONLY);
    unsigned attempts = disk.attempts;
    for (int second = 0; second < 60; second++) {
        (void)append_new(journal, MESSAGE_EVENT, 100, "anna", &held);
        assert_int_equal(disk.attempts, attempts);
        disk.now_ms += 1000;
    }
    (void)append_new(journal, MESSAGE_EVENT, 100, "anna", &held);
    assert_true(disk.attempts > attempts);
}

static void remembers_deliveries_that_the_disk_could_not_note(void **state)
{
    (void)state;
    bool held;
    open_with(BOUND);
    uint64_t one = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    disk.refuse = FILE_DENIED;
    uint64_t two = append_new(journal, MESSAGE_EVENT, 400, "anna", &held);
    uint64_t three = append_new(journal, MESSAGE_EVENT, 500, "anna", &held);
    journal_remove(journal, one);
    journal_remove(journal, two);
    assert_kept(1, &three);
    disk.refuse = FILE_DONE;
    journal_close(journal);
    open_with(BOUND);
    assert_kept(1, &three);
}

static void keeps_the_bound_in_memory_too(void **state)
{
    (void)state;
    bool held;
    disk.refuse = FILE_DENIED;
    open_with(BOUND);
    for (int i = 0; i < 100; i++)
        (void)append_new(journal, MESSAGE_EVENT, 400, "anna", &held);
    read_kept(journal, &kept);
    assert_true(kept.count > 20 && kept.count < 40);
    assert_int_equal(kept.dropped.count[MESSAGE_EVENT], 100 - kept.count);
    for (size_t i = 1; i < kept.count; i++)
        assert_int_equal(kept.id[i], kept.id[i - 1] + 1);
}

static void holds_no_more_in_memory_than_the_device_has(void **state)
{
    (void)state;
    bool held;
    disk.refuse = FILE_DENIED;
    open_with(JOURNAL_BOUND_MAX);
    size_t each = JOURNAL_MEMORY_MAX / 4;
    (void)append_new(journal, MESSAGE_REPORT, each - overhead("anna"), "anna", &held);
    for (int i = 0; i < 3; i++)
        (void)append_new(journal, MESSAGE_EVENT, each - overhead("anna"), "anna", &held);
    assert_int_equal(journal_count(journal), 4);
    (void)append_new(journal, MESSAGE_REPORT, each - overhead("bob") + 1, "bob", &held);
    assert_int_equal(journal_count(journal), 4);
    (void)append_new(journal, MESSAGE_EVENT, each - overhead("anna"), "anna", &held);
    (void)append_new(journal, MESSAGE_EVENT, each - overhead("anna"), "anna", &held);
    read_kept(journal, &kept);
    assert_int_equal(kept.count, 4);
    assert_int_equal(kept.dropped.count[MESSAGE_REPORT], 2);
    assert_int_equal(kept.dropped.count[MESSAGE_EVENT], 1);
}

static void gives_no_id_twice_where_none_can_be_reserved(void **state)
{
    (void)state;
    disk.refuse = FILE_DENIED;
    open_with(BOUND);
    uint64_t before = 0;
    for (int i = 0; i < 2 * JOURNAL_BLOCK; i++) {
        uint64_t id = journal_next_id(journal);
        assert_true(id > before);
        before = id;
    }
    disk.wall_ms += HOUR;
    open_with(BOUND);
    uint64_t first;
    assert_true(journal_next_id(journal) > before);
    assert_true(journal_skipped(journal, &first) > 0);
    assert_int_equal(first, 1);
}

static void leaves_nothing_out_when_somebody_removes_the_file(void **state)
{
    (void)state;
    open_with(BOUND);
    (void)keep_new(journal, MESSAGE_EVENT, 400, "anna");
    disk.journal.there = false;
    disk.journal.size = disk.journal.synced = 0;
    uint64_t id = keep_new(journal, MESSAGE_EVENT, 400, "anna");
    assert_kept(1, &id);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
    fall_and_open(BOUND);
    assert_kept(1, &id);
    assert_int_equal(journal_boots(journal), 2);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
    assert_true(journal_next_id(journal) > id);
}

/* ---- damage ---- */

static struct disk_file intact;
static struct kept whole;
static uint64_t highest;
static size_t closed_once; /* size of the file when it was closed for the first time */

/* Messages that are kept, that were delivered, that gave way; closed in order. */
static void make_a_journal(void)
{
    disk_begin(LARGE);
    open_with(BOUND);
    (void)keep_new(journal, MESSAGE_EVENT, 60, "anna");
    uint64_t delivered = keep_new(journal, MESSAGE_EVENT, 70, "bob");
    (void)keep_new(journal, MESSAGE_REPORT, 80, "anna");
    (void)keep_new(journal, MESSAGE_REPORT, 90, "anna");
    journal_remove(journal, delivered);
    journal_close(journal);
    closed_once = disk.journal.size;
    open_with(BOUND);
    highest = keep_new(journal, MESSAGE_EVENT, 50, "carol");
    read_kept(journal, &whole);
    journal_close(journal);
    memcpy(intact.bytes, disk.journal.bytes, disk.journal.size);
    intact.size = disk.journal.size;
}

static void restore(size_t size)
{
    memcpy(disk.journal.bytes, intact.bytes, intact.size);
    disk.journal.there = true;
    disk.journal.size = disk.journal.synced = size;
}

/* The survivors are whole (read_kept looks); at most one message is missing, and counted where its
   kind is known. */
static void judge_damage(size_t at)
{
    size_t missing = 0;
    open_with(BOUND);
    read_kept(journal, &kept);
    for (size_t i = 0; i < whole.count; i++)
        missing += holds(&kept, whole.id[i]) ? 0 : 1;
    uint32_t counted = kept.dropped.count[MESSAGE_EVENT] + kept.dropped.count[MESSAGE_REPORT] -
                       whole.dropped.count[MESSAGE_REPORT];
    if (missing > 1 || (missing > 0 && journal_health(journal) != JOURNAL_DAMAGED))
        fail_msg("byte %zu: %zu are missing", at, missing);
    if (counted > missing)
        fail_msg("byte %zu: %u are counted, %zu are missing", at, counted, missing);
    assert_true(keep_new(journal, MESSAGE_EVENT, 50, "dave") > highest);
    size_t count = journal_count(journal);
    fall_and_open(BOUND);
    assert_int_equal(journal_count(journal), count);
    assert_int_equal(journal_health(journal), JOURNAL_ON_DISK);
}

static void reads_all_but_one_whatever_byte_is_damaged(void **state)
{
    (void)state;
    make_a_journal();
    for (size_t at = 0; at < intact.size; at++)
        for (int bit = 0; bit < 8; bit++) {
            restore(intact.size);
            disk.journal.bytes[at] = (char)(disk.journal.bytes[at] ^ 1 << bit);
            judge_damage(at);
        }
}

static void counts_a_message_whose_payload_is_damaged(void **state)
{
    (void)state;
    make_a_journal();
    restore(intact.size);
    for (size_t at = 0; at + 6 < intact.size; at++)
        if (memcmp(disk.journal.bytes + at, "\"seq\":1,", 8) == 0)
            disk.journal.bytes[at] = '?';
    open_with(BOUND);
    assert_int_equal(journal_health(journal), JOURNAL_DAMAGED);
    assert_int_equal(journal_count(journal), whole.count - 1);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 1);
}

static void reads_what_is_left_of_a_file_that_was_cut_off(void **state)
{
    (void)state;
    make_a_journal();
    for (size_t size = 0; size < intact.size; size++) {
        restore(size);
        open_with(BOUND);
        read_kept(journal, &kept);
        assert_true(kept.count <= whole.count + 1);
        if (size >= RECORD_STATE_SIZE && size != closed_once) /* then nothing seems amiss */
            assert_true(journal_next_id(journal) > JOURNAL_BLOCK);
    }
}

static void begins_anew_where_nothing_can_be_read(void **state)
{
    (void)state;
    make_a_journal();
    memset(disk.journal.bytes, 0, disk.journal.size);
    open_with(BOUND);
    assert_int_equal(journal_count(journal), 0);
    assert_true(journal_next_id(journal) > highest);
    (void)keep_new(journal, MESSAGE_EVENT, 50, "anna");
}

/* ---- a day and a week ---- */

static void writes_nothing_in_a_day_without_changes(void **state)
{
    (void)state;
    open_with(LARGE);
    uint64_t opened = journal_written(journal);
    for (int run = 0; run < 24 * 4; run++) {
        disk.now_ms += HOUR / 4;
        for (int message = 0; message < 3; message++) /* a report and states */
            (void)journal_next_id(journal);
    }
    assert_int_equal(journal_written(journal), opened);
    for (int i = 0; i < 20 * 24 * 6; i++) /* 20 accounts */
        (void)journal_next_id(journal);
    assert_true(journal_written(journal) - opened < 4096);
}

/* 20 accounts, each of which falls ill and recovers once a day, each with a report every hour. */
static void loses_no_event_in_a_week_without_a_broker(void **state)
{
    (void)state;
    static const char *const account = "account-%02d%%40example.com";
    char key[MESSAGE_KEY_MAX];
    uint64_t events[7 * 20 * 2];
    size_t count = 0;
    open_with(LARGE);
    for (int hour = 0; hour < 7 * 24; hour++)
        for (int i = 0; i < 20; i++) {
            (void)snprintf(key, sizeof key, account, i);
            bool held;
            (void)append_new(journal, MESSAGE_REPORT, 12000, key, &held);
            if (hour % 24 == i || hour % 24 == (i + 2) % 24)
                events[count++] = keep_new(journal, MESSAGE_EVENT, 420, key);
        }
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 0);
    fall_and_open(LARGE);
    assert_int_equal(dropped_of(journal, MESSAGE_EVENT), 0);
    read_kept(journal, &kept);
    for (size_t i = 0; i < count; i++)
        assert_true(holds(&kept, events[i]));
    assert_int_equal(kept.dropped.count[MESSAGE_REPORT] + (kept.count - count), 7 * 24 * 20);
    assert_true(disk.journal.size <= LARGE);
}

#define FRESH(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(counts_ids_on_over_a_clean_restart),
        FRESH(tells_which_ids_a_crash_left_unused),
        FRESH(tells_skipped_ids_until_they_are_told),
        FRESH(reserves_a_block_with_one_small_write),
        FRESH(gives_back_what_it_keeps_in_order),
        FRESH(forgets_what_was_delivered),
        FRESH(keeps_an_id_once),
        FRESH(keeps_only_the_newest_report_of_an_account),
        FRESH(keeps_no_states_and_no_replies),
        FRESH(keeps_texts_of_the_largest_size_and_no_longer_ones),
        FRESH(keeps_what_just_fits_and_nothing_larger),
        FRESH(gives_up_the_oldest_report_before_any_event),
        FRESH(gives_up_the_oldest_event_where_no_report_is_left),
        FRESH(keeps_as_many_as_it_has_places_for),
        FRESH(meets_a_smaller_bound_at_the_next_start),
        FRESH(gives_room_back_when_half_of_the_bound_is_dead),
        FRESH(goes_on_in_memory_while_the_disk_is_full),
        FRESH(tries_a_refusing_disk_once_a_minute),
        FRESH(remembers_deliveries_that_the_disk_could_not_note),
        FRESH(keeps_the_bound_in_memory_too),
        FRESH(holds_no_more_in_memory_than_the_device_has),
        FRESH(gives_no_id_twice_where_none_can_be_reserved),
        FRESH(leaves_nothing_out_when_somebody_removes_the_file),
        FRESH(reads_all_but_one_whatever_byte_is_damaged),
        FRESH(counts_a_message_whose_payload_is_damaged),
        FRESH(reads_what_is_left_of_a_file_that_was_cut_off),
        FRESH(begins_anew_where_nothing_can_be_read),
        FRESH(writes_nothing_in_a_day_without_changes),
        FRESH(loses_no_event_in_a_week_without_a_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
