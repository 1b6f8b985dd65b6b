/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message.h"
#include "names.h"

#include <string.h>

static char topic[TOPIC_MAX];

static void names_gateway_kind_and_account(void **state)
{
    (void)state;
    assert_true(
        message_topic(MESSAGE_REPORT, "gatepost/v1", "office-7", "anna@example.com", topic));
    assert_string_equal(topic, "gatepost/v1/office-7/report/anna@example.com");
    assert_true(message_topic(MESSAGE_EVENT, "gatepost/v1", "office-7", "_doctor", topic));
    assert_string_equal(topic, "gatepost/v1/office-7/event/_doctor");
    assert_true(message_topic(MESSAGE_SUPPORT, "x", "y", "z", topic));
    assert_string_equal(topic, "x/y/support/z");
}

static void a_topic_of_the_whole_gateway_has_no_account(void **state)
{
    (void)state;
    assert_true(message_topic(MESSAGE_STATUS, "gatepost/v1", "office-7", "", topic));
    assert_string_equal(topic, "gatepost/v1/office-7/status");
    assert_true(message_topic(MESSAGE_REPLY, "gatepost/v1", "office-7", "", topic));
    assert_string_equal(topic, "gatepost/v1/office-7/reply");
    assert_true(message_command_topic("gatepost/v1", "office-7", topic));
    assert_string_equal(topic, "gatepost/v1/office-7/command");
}

static void what_mqtt_forbids_in_a_level_is_percent_encoded(void **state)
{
    (void)state;
    assert_true(
        message_topic(MESSAGE_EVENT, "r", "a/b+c#d%e", "o\x01'+x/y@example.com\x7F", topic));
    assert_string_equal(topic, "r/a%2Fb%2Bc%23d%25e/event/o%01'%2Bx%2Fy@example.com%7F");
}

static void two_accounts_never_share_a_topic(void **state)
{
    (void)state;
    char other[TOPIC_MAX];
    assert_true(message_topic(MESSAGE_EVENT, "r", "g", "a+b@example.com", topic));
    assert_true(message_topic(MESSAGE_EVENT, "r", "g", "a%2Bb@example.com", other));
    assert_string_not_equal(topic, other);
}

static void the_longest_address_has_a_topic_beside_long_names(void **state)
{
    (void)state;
    char account[NAMES_MAILBOX_MAX + 1], gateway[101];
    memset(account, 'd', sizeof account);
    memset(account, '/', NAMES_LOCAL_MAX);
    memset(gateway, 'g', sizeof gateway);
    account[NAMES_LOCAL_MAX] = '@';
    account[NAMES_MAILBOX_MAX] = gateway[100] = '\0';
    assert_true(message_topic(MESSAGE_SUPPORT, "fleet/of/a/large/house/gatepost/v1", gateway,
                              account, topic));
}

static void the_longest_topic_fits_and_one_byte_more_does_not(void **state)
{
    (void)state;
    char gateway[TOPIC_MAX + 1];
    const size_t rest = strlen("r//status");
    memset(gateway, 'g', sizeof gateway);
    gateway[TOPIC_MAX - 1 - rest] = '\0';
    assert_true(message_topic(MESSAGE_STATUS, "r", gateway, "", topic));
    assert_int_equal(strlen(topic), TOPIC_MAX - 1);
    gateway[TOPIC_MAX - 1 - rest] = 'g';
    gateway[TOPIC_MAX - rest] = '\0';
    assert_false(message_topic(MESSAGE_STATUS, "r", gateway, "", topic));
    assert_false(message_command_topic("r", gateway, topic));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_gateway_kind_and_account),
        cmocka_unit_test(a_topic_of_the_whole_gateway_has_no_account),
        cmocka_unit_test(what_mqtt_forbids_in_a_level_is_percent_encoded),
        cmocka_unit_test(two_accounts_never_share_a_topic),
        cmocka_unit_test(the_longest_topic_fits_and_one_byte_more_does_not),
        cmocka_unit_test(the_longest_address_has_a_topic_beside_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
