/* SPDX-License-Identifier: MIT */
#include "oauth.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct secret token;
static struct oauth_answer answer;
static struct profile profile;
static struct arena arena;
static alignas(max_align_t) char memory[4096];

static int begin(void **state)
{
    (void)state;
    token = (struct secret){ .len = 3, .bytes = "old" };
    profile = (struct profile){ 0 };
    arena_begin(&arena, memory, sizeof memory);
    return 0;
}

static void read_body(const char *body)
{
    oauth_read(slice_of(body), &token, &answer);
}

/* The example of RFC 6749 section 5.1. */
static void reads_a_token(void **state)
{
    (void)state;
    read_body("{ \"access_token\":\"2YotnFZFEjr1zCsicMWpAA\", \"token_type\":\"Bearer\","
              " \"expires_in\":3600, \"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\" }");
    assert_int_equal(token.len, 22);
    assert_memory_equal(token.bytes, "2YotnFZFEjr1zCsicMWpAA", 22);
    assert_int_equal(answer.valid_s, 3600);
    assert_true(answer.renews);
    assert_string_equal(answer.error, "");
}

/* RFC 6749 section 7.1: types are compared without case; the lifetime is only recommended. */
static void takes_a_bearer_in_any_case_and_without_lifetime(void **state)
{
    (void)state;
    read_body("{\"access_token\":\"a.b-c\",\"token_type\":\"bearer\"}");
    assert_int_equal(token.len, 5);
    assert_int_equal(answer.valid_s, 0);
    assert_false(answer.renews);
}

static void forgets_the_old_token_where_there_is_no_new_one(void **state)
{
    (void)state;
    static const char *const without[] = {
        "",
        "{}",
        "{\"access_token\":\"\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"abc\"}",
        "{\"access_token\":\"abc\",\"token_type\":\"mac\"}",
        "{\"access_token\":\"a bc\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"a\\r\\nbc\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":12,\"token_type\":\"Bearer\"}",
        "{\"error\":\"invalid_grant\",\"access_token\":\"abc\",\"token_type\":\"Bearer\"}",
    };
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        token.len = 3;
        read_body(without[i]);
        if (token.len != 0)
            fail_msg("a token was read from %s", without[i]);
    }
}

static void read_token_of(size_t len)
{
    static char body[TOKEN_MAX + 100];
    char bytes[TOKEN_MAX + 2];
    memset(bytes, 'x', sizeof bytes);
    (void)snprintf(body, sizeof body, "{\"token_type\":\"Bearer\",\"access_token\":\"%.*s\"}",
                   (int)len, bytes);
    read_body(body);
}

static void takes_the_longest_token_and_none_that_is_longer(void **state)
{
    (void)state;
    read_token_of(TOKEN_MAX);
    assert_int_equal(token.len, TOKEN_MAX);
    read_token_of(TOKEN_MAX + 1);
    assert_int_equal(token.len, 0);
}

static void reads_the_words_of_a_refusal(void **state)
{
    (void)state;
    read_body("{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client "
              "secret provided.\\r\\nTrace ID: 1-2\"}");
    assert_string_equal(answer.error, "invalid_client");
    assert_string_equal(answer.code, "AADSTS7000215");
}

/* They are shown: whatever is more than a word may be a secret that is repeated. */
static void keeps_no_words_that_are_none(void **state)
{
    (void)state;
    read_body("{\"error\":\"no way, anna\",\"error_description\":\"AADSTS is what we say\"}");
    assert_string_equal(answer.error, "");
    assert_string_equal(answer.code, "");
    read_body("{\"error\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}");
    assert_string_equal(answer.error, "");
}

static void names_each_scope_once(void **state)
{
    (void)state;
    profile.oauth.imap_scope = "mail";
    profile.oauth.smtp_scope = "send";
    profile.oauth.http_scope = "mail";
    assert_string_equal(oauth_scope(&profile, &arena), "mail send");
    profile.oauth.imap_scope = NULL;
    assert_string_equal(oauth_scope(&profile, &arena), "send mail");
    profile.oauth.smtp_scope = profile.oauth.http_scope = NULL;
    assert_string_equal(oauth_scope(&profile, &arena), "");
}

/* The challenge in Google's description of XOAUTH2. */
static void reads_the_status_of_a_challenge(void **state)
{
    (void)state;
    char status[8] = "";
    assert_true(oauth_challenge_status(
        SLICE("eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9t"
              "YWlsLmdvb2dsZS5jb20vIn0K"),
        status, sizeof status));
    assert_string_equal(status, "401");
}

static void reads_no_status_where_there_is_none(void **state)
{
    (void)state;
    char status[8] = "old";
    assert_false(oauth_challenge_status(SLICE(""), status, sizeof status));
    assert_false(oauth_challenge_status(SLICE("!!"), status, sizeof status));
    assert_false(oauth_challenge_status(SLICE("e30="), status, sizeof status));
    assert_false(oauth_challenge_status(SLICE("eyJzdGF0dXMiOiJidXN5In0="), status, sizeof status));
    assert_string_equal(status, "old");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_a_token, begin),
        cmocka_unit_test_setup(takes_a_bearer_in_any_case_and_without_lifetime, begin),
        cmocka_unit_test_setup(forgets_the_old_token_where_there_is_no_new_one, begin),
        cmocka_unit_test_setup(takes_the_longest_token_and_none_that_is_longer, begin),
        cmocka_unit_test_setup(reads_the_words_of_a_refusal, begin),
        cmocka_unit_test_setup(keeps_no_words_that_are_none, begin),
        cmocka_unit_test_setup(names_each_scope_once, begin),
        cmocka_unit_test_setup(reads_the_status_of_a_challenge, begin),
        cmocka_unit_test_setup(reads_no_status_where_there_is_none, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
