/* SPDX-License-Identifier: MIT */
#include "settings_case.h"

#include "profile.h"
#include "starter.h"

static char draft[STARTER_MAX];

static void write_draft(const char *address, const struct detection *detection,
                        enum language language)
{
    struct text text;
    text_begin(&text, draft, sizeof draft);
    starter_write(&text, address, detection, language);
    assert_false(text.overflow);
}

static const struct detection hosted = {
    .profile = "ovh-exchange-hosted",
    .title = "OVHcloud Hosted Exchange",
    .clues = { { CLUE_MX, "example.com", "mx0.mail.ovh.net" },
               { CLUE_SRV, "_autodiscover._tcp.example.com", "ex4.mail.ovh.net" } },
    .clue_count = 2,
    .wants_host = true,
    .host = "ex4.mail.ovh.net",
    .has_interface = true,
};

static const struct detection microsoft = {
    .profile = "microsoft-365",
    .title = "Microsoft 365 (Exchange Online)",
    .clues = { { CLUE_ALIAS, "autodiscover.example.com", "autodiscover.outlook.com" } },
    .clue_count = 1,
    .rivals = { "own-one", "own-two" },
    .rival_count = 2,
    .by_token = true,
    .wants_tenant = true,
};

static const struct detection unknown = { .profile = "generic",
                                          .title = "Any provider",
                                          .wants_host = true };

static void is_a_configuration_that_the_reader_takes_as_it_is(void **state)
{
    (void)state;
    const struct detection *const all[] = { &hosted, &microsoft, &unknown };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (enum language language = 0; language < LANGUAGES; language++) {
            write_draft("o'neil+x/y@example.com", all[i], language);
            if (!read_bytes(draft, strlen(draft)))
                fail_msg("%s: found %s", troubles.trouble[0].key, troubles.trouble[0].found);
            assert_int_equal(settings.account_count, 1);
            assert_string_equal(settings.accounts[0].address, "o'neil+x/y@example.com");
            assert_string_equal(settings.accounts[0].profile, all[i]->profile);
        }
}

static void says_why_it_chose_and_what_fits_as_well(void **state)
{
    (void)state;
    write_draft("anna@example.com", &hosted, LANGUAGE_EN);
    assert_tells(draft, "MX record of example.com names mx0.mail.ovh.net");
    assert_tells(draft, "SRV record _autodiscover._tcp.example.com names ex4.mail.ovh.net");
    assert_true(read_bytes(draft, strlen(draft)));
    assert_string_equal(settings.accounts[0].host, "ex4.mail.ovh.net");
    write_draft("anna@example.com", &microsoft, LANGUAGE_FR);
    assert_tells(draft, "autodiscover.example.com est un alias de autodiscover.outlook.com");
    assert_tells(draft, "own-one, own-two");
}

/* Takes the // away from every member that is left out. */
static void take_all_comments_away(void)
{
    for (char *at = strstr(draft, "// \""); at != NULL; at = strstr(at, "// \""))
        memset(at, ' ', 2);
}

static void names_only_keys_that_there_are_in_its_comments(void **state)
{
    (void)state;
    const struct detection *const all[] = { &hosted, &microsoft, &unknown };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        write_draft("anna@example.com", all[i], LANGUAGE_EN);
        take_all_comments_away();
        assert_false(read_bytes(draft, strlen(draft))); /* what is still to be filled in */
        for (size_t j = 0; j < troubles.count; j++) {
            const char *found = troubles.trouble[j].found;
            if (strstr(found, "does not know") != NULL || strstr(found, "wrong place") != NULL ||
                strstr(found, "column") != NULL)
                fail_msg("%s: %s", troubles.trouble[j].key, found);
        }
    }
}

static void names_a_secret_file_that_a_shell_takes_without_quotes(void **state)
{
    (void)state;
    write_draft("o'neil+x/y$z@example.com", &hosted, LANGUAGE_EN);
    assert_tells(draft, "install -m 600 /dev/null /etc/gatepost/secrets/o_neil_x_y_z\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_a_configuration_that_the_reader_takes_as_it_is),
        TEST(says_why_it_chose_and_what_fits_as_well),
        TEST(names_only_keys_that_there_are_in_its_comments),
        TEST(names_a_secret_file_that_a_shell_takes_without_quotes),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
