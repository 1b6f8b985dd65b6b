/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "changes.h"
#include "log.h"
#include "verdict.h"

#define HOUR INT64_C(3600000)

static char directory[64], path[96];
static struct changes changes;
static struct change_list list;
static struct account_settings anna = { .address = "anna@example.com" },
                               bob = { .address = "bob@example.com" };
static struct order order;
static struct run run;
static int64_t wall_ms;

static int begin(void **state)
{
    (void)snprintf(directory, sizeof directory, "/tmp/gatepost-changes-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/changes", directory);
    order = (struct order){ .account = &anna, .cost = COST_LOOP };
    wall_ms = 1795435200000;
    changes_open(&changes, directory);
    return healthy(state);
}

static int end(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(directory);
}

/* Judges what the test made of the office, as a run that ends an hour after the last; the next one
   begins with a healthy office. */
static void finish(void)
{
    office_diagnose(&office);
    wall_ms += HOUR;
    run = (struct run){ .id = "00112233445566aa",
                        .finished_wall_ms = wall_ms,
                        .interrupted = run.interrupted,
                        .ledger = office.ledger,
                        .diagnosis = office.diagnosis };
    changes_of_run(&changes, &order, &run, &list);
}

static void go_on(void)
{
    finish();
    assert_true(changes_keep(&changes));
    run.interrupted = false;
    office_begin(&office);
}

/* The changes in a notation that is short to compare: "raised dns.mx-foreign ok>failed". */
static void assert_changes(const char *wanted)
{
    static const char *const kinds[] = { "raised", "cleared", "verdict" };
    char line[512];
    struct text text;
    text_begin(&text, line, sizeof line);
    for (size_t i = 0; i < list.count; i++) {
        const struct event_facts *change = &list.change[i];
        text_add_format(&text, "%s%s ", i > 0 ? ", " : "", kinds[change->kind]);
        if (change->finding != NO_FINDING)
            text_add_format(&text, "%s ", finding_row(change->finding)->slug);
        text_add_format(&text, "%s>%s", status_name(change->before), status_name(change->after));
        assert_string_equal(change->account, order.account->address);
        assert_string_equal(change->run, "00112233445566aa");
    }
    assert_string_equal(line, wanted);
}

static void begin_healthy(void)
{
    go_on();
    assert_changes("verdict pending>ok");
}

/* The check was not part of the run. */
static void leave_out(enum check check)
{
    office_blank(&office, check)->asked = false;
    ledger_unknown(&office.ledger, check, REASON_NOT_ASKED);
}

static void foreign_mx(void)
{
    (void)spoil(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "mx.elsewhere.example");
}

static void refused_login(void)
{
    (void)spoil(WEBMAIL_LOGIN_REFUSED, WEBMAIL_LOGIN, SERVICE_WEBMAIL, "401");
}

static void timed_out(enum check check)
{
    (void)spoil(SERVICE_TIMED_OUT, check, SERVICE_IMAP, "");
}

/* ---- findings ---- */

static void says_nothing_where_nothing_changes(void **state)
{
    (void)state;
    begin_healthy();
    go_on();
    assert_changes("");
    foreign_mx();
    go_on();
    foreign_mx();
    go_on();
    assert_changes("");
}

static void tells_a_finding_when_it_comes_and_when_it_goes(void **state)
{
    (void)state;
    begin_healthy();
    foreign_mx();
    go_on();
    assert_changes("raised dns.mx-foreign ok>failed");
    assert_int_equal(list.change[0].since_wall_ms, wall_ms);
    assert_int_equal(list.change[0].remedy, SET_MX);
    assert_int_equal(list.change[0].confidence, CONFIDENCE_CERTAIN);
    int64_t since = wall_ms;
    go_on();
    assert_changes("cleared dns.mx-foreign failed>ok");
    assert_int_equal(list.change[0].since_wall_ms, since);
}

static void tells_all_that_is_wrong_in_the_first_run(void **state)
{
    (void)state;
    foreign_mx();
    (void)spoil(DNS_SRV_MISSING, DNS_SRV, SERVICE_DNS, "");
    go_on();
    assert_changes("raised dns.mx-foreign pending>failed, raised dns.srv-missing pending>failed");
}

static void leaves_a_finding_as_it_was_while_its_check_is_unknown(void **state)
{
    (void)state;
    begin_healthy();
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    go_on();
    assert_changes("raised tls.expired ok>failed");
    for (int i = 0; i < 3; i++) {
        timed_out(TLS_IMAP);
        go_on();
        assert_changes("");
    }
    go_on();
    assert_changes("cleared tls.expired failed>ok");
}

static void leaves_a_finding_as_it_was_while_its_check_is_skipped(void **state)
{
    (void)state;
    begin_healthy();
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    go_on();
    pass_over(TLS_IMAP, OFFICE_RESOLVER);
    go_on();
    assert_changes("");
}

static void does_not_clear_a_login_finding_by_a_light_run(void **state)
{
    (void)state;
    begin_healthy();
    refused_login();
    go_on();
    assert_int_equal(list.change[0].kind, EVENT_RAISED);
    order.cost = COST_LIGHT;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check_row(check)->cost > COST_LIGHT)
            leave_out(check);
    go_on();
    assert_changes("");
    order.cost = COST_LOGIN;
    go_on();
    assert_int_equal(list.change[0].kind, EVENT_CLEARED);
    assert_int_equal(list.change[0].after, STATUS_OK);
}

static void raises_nothing_for_what_leaves_a_check_unknown(void **state)
{
    (void)state;
    begin_healthy();
    timed_out(TLS_IMAP);
    go_on();
    assert_changes("");
    go_on();
    assert_changes("");
}

static void raises_nothing_that_is_only_possible(void **state)
{
    (void)state;
    begin_healthy();
    (void)office_add(&office, SERVICE_BUSY, IMAP_LOGIN, SERVICE_IMAP, FAMILY_V4, "NO busy");
    go_on();
    assert_int_equal(run.diagnosis.root_count, 1);
    assert_int_equal(run.diagnosis.roots[0].confidence, CONFIDENCE_POSSIBLE);
    assert_changes("");
}

static void clears_a_finding_only_when_every_check_that_had_it_is_well(void **state)
{
    (void)state;
    begin_healthy();
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    (void)spoil(TLS_EXPIRED, TLS_SUBMISSION, SERVICE_SUBMISSION, "");
    go_on();
    assert_changes("raised tls.expired ok>failed");
    leave_out(TLS_SUBMISSION);
    go_on();
    assert_changes("");
    go_on();
    assert_changes("cleared tls.expired failed>ok");
}

static void remembers_every_check_that_had_a_finding(void **state)
{
    (void)state;
    begin_healthy();
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    go_on();
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    (void)spoil(TLS_EXPIRED, TLS_SUBMISSION, SERVICE_SUBMISSION, "");
    go_on();
    changes_open(&changes, directory);
    leave_out(TLS_SUBMISSION);
    go_on();
    assert_changes("");
}

static void replaces_an_effect_by_its_cause(void **state)
{
    (void)state;
    begin_healthy();
    (void)spoil(DNS_MX_MISSING, DNS_MX, SERVICE_DNS, "");
    go_on();
    assert_changes("raised dns.mx-missing ok>failed");
    (void)spoil(DNS_MX_MISSING, DNS_MX, SERVICE_DNS, "");
    (void)office_add(&office, DNS_DOMAIN_MISSING, DNS_MX, SERVICE_DNS, FAMILY_V4, "");
    go_on();
    assert_changes("raised dns.domain-missing failed>failed, cleared dns.mx-missing failed>failed");
}

/* ---- the verdict ---- */

static void takes_one_time_out_for_no_news(void **state)
{
    (void)state;
    begin_healthy();
    timed_out(IMAP_LOGIN);
    go_on();
    assert_changes("");
    go_on();
    assert_changes("");
    timed_out(IMAP_LOGIN);
    go_on();
    assert_changes("");
}

static void tells_when_it_does_not_know_twice_in_a_row(void **state)
{
    (void)state;
    begin_healthy();
    int64_t since = wall_ms;
    timed_out(IMAP_LOGIN);
    go_on();
    timed_out(IMAP_LOGIN);
    go_on();
    assert_int_equal(run.diagnosis.verdict, STATUS_UNKNOWN);
    assert_changes("verdict ok>unknown");
    assert_int_equal(list.change[0].since_wall_ms, since);
    go_on();
    assert_changes("verdict unknown>ok");
}

static void does_not_turn_green_while_something_else_is_unknown(void **state)
{
    (void)state;
    begin_healthy();
    foreign_mx();
    go_on();
    timed_out(IMAP_LOGIN);
    go_on();
    assert_changes("cleared dns.mx-foreign failed>unknown");
    go_on();
    assert_changes("verdict unknown>ok");
}

static void stays_unknown_until_a_run_asks_as_much(void **state)
{
    (void)state;
    begin_healthy();
    timed_out(IMAP_LOGIN);
    go_on();
    timed_out(IMAP_LOGIN);
    go_on();
    order.cost = COST_LIGHT;
    go_on();
    assert_changes("");
    changes_open(&changes, directory);
    go_on();
    assert_changes("");
    order.cost = COST_LOOP;
    go_on();
    assert_changes("verdict unknown>ok");
}

static void judges_no_account_by_a_part_of_a_run(void **state)
{
    (void)state;
    order.only = CHECK_BIT(DNS_MX);
    go_on();
    assert_changes("");
    order.only = 0;
    run.interrupted = true;
    go_on();
    assert_changes("");
    begin_healthy();
    order.only = CHECK_BIT(DNS_MX);
    foreign_mx();
    go_on();
    assert_changes("raised dns.mx-foreign ok>failed");
}

/* ---- the file ---- */

static void tells_a_change_again_until_it_is_kept(void **state)
{
    (void)state;
    begin_healthy();
    foreign_mx();
    finish();
    finish();
    assert_changes("raised dns.mx-foreign ok>failed");
    assert_true(changes_keep(&changes));
    finish();
    assert_changes("");
}

static void remembers_over_a_restart(void **state)
{
    (void)state;
    begin_healthy();
    foreign_mx();
    go_on();
    int64_t since = wall_ms;
    changes_open(&changes, directory);
    foreign_mx();
    go_on();
    assert_changes("");
    leave_out(DNS_MX);
    go_on();
    assert_changes("");
    go_on();
    assert_changes("cleared dns.mx-foreign failed>ok");
    assert_int_equal(list.change[0].since_wall_ms, since);
}

/* As after a crash between telling and keeping: the changes are those of before. */
static void a_change_that_is_told_again_has_the_same_mark(void **state)
{
    (void)state;
    begin_healthy();
    int64_t mark = wall_ms;
    foreign_mx();
    finish();
    assert_int_equal(list.change[0].mark_wall_ms, mark);
    changes_open(&changes, directory);
    finish();
    assert_changes("raised dns.mx-foreign ok>failed");
    assert_int_equal(list.change[0].mark_wall_ms, mark);
    assert_true(changes_keep(&changes));
    mark = wall_ms;
    changes_open(&changes, directory);
    office_begin(&office);
    wall_ms -= 10 * HOUR; /* the clock is set back */
    go_on();
    assert_changes("cleared dns.mx-foreign failed>ok");
    assert_int_equal(list.change[0].mark_wall_ms, mark);
    foreign_mx();
    finish();
    assert_true(list.change[0].mark_wall_ms > mark);
}

static void keeps_accounts_apart(void **state)
{
    (void)state;
    begin_healthy();
    foreign_mx();
    go_on();
    order.account = &bob;
    begin_healthy();
    order.account = &anna;
    changes_open(&changes, directory);
    foreign_mx();
    go_on();
    assert_changes("");
}

static void writes_only_when_something_has_changed(void **state)
{
    (void)state;
    struct file_facts facts;
    begin_healthy();
    foreign_mx();
    go_on();
    assert_int_equal(unlink(path), 0); /* where it is not written, it stays away */
    foreign_mx();
    go_on();
    assert_int_equal(port_file_facts(path, &facts), FILE_MISSING);
    go_on();
    assert_int_equal(port_file_facts(path, &facts), FILE_DONE);
    assert_int_equal(facts.mode, 0600);
}

static void forgets_accounts_that_are_not_configured(void **state)
{
    (void)state;
    struct settings settings = { .accounts = &bob, .account_count = 1 };
    foreign_mx();
    go_on();
    changes_forget_others(&changes, &settings);
    order.account = &bob;
    begin_healthy();
    changes_open(&changes, directory);
    order.account = &anna;
    foreign_mx();
    go_on();
    assert_changes("raised dns.mx-foreign pending>failed");
}

static size_t read_file(char *into, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(into, 1, room, file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void write_file(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Told twice is better than never. */
static void raises_anew_where_the_file_is_damaged(void **state)
{
    (void)state;
    static char bytes[1024];
    log_set_level(LEVEL_ERROR); /* it warns each time */
    foreign_mx();
    go_on();
    size_t size = read_file(bytes, sizeof bytes);
    for (size_t at = 0; at < size; at++) {
        bytes[at] = (char)(bytes[at] ^ 1);
        write_file(bytes, size);
        bytes[at] = (char)(bytes[at] ^ 1);
        changes_open(&changes, directory);
        foreign_mx();
        finish();
        assert_changes("raised dns.mx-foreign pending>failed");
        office_begin(&office);
    }
    for (size_t len = 0; len < size; len++) {
        write_file(bytes, len);
        changes_open(&changes, directory);
        assert_string_equal(changes.accounts[0].address, "");
    }
}

static void goes_on_where_the_file_cannot_be_written(void **state)
{
    (void)state;
    changes_open(&changes, "/proc/gatepost");
    foreign_mx();
    finish();
    assert_false(changes_keep(&changes));
    finish();
    assert_changes("");
}

static void keeps_as_many_accounts_as_can_be_configured(void **state)
{
    (void)state;
    static struct account_settings many[SETTINGS_ACCOUNTS_MAX + 1];
    static char addresses[SETTINGS_ACCOUNTS_MAX + 1][321];
    for (size_t i = 0; i <= SETTINGS_ACCOUNTS_MAX; i++) {
        int len = snprintf(addresses[i], sizeof addresses[i], "account-%zu-", i);
        memset(addresses[i] + len, 'x', sizeof addresses[i] - 1 - (size_t)len);
        many[i].address = addresses[i];
        order.account = &many[i];
        foreign_mx();
        finish();
        assert_true(changes_keep(&changes) == (i < SETTINGS_ACCOUNTS_MAX));
        office_begin(&office);
    }
    changes_open(&changes, directory);
    order.account = &many[SETTINGS_ACCOUNTS_MAX - 1];
    foreign_mx();
    finish();
    assert_changes("");
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(says_nothing_where_nothing_changes),
        FRESH(tells_a_finding_when_it_comes_and_when_it_goes),
        FRESH(tells_all_that_is_wrong_in_the_first_run),
        FRESH(leaves_a_finding_as_it_was_while_its_check_is_unknown),
        FRESH(leaves_a_finding_as_it_was_while_its_check_is_skipped),
        FRESH(does_not_clear_a_login_finding_by_a_light_run),
        FRESH(raises_nothing_for_what_leaves_a_check_unknown),
        FRESH(raises_nothing_that_is_only_possible),
        FRESH(clears_a_finding_only_when_every_check_that_had_it_is_well),
        FRESH(remembers_every_check_that_had_a_finding),
        FRESH(replaces_an_effect_by_its_cause),
        FRESH(takes_one_time_out_for_no_news),
        FRESH(tells_when_it_does_not_know_twice_in_a_row),
        FRESH(does_not_turn_green_while_something_else_is_unknown),
        FRESH(stays_unknown_until_a_run_asks_as_much),
        FRESH(judges_no_account_by_a_part_of_a_run),
        FRESH(tells_a_change_again_until_it_is_kept),
        FRESH(remembers_over_a_restart),
        FRESH(a_change_that_is_told_again_has_the_same_mark),
        FRESH(keeps_accounts_apart),
        FRESH(writes_only_when_something_has_changed),
        FRESH(forgets_accounts_that_are_not_configured),
        FRESH(raises_anew_where_the_file_is_damaged),
        FRESH(goes_on_where_the_file_cannot_be_written),
        FRESH(keeps_as_many_accounts_as_can_be_configured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
