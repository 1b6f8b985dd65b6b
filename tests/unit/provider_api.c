/* SPDX-License-Identifier: MIT */
#include "provider_api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct account_settings account;
static struct profile profile;
static struct api_key key;
static char room[512];
static struct text text;

static int begin(void **state)
{
    (void)state;
    account = (struct account_settings){ .address = "anna@example.com",
                                         .api_service = "org-1/service-1" };
    profile = (struct profile){ .api = API_OVH, .api_service = "exchange" };
    text_begin(&text, room, sizeof room);
    return 0;
}

static void set_key(const char *secret, const char *consumer)
{
    memset(&key, 0, sizeof key);
    key.secret.len = strlen(secret);
    memcpy(key.secret.bytes, secret, key.secret.len);
    key.consumer.len = strlen(consumer);
    memcpy(key.consumer.bytes, consumer, key.consumer.len);
}

static const char *path(enum api_question question)
{
    text_begin(&text, room, sizeof room);
    provider_api_path(&account, &profile, question, &text);
    assert_false(text.overflow);
    return room;
}

static bool sign(const char *at, int64_t time_s, char into[PROVIDER_API_SIGNATURE_MAX])
{
    const struct api_request request = {
        .method = "GET", .host = "eu.api.ovh.com", .path = at, .body = SLICE(""), .time_s = time_s
    };
    return provider_api_sign(&key, &request, into);
}

/* The example of the provider's own first steps with its interface. */
static void signs_as_the_provider_does(void **state)
{
    (void)state;
    char signature[PROVIDER_API_SIGNATURE_MAX];
    set_key("EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF", "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1");
    assert_true(sign("/1.0/domains/", INT64_C(1366560945), signature));
    assert_string_equal(signature, "$1$d3705e8afb27a0d2970a322b96550abfc67bb798");
}

static void signs_nothing_that_does_not_fit(void **state)
{
    (void)state;
    static char long_path[15000];
    char signature[PROVIDER_API_SIGNATURE_MAX] = "before";
    set_key("a", "b");
    memset(long_path, '/', sizeof long_path - 1);
    assert_false(sign(long_path, 1, signature));
    assert_string_equal(signature, "before");
}

static void asks_for_account_service_and_domain(void **state)
{
    (void)state;
#define SERVICE "/1.0/email/exchange/org-1/service/service-1"
    assert_string_equal(path(API_ASKS_TIME), "/1.0/auth/time");
    assert_string_equal(path(API_ASKS_SERVICE), SERVICE);
    assert_string_equal(path(API_ASKS_ACCOUNT), SERVICE "/account/anna@example.com");
    assert_string_equal(path(API_ASKS_DOMAIN), SERVICE "/domain/example.com");
    assert_string_equal(path(API_ASKS_DIAGNOSTICS),
                        SERVICE "/account/anna@example.com/diagnostics");
    assert_string_equal(path(API_ASKS_TASKS), SERVICE "/account/anna@example.com/tasks/");
    assert_string_equal(path(API_ASKS_TICKET), "/1.0/support/tickets/create");
}

static void takes_one_name_for_organization_and_service(void **state)
{
    (void)state;
    account.api_service = "hosted-1";
    assert_string_equal(path(API_ASKS_SERVICE), "/1.0/email/exchange/hosted-1/service/hosted-1");
    profile.api_service = "email-pro";
    assert_string_equal(path(API_ASKS_SERVICE), "/1.0/email/pro/hosted-1");
}

static void keeps_an_address_one_part_of_the_path(void **state)
{
    (void)state;
    account.address = "o'neil+a/../b?c#d%e@example.com";
    assert_string_equal(path(API_ASKS_ACCOUNT),
                        SERVICE "/account/o%27neil%2Ba%2F..%2Fb%3Fc%23d%25e@example.com");
}

static void says_what_a_key_must_be_granted(void **state)
{
    (void)state;
    provider_api_rights(&account, &profile, &text);
    assert_string_equal(room, "/email/exchange/org-1/service/service-1*");
}

static void goes_to_the_endpoint_of_the_setting(void **state)
{
    (void)state;
    assert_string_equal(provider_api_host(&account), "eu.api.ovh.com");
    account.api_endpoint = 1;
    assert_string_equal(provider_api_host(&account), "ca.api.ovh.com");
    account.api_endpoint = 2;
    assert_string_equal(provider_api_host(&account), "api.us.ovhcloud.com");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(signs_as_the_provider_does, begin),
        cmocka_unit_test_setup(signs_nothing_that_does_not_fit, begin),
        cmocka_unit_test_setup(asks_for_account_service_and_domain, begin),
        cmocka_unit_test_setup(takes_one_name_for_organization_and_service, begin),
        cmocka_unit_test_setup(keeps_an_address_one_part_of_the_path, begin),
        cmocka_unit_test_setup(says_what_a_key_must_be_granted, begin),
        cmocka_unit_test_setup(goes_to_the_endpoint_of_the_setting, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
