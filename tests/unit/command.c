/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalogue.h"
#include "command.h"

#include <stdio.h>
#include <string.h>

static struct command command;
static char wrong[200];

static bool read_text(const char *payload)
{
    return command_read(slice_of(payload), &command, wrong, sizeof wrong);
}

static void assert_read(const char *payload)
{
    if (!read_text(payload))
        fail_msg("%s: %s", payload, wrong);
}

static void assert_refused(const char *payload, const char *words)
{
    if (read_text(payload))
        fail_msg("taken: %s", payload);
    if (strstr(wrong, words) == NULL)
        fail_msg("%s: said \"%s\", not \"%s\"", payload, wrong, words);
}

static void run_takes_an_account_and_checks(void **state)
{
    (void)state;
    assert_read("{\"id\":\"42\",\"do\":\"run\",\"account\":\"anna@example.com\","
                "\"checks\":[\"dns.mx\",\"imap.login\"]}");
    assert_string_equal(command.id, "42");
    assert_int_equal(command.verb, COMMAND_RUN);
    assert_string_equal(command.account, "anna@example.com");
    assert_int_equal(command.only, CHECK_BIT(DNS_MX) | CHECK_BIT(IMAP_LOGIN));
    assert_int_equal(command.language, -1);
}

static void a_state_of_the_account_brings_the_checks_that_it_is_decided_from(void **state)
{
    (void)state;
    assert_read("{\"id\":\"1\",\"do\":\"run\",\"checks\":[\"account.lock\"]}");
    assert_int_equal(command.only, CHECK_BIT(ACCOUNT_LOCK) | CHECK_BIT(PROVIDER_ACCOUNT) |
                                       CHECK_BIT(INBOUND_SMTP) | CHECK_BIT(PROVIDER_ACCOUNT) |
                                       CHECK_BIT(WEBMAIL_LOGIN) | CHECK_BIT(IMAP_LOGIN) |
                                       CHECK_BIT(SUBMISSION_LOGIN));
    assert_read("{\"id\":\"1\",\"do\":\"run\",\"checks\":[\"account.sending\"]}");
    assert_int_equal(command.only, CHECK_BIT(ACCOUNT_SENDING) | CHECK_BIT(MAIL_SEND) |
                                       CHECK_BIT(WEBMAIL_LOGIN) | CHECK_BIT(PROVIDER_ACCOUNT));
}

static void run_alone_means_all(void **state)
{
    (void)state;
    assert_read(" {\"do\":\"run\",\"id\":\"a\"}\r\n");
    assert_string_equal(command.account, "");
    assert_int_equal(command.only, 0);
}

static void every_verb_is_taken_with_what_it_needs(void **state)
{
    (void)state;
    static const char *const rest[COMMAND_VERBS] = {
        [COMMAND_RUN] = "",
        [COMMAND_EXPLAIN] = ",\"code\":\"dns.mx-foreign\",\"language\":\"fr\"",
        [COMMAND_SUPPORT] = ",\"account\":\"anna@example.com\",\"language\":\"en\"",
        [COMMAND_PAUSE] = ",\"seconds\":604800",
        [COMMAND_RESUME] = "",
        [COMMAND_FORGET_REFUSAL] = ",\"account\":\"anna@example.com\"",
        [COMMAND_WAIT] = ",\"seconds\":86400",
    };
    for (enum command_verb verb = 0; verb < COMMAND_VERBS; verb++) {
        char payload[200];
        (void)snprintf(payload, sizeof payload, "{\"id\":\"1\",\"do\":\"%s\"%s}",
                       command_verb_name(verb), rest[verb]);
        assert_read(payload);
        assert_int_equal(command.verb, verb);
    }
    assert_int_equal(command.seconds, 86400);
    assert_read("{\"id\":\"1\",\"do\":\"explain\",\"code\":\"set-mx\",\"language\":\"fr\"}");
    assert_string_equal(command.code, "set-mx");
    assert_int_equal(command.language, LANGUAGE_FR);
    assert_read("{\"id\":\"1\",\"do\":\"pause\"}");
    assert_int_equal(command.seconds, 0);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    assert_refused("{\"do\":\"run\"}", "\"id\" is missing");
    assert_refused("{\"id\":\"1\"}", "\"do\" is missing");
    assert_refused("{\"id\":\"1\",\"do\":\"explain\"}", "\"explain\" wants \"code\"");
    assert_refused("{\"id\":\"1\",\"do\":\"support\"}", "\"support\" wants \"account\"");
    assert_refused("{\"id\":\"1\",\"do\":\"forget-refusal\"}", "wants \"account\"");
    assert_refused("{\"id\":\"1\",\"do\":\"wait\"}", "\"wait\" wants \"seconds\"");
}

static void what_does_not_belong_is_refused(void **state)
{
    (void)state;
    assert_refused("{\"id\":\"1\",\"do\":\"resume\",\"seconds\":5}",
                   "does not take this member: seconds");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"password\":\"x\"}", "password");
    assert_null(strstr(wrong, "\"x\""));
    assert_refused("{\"id\":\"1\",\"do\":\"fly\"}", "none of run, explain");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"do\":\"pause\"}", "twice");
    assert_refused("{\"id\":\"1\",\"do\":\"Run\"}", "none of");
}

static void a_wrong_type_or_value_is_refused(void **state)
{
    (void)state;
    assert_refused("{\"id\":1,\"do\":\"run\"}", "\"id\"");
    assert_refused("{\"id\":\"1\",\"do\":[\"run\"]}", "\"do\"");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"account\":\"anna\"}", "no e-mail address");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"account\":null}", "no e-mail address");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"checks\":[]}", "no list of checks");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"checks\":\"dns.mx\"}", "no list of checks");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"checks\":[7]}", "other than texts");
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"checks\":[\"dns.max\"]}",
                   "does not exist: dns.max");
    assert_refused("{\"id\":\"1\",\"do\":\"explain\",\"code\":\"a\",\"language\":\"de\"}",
                   "neither en nor fr");
}

static void seconds_are_whole_and_bounded(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0", "-1", "1.5", "86401", "1e99", "\"60\"", "true", "null"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char payload[100];
        (void)snprintf(payload, sizeof payload, "{\"id\":\"1\",\"do\":\"wait\",\"seconds\":%s}",
                       bad[i]);
        assert_refused(payload, "no whole number from 1 to 86400");
    }
    assert_refused("{\"id\":\"1\",\"do\":\"pause\",\"seconds\":604801}", "604800");
}

static void what_is_no_json_object_is_refused(void **state)
{
    (void)state;
    assert_refused("", "no JSON");
    assert_refused("run", "no JSON");
    assert_refused("{\"id\":\"1\",\"do\":\"run\"", "no JSON");
    assert_refused("{\"id\":\"1\",\"do\":\"run\"} {}", "no JSON");
    assert_refused("[]", "no JSON object");
    assert_refused("null", "no JSON object");
    assert_false(command_read((struct slice){ "{\"id\":\"1\",\"do\":\"run\"}\0x", 24 }, &command,
                              wrong, sizeof wrong));
}

static void a_hidden_end_of_text_is_refused(void **state)
{
    (void)state;
    assert_refused("{\"id\":\"1\",\"do\":\"run\",\"account\":\"anna@example.com\\u0000x\"}",
                   "no JSON");
}

static void the_id_is_kept_for_the_answer_where_it_could_be_read(void **state)
{
    (void)state;
    assert_refused("{\"id\":\"42\",\"do\":\"fly\"}", "none of");
    assert_string_equal(command.id, "42");
    assert_refused("{\"do\":\"run\",\"id\":7}", "\"id\"");
    assert_string_equal(command.id, "");
}

static void the_longest_id_is_taken_and_one_byte_more_is_not(void **state)
{
    (void)state;
    char id[COMMAND_ID_MAX + 1], payload[150];
    memset(id, 'i', sizeof id);
    id[COMMAND_ID_MAX - 1] = '\0';
    (void)snprintf(payload, sizeof payload, "{\"id\":\"%s\",\"do\":\"run\"}", id);
    assert_read(payload);
    assert_string_equal(command.id, id);
    id[COMMAND_ID_MAX - 1] = 'i';
    id[COMMAND_ID_MAX] = '\0';
    (void)snprintf(payload, sizeof payload, "{\"id\":\"%s\",\"do\":\"run\"}", id);
    assert_refused(payload, "longer than 64");
    assert_string_equal(command.id, "");
}

static void what_was_sent_cannot_steer_the_reader_of_the_answer(void **state)
{
    (void)state;
    assert_refused("{\"id\":\"1\",\"do\":\"\\u001b[2J\"}", "\\x1B[2J");
    assert_refused("{\"id\":\"\\u001b[2J\",\"do\":\"run\"}", "control characters");
    assert_null(strchr(wrong, '\033'));
}

static void deep_nesting_ends_in_a_refusal(void **state)
{
    (void)state;
    static char deep[8193];
    memset(deep, '[', sizeof deep - 1);
    assert_refused(deep, "no JSON");
}

static unsigned allowed_at(struct command_rate *rate, int64_t now_ms, unsigned tries)
{
    unsigned count = 0;
    for (unsigned i = 0; i < tries; i++)
        count += command_allowed(rate, now_ms) ? 1 : 0;
    return count;
}

static void a_minutes_worth_is_allowed_at_once_and_no_more(void **state)
{
    (void)state;
    struct command_rate rate = { 0 };
    assert_int_equal(allowed_at(&rate, 5, 100), COMMANDS_PER_MINUTE);
    assert_int_equal(allowed_at(&rate, 5 + 1999, 10), 0);
    assert_int_equal(allowed_at(&rate, 5 + 2000, 10), 1);
    assert_int_equal(allowed_at(&rate, 5 + 2000 + 60000, 100), COMMANDS_PER_MINUTE);
    assert_int_equal(allowed_at(&rate, INT64_C(100000000000), 100), COMMANDS_PER_MINUTE);
}

static void a_flood_does_not_starve_those_that_follow(void **state)
{
    (void)state;
    struct command_rate rate = { 0 };
    unsigned count = 0;
    for (int64_t now_ms = 1; now_ms <= 120000; now_ms++)
        count += command_allowed(&rate, now_ms) ? 1 : 0;
    assert_in_range(count, 3 * COMMANDS_PER_MINUTE - 1, 3 * COMMANDS_PER_MINUTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_takes_an_account_and_checks),
        cmocka_unit_test(a_state_of_the_account_brings_the_checks_that_it_is_decided_from),
        cmocka_unit_test(run_alone_means_all),
        cmocka_unit_test(every_verb_is_taken_with_what_it_needs),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(what_does_not_belong_is_refused),
        cmocka_unit_test(a_wrong_type_or_value_is_refused),
        cmocka_unit_test(seconds_are_whole_and_bounded),
        cmocka_unit_test(what_is_no_json_object_is_refused),
        cmocka_unit_test(a_hidden_end_of_text_is_refused),
        cmocka_unit_test(the_id_is_kept_for_the_answer_where_it_could_be_read),
        cmocka_unit_test(the_longest_id_is_taken_and_one_byte_more_is_not),
        cmocka_unit_test(what_was_sent_cannot_steer_the_reader_of_the_answer),
        cmocka_unit_test(deep_nesting_ends_in_a_refusal),
        cmocka_unit_test(a_minutes_worth_is_allowed_at_once_and_no_more),
        cmocka_unit_test(a_flood_does_not_starve_those_that_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
