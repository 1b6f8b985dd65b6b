/* SPDX-License-Identifier: MIT */
#include "compose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct dialogue dialogue;
static struct secret secret;
static struct secret token;

static int begin(void **state)
{
    (void)state;
    dialogue = (struct dialogue){ .dialect = DIALECT_HTTP,
                                  .host = "ex4.example",
                                  .address.port = 443,
                                  .cookies = "",
                                  .login = "anna@example.com",
                                  .secret = &secret };
    dialogue.hole[HOLE_ADDRESS] = "o'neill&co@example.com";
    dialogue.hole[HOLE_PATH] = "/a?b=c";
    secret = (struct secret){ .len = 9, .bytes = "s:cr\xc3\xa9t/7" };
    token = (struct secret){ .len = 22, .bytes = "ya29.AHES6ZTtm7SuokEB6" };
    return 0;
}

/* What is sent for a template, or "" when it cannot be. */
static const char *request(enum step_kind kind, const char *template)
{
    const struct step step = { .kind = kind, .text = template };
    if (!compose_request(&dialogue, &step))
        return "";
    dialogue.out[dialogue.out_len] = '\0';
    return dialogue.out;
}

#define OWN                                                                                        \
    "Host: ex4.example\r\nUser-Agent: gatepost\r\nAccept: text/html, */*;q=0.1\r\n"                \
    "Accept-Encoding: identity\r\n"

static void adds_what_every_request_has(void **state)
{
    (void)state;
    assert_string_equal(request(STEP_SAY, "GET {path}"), "GET /a?b=c HTTP/1.1\r\n" OWN "\r\n");
    dialogue.address.port = 8443;
    dialogue.cookies = "a=1; b=2";
    assert_non_null(strstr(request(STEP_SAY, "GET /"), "Host: ex4.example:8443\r\n"));
    assert_non_null(strstr(request(STEP_SAY, "GET /"), "\r\nCookie: a=1; b=2\r\n"));
}

static void says_fields_and_counts_the_body(void **state)
{
    (void)state;
    assert_string_equal(
        request(STEP_SAY, "POST /x\nContent-Type: text/xml\nX-A: {path}\n\n<a>\n</a>"),
        "POST /x HTTP/1.1\r\n" OWN "Content-Type: text/xml\r\nX-A: /a?b=c\r\n"
        "Content-Length: 8\r\n\r\n<a>\n</a>");
}

/* RFC 9110 section 8.6: else a server waits for the body, or answers 411. */
static void says_that_a_post_has_no_body(void **state)
{
    (void)state;
    assert_non_null(strstr(request(STEP_SAY, "POST /x\nX-A: b"), "\r\nContent-Length: 0\r\n\r\n"));
    assert_null(strstr(request(STEP_SAY, "OPTIONS /x\nX-A: b"), "Content-Length"));
}

static void lets_no_hole_begin_another_field(void **state)
{
    (void)state;
    dialogue.hole[HOLE_PATH] = "/a\r\nX-Evil: 1";
    assert_string_equal(request(STEP_SAY, "GET {path}"), "");
    assert_string_equal(request(STEP_SAY, "GET /\nX-A: {path}"), "");
    assert_string_not_equal(request(STEP_SAY, "POST /\n\n{path}"), "");
}

static void remembers_the_method_for_the_reply(void **state)
{
    (void)state;
    (void)request(STEP_SAY, "HEAD /");
    assert_string_equal(dialogue.tag_text, "HEAD");
    (void)request(STEP_SAY, "OPTIONS /");
    assert_string_equal(dialogue.tag_text, "OPTIONS");
}

static void writes_an_address_into_xml(void **state)
{
    (void)state;
    assert_non_null(strstr(request(STEP_SAY, "POST /\n\n<a>{address-xml}</a>"),
                           "<a>o&apos;neill&amp;co@example.com</a>"));
}

/* RFC 7617 section 2.1: UTF-8, here of "anna@example.com:s:crét/7". */
static void says_basic_in_a_field(void **state)
{
    (void)state;
    const char *said = request(STEP_SAY_SECRET, "GET /\nAuthorization: Basic {basic}");
    assert_non_null(strstr(said, "\r\nAuthorization: Basic "
                                 "YW5uYUBleGFtcGxlLmNvbTpzOmNyw6l0Lzc=\r\n"));
    dialogue.login = "an:na";
    assert_string_equal(request(STEP_SAY_SECRET, "GET /\nAuthorization: Basic {basic}"), "");
}

/* The vector of Google's and Microsoft's description, with its user and token. */
static void says_a_token_as_providers_take_it(void **state)
{
    (void)state;
    dialogue.token = &token;
    dialogue.login = "someuser@example.com";
    assert_non_null(strstr(request(STEP_SAY_SECRET, "GET /\nAuthorization: Bearer {bearer}"),
                           "\r\nAuthorization: Bearer ya29.AHES6ZTtm7SuokEB6\r\n"));
    dialogue.dialect = DIALECT_SMTP;
    assert_string_equal(request(STEP_SAY_SECRET, "AUTH XOAUTH2 {xoauth2}"),
                        "AUTH XOAUTH2 dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LkFI"
                        "RVM2WlR0bTdTdW9rRUI2AQE=\r\n");
}

/* RFC 1939 section 7: all behind "PASS " is the password, spaces too. */
static void says_login_and_password_of_pop_as_they_are(void **state)
{
    (void)state;
    dialogue.dialect = DIALECT_POP;
    secret = (struct secret){ .len = 9, .bytes = "a b\"\\ c%d" };
    assert_string_equal(request(STEP_SAY_SECRET, "USER {login}"), "USER anna@example.com\r\n");
    assert_string_equal(dialogue.tag_text, "USER");
    assert_string_equal(request(STEP_SAY_SECRET, "PASS {secret}"), "PASS a b\"\\ c%d\r\n");
    assert_string_equal(dialogue.tag_text, "PASS");
    assert_string_equal(request(STEP_SAY, "CAPA"), "CAPA\r\n");
    assert_string_equal(dialogue.tag_text, "CAPA");
    assert_true(dialogue.tag > 0);
}

static void lets_no_password_begin_another_command_of_pop(void **state)
{
    static const char *const bytes[] = { "a\rDELE 1", "a\nDELE 1", "a\0DELE 1" };
    (void)state;
    dialogue.dialect = DIALECT_POP;
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        secret = (struct secret){ .len = 8 };
        memcpy(secret.bytes, bytes[i], 8);
        assert_string_equal(request(STEP_SAY_SECRET, "PASS {secret}"), "");
    }
    dialogue.login = "anna\r\nDELE 1";
    assert_string_equal(request(STEP_SAY_SECRET, "USER {login}"), "");
}

static void says_no_secret_in_an_ordinary_step(void **state)
{
    (void)state;
    dialogue.token = &token;
    const char *said =
        request(STEP_SAY, "GET /\nA: {bearer}\nB: {secret64}\nC: {xoauth2}\n\n{secret-form}");
    assert_non_null(strstr(said, "\r\nA: \r\nB: \r\n"));
    assert_null(strstr(said, "cr"));
    assert_null(strstr(said, "eWEyOS5"));
    assert_null(strstr(request(STEP_SAY, "GET /\nB: {basic}"), "czpjcs"));
}

static void says_the_longest_token(void **state)
{
    (void)state;
    dialogue.token = &token;
    token.len = TOKEN_MAX;
    memset(token.bytes, 'x', TOKEN_MAX);
    assert_string_not_equal(request(STEP_SAY_SECRET, "GET /\nAuthorization: Bearer {bearer}"), "");
    dialogue.dialect = DIALECT_SMTP;
    assert_string_not_equal(request(STEP_SAY_SECRET, "AUTH XOAUTH2 {xoauth2}"), "");
}

static void holds_a_line_of_a_request_to_its_maximum(void **state)
{
    static char path[DIALOGUE_LINE_MAX + 1];
    (void)state;
    memset(path, '/', sizeof path - 1);
    path[DIALOGUE_LINE_MAX - 4] = '\0';
    dialogue.hole[HOLE_PATH] = path;
    assert_string_not_equal(request(STEP_SAY, "GET {path}"), "");
    path[DIALOGUE_LINE_MAX - 4] = '/';
    path[DIALOGUE_LINE_MAX - 3] = '\0';
    assert_string_equal(request(STEP_SAY, "GET {path}"), "");
}

static void notices_a_secret_in_every_way_it_is_spoken(void **state)
{
    static const char *const holes[] = { "{secret64}", "{secret-form}", "{secret-quoted}",
                                         "{plain}",    "{basic}",       "{bearer}",
                                         "{xoauth2}" };
    (void)state;
    dialogue.token = &token;
    dialogue.dialect = DIALECT_SMTP;
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        char template[64];
        (void)snprintf(template, sizeof template, "501 you said %s, no", holes[i]);
        const char *said = request(STEP_SAY_SECRET, template);
        if (!compose_betrays(&dialogue, slice_of(said)))
            fail_msg("%s is not noticed", holes[i]);
    }
    assert_false(compose_betrays(&dialogue, SLICE("501 anna@example.com is not known here")));
}

static void notices_a_token_where_there_is_no_secret(void **state)
{
    (void)state;
    dialogue.token = &token;
    dialogue.secret = NULL;
    assert_true(compose_betrays(&dialogue, SLICE("401 ya29.AHES6ZTtm7SuokEB6 has expired")));
}

/* Beside a refresh token; and what only signs requests is never said, but must not be repeated. */
static void notices_the_secret_of_the_application(void **state)
{
    static struct secret application = { .len = 12, .bytes = "GOCSPX-a/b=c" };
    (void)state;
    dialogue.application = &application;
    assert_true(compose_betrays(&dialogue, SLICE("400 GOCSPX-a/b=c is wrong")));
    assert_true(compose_betrays(&dialogue, SLICE("400 GOCSPX-a%2Fb%3Dc is wrong")));
    assert_false(compose_betrays(&dialogue, SLICE("400 GOCSPX is wrong")));
}

static void says_a_form_for_a_token(void **state)
{
    static struct secret application = { .len = 3, .bytes = "a/b" };
    (void)state;
    dialogue.application = &application;
    dialogue.hole[HOLE_CLIENT] = "id&1";
    dialogue.hole[HOLE_SCOPE] = "https://mail.example/ send";
    const char *said =
        request(STEP_SAY_SECRET, "POST /t\n\nc={client-form}&s={scope-form}&a={application-form}");
    assert_non_null(strstr(said, "\r\n\r\nc=id%261&s=https%3A%2F%2Fmail.example%2F+send&a=a%2Fb"));
    said = request(STEP_SAY, "POST /t\n\na={application-form}");
    assert_non_null(strstr(said, "\r\n\r\na="));
    assert_null(strstr(said, "a%2Fb"));
}

static void says_the_longest_form(void **state)
{
    (void)state;
    secret.len = TOKEN_MAX;
    memset(secret.bytes, 'x', TOKEN_MAX);
    const char *said = request(STEP_SAY_SECRET, "POST /t\n\nrefresh_token={secret-form}");
    assert_int_equal(strlen(strstr(said, "refresh_token=")), strlen("refresh_token=") + TOKEN_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(adds_what_every_request_has, begin),
        cmocka_unit_test_setup(says_fields_and_counts_the_body, begin),
        cmocka_unit_test_setup(says_that_a_post_has_no_body, begin),
        cmocka_unit_test_setup(lets_no_hole_begin_another_field, begin),
        cmocka_unit_test_setup(remembers_the_method_for_the_reply, begin),
        cmocka_unit_test_setup(writes_an_address_into_xml, begin),
        cmocka_unit_test_setup(says_basic_in_a_field, begin),
        cmocka_unit_test_setup(says_a_token_as_providers_take_it, begin),
        cmocka_unit_test_setup(says_login_and_password_of_pop_as_they_are, begin),
        cmocka_unit_test_setup(lets_no_password_begin_another_command_of_pop, begin),
        cmocka_unit_test_setup(says_no_secret_in_an_ordinary_step, begin),
        cmocka_unit_test_setup(says_the_longest_token, begin),
        cmocka_unit_test_setup(holds_a_line_of_a_request_to_its_maximum, begin),
        cmocka_unit_test_setup(notices_a_secret_in_every_way_it_is_spoken, begin),
        cmocka_unit_test_setup(notices_a_token_where_there_is_no_secret, begin),
        cmocka_unit_test_setup(notices_the_secret_of_the_application, begin),
        cmocka_unit_test_setup(says_a_form_for_a_token, begin),
        cmocka_unit_test_setup(says_the_longest_form, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
