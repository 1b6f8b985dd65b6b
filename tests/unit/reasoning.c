/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reasoning.h"
#include "report.h"
#include "verdict.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct settings settings = { .gateway = "router" };
static struct account_settings account = { .address = "anna@example.com" };
static struct desk desk;
static struct run run;
static char file[] = "/tmp/gatepost-reasoning-XXXXXX.json";
static char bytes[REPORT_MAX + 16], page[65536], memory[2 * REPORT_MAX];
static size_t len;

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemps(file, 5);
    return descriptor >= 0 ? close(descriptor) : -1;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file);
}

static int begin(void **state)
{
    arena_begin(&desk.work, memory, sizeof memory);
    desk.language = LANGUAGE_EN;
    return healthy(state);
}

static void write_file(const char *content, size_t size)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(content, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
}

/* The report of the office as it is. */
static void write_report(void)
{
    const struct order order = { .settings = &settings,
                                 .account = &account,
                                 .profile = &office.profile,
                                 .cost = COST_LOOP,
                                 .trigger = "person" };
    office_diagnose(&office);
    run = (struct run){ .id = "0123456789abcdef",
                        .started_wall_ms = 1795435200000,
                        .finished_wall_ms = 1795435208000,
                        .ledger = office.ledger,
                        .diagnosis = office.diagnosis };
    assert_true(report_write(&order, &run, NULL, false, bytes, sizeof bytes, &len));
    write_file(bytes, len);
}

/* What it prints goes to the page. */
static enum exits explain(void)
{
    FILE *kept = stdout;
    memset(page, 0, sizeof page);
    (void)fflush(kept);
    stdout = fmemopen(page, sizeof page, "w");
    arena_reset(&desk.work);
    enum exits exits = reasoning_print(&desk, file);
    (void)fclose(stdout);
    stdout = kept;
    return exits;
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

/* ---- the steps ---- */

static void begin_spam_block(void)
{
    (void)spoil(SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN, SERVICE_SUBMISSION,
                "535 5.7.3 Authentication unsuccessful");
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
    write_report();
}

static void tells_the_steps_in_their_order(void **state)
{
    (void)state;
    begin_spam_block();
    assert_int_equal(explain(), EXITS_DONE);
    assert_before("anna@example.com: failed", "1. What was asked");
    assert_before("1. What was asked", "2. What follows");
    assert_before("2. What follows", "3. What that explains");
    assert_before("3. What that explains", "4. What to do");
    assert_before("4. What to do", "1. Reply to the message");
}

static void lower_layers_stand_first(void **state)
{
    (void)state;
    begin_spam_block();
    assert_int_equal(explain(), EXITS_DONE);
    assert_before("\ndevice ", "\noffice ");
    assert_before("\ndomain ", "\nprovider ");
    assert_before("\naccount ", "\nmail ");
}

static void a_conclusion_comes_with_its_rule_its_evidence_and_the_servers_words(void **state)
{
    (void)state;
    begin_spam_block();
    assert_int_equal(explain(), EXITS_DONE);
    assert_shows("It said           535 5.7.3 Authentication unsuccessful");
    assert_shows("How it is known   Submission refuses a password");
    assert_shows("Drawn from        submission.login: submission.login-refused; webmail.login:");
    assert_shows("How sure it is    likely. It fits all that was seen");
    assert_shows("submission.login: submission.login-refused, because of\n"
                 "  account.blocked-for-spam\n    An account that is blocked");
}

static void what_was_not_asked_says_because_of_what(void **state)
{
    (void)state;
    begin_spam_block();
    assert_int_equal(explain(), EXITS_DONE);
    assert_shows("– mail.send              not asked because of submission.login");
}

static void what_speaks_against_it_is_told(void **state)
{
    (void)state;
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "550 5.1.1 unknown");
    write_report();
    assert_int_equal(explain(), EXITS_DONE);
    assert_shows("Against it        In the same run a test mail came in from outside.");
    assert_before("Against it", "Drawn from        mail.receive: well");
}

static void a_check_that_asks_nothing_says_why_it_is_well(void **state)
{
    (void)state;
    write_report();
    assert_int_equal(explain(), EXITS_DONE);
    assert_shows("✓ account.sending        The provider took a test mail");
    assert_shows("2. What follows from it\n\nNothing.");
    assert_shows("4. What to do\n\nNothing.");
}

static void speaks_french(void **state)
{
    (void)state;
    begin_spam_block();
    desk.language = LANGUAGE_FR;
    assert_int_equal(explain(), EXITS_DONE);
    assert_before("2. Ce qui s'ensuit", "Le service d'envoi refuse un mot de passe");
    assert_before("Certitude         probable. Cela", "4. Que faire");
    assert_null(strstr(page, "What"));
}

/* ---- reports from elsewhere ---- */

static void forget(cJSON *object, const char *name)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
}

static void write_json(cJSON *report)
{
    char *text = cJSON_PrintUnformatted(report);
    write_file(text, strlen(text));
    cJSON_free(text);
    cJSON_Delete(report);
}

static void a_report_without_rules_is_told_without_them(void **state)
{
    (void)state;
    begin_spam_block();
    cJSON *report = cJSON_Parse(bytes), *item;
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(report, "root"))
    {
        forget(item, "reasoning");
        forget(item, "against");
    }
    write_json(report);
    assert_int_equal(explain(), EXITS_DONE);
    assert_shows("an older gatepost wrote it");
    assert_shows("How sure it is    likely: it fits all that was seen\n");
    assert_null(strstr(page, "How it is known"));
}

static void a_newer_reports_codes_are_shown_as_they_are(void **state)
{
    (void)state;
    begin_spam_block();
    cJSON *report = cJSON_Parse(bytes);
    cJSON *root = cJSON_GetArrayItem(cJSON_GetObjectItem(report, "root"), 0);
    cJSON_ReplaceItemInObject(root, "finding", cJSON_CreateString("account.moved-to-mars"));
    write_json(report);
    assert_int_equal(explain(), EXITS_DONE);
    assert_shows("account.moved-to-mars");
}

static void spoil_texts(cJSON *item, int depth)
{
    for (cJSON *child = item->child; child != NULL && depth < 9; child = child->next) {
        bool is_schema = child->string != NULL && strcmp(child->string, "schema") == 0;
        if (cJSON_IsString(child) && !is_schema)
            (void)cJSON_SetValuestring(child, "\033]");
        spoil_texts(child, depth + 1);
    }
}

static void no_report_can_steer_the_terminal(void **state)
{
    (void)state;
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "550 5.1.1 unknown");
    begin_spam_block();
    cJSON *report = cJSON_Parse(bytes);
    spoil_texts(report, 0);
    write_json(report);
    assert_int_equal(explain(), EXITS_DONE);
    assert_null(strchr(page, '\033'));
}

static void members_of_another_kind_do_no_harm(void **state)
{
    (void)state;
    static const char *const reports[] = {
        "{\"schema\":\"gatepost-report-1\"}",
        "{\"schema\":\"gatepost-report-1\",\"root\":[1,\"a\",null,[]],\"checks\":[{}],\"remedies\":"
        "{}}",
        "{\"schema\":\"gatepost-report-1\",\"root\":{\"finding\":[]},\"checks\":\"x\"}",
        "{\"schema\":\"gatepost-report-1\",\"checks\":[{\"check\":3,\"findings\":[{\"evidence\":7}]"
        "}]}",
    };
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        write_file(reports[i], strlen(reports[i]));
        assert_int_equal(explain(), EXITS_DONE);
        assert_shows("4. What to do");
    }
}

static void what_is_no_report_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {
        "", "{", "[]", "{\"schema\":\"gatepost-event-1\"}", "{\"schema\":\"gatepost-report-1\"} x",
        "7"
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        write_file(others[i], strlen(others[i]));
        assert_int_equal(explain(), EXITS_DATA);
        assert_string_equal(page, "");
    }
}

static void the_longest_report_is_read_and_a_longer_one_is_not(void **state)
{
    (void)state;
    begin_spam_block();
    memset(bytes + len, ' ', sizeof bytes - len);
    write_file(bytes, REPORT_MAX);
    assert_int_equal(explain(), EXITS_DONE);
    write_file(bytes, REPORT_MAX + 1);
    assert_int_equal(explain(), EXITS_DATA);
}

static void a_code_is_no_file(void **state)
{
    (void)state;
    assert_false(reasoning_is_file("dns.mx-missing"));
    assert_true(reasoning_is_file("report.json"));
    assert_true(reasoning_is_file("./report"));
    assert_true(reasoning_is_file(file));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tells_the_steps_in_their_order, begin),
        cmocka_unit_test_setup(lower_layers_stand_first, begin),
        cmocka_unit_test_setup(a_conclusion_comes_with_its_rule_its_evidence_and_the_servers_words,
                               begin),
        cmocka_unit_test_setup(what_was_not_asked_says_because_of_what, begin),
        cmocka_unit_test_setup(what_speaks_against_it_is_told, begin),
        cmocka_unit_test_setup(a_check_that_asks_nothing_says_why_it_is_well, begin),
        cmocka_unit_test_setup(speaks_french, begin),
        cmocka_unit_test_setup(a_report_without_rules_is_told_without_them, begin),
        cmocka_unit_test_setup(a_newer_reports_codes_are_shown_as_they_are, begin),
        cmocka_unit_test_setup(no_report_can_steer_the_terminal, begin),
        cmocka_unit_test_setup(members_of_another_kind_do_no_harm, begin),
        cmocka_unit_test_setup(what_is_no_report_is_refused, begin),
        cmocka_unit_test_setup(the_longest_report_is_read_and_a_longer_one_is_not, begin),
        cmocka_unit_test_setup(a_code_is_no_file, begin),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
