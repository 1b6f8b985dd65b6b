/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

static struct arena arena;
static struct settings settings;
static struct account_settings account;
static struct profile profile;
static struct settings_trouble trouble;
static char directory[] = "/tmp/gatepost-profile-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    static max_align_t memory[1 << 14];
    arena_begin(&arena, memory, sizeof memory);
    memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/own.json", directory);
    settings_defaults(&settings, &arena);
    settings.profile_directory = directory;
    assert_true(settings_bare_account(&account, &arena, "anna@example.org"));
    memset(&profile, 0, sizeof profile);
    memset(&trouble, 0, sizeof trouble);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(directory);
}

static bool load(const char *name)
{
    account.profile = name;
    return profile_load(&settings, &account, &arena, &profile, &trouble);
}

static bool load_own(const char *json)
{
    assert_int_equal(port_file_replace(path, json, strlen(json), 0600), FILE_DONE);
    return load("own");
}

static enum mx_kind kind(const char *host)
{
    return profile_mx_kind(&profile, host);
}

/* ---- patterns ---- */

static void lets_a_star_stand_within_a_label_only(void **state)
{
    (void)state;
    assert_true(profile_host_matches("ex*.mail.ovh.net", "ex4.mail.ovh.net"));
    assert_true(profile_host_matches("ex*.mail.ovh.net", "EX.Mail.ovh.net"));
    assert_false(profile_host_matches("ex*.mail.ovh.net", "ex4.evil.mail.ovh.net"));
    assert_false(profile_host_matches("ex*.mail.ovh.net", "ex.evil.example/.mail.ovh.net"));
    assert_false(profile_host_matches("ex*.mail.ovh.net", "ex4.mail.ovh.net.evil.example"));
    assert_false(profile_host_matches("ex*.mail.ovh.net", "x4.mail.ovh.net"));
    assert_false(profile_host_matches("*.example", "example"));
    assert_true(profile_host_matches("mail*x.example", "mailxx.example"));
    assert_false(profile_host_matches("mail*x.example", "mail.example"));
    assert_false(profile_host_matches("mx.example", ""));
}

/* ---- the profiles inside the program ---- */

static void knows_the_mx_of_hosted_exchange(void **state)
{
    (void)state;
    account.host = "EX4.mail.ovh.net";
    assert_true(load("ovh-exchange-hosted"));
    assert_int_equal(profile.mx_count, 5);
    assert_string_equal(profile.mx[0].host, "mx0.mail.ovh.net");
    assert_int_equal(profile.mx[0].preference, 1);
    assert_string_equal(profile.mx[4].host, "mx4.mail.ovh.net");
    assert_int_equal(profile.mx[4].preference, 200);
    assert_int_equal(kind("mx3.mail.ovh.net"), MX_CURRENT);
    assert_int_equal(kind("mx1.mail.ovh.ca"), MX_CURRENT);
    assert_int_equal(kind("ex2.mail.ovh.net"), MX_LEGACY);
    assert_int_equal(kind("redirect.ovh.net"), MX_FOREIGN);
    assert_int_equal(kind("mail.example.net"), MX_FOREIGN);
}

static void fills_in_the_account_s_own_host(void **state)
{
    (void)state;
    account.host = "EX4.mail.ovh.net";
    account.mx_mode = 2;
    assert_true(load("ovh-exchange-hosted"));
    assert_int_equal(profile.mx_count, 1);
    assert_string_equal(profile.mx[0].host, "ex4.mail.ovh.net");
    assert_string_equal(profile.srv.target, "ex4.mail.ovh.net");
    assert_int_equal(profile.srv.port, 443);
    assert_string_equal(profile.webmail.host, "ex4.mail.ovh.net");
    assert_string_equal(profile.imap.host, "ex4.mail.ovh.net");
    assert_int_equal(profile.imap.port, 993);
    assert_int_equal(profile.imap.security, SECURITY_IMPLICIT);
    assert_int_equal(profile.submission.port, 587);
    assert_int_equal(profile.submission.security, SECURITY_STARTTLS);
}

static void judges_records_but_talks_to_nobody_where_the_host_is_not_known(void **state)
{
    (void)state;
    account.mx_mode = 2;
    assert_true(load("ovh-exchange-hosted"));
    assert_string_equal(profile.srv.target, "ex*.mail.ovh.net");
    assert_int_equal(kind("ex5.mail.ovh.net"), MX_CURRENT);
    assert_null(profile.webmail.host);
    assert_null(profile.imap.host);
    assert_null(profile.submission.host);
    assert_true(load("ovh-exchange-private"));
    assert_null(profile.srv.target);
    assert_int_equal(profile.mx_count, 0);
}

static void takes_any_mx_without_a_provider(void **state)
{
    (void)state;
    assert_true(load("generic"));
    assert_int_equal(kind("mail.example.net"), MX_CURRENT);
    assert_null(profile.imap.host);
    assert_null(profile.webmail.host);
    account.host = "mail.example.org";
    assert_true(load("generic"));
    assert_string_equal(profile.submission.host, "mail.example.org");
    assert_null(profile.webmail.host);
    assert_null(profile.pop.host); /* few have it: it is looked for only where it is named */
}

static void prefers_what_the_settings_say(void **state)
{
    (void)state;
    account.host = "ex4.mail.ovh.net";
    account.webmail_host = "webmail.example.org";
    account.imap_host = "imap.example.org";
    account.submission_host = "smtp.example.org";
    account.pop_host = "pop.example.org";
    account.exchange_host = "ews.example.org";
    account.dkim_selectors = (struct setting_list){ { "own" }, 1 };
    account.expected_mx = (struct setting_list){ { "mx.example.org", "mx2.example.org" }, 2 };
    assert_true(load("ovh-exchange-hosted"));
    assert_string_equal(profile.webmail.host, "webmail.example.org");
    assert_int_equal(profile.webmail.port, 443);
    assert_string_equal(profile.imap.host, "imap.example.org");
    assert_string_equal(profile.submission.host, "smtp.example.org");
    assert_string_equal(profile.pop.host, "pop.example.org");
    assert_int_equal(profile.pop.port, 995);
    assert_string_equal(profile.exchange.host, "ews.example.org");
    assert_int_equal(profile.dkim_selector_count, 1);
    assert_string_equal(profile.dkim_selectors[0], "own");
    assert_int_equal(profile.mx_count, 2);
    assert_true(profile.mx[0].preference < profile.mx[1].preference);
    assert_int_equal(kind("mx2.example.org"), MX_CURRENT);
    assert_int_equal(kind("mx0.mail.ovh.net"), MX_FOREIGN);
}

static void knows_what_the_provider_calls_an_account_locked_for_spam(void **state)
{
    (void)state;
    const struct slice said = SLICE("550 5.7.1 Account LOCKED for spam, see your ticket");
    assert_true(load("ovh-exchange-hosted"));
    const enum stage meant[] = { STAGE_SENDER, STAGE_RECIPIENT, STAGE_DATA, STAGE_BOUNCE };
    for (size_t i = 0; i < sizeof meant / sizeof meant[0]; i++)
        assert_int_equal(profile_reply_means(&profile, SERVICE_SUBMISSION, meant[i], said),
                         ACCOUNT_BLOCKED_FOR_SPAM);
    assert_int_equal(profile_reply_means(&profile, SERVICE_SUBMISSION, STAGE_AUTH, said),
                     NO_FINDING);
    assert_int_equal(profile_reply_means(&profile, SERVICE_MX, STAGE_DATA, said), NO_FINDING);
    assert_int_equal(profile_reply_means(&profile, SERVICE_SUBMISSION, STAGE_DATA,
                                         SLICE("550 5.7.1 message blocked for spam content")),
                     NO_FINDING);
    assert_int_equal(profile_reply_means(&profile, SERVICE_SUBMISSION, STAGE_DATA, SLICE("")),
                     NO_FINDING);
}

/* After a password "NO AUTHENTICATE failed." means that none is taken; after a token, something
 * else. */
static void tells_a_refused_password_from_a_refused_token(void **state)
{
    (void)state;
    const struct slice said = SLICE("NO AUTHENTICATE failed.");
    assert_true(load("microsoft-365"));
    assert_int_equal(profile_reply_means(&profile, SERVICE_IMAP, STAGE_AUTH, said),
                     LOGIN_BASIC_DISABLED);
    assert_int_equal(profile_reply_means(&profile, SERVICE_IMAP, STAGE_TOKEN, said), NO_FINDING);
    assert_true(load_own("{ \"title\": \"Own\", \"replies\": [ { \"service\": \"imap\", "
                         "\"stages\": [\"token\", \"bounce\"], \"pattern\": \"NO*\", "
                         "\"finding\": \"service.busy\" } ] }"));
    assert_int_equal(profile_reply_means(&profile, SERVICE_IMAP, STAGE_TOKEN, said), SERVICE_BUSY);
    assert_int_equal(profile_reply_means(&profile, SERVICE_IMAP, STAGE_BOUNCE, said), SERVICE_BUSY);
    assert_int_equal(profile_reply_means(&profile, SERVICE_IMAP, STAGE_AUTH, said), NO_FINDING);
}

static void reads_every_profile_inside_the_program(void **state)
{
    (void)state;
    for (const struct profile_file *file = profiles_embedded; file->name != NULL; file++) {
        account.host = "host.example.net";
        if (!load(file->name))
            fail_msg("%s: %s: found %s", file->name, trouble.key, trouble.found);
        assert_true(profile.title[0] != '\0');
        if (profile.imap.host == NULL || profile.submission.host == NULL)
            fail_msg("%s has no server", file->name);
        account.host = "";
        assert_true(load(file->name));
    }
}

static void writes_the_domain_as_microsoft_does(void **state)
{
    (void)state;
    account.address = "anna@mail.example.org";
    assert_true(load("microsoft-365"));
    assert_string_equal(profile.mx[0].host, "mail-example-org.mail.protection.outlook.com");
    assert_int_equal(kind("mail-example-org.mail.protection.outlook.com"), MX_CURRENT);
    assert_int_equal(kind("example-org01i.mail.protection.outlook.com"), MX_CURRENT);
    assert_int_equal(kind("example-org.o-v1.mx.microsoft"), MX_CURRENT);
    assert_int_equal(kind("mail.protection.outlook.com.example"), MX_FOREIGN);
    assert_int_equal(kind("aspmx.l.google.com"), MX_FOREIGN);
    account.address = "my-office.example"; /* a bare domain, with a hyphen of its own */
    assert_true(load("microsoft-365"));
    assert_string_equal(profile.mx[0].host, "*.mail.protection.outlook.com");
}

static void fills_in_the_tenant_of_the_token_server(void **state)
{
    (void)state;
    account.auth = AUTH_OAUTH_CLIENT;
    account.oauth_tenant = "example.onmicrosoft.com";
    assert_true(load("microsoft-365"));
    assert_string_equal(profile.oauth.host, "login.microsoftonline.com");
    assert_string_equal(profile.oauth.path, "/example.onmicrosoft.com/oauth2/v2.0/token");
    account.oauth_tenant = "";
    assert_false(load("microsoft-365"));
    assert_string_equal(trouble.key, "oauth_tenant");
    account.auth = AUTH_PASSWORD;
    assert_true(load("microsoft-365"));
    assert_null(profile.oauth.host);
    assert_true(load("google-workspace"));
    assert_string_equal(profile.oauth.path, "/token");
    assert_string_equal(profile.oauth.imap_scope, "https://mail.google.com/");
    assert_null(profile.oauth.http_scope);
}

static void says_when_the_provider_lacks_what_the_account_wants(void **state)
{
    (void)state;
    account.auth = AUTH_OAUTH_REFRESH;
    assert_false(load("infomaniak"));
    assert_string_equal(trouble.key, "auth");
    account.auth = AUTH_PASSWORD;
    account.api_key_file = "/keys";
    assert_false(load("infomaniak"));
    assert_string_equal(trouble.key, "api_key_file");
    assert_true(load("ovh-exchange-hosted"));
    assert_int_equal(profile.api, API_OVH);
    assert_string_equal(profile.api_service, "exchange");
    assert_true(load("ovh-email-pro"));
    assert_string_equal(profile.api_service, "email-pro");
}

static void takes_the_country_of_ionos_from_the_account_s_host(void **state)
{
    (void)state;
    account.host = "ionos.fr";
    assert_true(load("ionos"));
    assert_string_equal(profile.mx[1].host, "mx01.ionos.fr");
    assert_string_equal(profile.imap.host, "imap.ionos.fr");
    assert_string_equal(profile.submission.host, "smtp.ionos.fr");
    account.host = "";
    assert_true(load("ionos"));
    assert_int_equal(kind("mx00.ionos.de"), MX_CURRENT);
    assert_int_equal(kind("mx00.ionos.co.uk"), MX_CURRENT);
    assert_int_equal(kind("mx00.kundenserver.de"), MX_LEGACY);
    assert_int_equal(kind("mx00.example.de"), MX_FOREIGN);
    assert_null(profile.imap.host);
}

/* ---- profiles in the directory ---- */

static void reads_all_of_a_profile_in_the_directory(void **state)
{
    (void)state;
    assert_true(
        load_own("{ \"title\": \"Own\", \"health\": [\"/up\"], \"junk\": [\"Spam\"],"
                 "\"lockout\": { \"tries\": 5, \"minutes\": 30 },"
                 "\"status_page\": \"https://status.example/\","
                 "\"autodiscover\": { \"cname\": \"A.example\", \"hosts\": [\"a*.example\"] },"
                 "\"spf\": { \"include\": \"_spf.example\", \"all\": \"-all\" },"
                 "\"dkim_selectors\": [\"S1\", \"x*\"], \"webmail_kind\": \"none\","
                 "\"srv\": { \"required\": false, \"priority\": 1, \"weight\": 2, \"port\": 8443,"
                 "\"target\": \"SRV.example\" }, \"imap\": { \"host\": \"i.example\","
                 "\"port\": 143, \"security\": \"starttls\" } }"));
    assert_string_equal(profile.name, "own");
    assert_string_equal(profile.title, "Own");
    assert_int_equal(profile.health_count, 1);
    assert_string_equal(profile.health[0], "/up");
    assert_string_equal(profile.junk[0], "Spam");
    assert_int_equal(profile.lockout_tries, 5);
    assert_int_equal(profile.lockout_minutes, 30);
    assert_string_equal(profile.status_page, "https://status.example/");
    assert_null(profile.support_page);
    assert_string_equal(profile.autodiscover_cname, "a.example");
    assert_int_equal(profile.autodiscover_host_count, 1);
    assert_string_equal(profile.autodiscover_hosts[0], "a*.example");
    assert_string_equal(profile.spf_include, "_spf.example");
    assert_string_equal(profile.spf_all, "-all");
    assert_int_equal(profile.dkim_selector_count, 2);
    assert_string_equal(profile.dkim_selectors[0], "s1");
    assert_int_equal(profile.webmail_kind, WEBMAIL_NONE);
    assert_false(profile.srv.required);
    assert_int_equal(profile.srv.priority, 1);
    assert_int_equal(profile.srv.weight, 2);
    assert_int_equal(profile.srv.port, 8443);
    assert_string_equal(profile.srv.target, "srv.example");
    assert_int_equal(profile.imap.port, 143);
    assert_int_equal(profile.imap.security, SECURITY_STARTTLS);
}

static void lets_a_file_override_the_profile_inside(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/generic.json", directory);
    const char json[] = "{ \"title\": \"Newer\" }";
    assert_int_equal(port_file_replace(path, json, sizeof json - 1, 0600), FILE_DONE);
    assert_true(load("generic"));
    assert_string_equal(profile.title, "Newer");
}

static void lists_profiles_of_both_places_in_order(void **state)
{
    (void)state;
    const char *names[PROFILE_NAMES_MAX];
    assert_true(load_own("{ \"title\": \"Own\" }"));
    size_t count = profile_names(&settings, &arena, names, PROFILE_NAMES_MAX);
    assert_string_equal(names[0], "generic");
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(names[i - 1], names[i]) < 0);
    assert_string_equal(names[count - 1], "own");
    assert_int_equal(profile_names(&settings, &arena, names, 2), 2);
}

static void says_which_profiles_there_are(void **state)
{
    (void)state;
    assert_false(load("ovh-exchnage-hosted"));
    assert_string_equal(trouble.key, "profile");
    assert_string_equal(trouble.found, "ovh-exchnage-hosted");
    assert_non_null(strstr(trouble.wanted, "ovh-exchange-hosted"));
    assert_false(load(""));
    assert_string_equal(trouble.key, "profile");
}

static void looks_for_profiles_in_its_directory_only(void **state)
{
    (void)state;
    char elsewhere[64];
    (void)snprintf(elsewhere, sizeof elsewhere, "%s/own", directory + strlen("/tmp/"));
    assert_true(load_own("{ \"title\": \"Own\" }"));
    settings.profile_directory = "/tmp";
    assert_false(load(elsewhere));
    assert_string_equal(trouble.key, "profile");
}

static void says_what_is_wrong_with_which_key(void **state)
{
    (void)state;
    const struct {
        const char *json, *key;
        int line;
    } cases[] = {
        { "{ \"title\": \"T\",\n \"mx_alowed\": [] }", "mx_alowed", 2 },
        { "{ \"mx_allowed\": [] }", "", 0 },
        { "{ \"title\": \"\" }", "title", 1 },
        { "{ \"title\": \"T\",\n\"title\": \"U\" }", "title", 2 },
        { "{ \"title\": \"T\",\n\"imap\": { \"port\": 0 } }", "imap.port", 2 },
        { "{ \"title\": \"T\",\n\"imap\": { \"port\": 65536 } }", "imap.port", 2 },
        { "{ \"title\": \"T\",\n\"imap\": { \"port\": 1.5 } }", "imap.port", 2 },
        { "{ \"title\": \"T\",\n\"imap\": { \"security\": \"none\" } }", "imap.security", 2 },
        { "{ \"title\": \"T\",\n\"imap\": { \"host\": \"ex*.example\" } }", "imap.host", 2 },
        { "{ \"title\": \"T\",\n\"mx_allowed\": [\"a*.b*.c*.example\"] }", "mx_allowed[0]", 2 },
        { "{ \"title\": \"T\",\n\"mx_allowed\": [\"mx.{domain}.example\"] }", "mx_allowed[0]", 2 },
        { "{ \"title\": \"T\",\n\"srv\": { \"required\": \"no\" } }", "srv.required", 2 },
        { "{ \"title\": \"T\",\n\"spf\": { \"all\": \"all\" } }", "spf.all", 2 },
        { "{ \"title\": \"T\",\n\"autodiscover\": { \"cname\": \"a b\" } }", "autodiscover.cname",
          2 },
        { "{ \"title\": \"T\",\n\"dkim_selectors\": [\"a/b\"] }", "dkim_selectors[0]", 2 },
        { "{ \"title\": \"T\",\n\"webmail_kind\": \"roundcube\" }", "webmail_kind", 2 },
        { "{ \"title\": \"T\",\n\"imap\": { \"host\": \"_imap.example\" } }", "imap.host", 2 },
        { "{ \"title\": \"T\",\n\"oauth\": { \"host\": \"login.example\" } }", "oauth", 2 },
        { "{ \"title\": \"T\",\n\"oauth\": { \"host\": \"login.example\", \"path\": \"/{user}\" } "
          "}",
          "oauth.path", 2 },
        { "{ \"title\": \"T\",\n\"api\": { \"kind\": \"ovh\", \"service\": \"fax\" } }",
          "api.service", 2 },
        { "{ \"title\": \"T\",\n\"mx\": { \"with-other\":\n[{ \"preference\": 1 }] } }",
          "mx.with-other[0]", 3 },
        { "{ \"title\": \"T\",\n\"mx\": { \"every\": [] } }", "mx.every", 2 },
        { "{ \"title\": \"T\",\n\"host_pattern\": \"{host}\" }", "host_pattern", 2 },
        { "{ \"title\": \"T\",\n\"health\": [\"/a b\"] }", "health[0]", 2 },
        { "{ \"title\": \"T\",\n\"health\": [\"owa\"] }", "health[0]", 2 },
        { "{ \"title\": \"T\",\n\"junk\": \"Spam\" }", "junk", 2 },
        { "{ \"title\": \"T\",\n\"replies\": [{ \"service\": \"submission\", \"stages\": "
          "[\"data\"],"
          "\n\"pattern\": \"5*\", \"finding\": \"no.such\" }] }",
          "replies[0].finding", 3 },
        { "{ \"title\": \"T\",\n\"replies\": [{ \"service\": \"fax\", \"stages\": [\"data\"],"
          "\"pattern\": \"5*\", \"finding\": \"mail.bounced\" }] }",
          "replies[0].service", 2 },
        { "{ \"title\": \"T\",\n\"replies\": [{ \"service\": \"mx\", \"stages\": [\"end\"],"
          "\"pattern\": \"5*\", \"finding\": \"mail.bounced\" }] }",
          "replies[0].stages[0]", 2 },
        { "[]", "", 0 },
        { "{ \"title\": \"T\",\n}", "", 2 },
        { "", "", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        profile.title = "before";
        if (load_own(cases[i].json))
            fail_msg("accepted: %s", cases[i].json);
        assert_string_equal(trouble.key, cases[i].key);
        if (cases[i].line > 0)
            assert_int_equal(trouble.line, cases[i].line);
        assert_string_equal(trouble.file, path);
        assert_true(trouble.found[0] != '\0' && trouble.mend[0] != '\0');
        assert_string_equal(profile.title, "before");
    }
}

/* Fills the own profile with a list of texts, count of them. */
static bool load_junk(size_t count)
{
    char json[512];
    struct text text;
    text_begin(&text, json, sizeof json);
    text_add_string(&text, "{ \"title\": \"T\", \"junk\": [");
    for (size_t i = 0; i < count; i++)
        text_add_format(&text, "%s\"J%zu\"", i > 0 ? "," : "", i);
    text_add_string(&text, "] }");
    assert_false(text.overflow);
    return load_own(json);
}

static void has_room_for_a_list_of_its_length_and_no_longer(void **state)
{
    (void)state;
    assert_true(load_junk(PROFILE_NAMES_MAX));
    assert_int_equal(profile.junk_count, PROFILE_NAMES_MAX);
    assert_false(load_junk(PROFILE_NAMES_MAX + 1));
    assert_string_equal(trouble.key, "junk");
}

/* count replies, each at two stages. */
static bool load_replies(size_t count)
{
    static char json[8192];
    struct text text;
    text_begin(&text, json, sizeof json);
    text_add_string(&text, "{ \"title\": \"T\", \"replies\": [");
    for (size_t i = 0; i < count; i++)
        text_add_format(&text,
                        "%s{ \"service\": \"mx\", \"stages\": [\"data\", \"sender\"], "
                        "\"pattern\": \"5*\", \"finding\": \"mail.bounced\" }",
                        i > 0 ? "," : "");
    text_add_string(&text, "] }");
    assert_false(text.overflow);
    return load_own(json);
}

static void has_room_for_its_number_of_replies(void **state)
{
    (void)state;
    assert_true(load_replies(PROFILE_REPLIES_MAX / 2));
    assert_int_equal(profile.reply_count, PROFILE_REPLIES_MAX);
    assert_false(load_replies(PROFILE_REPLIES_MAX / 2 + 1));
}

static void takes_a_file_of_its_size_and_no_longer(void **state)
{
    (void)state;
    static char json[PROFILE_FILE_MAX + 2];
    memset(json, ' ', PROFILE_FILE_MAX);
    memcpy(json, "{ \"title\": \"T\" }", 16);
    assert_true(load_own(json));
    json[PROFILE_FILE_MAX] = ' ';
    assert_false(load_own(json));
    assert_string_equal(trouble.file, path);
}

static void says_when_the_arena_is_full(void **state)
{
    (void)state;
    account.host = "ex4.mail.ovh.net";
    long before = arena.takes;
    assert_true(load("ovh-exchange-hosted"));
    long takes = arena.takes - before;
    unsigned refusals = 0;
    for (long at = 1; at <= takes; at++) {
        arena.fail_at = arena.takes + at;
        memset(&profile, 0, sizeof profile);
        if (!load("ovh-exchange-hosted")) {
            refusals++;
            continue;
        }
        /* Words for a trouble that is none may lack room; nothing of the profile does. */
        assert_int_equal(profile.mx_count, 5);
        assert_string_equal(profile.srv.target, "ex4.mail.ovh.net");
        assert_int_equal(profile.health_count, 5);
        assert_int_equal(profile.reply_count, 4);
    }
    assert_true(refusals > 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_a_star_stand_within_a_label_only),
        TEST(knows_the_mx_of_hosted_exchange),
        TEST(fills_in_the_account_s_own_host),
        TEST(judges_records_but_talks_to_nobody_where_the_host_is_not_known),
        TEST(takes_any_mx_without_a_provider),
        TEST(prefers_what_the_settings_say),
        TEST(knows_what_the_provider_calls_an_account_locked_for_spam),
        TEST(tells_a_refused_password_from_a_refused_token),
        TEST(reads_every_profile_inside_the_program),
        TEST(writes_the_domain_as_microsoft_does),
        TEST(fills_in_the_tenant_of_the_token_server),
        TEST(says_when_the_provider_lacks_what_the_account_wants),
        TEST(takes_the_country_of_ionos_from_the_account_s_host),
        TEST(reads_all_of_a_profile_in_the_directory),
        TEST(lets_a_file_override_the_profile_inside),
        TEST(lists_profiles_of_both_places_in_order),
        TEST(says_which_profiles_there_are),
        TEST(looks_for_profiles_in_its_directory_only),
        TEST(says_what_is_wrong_with_which_key),
        TEST(has_room_for_a_list_of_its_length_and_no_longer),
        TEST(has_room_for_its_number_of_replies),
        TEST(takes_a_file_of_its_size_and_no_longer),
        TEST(says_when_the_arena_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
