/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office.h"
#include "redaction.h"
#include "support.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static struct office office;
static struct settings settings;
static struct account_settings account = { .address = "anna@example.com",
                                           .peer_address = "probe@elsewhere.example" };
static struct order order;
static struct run run;
static char page[SUPPORT_MAX], bytes[SUPPORT_JSON_MAX];

static int begin(void **state)
{
    (void)state;
    office_begin(&office);
    settings = (struct settings){ .gateway = "office-7" };
    order = (struct order){ .settings = &settings,
                            .account = &account,
                            .profile = &office.profile,
                            .cost = COST_LOOP,
                            .trigger = "person" };
    run = (struct run){ .id = "00112233445566aa",
                        .started_wall_ms = 1795435200000,
                        .finished_wall_ms = 1795435208400 };
    return 0;
}

static void diagnose_office(void)
{
    office_diagnose(&office);
    run.ledger = office.ledger;
    run.diagnosis = office.diagnosis;
}

static void write_page(enum language language, const struct support_history *history)
{
    size_t len = 0;
    diagnose_office();
    assert_true(support_markdown(&order, &run, language, history, page, sizeof page, &len));
    assert_int_equal(len, strlen(page));
}

static void assert_shows(const char *words)
{
    if (strstr(page, words) == NULL)
        fail_msg("does not show \"%s\":\n%s", words, page);
}

static void assert_hides(const char *words)
{
    if (strstr(page, words) != NULL)
        fail_msg("shows \"%s\":\n%s", words, page);
}

static void assert_before(const char *first, const char *second)
{
    assert_shows(first);
    assert_shows(second);
    assert_true(strstr(page, first) < strstr(page, second));
}

static void spoil_submission(const char *said)
{
    (void)office_fail(&office, SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN, SERVICE_SUBMISSION,
                      said);
    office_skip(&office, MAIL_SEND, SUBMISSION_LOGIN);
}

static void says_what_a_provider_asks_for(void **state)
{
    (void)state;
    (void)office_fail(&office, TLS_EXPIRED, TLS_SUBMISSION, SERVICE_SUBMISSION, "ex4.mail.ovh.net");
    office.ledger.raised[0].evidence.at_ms = 1795435201000;
    office.ledger.checks[IMAP_LOGIN].peer = "ex4.mail.ovh.net [192.0.2.7]:993";
    ledger_fact(&office.ledger, IMAP_LOGIN, "protocol", "TLSv1.3");
    write_page(LANGUAGE_EN, NULL);
    assert_before("# anna@example.com: The certificate of ex4.mail.ovh.net has run out",
                  "2026-11-23T12:00:00Z, with this result: failed");
    assert_before("## The eight results", "1. ✓ Not blocked for sending spam");
    assert_before("- Seen: 2026-11-23T12:00:01Z", "- Server: ex4.mail.ovh.net \\[192.0.2.7\\]:587");
    assert_before("- Step: HEAR 250", "- It said: `ex4.mail.ovh.net`");
    assert_before("- How sure it is: certain", "## What was tried");
    assert_before("- ✗ Reaching submission securely (tls.submission)",
                  "(imap.login), ex4.mail.ovh.net \\[192.0.2.7\\]:993, TLSv1.3");
    assert_before("(imap.login)", "Gateway office-7, gatepost 0.1.0, run 00112233445566aa.");
}

static void the_eight_results_keep_the_providers_order(void **state)
{
    (void)state;
    write_page(LANGUAGE_EN, NULL);
    for (enum result i = 1; i < RESULT_COUNT; i++)
        assert_before(result_row(i - 1)->good[LANGUAGE_EN], result_row(i)->good[LANGUAGE_EN]);
    assert_shows("# anna@example.com: no fault found");
    assert_hides("## What was found");
}

static void speaks_french(void **state)
{
    (void)state;
    spoil_submission("535 5.7.3 Authentication unsuccessful");
    write_page(LANGUAGE_FR, NULL);
    assert_before("## Les huit résultats", "## Constat détaillé");
    assert_before("- Réponse: `535", "Passerelle office-7");
    assert_hides("What");
}

static void says_since_when_where_that_is_known(void **state)
{
    (void)state;
    const struct support_history history = { .since_wall_ms = { 1795348800000 } };
    spoil_submission("535");
    write_page(LANGUAGE_EN, &history);
    assert_shows("- Since: 2026-11-22T12:00:00Z\n");
    write_page(LANGUAGE_EN, NULL);
    assert_hides("- Since");
}

static void no_address_but_the_accounts_own(void **state)
{
    (void)state;
    spoil_submission("550 <probe@elsewhere.example> and ANNA@example.com, not bob@example.com.");
    write_page(LANGUAGE_EN, NULL);
    assert_shows("`550 <[address]> and ANNA@example.com, not [address].`");
    assert_hides("probe@");
    assert_hides("bob@");
}

static void what_a_server_says_cannot_mark_up_the_page(void **state)
{
    (void)state;
    spoil_submission("535 `](http://x) <script>");
    struct raised *raised = office_fail(&office, DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "");
    raised->params.value[PARAM_FOUND] = "[click](http://x) <b>*`";
    write_page(LANGUAGE_EN, NULL);
    assert_shows("`535 '](http://x) <script>`");
    assert_hides(" [click]");
    assert_hides(" <b>");
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_non_null(item);
    return item;
}

static void json_holds_the_same_request(void **state)
{
    (void)state;
    const struct support_history history = { .since_wall_ms = { 1795348800000 } };
    const struct report_ledger ledger = { .seq = 77, .dropped = { .count = { 0, 3 } } };
    size_t len = 0;
    spoil_submission("550 probe@elsewhere.example");
    ledger_fact(&office.ledger, MAIL_SEND, "to", "%s", account.peer_address);
    write_page(LANGUAGE_FR, &history);
    assert_true(
        support_json(&order, &run, LANGUAGE_FR, &history, &ledger, bytes, sizeof bytes, &len));
    assert_null(strstr(bytes, "probe@"));
    cJSON *document = cJSON_Parse(bytes);
    assert_non_null(document);
    assert_string_equal(cJSON_GetStringValue(member(document, "text")), page);
    assert_int_equal((int)cJSON_GetNumberValue(member(document, "seq")), 77);
    assert_int_equal((int)cJSON_GetNumberValue(member(member(document, "dropped"), "report")), 3);
    assert_string_equal(cJSON_GetStringValue(member(document, "language")), "fr");
    const cJSON *root = member(document, "root")->child;
    assert_string_equal(cJSON_GetStringValue(member(root, "since")), "2026-11-22T12:00:00Z");
    assert_string_equal(cJSON_GetStringValue(member(member(root, "evidence"), "said")),
                        "550 [address]");
    const cJSON *report = member(document, "report");
    assert_string_equal(cJSON_GetStringValue(member(report, "schema")), "gatepost-report-1");
    assert_string_equal(cJSON_GetStringValue(member(report, "account")), account.address);
    assert_int_equal(cJSON_GetArraySize(member(report, "checks")), CHECK_COUNT);
    cJSON_Delete(document);
}

/* As many roots as there can be, each with as much to say as it can have. */
static void fill_to_the_brim(void)
{
    static char said[EVIDENCE_SAID_MAX], host[254];
    memset(said, '"', sizeof said - 1);
    memset(host, 'h', sizeof host - 1);
    diagnose_office();
    run.diagnosis.root_count = DIAGNOSIS_ROOTS_MAX;
    for (size_t i = 0; i < DIAGNOSIS_ROOTS_MAX; i++) {
        struct raised *raised = office_add(&office, ACCOUNT_BLOCKED_FOR_SPAM + (enum finding)i,
                                           DNS_MX + (enum check)i, SERVICE_MX, FAMILY_V4, said);
        for (enum param param = 0; param < PARAM_COUNT; param++)
            raised->params.value[param] = host;
        raised->evidence.peer = host;
        run.diagnosis.roots[i] = (struct root){ .raised = raised };
    }
    run.ledger = office.ledger;
}

static void the_fullest_request_fits(void **state)
{
    (void)state;
    size_t len = 0;
    fill_to_the_brim();
    for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
        assert_true(support_markdown(&order, &run, language, NULL, page, sizeof page, &len));
        assert_true(support_json(&order, &run, language, NULL, NULL, bytes, sizeof bytes, &len));
        assert_non_null(strstr(bytes, "gatepost-report-1"));
    }
}

static void a_report_with_which_it_does_not_fit_is_left_out(void **state)
{
    (void)state;
    size_t whole = 0, len = 0;
    diagnose_office();
    assert_true(support_json(&order, &run, LANGUAGE_EN, NULL, NULL, bytes, sizeof bytes, &whole));
    assert_true(support_json(&order, &run, LANGUAGE_EN, NULL, NULL, bytes, whole, &len));
    assert_null(strstr(bytes, "gatepost-report-1"));
    assert_non_null(strstr(bytes, "\"text\":"));
}

static void does_not_write_past_its_room(void **state)
{
    (void)state;
    size_t len = 0;
    diagnose_office();
    for (size_t size = 1; size < 256; size++) {
        memset(bytes, 'x', 256);
        assert_false(support_markdown(&order, &run, LANGUAGE_EN, NULL, bytes, size, &len));
        assert_int_equal(bytes[size], 'x');
        assert_false(support_json(&order, &run, LANGUAGE_EN, NULL, NULL, bytes, size, &len));
        assert_int_equal(bytes[size], 'x');
    }
}

static void assert_redacted(const char *words, const char *wanted)
{
    struct text text;
    char room[200];
    text_begin(&text, room, sizeof room);
    redaction_add(&text, slice_of(words), "anna@example.com");
    assert_string_equal(room, wanted);
}

static void finds_addresses_wherever_they_stand(void **state)
{
    (void)state;
    assert_redacted("bob@example.com", "[address]");
    assert_redacted("<bob@example.com>,carl@x.example;", "<[address]>,[address];");
    assert_redacted("é.bob+tag@münchen.example.", "[address].");
    assert_redacted("xanna@example.com anna@example.com", "[address] anna@example.com");
    assert_redacted("a@b@c", "[address]@c");
    assert_redacted("@ x@ @y", "@ x@ @y");
    assert_redacted("", "");
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup(name, begin)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_what_a_provider_asks_for),
        TEST(the_eight_results_keep_the_providers_order),
        TEST(speaks_french),
        TEST(says_since_when_where_that_is_known),
        TEST(no_address_but_the_accounts_own),
        TEST(what_a_server_says_cannot_mark_up_the_page),
        TEST(json_holds_the_same_request),
        TEST(the_fullest_request_fits),
        TEST(a_report_with_which_it_does_not_fit_is_left_out),
        TEST(does_not_write_past_its_room),
        TEST(finds_addresses_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
