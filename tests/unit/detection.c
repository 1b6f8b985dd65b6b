/* SPDX-License-Identifier: MIT */
#include "detection.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static alignas(max_align_t) char memory[262144];
static struct arena arena;
static struct settings settings;
static struct detection detection;

/* A zone: what is not in it does not exist. */
struct zone_record {
    const char *name;
    enum record_type type;
    uint16_t priority;
    const char *host;
    uint16_t port;
};

static struct zone {
    const struct zone_record *records;
    size_t count;
    enum answer_status otherwise;
    unsigned pending; /* questions that are not answered yet */
    struct answer answers[16];
    size_t asked;
} zone;

static const struct answer *ask(void *asker, const char *name, enum record_type type)
{
    (void)asker;
    if (zone.pending > 0) {
        zone.pending--;
        return NULL;
    }
    struct answer *answer = &zone.answers[zone.asked++ % 16];
    *answer = (struct answer){ .status = zone.otherwise };
    static struct record room[16][4];
    answer->records = room[zone.asked % 16];
    for (size_t i = 0; i < zone.count; i++) {
        const struct zone_record *record = &zone.records[i];
        if (record->type != type || strcmp(record->name, name) != 0)
            continue;
        answer->status = ANSWER_RECORDS;
        answer->records[answer->count++] = (struct record){
            .name = record->host,
            .priority = record->priority,
            .port = record->port,
        };
    }
    return answer;
}

static void detect(const struct zone_record *records, size_t count)
{
    zone = (struct zone){ .records = records, .count = count, .otherwise = ANSWER_NODATA };
    assert_true(detection_make("office.example", &settings, &arena, ask, NULL, &detection));
}

#define DETECT(...)                                                                                \
    detect((const struct zone_record[]){ __VA_ARGS__ },                                            \
           sizeof((const struct zone_record[]){ __VA_ARGS__ }) / sizeof(struct zone_record))

#define MX(host)    { "office.example", RECORD_MX, 10, host, 0 }
#define SRV(host)   { "_autodiscover._tcp.office.example", RECORD_SRV, 0, host, 443 }
#define ALIAS(host) { "autodiscover.office.example", RECORD_CNAME, 0, host, 0 }

static int set_up(void **state)
{
    (void)state;
    arena_begin(&arena, memory, sizeof memory);
    settings_defaults(&settings, &arena);
    settings.profile_directory = "/nowhere";
    memset(&detection, 0, sizeof detection);
    return 0;
}

static void is(const char *profile)
{
    assert_int_equal(detection.state, DETECTION_DONE);
    assert_string_equal(detection.profile, profile);
}

static void tells_the_offers_of_one_provider_apart_by_the_srv_record(void **state)
{
    (void)state;
    DETECT(MX("mx0.mail.ovh.net"), SRV("ex4.mail.ovh.net"));
    is("ovh-exchange-hosted");
    assert_string_equal(detection.host, "ex4.mail.ovh.net");
    assert_int_equal(detection.rival_count, 0);
    assert_int_equal(detection.clue_count, 2);
    assert_true(detection.has_interface);
    DETECT(MX("mx0.mail.ovh.net"), SRV("pro2.mail.ovh.net"));
    is("ovh-email-pro");
    assert_string_equal(detection.host, "pro2.mail.ovh.net");
    DETECT(MX("mx1.mail.ovh.net"), SRV("mailconfig.ovh.net"), ALIAS("mailconfig.ovh.net"));
    is("ovh-mx-plan");
    assert_false(detection.wants_host);
    DETECT(MX("mx0.mail.ovh.net"), SRV("exchange.office.example"));
    is("ovh-exchange-private");
    assert_string_equal(detection.host, "exchange.office.example");
}

static void believes_the_srv_record_rather_than_an_alias_that_was_left_behind(void **state)
{
    (void)state;
    DETECT(MX("mx0.mail.ovh.net"), SRV("ex4.mail.ovh.net"), ALIAS("mailconfig.ovh.net"));
    is("ovh-exchange-hosted");
}

static void names_all_that_fit_as_well(void **state)
{
    (void)state;
    DETECT(MX("mx0.mail.ovh.net"));
    is("ovh-mx-plan"); /* the one whose servers are known without the account's help */
    assert_int_equal(detection.rival_count, 3);
    for (size_t i = 0; i < detection.rival_count; i++)
        assert_non_null(strstr(detection.rivals[i], "ovh-e"));
}

static void believes_the_mx_rather_than_an_alias_that_was_left_behind(void **state)
{
    (void)state;
    DETECT(MX("smtp.google.com"), ALIAS("autodiscover.outlook.com"));
    is("google-workspace");
    DETECT(MX("aspmx3.googlemail.com"));
    is("google-workspace");
    assert_true(detection.by_token);
    assert_false(detection.wants_tenant);
}

static void sees_the_provider_behind_a_filter(void **state)
{
    (void)state;
    DETECT(MX("mx1.filter.example"), ALIAS("autodiscover.outlook.com"));
    is("microsoft-365");
    assert_int_equal(detection.clue_count, 1);
    assert_int_equal(detection.clues[0].kind, CLUE_ALIAS);
    assert_string_equal(detection.clues[0].name, "autodiscover.office.example");
    assert_true(detection.wants_tenant);
}

static void takes_the_most_preferred_mx(void **state)
{
    (void)state;
    DETECT({ "office.example", RECORD_MX, 1, "office-example.mail.protection.outlook.com", 0 },
           { "office.example", RECORD_MX, 9, "mta-gw.infomaniak.ch", 0 });
    is("microsoft-365");
}

static void learns_the_country_from_the_mx(void **state)
{
    (void)state;
    DETECT(MX("mx00.ionos.fr"));
    is("ionos");
    assert_string_equal(detection.host, "ionos.fr");
    DETECT(MX("mx00.kundenserver.de"));
    is("ionos");
    assert_true(detection.wants_host);
    assert_null(detection.host);
}

static void takes_servers_from_srv_records_where_no_profile_knows_them(void **state)
{
    (void)state;
    DETECT(MX("mail.office.example"),
           { "_imaps._tcp.office.example", RECORD_SRV, 0, "imap.office.example", 993 },
           { "_submission._tcp.office.example", RECORD_SRV, 0, "smtp.office.example", 587 });
    is("generic");
    assert_int_equal(detection.clue_count, 0);
    assert_string_equal(detection.imap_host, "imap.office.example");
    assert_string_equal(detection.submission_host, "smtp.office.example");
    DETECT({ "_imaps._tcp.office.example", RECORD_SRV, 0, "imap.office.example", 1993 },
           { "_submission._tcp.office.example", RECORD_SRV, 0, "", 587 });
    is("generic");
    assert_null(detection.imap_host); /* another port, and "not offered" */
    assert_null(detection.submission_host);
}

static void does_not_let_a_zone_name_what_is_no_host(void **state)
{
    (void)state;
    DETECT(MX("mx0.mail.ovh.net"), SRV("a\",\n.office.example"));
    is("ovh-mx-plan");
    assert_int_equal(detection.clue_count, 1);
    assert_null(detection.host);
}

static void tells_a_missing_domain_from_missing_answers(void **state)
{
    (void)state;
    zone = (struct zone){ .otherwise = ANSWER_NXDOMAIN };
    assert_true(detection_make("office.example", &settings, &arena, ask, NULL, &detection));
    assert_int_equal(detection.state, DETECTION_NO_DOMAIN);
    zone = (struct zone){ .otherwise = ANSWER_TIMED_OUT };
    assert_true(detection_make("office.example", &settings, &arena, ask, NULL, &detection));
    assert_int_equal(detection.state, DETECTION_UNANSWERED);
    assert_string_equal(detection.profile, "generic");
}

static void asks_all_before_it_waits_and_waits_for_all(void **state)
{
    (void)state;
    for (unsigned pending = 1; pending <= 5; pending++) {
        zone = (struct zone){ .otherwise = ANSWER_NODATA, .pending = pending };
        assert_false(detection_make("office.example", &settings, &arena, ask, NULL, &detection));
        assert_int_equal(zone.pending, 0);
        assert_int_equal(zone.asked, 5 - pending);
    }
}

static void is_generic_where_the_memory_is_too_small(void **state)
{
    (void)state;
    for (long at = 1; at < 400; at++) {
        arena_begin(&arena, memory, sizeof memory);
        arena.fail_at = at;
        DETECT(MX("mx0.mail.ovh.net"), SRV("ex4.mail.ovh.net"));
        assert_non_null(detection.profile);
        assert_non_null(detection.title);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_the_offers_of_one_provider_apart_by_the_srv_record),
        TEST(believes_the_srv_record_rather_than_an_alias_that_was_left_behind),
        TEST(names_all_that_fit_as_well),
        TEST(believes_the_mx_rather_than_an_alias_that_was_left_behind),
        TEST(sees_the_provider_behind_a_filter),
        TEST(takes_the_most_preferred_mx),
        TEST(learns_the_country_from_the_mx),
        TEST(takes_servers_from_srv_records_where_no_profile_knows_them),
        TEST(does_not_let_a_zone_name_what_is_no_host),
        TEST(tells_a_missing_domain_from_missing_answers),
        TEST(asks_all_before_it_waits_and_waits_for_all),
        TEST(is_generic_where_the_memory_is_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
