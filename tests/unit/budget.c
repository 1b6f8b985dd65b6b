/* SPDX-License-Identifier: MIT */
#include "budget.h"

#include "budget_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ANNA "anna@example.com"
#define SAID "535 5.7.3 Authentication unsuccessful"

static char base[] = "/tmp/gatepost-budget-XXXXXX";
static char directory[64], path[80], lock[80];
static struct budget budget;

static struct secret secret_of(const char *text)
{
    struct secret secret = { .len = strlen(text) };
    memcpy(secret.bytes, text, secret.len);
    return secret;
}

static void begin(const char *secret_text)
{
    struct secret secret = secret_of(secret_text);
    assert_true(budget_begin(&budget, directory, ANNA, &secret));
}

static void next_run(void)
{
    budget_end(&budget);
    begin("right");
}

static enum budget_answer may(enum check check)
{
    return budget_may_speak(&budget, check);
}

static void accept_by(enum check check)
{
    assert_int_equal(may(check), BUDGET_SPEAK);
    budget_accepted(&budget, check);
}

static void refuse_by(enum check check)
{
    assert_int_equal(may(check), BUDGET_SPEAK);
    budget_refused(&budget, check, SAID);
}

static size_t read_file(char *into, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(into, 1, room - 1, file);
    assert_int_equal(fclose(file), 0);
    into[size] = '\0';
    return size;
}

static void write_file(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static int make_base(void **state)
{
    (void)state;
    if (mkdtemp(base) == NULL)
        return -1;
    (void)snprintf(directory, sizeof directory, "%s/state", base);
    (void)snprintf(path, sizeof path, "%s/budget", directory);
    (void)snprintf(lock, sizeof lock, "%s/lock", directory);
    return 0;
}

static int remove_base(void **state)
{
    (void)state;
    return rmdir(base);
}

static int remove_state(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(lock);
    (void)rmdir(directory);
    return 0;
}

/* ---- within a run ---- */

static void lets_one_protocol_try_and_the_others_wait(void **state)
{
    (void)state;
    begin("right");
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_WAIT);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_WAIT);
    budget_accepted(&budget, WEBMAIL_LOGIN);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

static void closes_all_protocols_after_one_refusal(void **state)
{
    (void)state;
    begin("wrong");
    refuse_by(WEBMAIL_LOGIN);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        assert_int_equal(may(check), BUDGET_CLOSED);
    assert_int_equal(budget.refusal.check, WEBMAIL_LOGIN);
    assert_string_equal(budget.refusal.said, SAID);
    assert_false(budget.refusal.kept);
    budget_end(&budget);
}

static void lets_the_next_one_try_where_the_first_had_no_answer(void **state)
{
    (void)state;
    begin("right");
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_no_answer(&budget, WEBMAIL_LOGIN);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_WAIT);
    budget_no_answer(&budget, WEBMAIL_LOGIN); /* not its turn: changes nothing */
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_WAIT);
    budget_end(&budget);
}

static void closes_only_the_protocol_that_another_contradicts(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_SPEAK);
    assert_int_equal(budget.refusal.check, CHECK_COUNT);
    assert_string_equal(budget.closed[SUBMISSION_LOGIN].said, SAID);
    budget_end(&budget);
}

static void takes_an_acceptance_that_was_on_its_way_for_a_contradiction(void **state)
{
    (void)state;
    begin("right");
    accept_by(IMAP_LOGIN);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    refuse_by(IMAP_LOGIN); /* the same one, asked again: it judged the secret */
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    budget_accepted(&budget, WEBMAIL_LOGIN);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void speaks_nothing_without_a_secret_or_after_the_end(void **state)
{
    (void)state;
    struct secret none = { .len = 0 };
    assert_false(budget_begin(&budget, directory, ANNA, &none));
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    begin("right");
    budget_end(&budget);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
}

/* ---- across runs ---- */

static void remembers_a_refusal_before_the_call_returns(void **state)
{
    (void)state;
    begin("right");
    refuse_by(WEBMAIL_LOGIN);
    const int64_t at_ms = budget.refusal.at_ms;
    begin("right"); /* no budget_end: the power went */
    assert_true(budget.known);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    assert_true(budget.refusal.kept);
    assert_int_equal(budget.refusal.check, WEBMAIL_LOGIN);
    assert_int_equal(budget.refusal.at_ms, at_ms);
    assert_string_equal(budget.refusal.said, SAID);
    next_run();
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void tries_a_changed_secret(void **state)
{
    (void)state;
    begin("wrong");
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    begin("right");
    assert_false(budget.known);
    accept_by(WEBMAIL_LOGIN);
    next_run();
    assert_true(budget.known);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

static void remembers_when_the_secret_was_last_accepted(void **state)
{
    (void)state;
    begin("right");
    assert_int_equal(budget.accepted_ms, 0);
    accept_by(IMAP_LOGIN);
    next_run();
    const int64_t accepted_ms = budget.accepted_ms;
    assert_true(accepted_ms > 0);
    refuse_by(IMAP_LOGIN); /* locked since */
    next_run();
    assert_int_equal(budget.accepted_ms, accepted_ms);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void does_not_trust_yesterdays_acceptance(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    next_run();
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_WAIT);
    budget_end(&budget);
}

static void asks_a_contradicted_protocol_once_more_after_another_accepted(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    next_run();
    assert_true(budget.closed[SUBMISSION_LOGIN].kept);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_WAIT);
    budget_accepted(&budget, WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    next_run();
    accept_by(WEBMAIL_LOGIN);
    accept_by(SUBMISSION_LOGIN);
    next_run();
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

static void keeps_accounts_apart(void **state)
{
    (void)state;
    const struct secret secret = secret_of("right");
    struct budget other;
    begin("right");
    refuse_by(WEBMAIL_LOGIN);
    assert_true(budget_begin(&other, directory, "bob@example.com", &secret));
    assert_int_equal(budget_may_speak(&other, WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_accepted(&other, WEBMAIL_LOGIN);
    budget_end(&other);
    next_run();
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
    assert_true(budget_begin(&budget, directory, "Anna@Example.COM", &secret));
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void forgets_a_refusal_when_a_person_says_so(void **state)
{
    (void)state;
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_NOTHING_KEPT);
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    next_run();
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    assert_int_equal(budget_forget(directory, "bob@example.com"), BUDGET_NOTHING_KEPT);
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_FORGOT);
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_NOTHING_KEPT);
    begin("right");
    assert_true(budget.accepted_ms > 0);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

/* ---- the file ---- */

static void writes_neither_address_nor_secret(void **state)
{
    (void)state;
    char bytes[4096], hex[40] = "";
    struct stat facts;
    begin("right");
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_refused(&budget, WEBMAIL_LOGIN, "550 <Anna@Example.com> is disabled");
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
    budget_refused(&budget, SUBMISSION_LOGIN, said);
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
        if (budget_begin(&budget, directory, ANNA, &secret) &&
            may(WEBMAIL_LOGIN) == BUDGET_SPEAK)
            budget_refused(&budget, WEBMAIL_LOGIN, SAID);
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

#define TEST(name) cmocka_unit_test_setup(name, remove_state)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lets_one_protocol_try_and_the_others_wait),
        TEST(closes_all_protocols_after_one_refusal),
        TEST(lets_the_next_one_try_where_the_first_had_no_answer),
        TEST(closes_only_the_protocol_that_another_contradicts),
        TEST(takes_an_acceptance_that_was_on_its_way_for_a_contradiction),
        TEST(speaks_nothing_without_a_secret_or_after_the_end),
        TEST(remembers_a_refusal_before_the_call_returns),
        TEST(tries_a_changed_secret),
        TEST(remembers_when_the_secret_was_last_accepted),
        TEST(does_not_trust_yesterdays_acceptance),
        TEST(asks_a_contradicted_protocol_once_more_after_another_accepted),
        TEST(keeps_accounts_apart),
        TEST(forgets_a_refusal_when_a_person_says_so),
        TEST(writes_neither_address_nor_secret),
        TEST(keeps_words_of_the_largest_size_and_cuts_longer_ones),
        TEST(drops_a_damaged_line_and_keeps_the_others),
        TEST(survives_any_truncation),
        TEST(speaks_nothing_while_it_cannot_read_what_was_refused),
        TEST(refuses_within_the_run_where_nothing_can_be_stored),
        TEST(makes_room_for_the_newest_account_by_dropping_one_without_refusal),
        cmocka_unit_test_setup_teardown(lets_one_process_at_a_time_hold_the_state, remove_state,
                                        remove_state),
    };
    return cmocka_run_group_tests(tests, make_base, remove_base);
}
