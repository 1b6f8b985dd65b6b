/* SPDX-License-Identifier: MIT */
#include "settings_case.h"

#include "target.h"

/* ---- what is right ---- */

static void reads_every_type_of_setting(void **state)
{
    (void)state;
    assert_true(read_config(
        "{ \"gateway\": \"router\", \"resolvers\": [\"192.0.2.53\", \"2001:db8::53\"],\n"
        "  \"language\": \"fr\", \"suite_deadline_s\": 30, \"accounts\": [\n"
        "  { \"address\": \"anna@example.com\", \"secret_file\": \"$SECRET\", \"mx_mode\": "
        "\"with-other\",\n"
        "    \"expected_mx\": [\"mx.example.com\"], \"patience_s\": 5, \"host\": \"\" } ] }"));
    assert_string_equal(settings.gateway, "router");
    assert_int_equal(settings.resolvers.count, 2);
    assert_string_equal(settings.resolvers.value[1], "2001:db8::53");
    assert_int_equal(settings.language, 2);
    assert_int_equal(settings.suite_deadline_s, 30);
    assert_int_equal(settings.account_count, 1);
    const struct account_settings *account = settings_account(&settings, "Anna@Example.COM");
    assert_non_null(account);
    assert_string_equal(account->secret_file, secret_path);
    assert_int_equal(account->mx_mode, 2);
    assert_string_equal(account->expected_mx.value[0], "mx.example.com");
    assert_int_equal(account->patience_s, 5);
    assert_string_equal(account->host, "");
}

static void gives_defaults_to_what_is_not_said(void **state)
{
    (void)state;
    assert_true(read_config("{ \"accounts\": [ { \"address\": \"anna@example.com\" } ] }"));
    assert_string_equal(settings.ca_file, "/etc/ssl/certs/ca-certificates.crt");
    assert_int_equal(settings.suite_deadline_s, 120);
    assert_string_equal(settings.accounts[0].profile, "generic");
    assert_string_equal(settings.accounts[0].login, "");
    assert_int_equal(settings.accounts[0].patience_s, 600);
    assert_int_equal(settings.accounts[0].mx_mode, 0);
    assert_null(settings_account(&settings, "bob@example.com"));
}

static void checks_a_mailbox_that_no_file_names(void **state)
{
    (void)state;
    struct account_settings account;
    arena_begin(&arena, memory, sizeof memory);
    assert_true(settings_bare_account(&account, &arena, "bob@example.com"));
    assert_string_equal(account.address, "bob@example.com");
    assert_string_equal(account.profile, "generic");
    assert_false(settings_bare_account(&account, &arena, "bob"));
    assert_false(settings_bare_account(&account, &arena, "bob@example.com\r\nQUIT"));
}

static void takes_comments_as_a_person_writes_them(void **state)
{
    (void)state;
    assert_true(read_config("// the office's router\n{ \"gateway\": \"a//b\", // its name\n"
                            "  // \"language\": \"fr\",\n  \"suite_deadline_s\": 30 }"));
    assert_string_equal(settings.gateway, "a//b");
    assert_int_equal(settings.language, 0);
    assert_int_equal(settings.suite_deadline_s, 30);
    assert_int_equal(trouble_of("{ // one\n // two\n\"colour\": 1 }")->line, 3);
    assert_tells(trouble_of("{ # one\n }")->found, "column 3");
}

static void lets_a_list_replace_its_default(void **state)
{
    (void)state;
    struct target target;
    assert_true(read_config("{}"));
    assert_true(settings.reach_targets.count >= 2 && settings.blocklists.count >= 1);
    for (size_t i = 0; i < settings.reach_targets.count; i++)
        assert_true(target_read(slice_of(settings.reach_targets.value[i]), 0, &target));
    assert_int_equal(settings.resolvers.count, 0);
    assert_true(
        read_config("{ \"blocklists\": [],\n"
                    "\"reach_targets\": [\"www.example.com:443\", \"[2001:db8::1]:80\"] }"));
    assert_int_equal(settings.blocklists.count, 0);
    assert_int_equal(settings.reach_targets.count, 2);
    assert_string_equal(settings.reach_targets.value[1], "[2001:db8::1]:80");
}

static void knows_a_bare_domain_from_a_mailbox(void **state)
{
    (void)state;
    struct account_settings account;
    settings_bare_domain(&account, "example.com");
    assert_string_equal(settings_domain(&account), "example.com");
    assert_false(settings_has_mailbox(&account));
    account.address = "anna@example.org";
    assert_string_equal(settings_domain(&account), "example.org");
    assert_true(settings_has_mailbox(&account));
}

/* ---- what is wrong ---- */

static void refuses_targets_without_a_port_and_selectors_that_are_none(void **state)
{
    (void)state;
    static const char *const targets[] = { "www.example.com", "www.example.com:0",
                                           "2001:db8::1:443", "https://a.example:1",
                                           "a.example:65536", ":443" };
    char text[200];
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        (void)snprintf(text, sizeof text, "{ \"reach_targets\": [\"%s\"] }", targets[i]);
        assert_tells(trouble_of(text)->wanted, "with a port");
    }
    static const char *const selectors[] = { "", "a b", ".a", "s*", "a/b" };
    for (size_t i = 0; i < sizeof selectors / sizeof *selectors; i++) {
        (void)snprintf(
            text, sizeof text,
            "{ \"accounts\": [ { \"address\": \"a@b.de\", \"dkim_selectors\": [\"%s\"] } ] }",
            selectors[i]);
        assert_tells(trouble_of(text)->wanted, "DKIM selectors");
    }
}

/* Reads an account with these members beside its address. */
static bool takes_account(const char *members)
{
    char text[600];
    (void)snprintf(text, sizeof text, "{ \"accounts\": [ { \"address\": \"a@b.de\", %s } ] }",
                   members);
    return read_config(text);
}

static void wants_an_application_where_a_token_is_used(void **state)
{
    (void)state;
    assert_true(takes_account("\"auth\": \"oauth-client\", \"oauth_client_id\": \"11-aa\","
                              "\"oauth_tenant\": \"b.onmicrosoft.com\""));
    assert_int_equal(settings.accounts[0].auth, AUTH_OAUTH_CLIENT);
    assert_false(takes_account("\"auth\": \"oauth-refresh\""));
    assert_tells(only_trouble()->wanted, "oauth_client_id");
    assert_false(takes_account("\"oauth_tenant\": \"a/../b\""));
    assert_tells(only_trouble()->wanted, "directory");
}

/* Of an application alone, secret_file holds the secret already. */
static void wants_a_second_secret_beside_a_refresh_token_only(void **state)
{
    (void)state;
    write_secret("GOCSPX-1\n", 0600);
    assert_true(takes_account("\"auth\": \"oauth-refresh\", \"oauth_client_id\": \"11-aa\","
                              "\"oauth_secret_file\": \"$SECRET\""));
    assert_false(takes_account("\"auth\": \"oauth-client\", \"oauth_client_id\": \"11-aa\","
                               "\"oauth_secret_file\": \"$SECRET\""));
    assert_tells(only_trouble()->found, "oauth_secret_file");
}

static void wants_keys_and_service_of_an_interface_together(void **state)
{
    (void)state;
    write_secret("application\nsecret\nconsumer\n", 0600);
    assert_true(takes_account("\"api_key_file\": \"$SECRET\", \"api_service\": \"org-1/ex-1\","
                              "\"api_diagnostic\": \"yes\", \"api_endpoint\": \"ovh-ca\""));
    assert_true(takes_account("\"api_key_file\": \"$SECRET\", \"api_service\": \"emailpro-1\""));
    assert_false(takes_account("\"api_key_file\": \"$SECRET\""));
    assert_tells(only_trouble()->mend, "api_service");
    assert_false(takes_account("\"api_diagnostic\": \"yes\""));
    assert_tells(only_trouble()->wanted, "api_key_file");
    assert_false(takes_account("\"open_ticket\": \"on-command\""));
    assert_tells(only_trouble()->wanted, "api_key_file");
    static const char *const services[] = { "a/b/c", "/a", "a/", "../b", "a/..", "a b" };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        char text[200];
        (void)snprintf(text, sizeof text, "\"api_key_file\": \"$SECRET\", \"api_service\": \"%s\"",
                       services[i]);
        if (takes_account(text))
            fail_msg("%s was taken", services[i]);
    }
}

static void suggests_the_key_that_was_meant(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{ \"accounts\": [\n { \"address\": \"anna@example.com\",\n   \"profil\": "
                   "\"generic\" } ] }");
    assert_string_equal(trouble->file, config);
    assert_int_equal(trouble->line, 3);
    assert_string_equal(trouble->key, "accounts[0].profil");
    assert_tells(trouble->wanted, "\"profile\"");
    assert_tells(trouble_of("{ \"acounts\": [] }")->wanted, "\"accounts\"");
}

static void says_when_a_key_belongs_elsewhere(void **state)
{
    (void)state;
    assert_tells(trouble_of("{ \"patience_s\": 5 }")->mend, "into the account");
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"gateway\": \"x\" } ] }")->mend,
        "out of the account");
}

static void refuses_values_of_another_type(void **state)
{
    (void)state;
    assert_string_equal(trouble_of("{ \"gateway\": 5 }")->found, "a number");
    assert_string_equal(trouble_of("{ \"suite_deadline_s\": \"30\" }")->found, "a text");
    assert_string_equal(trouble_of("{ \"resolvers\": \"192.0.2.53\" }")->found, "a text");
    assert_string_equal(trouble_of("{ \"language\": true }")->found, "true or false");
    assert_string_equal(trouble_of("{ \"accounts\": {} }")->found, "an object");
    assert_string_equal(trouble_of("{ \"accounts\": [ \"anna@example.com\" ] }")->found, "a text");
    assert_string_equal(trouble_of("[]")->found, "a list");
}

static void takes_numbers_up_to_their_bounds_and_not_beyond(void **state)
{
    (void)state;
    assert_true(read_config("{ \"suite_deadline_s\": 10 }"));
    assert_true(read_config("{ \"suite_deadline_s\": 600 }"));
    assert_int_equal(settings.suite_deadline_s, 600);
    assert_tells(trouble_of("{ \"suite_deadline_s\": 9 }")->wanted, "from 10 to 600");
    assert_string_equal(trouble_of("{ \"suite_deadline_s\": 601 }")->found, "601");
    assert_string_equal(trouble_of("{ \"suite_deadline_s\": 20.5 }")->found, "20.5");
    assert_string_equal(trouble_of("{ \"suite_deadline_s\": 1e300 }")->found, "1e+300");
}

static void takes_lists_up_to_their_length_and_not_beyond(void **state)
{
    (void)state;
    assert_true(read_config(
        "{ \"resolvers\": [\"::1\",\"::2\",\"::3\",\"::4\",\"::5\",\"::6\",\"::7\",\"::8\"] }"));
    assert_int_equal(settings.resolvers.count, SETTINGS_LIST_MAX);
    assert_false(
        read_config("{ \"resolvers\": "
                    "[\"::1\",\"::2\",\"::3\",\"::4\",\"::5\",\"::6\",\"::7\",\"::8\",\"::9\"] }"));
    const struct settings_trouble *trouble =
        trouble_of("{ \"resolvers\": [\n\"::1\",\n\"dns.example\"] }");
    assert_int_equal(trouble->line, 3);
    assert_string_equal(trouble->key, "resolvers[1]");
}

static void refuses_hosts_and_addresses_that_are_none(void **state)
{
    (void)state;
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"anna\" } ] }")->found, "\"anna\"");
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"host\": \"192.0.2.1\" } ] }")
            ->wanted,
        "host name");
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"imap_host\": \"a.b:993\" } ] }")
            ->wanted,
        "without a port");
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"profile\": \"../x\" } ] }")
            ->mend,
        "list profiles");
    assert_tells(trouble_of("{ \"state_directory\": \"state\" }")->wanted, "begins with /");
}

static void refuses_text_that_could_end_a_command(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"login\": \"a\\r\\nQUIT\" } ] }");
    assert_string_equal(trouble->key, "accounts[0].login");
    assert_tells(trouble->wanted, "control characters");
}

static void wants_an_address_in_each_account(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{ \"accounts\": [\n { \"address\": \"a@b.de\" },\n { \"login\": \"x\" } ] }");
    assert_int_equal(trouble->line, 3);
    assert_string_equal(trouble->key, "accounts[1]");
    assert_tells(trouble->mend, "address");
}

static void refuses_a_key_or_an_address_twice(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{ \"gateway\": \"a\",\n \"language\": \"fr\",\n \"gateway\": \"b\" }");
    assert_int_equal(trouble->line, 3);
    assert_string_equal(trouble->key, "gateway");
    trouble = trouble_of(
        "{ \"accounts\": [ { \"address\": \"a@b.de\" },\n { \"address\": \"A@B.de\" } ] }");
    assert_int_equal(trouble->line, 2);
    assert_tells(trouble->wanted, "accounts[0]");
}

static void tells_all_troubles_at_once(void **state)
{
    (void)state;
    assert_false(
        read_config("{ \"colour\": 1, \"gateway\": 2,\n \"accounts\": [ { \"address\": \"x\",\n"
                    " \"patience_s\": 0 } ] }"));
    assert_int_equal(troubles.count, 4);
    assert_string_equal(troubles.trouble[0].key, "colour");
    assert_string_equal(troubles.trouble[3].key, "accounts[0].patience_s");
    assert_int_equal(troubles.trouble[3].line, 3);
}

static void counts_the_troubles_that_it_has_no_room_to_keep(void **state)
{
    (void)state;
    char text[2000] = "{";
    struct text out = { .at = text, .size = sizeof text, .len = 1 };
    for (int i = 0; i < SETTINGS_TROUBLES_MAX + 3; i++)
        text_add_format(&out, "%s\"colour%d\": 1", i == 0 ? "" : ",", i);
    text_add_string(&out, "}");
    assert_false(read_config(text));
    assert_int_equal(troubles.count, SETTINGS_TROUBLES_MAX + 3);
}

static void says_where_the_json_is_wrong(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{\n \"gateway\": \"a\"\n \"language\": \"fr\"\n}");
    assert_int_equal(trouble->line, 3);
    assert_tells(trouble->found, "column 2");
    assert_tells(trouble->found, "comma");
    assert_false(read_bytes("", 0));
    assert_false(read_bytes("{ \"gateway\": \"a\0b\" }", 21));
}

static void takes_a_file_of_the_largest_size_and_not_one_byte_more(void **state)
{
    (void)state;
    static char text[SETTINGS_FILE_MAX + 1];
    memset(text, ' ', sizeof text);
    text[0] = '{';
    text[1] = '}';
    assert_true(read_bytes(text, SETTINGS_FILE_MAX));
    assert_false(read_bytes(text, SETTINGS_FILE_MAX + 1));
    assert_tells(only_trouble()->wanted, "65536");
}

static void takes_a_text_of_the_largest_size_and_not_one_byte_more(void **state)
{
    (void)state;
    char text[SETTINGS_TEXT_MAX + 40], value[SETTINGS_TEXT_MAX + 2];
    memset(value, 'x', sizeof value);
    value[SETTINGS_TEXT_MAX] = '\0';
    (void)snprintf(text, sizeof text, "{ \"gateway\": \"%s\" }", value);
    assert_true(read_config(text));
    assert_int_equal(strlen(settings.gateway), SETTINGS_TEXT_MAX);
    value[SETTINGS_TEXT_MAX] = 'x';
    value[SETTINGS_TEXT_MAX + 1] = '\0';
    (void)snprintf(text, sizeof text, "{ \"gateway\": \"%s\" }", value);
    assert_tells(trouble_of(text)->found, "1024 bytes");
}

static void takes_a_hundred_accounts_and_not_one_more(void **state)
{
    (void)state;
    static char text[SETTINGS_FILE_MAX];
    for (int count = SETTINGS_ACCOUNTS_MAX; count <= SETTINGS_ACCOUNTS_MAX + 1; count++) {
        struct text out;
        text_begin(&out, text, sizeof text);
        text_add_string(&out, "{ \"accounts\": [");
        for (int i = 0; i < count; i++)
            text_add_format(&out, "%s{ \"address\": \"a%d@b.de\" }", i == 0 ? "" : ",", i);
        text_add_string(&out, "] }");
        assert_int_equal(read_bytes(text, out.len), count == SETTINGS_ACCOUNTS_MAX);
    }
    assert_tells(only_trouble()->wanted, "at most 100");
}

static void says_that_there_is_no_file(void **state)
{
    (void)state;
    arena_begin(&arena, memory, sizeof memory);
    assert_false(settings_read("/nowhere/gatepost.json", &arena, &settings, &troubles));
    assert_string_equal(only_trouble()->found, "no such file");
    arena_begin(&arena, memory, sizeof memory);
    assert_false(settings_read(directory, &arena, &settings, &troubles));
    assert_int_equal(troubles.count, 1);
}

/* Whichever allocation fails, the settings are refused and not used half read. */
static void refuses_settings_for_which_the_memory_was_too_small(void **state)
{
    (void)state;
    static const char text[] = "{ \"gateway\": \"router\", \"resolvers\": [\"192.0.2.53\"],\n"
                               " \"accounts\": [ { \"address\": \"anna@example.com\" } ] }";
    assert_true(read_config(text));
    const long takes = arena.takes;
    for (long fail_at = 1; fail_at <= takes; fail_at++) {
        arena_begin(&arena, memory, sizeof memory);
        arena.fail_at = fail_at;
        bool good = settings_read(config, &arena, &settings, &troubles);
        if (good && (strcmp(settings.gateway, "router") != 0 || settings.resolvers.count != 1 ||
                     strcmp(settings.resolvers.value[0], "192.0.2.53") != 0 ||
                     settings_account(&settings, "anna@example.com") == NULL))
            fail_msg("half read when take %ld failed", fail_at);
    }
}

/* ---- the broker ---- */

static const char pin[] = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

static bool takes_broker(const char *url)
{
    char text[400];
    (void)snprintf(text, sizeof text, "{ \"broker\": \"%s\" }", url);
    return read_config(text);
}

static void takes_brokers_with_and_without_a_port(void **state)
{
    (void)state;
    assert_true(takes_broker("mqtts://broker.example.com"));
    assert_string_equal(settings.broker, "mqtts://broker.example.com");
    assert_true(takes_broker("mqtts://broker.example.com:443"));
    assert_true(takes_broker("mqtts://192.0.2.1:65535"));
    assert_true(takes_broker("mqtts://[2001:db8::1]"));
    assert_true(takes_broker("mqtt://127.0.0.53"));
    assert_true(takes_broker("mqtt://[::1]:1883"));
    assert_true(takes_broker("mqtt://localhost"));
}

static void refuses_brokers_that_would_be_spoken_to_in_the_clear(void **state)
{
    (void)state;
    assert_false(takes_broker("mqtt://broker.example.com"));
    assert_tells(only_trouble()->wanted, "mqtts://");
    assert_false(takes_broker("mqtt://192.0.2.1"));
    assert_false(takes_broker("mqtt://[2001:db8::1]"));
    assert_false(takes_broker("mqtt://localhost.example.com"));
}

static void refuses_what_is_no_address_of_a_broker(void **state)
{
    (void)state;
    static const char *const wrong[] = { "broker.example.com",
                                         "https://broker.example.com",
                                         "mqtts://",
                                         "mqtts://:8883",
                                         "mqtts://broker.example.com:",
                                         "mqtts://broker.example.com:0",
                                         "mqtts://broker.example.com:65536",
                                         "mqtts://broker.example.com/path",
                                         "mqtts://user@broker.example.com",
                                         "mqtts://2001:db8::1",
                                         "mqtts://[2001:db8::1",
                                         "mqtts://[192.0.2.1]" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (takes_broker(wrong[i]))
            fail_msg("%s was taken", wrong[i]);
}

static void takes_a_pin_of_64_digits_and_not_one_more_or_less(void **state)
{
    (void)state;
    char text[200];
    (void)snprintf(text, sizeof text, "{ \"broker_pin\": \"%s\" }", pin);
    assert_true(read_config(text));
    (void)snprintf(text, sizeof text, "{ \"broker_pin\": \"%s0\" }", pin);
    assert_tells(trouble_of(text)->wanted, "64 hexadecimal");
    (void)snprintf(text, sizeof text, "{ \"broker_pin\": \"%s\" }", pin + 1);
    assert_false(read_config(text));
    (void)snprintf(text, sizeof text, "{ \"broker_pin\": \"g%s\" }", pin + 1);
    assert_false(read_config(text));
}

static void wants_certificate_and_key_together(void **state)
{
    (void)state;
    assert_true(read_config("{ \"broker_certificate\": \"/c.pem\", \"broker_key\": \"$SECRET\" }"));
    assert_tells(trouble_of("{ \"broker_certificate\": \"/c.pem\" }")->found, "broker_certificate");
    assert_tells(trouble_of("{ \"broker_key\": \"$SECRET\" }")->mend, "broker_certificate");
    assert_tells(trouble_of("{ \"broker_password_file\": \"$SECRET\" }")->wanted, "broker_user");
}

static void wants_a_key_that_nobody_else_can_read(void **state)
{
    (void)state;
    static const char both[] =
        "{ \"broker_certificate\": \"/c.pem\", \"broker_key\": \"$SECRET\" }";
    assert_int_equal(chmod(secret_path, 0640), 0);
    const struct settings_trouble *trouble = trouble_of(both);
    assert_string_equal(trouble->key, "broker_key");
    assert_tells(trouble->found, "mode 0640");
    assert_int_equal(chmod(secret_path, 0600), 0);
    assert_true(read_config(both));
    assert_tells(
        trouble_of("{ \"broker_certificate\": \"/c.pem\", \"broker_key\": \"/no/key\" }")->found,
        "no file /no/key");
}

static void takes_a_topic_root_without_wildcards_or_empty_levels(void **state)
{
    (void)state;
    assert_true(read_config("{ \"topic_root\": \"a/b/c/d/e\" }"));
    assert_false(read_config("{ \"topic_root\": \"a/b/c/d/e/f\" }"));
    assert_false(read_config("{ \"topic_root\": \"a/+\" }"));
    assert_false(read_config("{ \"topic_root\": \"a/#\" }"));
    assert_false(read_config("{ \"topic_root\": \"/a\" }"));
    assert_false(read_config("{ \"topic_root\": \"a//b\" }"));
    assert_false(read_config("{ \"topic_root\": \"a/\" }"));
}

/* ---- surroundings ---- */

static enum language language_in(const char *all, const char *messages, const char *lang)
{
    enum language language = LANGUAGES;
    arena_begin(&arena, memory, sizeof memory);
    settings_defaults(&settings, &arena);
    assert_int_equal(setenv("LC_ALL", all, 1), 0);
    assert_int_equal(setenv("LC_MESSAGES", messages, 1), 0);
    assert_int_equal(setenv("LANG", lang, 1), 0);
    assert_true(settings_language(&settings, NULL, &language));
    return language;
}

static void speaks_the_language_that_was_asked_for(void **state)
{
    (void)state;
    enum language language;
    assert_int_equal(language_in("", "", "fr_CH.UTF-8"), LANGUAGE_FR);
    assert_int_equal(language_in("", "fr", "en_US"), LANGUAGE_FR);
    assert_int_equal(language_in("C", "fr_FR", "fr_FR"), LANGUAGE_EN);
    assert_int_equal(language_in("", "", "frr_DE"), LANGUAGE_EN);
    assert_true(settings_language(&settings, "fr", &language));
    assert_int_equal(language, LANGUAGE_FR);
    assert_false(settings_language(&settings, "de", &language));
    assert_false(settings_language(&settings, "auto", &language));
    assert_true(read_config("{ \"language\": \"en\" }"));
    assert_int_equal(setenv("LC_ALL", "fr_FR", 1), 0);
    assert_true(settings_language(&settings, NULL, &language));
    assert_int_equal(language, LANGUAGE_EN);
}

static void keeps_its_state_where_the_file_says(void **state)
{
    (void)state;
    assert_true(read_config("{ \"state_directory\": \"/srv/gatepost\" }"));
    assert_string_equal(settings_state_directory(&settings, &arena), "/srv/gatepost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_every_type_of_setting),
        TEST(gives_defaults_to_what_is_not_said),
        TEST(checks_a_mailbox_that_no_file_names),
        TEST(takes_comments_as_a_person_writes_them),
        TEST(lets_a_list_replace_its_default),
        TEST(knows_a_bare_domain_from_a_mailbox),
        TEST(refuses_targets_without_a_port_and_selectors_that_are_none),
        TEST(wants_an_application_where_a_token_is_used),
        TEST(wants_a_second_secret_beside_a_refresh_token_only),
        TEST(wants_keys_and_service_of_an_interface_together),
        TEST(suggests_the_key_that_was_meant),
        TEST(says_when_a_key_belongs_elsewhere),
        TEST(refuses_values_of_another_type),
        TEST(takes_numbers_up_to_their_bounds_and_not_beyond),
        TEST(takes_lists_up_to_their_length_and_not_beyond),
        TEST(refuses_hosts_and_addresses_that_are_none),
        TEST(refuses_text_that_could_end_a_command),
        TEST(wants_an_address_in_each_account),
        TEST(refuses_a_key_or_an_address_twice),
        TEST(tells_all_troubles_at_once),
        TEST(counts_the_troubles_that_it_has_no_room_to_keep),
        TEST(says_where_the_json_is_wrong),
        TEST(takes_a_file_of_the_largest_size_and_not_one_byte_more),
        TEST(takes_a_text_of_the_largest_size_and_not_one_byte_more),
        TEST(takes_a_hundred_accounts_and_not_one_more),
        TEST(says_that_there_is_no_file),
        TEST(refuses_settings_for_which_the_memory_was_too_small),
        TEST(takes_brokers_with_and_without_a_port),
        TEST(refuses_brokers_that_would_be_spoken_to_in_the_clear),
        TEST(refuses_what_is_no_address_of_a_broker),
        TEST(takes_a_pin_of_64_digits_and_not_one_more_or_less),
        TEST(wants_certificate_and_key_together),
        TEST(wants_a_key_that_nobody_else_can_read),
        TEST(takes_a_topic_root_without_wildcards_or_empty_levels),
        TEST(speaks_the_language_that_was_asked_for),
        TEST(keeps_its_state_where_the_file_says),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
