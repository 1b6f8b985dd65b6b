/* SPDX-License-Identifier: MIT */
#include "autodiscover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pox pox;
static struct place place;
static struct profile profile;

static int begin(void **state)
{
    (void)state;
    memset(&profile, 0, sizeof profile);
    profile.host_pattern = "ex*.provider.example";
    profile.autodiscover_hosts[0] = "ex4.provider.example";
    profile.autodiscover_host_count = 1;
    profile.exchange.host = "ex4.provider.example";
    assert_true(autodiscover_at("autodiscover.", "Example.COM", true, &place));
    return 0;
}

static bool leads(const char *location)
{
    return autodiscover_follow(&place, slice_of(location), &place);
}

/* ---- places ---- */

static void names_the_usual_place(void **state)
{
    (void)state;
    assert_string_equal(place.host, "autodiscover.example.com");
    assert_string_equal(place.path, "/autodiscover/autodiscover.xml");
    assert_true(place.secure);
    assert_int_equal(place.port, 443);
}

static void follows_a_url_and_a_path(void **state)
{
    (void)state;
    assert_true(leads("https://Mail.Example.com:8443?a=b#part"));
    assert_string_equal(place.host, "mail.example.com");
    assert_int_equal(place.port, 8443);
    assert_string_equal(place.path, "/?a=b");
    assert_true(leads("/else"));
    assert_string_equal(place.host, "mail.example.com");
    assert_string_equal(place.path, "/else");
    assert_true(leads("http://www.example.com/x"));
    assert_false(place.secure);
    assert_int_equal(place.port, 80);
}

static void follows_nothing_that_is_no_place(void **state)
{
    (void)state;
    static const char *const locations[] = {
        "",
        "autodiscover.xml",
        "//www.example.com/x",
        "ftp://www.example.com/",
        "https://",
        "https:///x",
        "https://anna@www.example.com/",
        "https://192.0.2.1/",
        "https://www.example.com:0/",
        "https://www.example.com:65536/",
        "https://www.example.com/a b",
        "https://www.example.com/a\tb",
        "https://www.example.com/caf\xc3\xa9",
    };
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        if (leads(locations[i]))
            fail_msg("followed \"%s\" to %s", locations[i], place.host);
    assert_string_equal(place.host, "autodiscover.example.com");
}

static void follows_a_path_as_long_as_it_holds(void **state)
{
    (void)state;
    char location[AUTODISCOVER_PATH_MAX + 1];
    memset(location, 'a', sizeof location);
    location[0] = '/';
    location[AUTODISCOVER_PATH_MAX - 1] = '\0';
    assert_true(leads(location));
    assert_int_equal(strlen(place.path), AUTODISCOVER_PATH_MAX - 1);
    location[AUTODISCOVER_PATH_MAX - 1] = 'a';
    location[AUTODISCOVER_PATH_MAX] = '\0';
    assert_false(leads(location));
}

static void refuses_a_domain_that_is_too_long_for_a_name_before_it(void **state)
{
    (void)state;
    char domain[NAMES_HOST_MAX + 1];
    memset(domain, 'a', sizeof domain);
    domain[NAMES_HOST_MAX - 13] = '\0';
    assert_true(autodiscover_at("autodiscover.", domain, true, &place));
    domain[NAMES_HOST_MAX - 13] = 'a';
    domain[NAMES_HOST_MAX - 12] = '\0';
    assert_false(autodiscover_at("autodiscover.", domain, true, &place));
}

/* ---- answers ---- */

#define ACCOUNT(inner)                                                                             \
    "<Autodiscover xmlns=\"a\"><Response xmlns=\"b\"><Account>" inner                              \
    "</Account></Response></Autodiscover>"

static void reading(const char *xml)
{
    pox_read(slice_of(xml), &pox);
}

static void prefers_what_outlook_prefers(void **state)
{
    (void)state;
    reading(
        ACCOUNT("<Action>settings</Action>"
                "<Protocol><Type>EXPR</Type><Server>out.example</Server></Protocol>"
                "<Protocol Type=\"mapiHttp\" Version=\"1\"><MailStore>"
                "<ExternalUrl>https://Mapi.example/mapi/?a=b</ExternalUrl></MailStore></Protocol>"
                "<Protocol><Type>EXCH</Type><Server>in.example</Server>"
                "<EwsUrl>https://ews.example/EWS/Exchange.asmx</EwsUrl></Protocol>"));
    assert_int_equal(pox.kind, POX_SETTINGS);
    assert_true(pox.exchange);
    assert_string_equal(pox.type, "mapiHttp");
    assert_string_equal(pox.server, "mapi.example");
    assert_string_equal(pox.ews, "ews.example");
}

/* The server of EXCH is a name inside the provider's own network. */
static void takes_no_internal_name_for_the_server(void **state)
{
    (void)state;
    reading(ACCOUNT("<Protocol><Type>EXCH</Type><Server>exch01.corp.local</Server></Protocol>"));
    assert_string_equal(pox.type, "EXCH");
    assert_string_equal(pox.server, "");
}

static void tells_a_mailbox_that_is_no_exchange(void **state)
{
    (void)state;
    reading(ACCOUNT("<Protocol><Type>SMTP</Type><Server>smtp.example</Server></Protocol>"
                    "<Protocol><Type>POP3</Type><Server>pop.example</Server></Protocol>"
                    "<Protocol><Type>imap</Type><Server>imap.example</Server></Protocol>"));
    assert_int_equal(pox.kind, POX_SETTINGS);
    assert_false(pox.exchange);
    assert_string_equal(pox.type, "IMAP");
    assert_string_equal(pox.server, "imap.example");
}

static void tells_where_to_ask_instead(void **state)
{
    (void)state;
    reading(ACCOUNT("<Action>redirectAddr</Action><RedirectAddr>a@b.example</RedirectAddr>"));
    assert_int_equal(pox.kind, POX_REDIRECT_ADDRESS);
    assert_string_equal(pox.redirect, "a@b.example");
    reading(ACCOUNT("<Action>redirectUrl</Action><RedirectUrl>https://b.example/</RedirectUrl>"));
    assert_int_equal(pox.kind, POX_REDIRECT_URL);
    assert_string_equal(pox.redirect, "https://b.example/");
}

static void follows_no_url_that_is_cut(void **state)
{
    (void)state;
    char xml[POX_REDIRECT_MAX + 200], url[POX_REDIRECT_MAX + 1];
    memset(url, 'a', sizeof url);
    url[POX_REDIRECT_MAX - 1] = '\0';
    (void)snprintf(xml, sizeof xml,
                   ACCOUNT("<Action>redirectUrl</Action><RedirectUrl>%s</RedirectUrl>"), url);
    reading(xml);
    assert_int_equal(pox.kind, POX_REDIRECT_URL);
    url[POX_REDIRECT_MAX - 1] = 'a';
    url[POX_REDIRECT_MAX] = '\0';
    (void)snprintf(xml, sizeof xml,
                   ACCOUNT("<Action>redirectUrl</Action><RedirectUrl>%s</RedirectUrl>"), url);
    reading(xml);
    assert_int_equal(pox.kind, POX_NOTHING);
}

static void tells_an_error(void **state)
{
    (void)state;
    reading("<Autodiscover><Response><Error><ErrorCode>600</ErrorCode></Error></Response>"
            "</Autodiscover>");
    assert_int_equal(pox.kind, POX_ERROR);
    assert_string_equal(pox.error, "600");
}

static void takes_nothing_from_what_is_no_answer(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "<html><body>Welcome</body></html>",
        "<Autodiscover><Response></Response></Autodiscover>",
        "<Protocol><Type>EXPR</Type></Protocol>",
        ACCOUNT("<Protocol><Type>WEB</Type></Protocol>"),
        "<Autodiscover><Response><Account><Protocol><Type>EXPR</Type></Protocol>",
        "<!DOCTYPE a>" ACCOUNT("<Protocol><Type>EXPR</Type></Protocol>"),
        "{\"Protocol\":\"EWS\"}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        reading(bodies[i]);
        if (pox.kind != POX_NOTHING || pox.type[0] != '\0')
            fail_msg("took \"%s\" for an answer", bodies[i]);
    }
}

static void reads_the_host_of_the_newer_answer(void **state)
{
    (void)state;
    char host[NAMES_HOST_MAX + 1] = "before";
    static const char *const none[] = {
        "",
        "{",
        "[\"https://a.example/\"]",
        "{\"Url\":1}",
        "{\"Url\":\"http://a.example/\"}",
        "{\"ErrorCode\":\"ProtocolNotSupported\",\"ErrorMessage\":\"no\"}",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(autodiscover_json_host(slice_of(none[i]), host));
    assert_string_equal(host, "before");
    assert_true(autodiscover_json_host(
        SLICE("{\"Protocol\":\"EWS\",\"Url\":\"https://Ex4.Example/EWS/Exchange.asmx\"}"), host));
    assert_string_equal(host, "ex4.example");
}

/* ---- whose ---- */

static void speaks_passwords_to_named_hosts_only(void **state)
{
    (void)state;
    assert_true(autodiscover_is_named(&profile, "EX4.provider.example"));
    assert_false(autodiscover_is_named(&profile, "ex5.provider.example"));
    assert_false(autodiscover_is_named(&profile, "ex4.provider.example.evil.example"));
    assert_false(autodiscover_is_named(&profile, "autodiscover.example.com"));
    assert_true(autodiscover_is_providers(&profile, "ex5.provider.example"));
    assert_false(autodiscover_is_providers(&profile, "ex5.evil.provider.example"));
}

static void finds_an_exchange_mailbox_at_the_providers_exchange_only(void **state)
{
    (void)state;
    reading(ACCOUNT("<Protocol><Type>EXPR</Type><Server>ex5.provider.example</Server></Protocol>"));
    assert_true(autodiscover_is_right(&profile, &pox));
    reading(ACCOUNT("<Protocol><Type>EXPR</Type><Server>ex5.other.example</Server></Protocol>"));
    assert_false(autodiscover_is_right(&profile, &pox));
    reading(ACCOUNT("<Protocol><Type>IMAP</Type><Server>ex4.provider.example</Server></Protocol>"));
    assert_false(autodiscover_is_right(&profile, &pox));
    profile.exchange.host = NULL;
    assert_true(autodiscover_is_right(&profile, &pox));
}

static void is_expected_where_the_provider_says_how_and_where(void **state)
{
    (void)state;
    assert_false(autodiscover_is_expected(&profile));
    profile.srv.required = true;
    assert_true(autodiscover_is_expected(&profile));
    profile.srv.required = false;
    profile.autodiscover_cname = "autodiscover.provider.example";
    assert_true(autodiscover_is_expected(&profile));
    profile.autodiscover_host_count = 0;
    assert_false(autodiscover_is_expected(&profile));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(names_the_usual_place, begin),
        cmocka_unit_test_setup(follows_a_url_and_a_path, begin),
        cmocka_unit_test_setup(follows_nothing_that_is_no_place, begin),
        cmocka_unit_test_setup(follows_a_path_as_long_as_it_holds, begin),
        cmocka_unit_test_setup(refuses_a_domain_that_is_too_long_for_a_name_before_it, begin),
        cmocka_unit_test(prefers_what_outlook_prefers),
        cmocka_unit_test(takes_no_internal_name_for_the_server),
        cmocka_unit_test(tells_a_mailbox_that_is_no_exchange),
        cmocka_unit_test(tells_where_to_ask_instead),
        cmocka_unit_test(follows_no_url_that_is_cut),
        cmocka_unit_test(tells_an_error),
        cmocka_unit_test(takes_nothing_from_what_is_no_answer),
        cmocka_unit_test(reads_the_host_of_the_newer_answer),
        cmocka_unit_test_setup(speaks_passwords_to_named_hosts_only, begin),
        cmocka_unit_test_setup(finds_an_exchange_mailbox_at_the_providers_exchange_only, begin),
        cmocka_unit_test_setup(is_expected_where_the_provider_says_how_and_where, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
