/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger.h"

#include <stdalign.h>
#include <string.h>

static alignas(max_align_t) char memory[131072];
static struct arena arena;
static struct ledger ledger;

static int fresh(void **state)
{
    (void)state;
    arena_begin(&arena, memory, sizeof memory);
    ledger_begin(&ledger, &arena);
    return 0;
}

static struct raised *raise_at(enum finding finding, enum check check, enum family family,
                               struct slice said)
{
    return ledger_raise(&ledger, finding, check, SERVICE_IMAP, "HEAR OK", "ex4 [192.0.2.7]:993",
                        family, said);
}

static void the_worst_finding_makes_the_status(void **state)
{
    (void)state;
    ledger_ok(&ledger, TLS_IMAP);
    raise_at(TLS_EXPIRES_SOON, TLS_IMAP, FAMILY_V4, SLICE(""));
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_WARNING);
    raise_at(SERVICE_TIMED_OUT, TLS_IMAP, FAMILY_V6, SLICE(""));
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_UNKNOWN);
    assert_int_equal(ledger.checks[TLS_IMAP].unknown_for, SERVICE_TIMED_OUT);
    raise_at(TLS_EXPIRED, TLS_IMAP, FAMILY_V4, SLICE(""));
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_FAILED);
    assert_int_equal(ledger.checks[TLS_IMAP].unknown_for, NO_FINDING);
    ledger_ok(&ledger, TLS_IMAP);
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_FAILED);
}

static void a_warning_lets_what_follows_be_asked_and_a_failure_does_not(void **state)
{
    (void)state;
    assert_false(ledger_passed(&ledger, TLS_IMAP));
    raise_at(TLS_EXPIRES_SOON, TLS_IMAP, FAMILY_V4, SLICE(""));
    assert_true(ledger_passed(&ledger, TLS_IMAP));
    raise_at(TLS_EXPIRED, TLS_IMAP, FAMILY_V4, SLICE(""));
    assert_false(ledger_passed(&ledger, TLS_IMAP));
}

static void the_same_finding_is_kept_once_with_its_first_words(void **state)
{
    (void)state;
    struct raised *first = raise_at(SERVICE_BUSY, TLS_IMAP, FAMILY_V4, SLICE("421 first"));
    assert_ptr_equal(raise_at(SERVICE_BUSY, TLS_IMAP, FAMILY_V4, SLICE("421 second")), first);
    assert_string_equal(first->evidence.said, "421 first");
    assert_ptr_not_equal(raise_at(SERVICE_BUSY, TLS_IMAP, FAMILY_V6, SLICE("421")), first);
    assert_int_equal(ledger.raised_count, 2);
}

static void what_the_peer_said_is_printable_and_bounded(void **state)
{
    (void)state;
    char said[1000];
    memset(said, 'x', sizeof said);
    const struct raised *raised = raise_at(SERVICE_GARBLED, TLS_IMAP, FAMILY_V4,
                                           SLICE(" 220 \033]0;owned\007 \0 caf\xc3\xa9\r\n"));
    assert_string_equal(raised->evidence.said, "220 \\x1B]0;owned\\x07 \\x00 caf\xc3\xa9");
    raised = raise_at(SERVICE_TOO_LONG, TLS_IMAP, FAMILY_V4,
                      (struct slice){ said, EVIDENCE_SAID_MAX - 1 });
    assert_int_equal(strlen(raised->evidence.said), EVIDENCE_SAID_MAX - 1);
    raised = raise_at(SERVICE_TOO_LONG, TLS_IMAP, FAMILY_V6, (struct slice){ said, sizeof said });
    assert_int_equal(strlen(raised->evidence.said), EVIDENCE_SAID_MAX - 1);
    memset(said, '\001', sizeof said);
    raised = raise_at(SERVICE_TOO_LONG, TLS_MX, FAMILY_V6, (struct slice){ said, sizeof said });
    assert_true(strlen(raised->evidence.said) < EVIDENCE_SAID_MAX);
}

static void words_are_not_cut_within_a_character(void **state)
{
    (void)state;
    char said[EVIDENCE_SAID_MAX + 1];
    memset(said, 'x', sizeof said);
    memcpy(said + EVIDENCE_SAID_MAX - 2, "\xc3\xa9", 2);
    const struct raised *raised =
        raise_at(SERVICE_BUSY, TLS_IMAP, FAMILY_V4, (struct slice){ said, sizeof said });
    assert_int_equal(strlen(raised->evidence.said), EVIDENCE_SAID_MAX - 2);
    assert_null(strchr(raised->evidence.said, '\\'));
}

static void the_evidence_survives_its_source(void **state)
{
    (void)state;
    char peer[] = "mx0 [192.0.2.1]:25", step[] = "HEAR 220";
    const struct raised *raised = ledger_raise(&ledger, SERVICE_BUSY, TLS_MX, SERVICE_MX, step,
                                               peer, FAMILY_V4, SLICE("421 later"));
    memset(peer, '#', sizeof peer - 1);
    memset(step, '#', sizeof step - 1);
    assert_string_equal(raised->evidence.peer, "mx0 [192.0.2.1]:25");
    assert_string_equal(raised->evidence.step, "HEAR 220");
}

static void counts_what_a_full_ledger_drops(void **state)
{
    (void)state;
    enum finding finding = NO_FINDING;
    for (size_t i = 0; i < LEDGER_RAISED_MAX; i++) {
        finding = NO_FINDING + 1 + (enum finding)(i / 2);
        assert_non_null(raise_at(finding, TLS_IMAP, i % 2 == 0 ? FAMILY_V4 : FAMILY_V6, SLICE("")));
    }
    assert_int_equal(ledger.dropped, 0);
    assert_null(raise_at(SERVICE_REFUSED, TLS_MX, FAMILY_V4, SLICE("")));
    assert_int_equal(ledger.dropped, 1);
    assert_int_equal(ledger.checks[TLS_MX].status, STATUS_FAILED);
}

static void a_full_arena_costs_words_but_not_the_finding(void **state)
{
    (void)state;
    arena_begin(&arena, memory, 8);
    const struct raised *raised = raise_at(TLS_EXPIRED, TLS_IMAP, FAMILY_V4, SLICE("long words"));
    assert_string_equal(raised->evidence.said, "");
    assert_string_equal(raised->evidence.peer, "");
    assert_true(ledger.dropped > 0);
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_FAILED);
}

static void a_withdrawn_finding_no_longer_counts(void **state)
{
    (void)state;
    raise_at(TLS_EXPIRES_SOON, TLS_IMAP, FAMILY_V4, SLICE(""));
    ledger_ok(&ledger, TLS_IMAP);
    const struct raised *raised = raise_at(SERVICE_REFUSED, TLS_IMAP, FAMILY_V6, SLICE(""));
    ledger_withdraw(&ledger, raised);
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_WARNING);
    assert_null(ledger_find(&ledger, SERVICE_REFUSED, CHECK_COUNT));
    ledger_withdraw(&ledger, ledger_find(&ledger, TLS_EXPIRES_SOON, TLS_IMAP));
    assert_int_equal(ledger.checks[TLS_IMAP].status, STATUS_OK);
}

static void finds_by_check_or_anywhere(void **state)
{
    (void)state;
    raise_at(SERVICE_BUSY, TLS_IMAP, FAMILY_V4, SLICE(""));
    assert_non_null(ledger_find(&ledger, SERVICE_BUSY, CHECK_COUNT));
    assert_non_null(ledger_find(&ledger, SERVICE_BUSY, TLS_IMAP));
    assert_null(ledger_find(&ledger, SERVICE_BUSY, TLS_MX));
}

static void a_skipped_check_names_the_one_that_really_stopped_it(void **state)
{
    (void)state;
    raise_at(DNS_MX_FOREIGN, DNS_MX, FAMILY_V4, SLICE(""));
    ledger_skip(&ledger, TLS_MX, DNS_MX);
    ledger_skip(&ledger, INBOUND_SMTP, TLS_MX);
    assert_int_equal(ledger.checks[INBOUND_SMTP].status, STATUS_SKIPPED);
    assert_int_equal(ledger.checks[INBOUND_SMTP].because, DNS_MX);
}

static void what_is_known_is_not_skipped(void **state)
{
    (void)state;
    ledger_ok(&ledger, TLS_MX);
    ledger_skip(&ledger, TLS_MX, DNS_MX);
    assert_int_equal(ledger.checks[TLS_MX].status, STATUS_OK);
    assert_int_equal(ledger.checks[TLS_MX].because, CHECK_COUNT);
}

static void unknown_for_a_reason_does_not_hide_a_failure(void **state)
{
    (void)state;
    ledger_unknown(&ledger, MAIL_SEND, REASON_DEADLINE);
    assert_int_equal(ledger.checks[MAIL_SEND].status, STATUS_UNKNOWN);
    assert_int_equal(ledger.checks[MAIL_SEND].reason, REASON_DEADLINE);
    raise_at(MAIL_NOT_SENT, MAIL_SEND, FAMILY_V4, SLICE(""));
    ledger_unknown(&ledger, MAIL_SEND, REASON_DEADLINE);
    assert_int_equal(ledger.checks[MAIL_SEND].status, STATUS_FAILED);
    assert_int_equal(ledger.checks[MAIL_SEND].reason, REASON_NONE);
}

static void the_last_fact_of_a_name_wins(void **state)
{
    (void)state;
    ledger_fact(&ledger, TLS_IMAP, "days", "%d", 90);
    ledger_fact(&ledger, TLS_IMAP, "protocol", "%s", "TLSv1.3");
    ledger_fact(&ledger, TLS_IMAP, "days", "%d", 61);
    assert_int_equal(ledger.checks[TLS_IMAP].fact_count, 2);
    assert_string_equal(ledger.checks[TLS_IMAP].facts[0].value, "61");
    assert_string_equal(ledger.checks[TLS_IMAP].facts[1].value, "TLSv1.3");
}

static void facts_are_bounded_in_number_and_counted(void **state)
{
    (void)state;
    static const char *const names[LEDGER_FACTS_MAX + 1] = { "a", "b", "c", "d", "e", "f", "g", "h",
                                                             "i", "j", "k", "l", "m", "n", "o" };
    for (size_t i = 0; i < LEDGER_FACTS_MAX; i++)
        ledger_fact(&ledger, TLS_IMAP, names[i], "x");
    assert_int_equal(ledger.dropped, 0);
    ledger_fact(&ledger, TLS_IMAP, names[LEDGER_FACTS_MAX], "x");
    assert_int_equal(ledger.checks[TLS_IMAP].fact_count, LEDGER_FACTS_MAX);
    assert_int_equal(ledger.dropped, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_worst_finding_makes_the_status, fresh),
        cmocka_unit_test_setup(a_warning_lets_what_follows_be_asked_and_a_failure_does_not, fresh),
        cmocka_unit_test_setup(the_same_finding_is_kept_once_with_its_first_words, fresh),
        cmocka_unit_test_setup(what_the_peer_said_is_printable_and_bounded, fresh),
        cmocka_unit_test_setup(words_are_not_cut_within_a_character, fresh),
        cmocka_unit_test_setup(the_evidence_survives_its_source, fresh),
        cmocka_unit_test_setup(counts_what_a_full_ledger_drops, fresh),
        cmocka_unit_test_setup(a_full_arena_costs_words_but_not_the_finding, fresh),
        cmocka_unit_test_setup(a_withdrawn_finding_no_longer_counts, fresh),
        cmocka_unit_test_setup(finds_by_check_or_anywhere, fresh),
        cmocka_unit_test_setup(a_skipped_check_names_the_one_that_really_stopped_it, fresh),
        cmocka_unit_test_setup(what_is_known_is_not_skipped, fresh),
        cmocka_unit_test_setup(unknown_for_a_reason_does_not_hide_a_failure, fresh),
        cmocka_unit_test_setup(the_last_fact_of_a_name_wins, fresh),
        cmocka_unit_test_setup(facts_are_bounded_in_number_and_counted, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
