/* SPDX-License-Identifier: MIT */
#include "budget_case.h"

#include <sys/wait.h>

static void writes_neither_address_nor_secret(void **state)
{
    (void)state;
    char bytes[4096], hex[40] = "";
    struct stat facts;
    begin("right");
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_refused(&budget, WEBMAIL_LOGIN, WEBMAIL_LOGIN_REFUSED,
                   "550 <Anna@Example.com> is disabled");
    for (size_t i = 0; i < 4; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)ANNA[i]);
    (void)read_file(bytes, sizeof bytes);
    assert_null(strstr(bytes, "anna"));
    assert_null(strstr(bytes, hex));
    assert_null(strstr(bytes, "416e6e61"));
    assert_null(strstr(bytes, "right"));
    assert_null(strstr(bytes, "7269676874"));
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    next_run();
    assert_string_equal(budget.refusal.said, "550 <" ANNA "> is disabled");
    budget_end(&budget);
}

static void keeps_words_of_the_largest_size_and_cuts_longer_ones(void **state)
{
    (void)state;
    char said[BUDGET_SAID_MAX + 1];
    memset(said, 'x', sizeof said);
    said[BUDGET_SAID_MAX] = '\0';
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    budget_refused(&budget, SUBMISSION_LOGIN, SUBMISSION_LOGIN_REFUSED, said);
    next_run();
    said[BUDGET_SAID_MAX - 1] = '\0';
    assert_string_equal(budget.closed[SUBMISSION_LOGIN].said, said);
    budget_end(&budget);
}

static void drops_a_damaged_line_and_keeps_the_others(void **state)
{
    (void)state;
    static char whole[4096], bytes[4096];
    const struct secret secret = secret_of("right");
    begin("right");
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    assert_true(budget_begin(&budget, directory, "bob@example.com", &secret));
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    size_t size = read_file(whole, sizeof whole);
    size_t first = (size_t)(strchr(whole, '\n') - whole) + 1;
    size_t second = first + (size_t)(strchr(whole + first, '\n') - (whole + first)) + 1;
    for (size_t at = first; at < second - 1; at += 7) {
        memcpy(bytes, whole, size);
        bytes[at] = bytes[at] == '0' ? '1' : '0';
        write_file(bytes, size);
        begin("right");
        if (may(WEBMAIL_LOGIN) != BUDGET_SPEAK)
            fail_msg("a line with another byte at %zu was believed", at);
        refuse_by(WEBMAIL_LOGIN); /* written anew: it costs no further login */
        next_run();
        assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
        budget_end(&budget);
        assert_true(budget_begin(&budget, directory, "bob@example.com", &secret));
        assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
        budget_end(&budget);
    }
}

static void survives_any_truncation(void **state)
{
    (void)state;
    static char whole[4096];
    begin("right");
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    size_t size = read_file(whole, sizeof whole);
    const struct secret secret = secret_of("right");
    for (size_t len = 0; len < size; len += 3) {
        write_file(whole, len);
        if (budget_begin(&budget, directory, ANNA, &secret) && may(WEBMAIL_LOGIN) == BUDGET_SPEAK)
            budget_refused(&budget, WEBMAIL_LOGIN, WEBMAIL_LOGIN_REFUSED, SAID);
        assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
        budget_end(&budget);
    }
}

static void speaks_nothing_while_it_cannot_read_what_was_refused(void **state)
{
    (void)state;
    static const char newer[] = "gatepost budget 2\nsomething else\n";
    const struct secret secret = secret_of("right");
    char bytes[100];
    begin("right");
    budget_end(&budget);
    write_file(newer, sizeof newer - 1);
    assert_false(budget_begin(&budget, directory, ANNA, &secret));
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_NOT_STORABLE);
    (void)read_file(bytes, sizeof bytes);
    assert_string_equal(bytes, newer);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(budget_begin(&budget, directory, ANNA, &secret));
    assert_int_equal(rmdir(path), 0);
}

static void refuses_within_the_run_where_nothing_can_be_stored(void **state)
{
    (void)state;
    const struct secret secret = secret_of("right");
    assert_true(budget_begin(&budget, "/proc/gatepost", ANNA, &secret));
    assert_false(budget.storable);
    refuse_by(WEBMAIL_LOGIN);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
    assert_true(budget_begin(&budget, NULL, ANNA, &secret));
    assert_false(budget.storable);
    refuse_by(WEBMAIL_LOGIN);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void clear_record(struct budget_record *record, unsigned number)
{
    budget_record_clear(record);
    memcpy(record->salt, &number, sizeof number);
    record->accepted_ms = 1;
}

/* What a refusal would cost to forget is more than what an acceptance does. */
static void makes_room_for_the_newest_account_by_dropping_one_without_refusal(void **state)
{
    (void)state;
    struct budget_record record;
    char address[40];
    begin("right");
    refuse_by(WEBMAIL_LOGIN); /* the oldest line, and a refusal */
    budget_end(&budget);
    for (unsigned i = 1; i <= BUDGET_ACCOUNTS_MAX; i++) {
        clear_record(&record, i);
        (void)snprintf(address, sizeof address, "a%u@example.com", i);
        assert_true(budget_file_store(directory, address, &record));
    }
    assert_int_equal(budget_file_find(directory, ANNA, &record), BUDGET_RECORD_FOUND);
    assert_int_equal(budget_file_find(directory, "a1@example.com", &record), BUDGET_RECORD_NONE);
    assert_int_equal(budget_file_find(directory, "a2@example.com", &record), BUDGET_RECORD_FOUND);
    assert_int_equal(budget_file_find(directory, address, &record), BUDGET_RECORD_FOUND);
}

static void lets_one_process_at_a_time_hold_the_state(void **state)
{
    (void)state;
    int ready[2], done[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(done), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        byte = budget_hold(directory, 0) == BUDGET_HELD ? 'h' : 'n';
        bool told = write(ready[1], &byte, 1) == 1;
        (void)close(done[1]);
        bool ended = read(done[0], &byte, 1) == 0;
        _exit(told && ended ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'h');
    assert_int_equal(budget_hold(directory, 0), BUDGET_BUSY);
    assert_int_equal(close(done[1]), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(budget_hold(directory, 0), BUDGET_HELD);
    assert_int_equal(budget_hold("/proc/gatepost", 0), BUDGET_NOT_HELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_neither_address_nor_secret),
        TEST(keeps_words_of_the_largest_size_and_cuts_longer_ones),
        TEST(drops_a_damaged_line_and_keeps_the_others),
        TEST(survives_any_truncation),
        TEST(speaks_nothing_while_it_cannot_read_what_was_refused),
        TEST(refuses_within_the_run_where_nothing_can_be_stored),
        TEST(makes_room_for_the_newest_account_by_dropping_one_without_refusal),
        TEST(lets_one_process_at_a_time_hold_the_state),
    };
    return cmocka_run_group_tests(tests, make_base, remove_base);
}
