/* SPDX-License-Identifier: MIT */
#include "settings_case.h"

static void keeps_a_password_in_the_file_to_itself(void **state)
{
    (void)state;
    static const char *const keys[] = { "password", "Password", "peer_password", "passwd",
                                        "secret" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char text[200];
        (void)snprintf(text, sizeof text,
                       "{ \"accounts\": [ { \"address\": \"a@b.de\", \"%s\": \"hunter2\" } ] }",
                       keys[i]);
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
    const struct settings_trouble *trouble = trouble_of(
        "{ \"accounts\": [ { \"address\": \"a@b.de\", \"secret_file\": \"hunter2\" } ] }");
    assert_null(strstr(trouble->found, "hunter2"));
    assert_null(strstr(trouble->mend, "hunter2"));
    assert_tells(trouble->wanted, "path");
}

static const char with_secret[] = "{ \"accounts\": [\n { \"address\": \"anna@example.com\",\n   "
                                  "\"secret_file\": \"$SECRET\" } ] }";

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
    write_secret("\xEF\xBB\xBF"
                 "correct horse\n",
                 0600);
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
        { SECRET_MAX, "", true },        { SECRET_MAX, "\n", true },
        { SECRET_MAX, "\r\n", true },    { SECRET_MAX + 1, "", false },
        { SECRET_MAX + 1, "\n", false }, { SECRET_MAX + 3, "", false },
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
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"peer_address\": \"b@b.de\","
                   " \"peer_imap_host\": \"i.b.de\" } ] }")
            ->wanted,
        "peer_secret_file");
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"peer_address\": \"b@b.de\","
                   " \"peer_secret_file\": \"$SECRET\" } ] }")
            ->wanted,
        "peer_imap_host");
    assert_tells(
        trouble_of("{ \"accounts\": [ { \"address\": \"a@b.de\", \"peer_login\": \"b\" } ] }")
            ->wanted,
        "peer_address");
}

static void takes_a_token_of_4096_bytes_where_the_account_has_one(void **state)
{
    (void)state;
    static const char with_token[] =
        "{ \"accounts\": [\n { \"secret_file\": \"$SECRET\", \"auth\": \"oauth-refresh\","
        " \"oauth_client_id\": \"x\", \"address\": \"anna@example.com\" } ] }";
    static char text[TOKEN_MAX + 3];
    struct secret token;
    struct settings_trouble trouble;
    memset(text, 't', TOKEN_MAX);
    text[TOKEN_MAX] = '\n';
    write_secret(text, 0600);
    assert_true(read_config(with_token));
    assert_true(settings_token(secret_path, &arena, &token, &trouble));
    assert_int_equal(token.len, TOKEN_MAX);
    const struct settings_trouble *fault =
        trouble_of(with_secret); /* a password is not that long */
    assert_string_equal(fault->key, "accounts[0].secret_file");
    assert_int_equal(fault->line, 3);
    text[TOKEN_MAX] = 't';
    write_secret(text, 0600);
    assert_tells(trouble_of(with_token)->found, "more than 4096 bytes");
}

static void reads_three_keys_and_no_other_number(void **state)
{
    (void)state;
    struct api_key key;
    struct settings_trouble trouble;
    arena_begin(&arena, memory, sizeof memory);
    write_secret("app\r\nhidden\nconsumer", 0600);
    assert_true(settings_api_key(secret_path, &arena, &key, &trouble));
    assert_int_equal(key.application.len, 3);
    assert_memory_equal(key.secret.bytes, "hidden", 6);
    assert_int_equal(key.consumer.len, 8);
    static const char *const wrong[] = { "",
                                         "app\nhidden\n",
                                         "app\nhidden\n\n",
                                         "app\n\nhidden\n",
                                         "app\nhidden\nconsumer\nmore\n",
                                         "app\nhid\tden\nconsumer\n" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_secret(wrong[i], 0600);
        if (settings_api_key(secret_path, &arena, &key, &trouble))
            fail_msg("case %zu was taken", i);
        assert_int_equal(key.application.len + key.secret.len + key.consumer.len, 0);
        assert_null(strstr(trouble.found, "hidden"));
    }
    write_secret("app\nhidden\nconsumer\n", 0640);
    assert_false(settings_api_key(secret_path, &arena, &key, &trouble));
    assert_tells(trouble.mend, "chmod 600");
}

static void takes_a_key_of_128_bytes_and_not_one_more(void **state)
{
    (void)state;
    char text[3 * 130 + 1];
    struct api_key key;
    struct settings_trouble trouble;
    arena_begin(&arena, memory, sizeof memory);
    for (int size = 128; size <= 129; size++) {
        (void)snprintf(text, sizeof text, "%0*d\n%0*d\n%0*d\n", size, 1, 128, 2, 128, 3);
        write_secret(text, 0600);
        assert_int_equal(settings_api_key(secret_path, &arena, &key, &trouble), size == 128);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_a_password_in_the_file_to_itself),
        TEST(does_not_repeat_a_password_that_stands_where_its_file_should),
        TEST(says_how_to_close_a_loose_secret_file),
        TEST(says_what_is_wrong_with_a_secret_file),
        TEST(refuses_control_bytes_in_a_password),
        TEST(takes_a_password_of_255_bytes_and_not_one_more),
        TEST(quotes_paths_in_the_commands_that_it_advises),
        TEST(wants_all_of_a_second_mailbox),
        TEST(takes_a_token_of_4096_bytes_where_the_account_has_one),
        TEST(reads_three_keys_and_no_other_number),
        TEST(takes_a_key_of_128_bytes_and_not_one_more),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
