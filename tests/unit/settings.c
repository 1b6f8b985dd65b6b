/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static alignas(max_align_t) char memory[524288];
static char directory[] = "/tmp/gatepost-settings-XXXXXX";
static char config[64], secret_path[64];

static struct arena arena;
static struct settings settings;
static struct settings_troubles troubles;

static void write_bytes(const char *path, const void *bytes, size_t size, mode_t mode)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void write_secret(const char *text, mode_t mode)
{
    write_bytes(secret_path, text, strlen(text), mode);
}

static bool read_bytes(const void *bytes, size_t size)
{
    arena_begin(&arena, memory, sizeof memory);
    write_bytes(config, bytes, size, 0644);
    return settings_read(config, &arena, &settings, &troubles);
}

/* "$SECRET" in the text stands for the path of the secret file. */
static bool read_config(const char *text)
{
    char whole[4096];
    struct text out;
    struct slice rest = slice_of(text), part;
    text_begin(&out, whole, sizeof whole);
    while (slice_cut(&rest, '$', &part)) {
        text_add(&out, part);
        if (slice_starts(rest, "SECRET")) {
            text_add_string(&out, secret_path);
            rest = slice_from(rest, 6);
        }
    }
    assert_false(out.overflow);
    return read_bytes(whole, out.len);
}

static const struct settings_trouble *only_trouble(void)
{
    if (troubles.count != 1)
        fail_msg("%zu troubles", troubles.count);
    return &troubles.trouble[0];
}

/* The one trouble of a configuration. */
static const struct settings_trouble *trouble_of(const char *text)
{
    assert_false(read_config(text));
    return only_trouble();
}

static void assert_tells(const char *words, const char *part)
{
    if (strstr(words, part) == NULL)
        fail_msg("\"%s\" does not tell \"%s\"", words, part);
}

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(config, sizeof config, "%s/c.json", directory);
    (void)snprintf(secret_path, sizeof secret_path, "%s/anna", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    (void)unlink(config);
    (void)unlink(secret_path);
    return rmdir(directory);
}

static int fresh_secret(void **state)
{
    (void)state;
    (void)unlink(secret_path);
    (void)rmdir(secret_path);
    write_secret("correct horse\n", 0600);
    return 0;
}

/* ---- what is right ---- */

static void reads_every_type_of_setting(void **state)
{
    (void)state;
    assert_true(read_config(
        "{ \"gateway\": \"router\", \"resolvers\": [\"192.0.2.53\", \"2001:db8::53\"],\n"
        "  \"language\": \"fr\", \"suite_deadline_s\": 30, \"accounts\": [\n"
        "  { \"address\": \"anna@example.com\", \"secret_file\": \"$SECRET\", \"mx_mode\": \"with-other\",\n"
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

/* ---- what is wrong ---- */

static void suggests_the_key_that_was_meant(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{ \"accounts\": [\n { \"address\": \"anna@example.com\",\n   \"profil\": \"generic\" } ] }");
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
    assert_true(read_config("{ \"resolvers\": [\"::1\",\"::2\",\"::3\",\"::4\",\"::5\",\"::6\",\"::7\",\"::8\"] }"));
    assert_int_equal(settings.resolvers.count, SETTINGS_LIST_MAX);
    assert_false(read_config(
        "{ \"resolvers\": [\"::1\",\"::2\",\"::3\",\"::4\",\"::5\",\"::6\",\"::7\",\"::8\",\"::9\"] }"));
    const struct settings_trouble *trouble = trouble_of("{ \"resolvers\": [\n\"::1\",\n\"dns.example\"] }");
    assert_int_equal(trouble->line, 3);
    assert_string_equal(trouble->key, "resolvers[1]");
}

static void refuses_hosts_and_addresses_that_are_none(void **state)
{
    (void)state;
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"anna\" } ] }")->found, "\"anna\"");
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"host\": \"192.0.2.1\" } ] }")->wanted,
                 "host name");
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"imap_host\": \"a.b:993\" } ] }")->wanted,
                 "without a port");
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"profile\": \"../x\" } ] }")->mend,
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
    trouble = trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\" },\n { \"address\": \"A@B.de\" } ] }");
    assert_int_equal(trouble->line, 2);
    assert_tells(trouble->wanted, "accounts[0]");
}

static void tells_all_troubles_at_once(void **state)
{
    (void)state;
    assert_false(read_config("{ \"colour\": 1, \"gateway\": 2,\n \"accounts\": [ { \"address\": \"x\",\n"
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
    const struct settings_trouble *trouble = trouble_of("{\n \"gateway\": \"a\"\n \"language\": \"fr\"\n}");
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

/* ---- passwords ---- */

static void keeps_a_password_in_the_file_to_itself(void **state)
{
    (void)state;
    static const char *const keys[] = { "password", "Password", "peer_password", "passwd", "secret" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char text[200];
        (void)snprintf(text, sizeof text,
                       "{ \"accounts\": [ { \"address\": \"a@b.de\", \"%s\": \"hunter2\" } ] }", keys[i]);
        const struct settings_trouble *trouble = trouble_of(text);
        assert_tells(trouble->mend, "secret_file");
        assert_null(strstr(trouble->found, "hunter2"));
        assert_null(strstr(trouble->wanted, "hunter2"));
        assert_null(strstr(trouble->mend, "hunter2"));
    }
}

static void does_not_repeat_a_password_that_stands_where_its_file_should(void **state)
{
    (void)state;
    const struct settings_trouble *trouble =
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"secret_file\": \"hunter2\" } ] }");
    assert_null(strstr(trouble->found, "hunter2"));
    assert_null(strstr(trouble->mend, "hunter2"));
    assert_tells(trouble->wanted, "path");
}

static const char with_secret[] =
    "{ \"accounts\": [\n { \"address\": \"anna@example.com\",\n   \"secret_file\": \"$SECRET\" } ] }";

static void says_how_to_close_a_loose_secret_file(void **state)
{
    (void)state;
    static const mode_t loose[] = { 0640, 0604, 0644, 0620, 0602, 0610, 0601, 0660, 0777 };
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        char wanted[100];
        write_secret("correct horse\n", loose[i]);
        const struct settings_trouble *trouble = trouble_of(with_secret);
        assert_int_equal(trouble->line, 3);
        assert_string_equal(trouble->key, "accounts[0].secret_file");
        (void)snprintf(wanted, sizeof wanted, "chmod 600 %s", secret_path);
        assert_string_equal(trouble->mend, wanted);
    }
    write_secret("correct horse\n", 0400);
    assert_true(read_config(with_secret));
}

static void says_what_is_wrong_with_a_secret_file(void **state)
{
    (void)state;
    write_secret("", 0600);
    assert_tells(trouble_of(with_secret)->found, "nothing in");
    write_secret("\n", 0600);
    assert_tells(trouble_of(with_secret)->found, "nothing in");
    write_secret("one\ntwo\n", 0600);
    assert_tells(trouble_of(with_secret)->found, "second line");
    write_secret("\xEF\xBB\xBF" "correct horse\n", 0600);
    assert_tells(trouble_of(with_secret)->found, "byte order mark");
    assert_int_equal(unlink(secret_path), 0);
    assert_tells(trouble_of(with_secret)->mend, "install -m 600 /dev/null");
    assert_int_equal(mkdir(secret_path, 0700), 0);
    assert_tells(trouble_of(with_secret)->found, "directory");
}

static void refuses_control_bytes_in_a_password(void **state)
{
    (void)state;
    char bytes[] = "correctXhorse";
    for (int byte = 0; byte < 256; byte++) {
        struct secret secret;
        struct settings_trouble trouble;
        bytes[7] = (char)byte;
        write_bytes(secret_path, bytes, sizeof bytes - 1, 0600);
        arena_begin(&arena, memory, sizeof memory);
        bool control = byte < 0x20 || byte == 0x7F;
        assert_int_equal(settings_secret(secret_path, &arena, &secret, &trouble), !control);
        assert_int_equal(secret.len, control ? 0 : 13);
    }
}

static void takes_a_password_of_255_bytes_and_not_one_more(void **state)
{
    (void)state;
    char bytes[SECRET_MAX + 3];
    memset(bytes, 'x', sizeof bytes);
    static const struct {
        size_t len;
        const char *end;
        bool good;
    } cases[] = {
        { SECRET_MAX, "", true },      { SECRET_MAX, "\n", true },      { SECRET_MAX, "\r\n", true },
        { SECRET_MAX + 1, "", false }, { SECRET_MAX + 1, "\n", false }, { SECRET_MAX + 3, "", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[SECRET_MAX + 8];
        struct secret secret;
        struct settings_trouble trouble;
        int size = snprintf(file, sizeof file, "%.*s%s", (int)cases[i].len, bytes, cases[i].end);
        write_bytes(secret_path, file, (size_t)size, 0600);
        arena_begin(&arena, memory, sizeof memory);
        assert_int_equal(settings_secret(secret_path, &arena, &secret, &trouble), cases[i].good);
        assert_int_equal(secret.len, cases[i].good ? SECRET_MAX : 0);
    }
}

static void quotes_paths_in_the_commands_that_it_advises(void **state)
{
    (void)state;
    struct secret secret;
    struct settings_trouble trouble;
    arena_begin(&arena, memory, sizeof memory);
    assert_false(settings_secret("/nowhere/it's anna's", &arena, &secret, &trouble));
    assert_tells(trouble.mend, "/dev/null '/nowhere/it'\\''s anna'\\''s',");
}

static void wants_all_of_a_second_mailbox(void **state)
{
    (void)state;
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"peer_address\": \"b@b.de\","
                            " \"peer_imap_host\": \"i.b.de\" } ] }")->wanted,
                 "peer_secret_file");
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"peer_address\": \"b@b.de\","
                            " \"peer_secret_file\": \"$SECRET\" } ] }")->wanted,
                 "peer_imap_host");
    assert_tells(trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"peer_login\": \"b\" } ] }")->wanted,
                 "peer_address");
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

#define TEST(name) cmocka_unit_test_setup(name, fresh_secret)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_every_type_of_setting),
        TEST(gives_defaults_to_what_is_not_said),
        TEST(checks_a_mailbox_that_no_file_names),
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
        TEST(keeps_a_password_in_the_file_to_itself),
        TEST(does_not_repeat_a_password_that_stands_where_its_file_should),
        TEST(says_how_to_close_a_loose_secret_file),
        TEST(says_what_is_wrong_with_a_secret_file),
        TEST(refuses_control_bytes_in_a_password),
        TEST(takes_a_password_of_255_bytes_and_not_one_more),
        TEST(quotes_paths_in_the_commands_that_it_advises),
        TEST(wants_all_of_a_second_mailbox),
        TEST(speaks_the_language_that_was_asked_for),
        TEST(keeps_its_state_where_the_file_says),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
