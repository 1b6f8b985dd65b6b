/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office.h"
#include "page.h"
#include "view.h"

#include <stdio.h>

static struct office office;
static struct settings settings;
static struct account_settings account = { .address = "anna@example.com" };
static struct order order;
static struct run run;
static struct view view;
static char page[65536];

static int begin(void **state)
{
    (void)state;
    office_begin(&office);
    order =
        (struct order){ .settings = &settings, .account = &account, .profile = &office.profile };
    run = (struct run){ .started_wall_ms = 1795435200000, .duration_ms = 8400 };
    view = (struct view){ .language = LANGUAGE_EN, .columns = 80 };
    for (enum check i = DNS_MX; i <= MAIL_RECEIVE; i++) {
        struct entry *entry = &office.ledger.checks[i];
        entry->started_ms = 1000;
        entry->ended_ms = 1084;
        entry->peer = "ex4.mail.ovh.net [192.0.2.7]:443";
        ledger_fact(&office.ledger, i, "protocol", "TLSv1.3");
        ledger_fact(&office.ledger, i, "certificate_days_left", "61");
    }
    return 0;
}

/* The page as it would appear on standard output. */
static const char *show(void)
{
    FILE *kept = stdout;
    office_diagnose(&office);
    run.ledger = office.ledger;
    run.diagnosis = office.diagnosis;
    memset(page, 0, sizeof page);
    fflush(kept);
    stdout = fmemopen(page, sizeof page, "w");
    view_report(&view, &order, &run);
    fclose(stdout);
    stdout = kept;
    return page;
}

static const char *show_progress(const struct progress *progress)
{
    FILE *kept = stderr;
    memset(page, 0, sizeof page);
    stderr = fmemopen(page, sizeof page, "w");
    view_progress(&view, progress);
    fclose(stderr);
    stderr = kept;
    return page;
}

static void assert_shows(const char *words)
{
    if (strstr(page, words) == NULL)
        fail_msg("does not show \"%s\":\n%s", words, page);
}

static void assert_before(const char *first, const char *second)
{
    assert_shows(first);
    assert_shows(second);
    assert_true(strstr(page, first) < strstr(page, second));
}

static size_t lines(void)
{
    size_t count = 0;
    for (const char *c = page; *c != '\0'; c++)
        count += *c == '\n' ? 1 : 0;
    return count;
}

static void assert_tidy(void)
{
    struct slice rest = slice_of(page), line;
    while (slice_cut(&rest, '\n', &line)) {
        assert_true(page_width(line) <= (size_t)view.columns);
        assert_true(line.len == 0 || line.at[line.len - 1] != ' ');
    }
}

static void a_healthy_report_fits_one_screen(void **state)
{
    (void)state;
    for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
        view.language = language;
        show();
        assert_true(lines() <= 30);
        assert_tidy();
    }
    view.language = LANGUAGE_EN;
    show();
    assert_before("anna@example.com: healthy", "✓ Not blocked for sending spam");
    assert_before("✓ Test mail was sent and delivered", "✓ dns.mx");
    assert_null(strstr(page, "What to do"));
}

static void a_healthy_report_names_every_check_that_was_made(void **state)
{
    (void)state;
    show();
    for (enum check i = DNS_MX; i <= MAIL_RECEIVE; i++)
        if (run.ledger.checks[i].status == STATUS_OK)
            assert_shows(check_row(i)->slug);
}

static void what_is_not_well_has_a_line_of_its_own_with_its_details(void **state)
{
    (void)state;
    (void)office_add(&office, TLS_EXPIRES_SOON, TLS_IMAP, SERVICE_IMAP, FAMILY_V4, "");
    show();
    assert_before("✓ tls.webmail", "! tls.imap");
    assert_shows("84 ms  ex4.mail.ovh.net [192.0.2.7]:443");
    assert_shows("TLSv1.3, 61 days left");
    assert_null(strstr(page, "✓ tls.imap"));
    assert_null(strstr(page, ", tls.imap"));
}

static void what_is_not_well_keeps_the_suites_order(void **state)
{
    (void)state;
    (void)office_add(&office, TLS_EXPIRES_SOON, TLS_SUBMISSION, SERVICE_SUBMISSION, FAMILY_V4, "");
    (void)office_add(&office, TLS_EXPIRES_SOON, TLS_WEBMAIL, SERVICE_WEBMAIL, FAMILY_V4, "");
    show();
    assert_before("! tls.webmail", "! tls.submission");
    assert_before("! tls.submission", "\naccount     ✓");
}

static void the_eight_results_keep_the_providers_order(void **state)
{
    (void)state;
    show();
    for (enum result i = 1; i < RESULT_COUNT; i++)
        assert_before(result_row(i - 1)->good[LANGUAGE_EN], result_row(i)->good[LANGUAGE_EN]);
}

static void the_root_cause_comes_first_with_its_evidence(void **state)
{
    (void)state;
    (void)office_fail(&office, SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN, SERVICE_SUBMISSION,
                      "535 5.7.3 Authentication unsuccessful");
    office_skip(&office, MAIL_SEND, SUBMISSION_LOGIN);
    show();
    assert_before("anna@example.com: failed",
                  "✗ anna@example.com may not send: the provider took its mail for spam");
    assert_before("Who can mend it  whoever manages the account", "How sure it is   likely");
    assert_before("ex4.mail.ovh.net [192.0.2.7]:587", "535 5.7.3 Authentication unsuccessful");
    assert_before("535 5.7.3", "✗ Blocked for sending spam");
    assert_before("– Test mail from the account: not asked because of submission.login",
                  "What to do");
    assert_before("What to do", "1. Reply to the message");
    assert_tidy();
}

static void what_is_unknown_says_why(void **state)
{
    (void)state;
    (void)office_fail(&office, DNS_SERVFAIL, DNS_SRV, SERVICE_DNS, "SERVFAIL");
    office.ledger.raised[0].params.value[PARAM_NAME] = "_autodiscover._tcp.example.com";
    office_refuse_password(&office);
    show();
    assert_shows("? SRV record for Outlook: The resolvers cannot find out about");
    assert_shows("? Lock by security policy: too little evidence");
    assert_tidy();
}

static void a_cause_that_is_only_possible_is_not_shown_as_a_failure(void **state)
{
    (void)state;
    (void)office_fail(&office, SERVICE_BUSY, TLS_SUBMISSION, SERVICE_SUBMISSION, "421 later");
    show();
    assert_shows("? The provider's mail service has an incident");
    assert_shows("possible: other causes fit as well");
}

static void mx_records_to_set_are_lines_of_a_zone_file(void **state)
{
    (void)state;
    struct raised *raised = office_fail(&office, DNS_MX_MISSING, DNS_MX, SERVICE_DNS, "");
    raised->params.value[PARAM_EXPECTED] = "1 mx0.mail.ovh.net, 5 mx1.mail.ovh.net";
    show();
    assert_shows("\n     example.com. IN MX 1 mx0.mail.ovh.net.\n"
                 "     example.com. IN MX 5 mx1.mail.ovh.net.\n");
    assert_null(strstr(page, "other one: 1 mx0"));
}

static void the_srv_record_to_set_is_a_line_of_a_zone_file(void **state)
{
    (void)state;
    struct raised *raised = office_fail(&office, DNS_SRV_MISSING, DNS_SRV, SERVICE_DNS, "");
    raised->params.value[PARAM_NAME] = "_autodiscover._tcp.example.com";
    raised->params.value[PARAM_EXPECTED] = "0 0 443 ex4.mail.ovh.net";
    show();
    assert_shows("\n     _autodiscover._tcp.example.com. IN SRV 0 0 443 ex4.mail.ovh.net.\n");
}

static void remedies_are_numbered_in_the_order_of_their_roots(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)office_fail(&office, DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mail.example.org");
    show();
    assert_before("1. In the DNS zone of example.com", "2. Put the right password");
}

static void checks_stand_below_their_layer(void **state)
{
    (void)state;
    show();
    assert_before("\ndomain      ✓ dns.mx", "\nprovider    ✓ tls.webmail");
    assert_before("\nprovider    ✓", "\naccount     ✓");
    assert_before("\naccount     ✓", "\nmail        ✓ inbound.smtp");
}

static void what_was_not_asked_is_named(void **state)
{
    (void)state;
    office_blank(&office, MAIL_SEND)->asked = false;
    office_blank(&office, MAIL_RECEIVE)->asked = false;
    show();
    assert_shows("– Test mail to the account: not part of this run");
    assert_shows("Not asked this time: mail.send, mail.receive, account.sending\n");
    assert_null(strstr(page, "✓ mail.send"));
}

static void speaks_french(void **state)
{
    (void)state;
    view.language = LANGUAGE_FR;
    (void)office_fail(&office, SERVICE_TIMED_OUT, TLS_SUBMISSION, SERVICE_SUBMISSION, "");
    office_skip(&office, SUBMISSION_LOGIN, TLS_SUBMISSION);
    office_skip(&office, MAIL_SEND, SUBMISSION_LOGIN);
    show();
    assert_shows("anna@example.com\u00a0: indéterminé");
    assert_shows("Service envoi (submission)\u00a0: ex4.mail.ovh.net ne répond pas à temps");
    assert_shows("Qui peut agir    le fournisseur de messagerie");
    assert_shows("pas demandé à cause de tls.submission");
    assert_before("Que faire", "1. Attendez quelques minutes");
    assert_null(strstr(page, "What"));
    assert_tidy();
}

static void keeps_to_the_columns(void **state)
{
    (void)state;
    char said[200];
    memset(said, 'x', sizeof said - 1);
    said[sizeof said - 1] = '\0';
    for (int columns = 60; columns <= 140; columns += 40) {
        (void)begin(NULL);
        view.columns = columns;
        (void)office_fail(&office, PROVIDER_INCIDENT, MAIL_SEND, SERVICE_SUBMISSION, said);
        show();
        assert_tidy();
    }
}

static void colours_only_where_asked(void **state)
{
    (void)state;
    office_refuse_password(&office);
    show();
    assert_null(strchr(page, '\033'));
    view.colour = true;
    show();
    assert_shows("\033[31mfailed\033[0m");
}

static void what_a_server_says_cannot_steer_the_terminal(void **state)
{
    (void)state;
    struct raised *raised =
        office_fail(&office, DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 \033[2Jmail.example.org");
    raised->params.value[PARAM_FOUND] = "\033]0;owned\007";
    ledger_fact(&office.ledger, DNS_MX, "found", "\033[2J");
    show();
    assert_null(strchr(page, '\033'));
    assert_null(strchr(page, '\007'));
}

static void says_when_something_did_not_fit(void **state)
{
    (void)state;
    office.ledger.dropped = 3;
    show();
    assert_shows("3 details did not fit into this report.");
}

static void progress_says_what_is_waited_for(void **state)
{
    (void)state;
    const struct progress progress = { .what = "mail.receive",
                                       .waiting = "",
                                       .since_ms = port_now_ms() - 4200,
                                       .done = 9,
                                       .asked = 18 };
    assert_int_equal(show_progress(&progress)[0], '\r');
    assert_shows("waiting for the test mail, 4 s - 9 of 18 checks done");
    assert_null(strchr(page, '\n'));
    assert_int_equal(page_width(slice_of(page + 1)), 79);
}

static void progress_names_the_check_that_holds_it_up(void **state)
{
    (void)state;
    const struct progress progress = {
        .what = "tls.imap", .waiting = "HEAR OK", .since_ms = port_now_ms(), .asked = 18
    };
    show_progress(&progress);
    assert_shows("waiting for tls.imap, 0 s (HEAR OK) - 0 of 18 checks done");
}

static void progress_stays_on_one_line(void **state)
{
    (void)state;
    const struct progress progress = { .what = "tls.imap", .waiting = "HEAR 220" };
    view.columns = 20;
    show_progress(&progress);
    assert_int_equal(page_width(slice_of(page + 1)), 19);
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup(name, begin)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthy_report_fits_one_screen),
        TEST(a_healthy_report_names_every_check_that_was_made),
        TEST(what_is_not_well_has_a_line_of_its_own_with_its_details),
        TEST(what_is_not_well_keeps_the_suites_order),
        TEST(the_eight_results_keep_the_providers_order),
        TEST(the_root_cause_comes_first_with_its_evidence),
        TEST(what_is_unknown_says_why),
        TEST(a_cause_that_is_only_possible_is_not_shown_as_a_failure),
        TEST(mx_records_to_set_are_lines_of_a_zone_file),
        TEST(the_srv_record_to_set_is_a_line_of_a_zone_file),
        TEST(remedies_are_numbered_in_the_order_of_their_roots),
        TEST(checks_stand_below_their_layer),
        TEST(what_was_not_asked_is_named),
        TEST(speaks_french),
        TEST(keeps_to_the_columns),
        TEST(colours_only_where_asked),
        TEST(what_a_server_says_cannot_steer_the_terminal),
        TEST(says_when_something_did_not_fit),
        TEST(progress_says_what_is_waited_for),
        TEST(progress_names_the_check_that_holds_it_up),
        TEST(progress_stays_on_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
