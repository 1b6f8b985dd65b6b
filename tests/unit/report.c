/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office.h"
#include "report.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

static struct office office;
static struct settings settings;
static struct account_settings account = { .address = "anna@example.com" };
static struct order order;
static struct run run;
static char bytes[REPORT_MAX];
static cJSON *document;

static int begin(void **state)
{
    (void)state;
    office_begin(&office);
    settings = (struct settings){ .gateway = "office-7" };
    order = (struct order){ .settings = &settings,
                            .account = &account,
                            .profile = &office.profile,
                            .cost = COST_LOOP,
                            .trigger = "person" };
    run = (struct run){ .id = "00112233445566aa",
                        .started_wall_ms = 1795435200000,
                        .finished_wall_ms = 1795435208400,
                        .duration_ms = 8400,
                        .questions = 31,
                        .clock_trusted = true };
    return 0;
}

static int end(void **state)
{
    (void)state;
    cJSON_Delete(document);
    document = NULL;
    return 0;
}

static void write_and_parse_as(bool indented)
{
    size_t len = 0;
    office_diagnose(&office);
    run.ledger = office.ledger;
    run.diagnosis = office.diagnosis;
    assert_true(report_write(&order, &run, NULL, indented, bytes, sizeof bytes, &len));
    assert_int_equal(len, strlen(bytes));
    document = cJSON_Parse(bytes);
    assert_non_null(document);
}

static void write_and_parse(void)
{
    write_and_parse_as(false);
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_non_null(item);
    return item;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *value = cJSON_GetStringValue(member(object, name));
    assert_non_null(value);
    return value;
}

static const cJSON *check_named(const char *slug)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, member(document, "checks"))
    {
        if (strcmp(text_of(item, "check"), slug) == 0)
            return item;
    }
    fail_msg("no check %s", slug);
    return NULL;
}

static void says_whose_run_it_was_and_when(void **state)
{
    (void)state;
    write_and_parse();
    assert_string_equal(text_of(document, "gateway"), "office-7");
    assert_string_equal(text_of(document, "account"), "anna@example.com");
    assert_string_equal(text_of(document, "domain"), "example.com");
    assert_string_equal(text_of(document, "profile"), "ovh-exchange-hosted");
    assert_string_equal(text_of(document, "verdict"), "ok");
    assert_string_equal(text_of(member(document, "run"), "started"), "2026-11-23T12:00:00Z");
    assert_int_equal((int)cJSON_GetNumberValue(member(member(document, "run"), "duration_ms")),
                     8400);
    assert_string_equal(text_of(member(document, "clock"), "quality"), "trusted");
}

static void a_single_run_is_no_series(void **state)
{
    (void)state;
    write_and_parse();
    assert_true(cJSON_GetNumberValue(member(document, "seq")) == 0);
    assert_true(cJSON_IsNull(member(document, "next_due")));
    assert_true(cJSON_GetNumberValue(member(member(document, "dropped"), "event")) == 0);
    assert_null(cJSON_GetObjectItemCaseSensitive(document, "sample"));
}

static void a_report_of_a_series_tells_its_place_in_it(void **state)
{
    (void)state;
    const struct report_ledger ledger = {
        .seq = 1042,
        .next_due_wall_ms = 1795436100000,
        .dropped = { .count = { [MESSAGE_REPORT] = 3 } },
        .sample = true,
    };
    size_t len = 0;
    office_diagnose(&office);
    run.ledger = office.ledger;
    run.diagnosis = office.diagnosis;
    assert_true(report_write(&order, &run, &ledger, false, bytes, sizeof bytes, &len));
    document = cJSON_Parse(bytes);
    assert_true(cJSON_GetNumberValue(member(document, "seq")) == 1042);
    assert_string_equal(text_of(document, "next_due"), "2026-11-23T12:15:00Z");
    assert_true(cJSON_GetNumberValue(member(member(document, "dropped"), "report")) == 3);
    assert_true(cJSON_IsTrue(member(document, "sample")));
}

static void what_a_person_reads_ends_its_line_and_what_travels_is_one(void **state)
{
    (void)state;
    write_and_parse_as(true);
    assert_int_equal(bytes[strlen(bytes) - 1], '\n');
    cJSON_Delete(document);
    write_and_parse();
    assert_null(strchr(bytes, '\n'));
}

static void an_unset_clock_is_told(void **state)
{
    (void)state;
    run.clock_trusted = false;
    write_and_parse();
    assert_string_equal(text_of(member(document, "clock"), "quality"), "unset");
}

static void a_gateway_without_a_name_has_the_hosts(void **state)
{
    (void)state;
    char host[256];
    settings.gateway = "";
    port_host_name(host, sizeof host);
    write_and_parse();
    assert_string_equal(text_of(document, "gateway"), host);
}

static void the_eight_results_are_there_in_every_report(void **state)
{
    (void)state;
    write_and_parse();
    const cJSON *results = member(document, "results");
    assert_int_equal(cJSON_GetArraySize(results), 8);
    const cJSON *sent = member(results, "test-mail-sent");
    assert_string_equal(text_of(sent, "status"), "ok");
    assert_string_equal(text_of(sent, "check"), "mail.send");
    assert_null(cJSON_GetObjectItem(sent, "because"));
    assert_null(cJSON_GetObjectItem(sent, "reason"));
}

static void a_skipped_result_names_the_check_that_stopped_it(void **state)
{
    (void)state;
    office_refuse_password(&office);
    write_and_parse();
    const cJSON *results = member(document, "results");
    assert_string_equal(text_of(member(results, "test-mail-sent"), "because"), "webmail.login");
    assert_string_equal(text_of(member(results, "not-locked-by-policy"), "reason"),
                        "too-little-evidence");
}

static void what_is_unknown_for_a_finding_has_it_as_reason(void **state)
{
    (void)state;
    (void)office_fail(&office, DNS_SERVFAIL, DNS_SRV, SERVICE_DNS, "SERVFAIL");
    write_and_parse();
    assert_string_equal(text_of(member(member(document, "results"), "srv-valid"), "reason"),
                        "dns.servfail");
}

static void a_root_carries_all_that_a_dashboard_needs(void **state)
{
    (void)state;
    struct raised *raised =
        office_fail(&office, DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mail.example.org");
    raised->params.value[PARAM_EXPECTED] = "1 mx0.mail.ovh.net, 5 mx1.mail.ovh.net";
    raised->evidence.at_ms = 1795435201000;
    write_and_parse();
    assert_int_equal(cJSON_GetArraySize(member(document, "root")), 1);
    const cJSON *root = cJSON_GetArrayItem(member(document, "root"), 0);
    assert_string_equal(text_of(root, "finding"), "dns.mx-foreign");
    assert_string_equal(text_of(root, "layer"), "domain");
    assert_string_equal(text_of(root, "who"), "domain-owner");
    assert_string_equal(text_of(root, "remedy"), "set-mx");
    assert_string_equal(text_of(root, "confidence"), "certain");
    assert_string_equal(text_of(member(root, "params"), "domain"), "example.com");
    assert_string_equal(text_of(member(root, "params"), "host"), "ex4.mail.ovh.net");
    assert_string_equal(text_of(member(root, "params"), "expected"),
                        "1 mx0.mail.ovh.net, 5 mx1.mail.ovh.net");
    assert_null(cJSON_GetObjectItem(member(root, "params"), "minutes"));
    assert_string_equal(text_of(member(root, "evidence"), "said"), "10 mail.example.org");
    assert_string_equal(text_of(member(root, "evidence"), "at"), "2026-11-23T12:00:01Z");
}

static void remedies_come_in_order_with_their_params(void **state)
{
    (void)state;
    office_refuse_password(&office);
    office.budget.accepted_ms = 1;
    office.profile.lockout_minutes = 30;
    write_and_parse();
    const cJSON *remedies = member(document, "remedies");
    assert_int_equal(cJSON_GetArraySize(remedies), 2);
    const cJSON *first = cJSON_GetArrayItem(remedies, 0);
    assert_string_equal(text_of(first, "code"), "wait-for-unlock");
    assert_string_equal(text_of(member(first, "params"), "minutes"), "30");
    assert_string_equal(text_of(cJSON_GetArrayItem(remedies, 1), "code"), "open-support-request");
}

static void a_check_shows_its_findings_facts_peer_and_time(void **state)
{
    (void)state;
    struct entry *entry = &office.ledger.checks[TLS_IMAP];
    entry->started_ms = 1000;
    entry->ended_ms = 1084;
    entry->peer = "ex4.mail.ovh.net [2001:db8::7]:993";
    entry->family = FAMILY_V6;
    ledger_fact(&office.ledger, TLS_IMAP, "protocol", "TLSv1.3");
    (void)office_add(&office, TLS_EXPIRES_SOON, TLS_IMAP, SERVICE_IMAP, FAMILY_V6, "");
    write_and_parse();
    const cJSON *check = check_named("tls.imap");
    assert_string_equal(text_of(check, "status"), "warning");
    assert_string_equal(text_of(check, "peer"), "ex4.mail.ovh.net [2001:db8::7]:993");
    assert_string_equal(text_of(check, "family"), "ipv6");
    assert_string_equal(text_of(member(check, "facts"), "protocol"), "TLSv1.3");
    assert_int_equal((int)cJSON_GetNumberValue(member(check, "duration_ms")), 84);
    const cJSON *finding = cJSON_GetArrayItem(member(check, "findings"), 0);
    assert_string_equal(text_of(finding, "finding"), "tls.expires-soon");
    assert_null(cJSON_GetObjectItem(check_named("dns.mx"), "duration_ms"));
    assert_null(cJSON_GetObjectItem(check_named("dns.mx"), "peer"));
}

static void only_services_that_were_called_are_counted(void **state)
{
    (void)state;
    run.connections[SERVICE_IMAP] = 2;
    write_and_parse();
    const cJSON *connections = member(member(document, "run"), "connections");
    assert_int_equal(cJSON_GetArraySize(connections), 1);
    assert_int_equal((int)cJSON_GetNumberValue(member(connections, "imap")), 2);
}

static void a_healthy_report_is_small(void **state)
{
    (void)state;
    write_and_parse();
    assert_true(strlen(bytes) < 8192);
    assert_int_equal(cJSON_GetArraySize(member(document, "root")), 0);
}

/* Every row there is, every text at its longest, what was said needing escapes. */
static void the_fullest_ledger_fits(void **state)
{
    (void)state;
    static struct arena large;
    static alignas(max_align_t) char memory[1 << 20];
    static const enum param long_params[] = { PARAM_ADDRESS, PARAM_DOMAIN, PARAM_HOST,
                                              PARAM_NAME,    PARAM_FOUND,  PARAM_EXPECTED };
    char said[EVIDENCE_SAID_MAX], name[321];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    arena_begin(&large, memory, sizeof memory);
    office.ledger.arena = &large;
    memset(said, '"', sizeof said);
    for (size_t i = 0; i < LEDGER_RAISED_MAX; i++) {
        struct raised *raised = ledger_raise(
            &office.ledger, (enum finding)(NO_FINDING + 1 + i / 2), TLS_IMAP, SERVICE_IMAP,
            "HEAR 220", "ex4.mail.ovh.net [2001:db8:1234:5678:9abc:def0:1234:5678]:993",
            i % 2 == 0 ? FAMILY_V4 : FAMILY_V6, (struct slice){ said, sizeof said });
        for (size_t p = 0; p < sizeof long_params / sizeof *long_params; p++)
            raised->params.value[long_params[p]] = name;
    }
    for (enum check i = 0; i < CHECK_COUNT; i++)
        ledger_fact(&office.ledger, i, "protocol", "%.*s", (int)sizeof said - 1, said);
    write_and_parse();
}

static void does_not_write_past_its_room(void **state)
{
    (void)state;
    size_t len = 7;
    office_diagnose(&office);
    run.ledger = office.ledger;
    run.diagnosis = office.diagnosis;
    memset(bytes, '#', sizeof bytes);
    for (size_t size = 0; size < 600; size += 7) {
        assert_false(report_write(&order, &run, NULL, false, bytes, size, &len));
        assert_int_equal(bytes[size], '#');
        assert_int_equal(len, 7);
    }
}

static int left; /* allocations until memory is short */
static int live; /* allocations that were not given back */

static void *short_malloc(size_t size)
{
    void *memory = left-- > 0 ? malloc(size) : NULL;
    live += memory != NULL ? 1 : 0;
    return memory;
}

static void counted_free(void *memory)
{
    live -= memory != NULL ? 1 : 0;
    free(memory);
}

static void short_memory_gives_no_report_and_no_leak(void **state)
{
    (void)state;
    size_t len;
    bool done = false;
    office_refuse_password(&office);
    office_diagnose(&office);
    run.ledger = office.ledger;
    run.diagnosis = office.diagnosis;
    cJSON_Hooks hooks = { .malloc_fn = short_malloc, .free_fn = counted_free };
    for (int n = 0; !done; n++) {
        left = n;
        cJSON_InitHooks(&hooks);
        done = report_write(&order, &run, NULL, false, bytes, sizeof bytes, &len);
        cJSON_InitHooks(NULL);
        assert_int_equal(live, 0);
        assert_true(!done || n > 100);
    }
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_whose_run_it_was_and_when),
        TEST(a_single_run_is_no_series),
        TEST(a_report_of_a_series_tells_its_place_in_it),
        TEST(what_a_person_reads_ends_its_line_and_what_travels_is_one),
        TEST(an_unset_clock_is_told),
        TEST(a_gateway_without_a_name_has_the_hosts),
        TEST(the_eight_results_are_there_in_every_report),
        TEST(a_skipped_result_names_the_check_that_stopped_it),
        TEST(what_is_unknown_for_a_finding_has_it_as_reason),
        TEST(a_root_carries_all_that_a_dashboard_needs),
        TEST(remedies_come_in_order_with_their_params),
        TEST(a_check_shows_its_findings_facts_peer_and_time),
        TEST(only_services_that_were_called_are_counted),
        TEST(a_healthy_report_is_small),
        TEST(the_fullest_ledger_fits),
        TEST(does_not_write_past_its_room),
        TEST(short_memory_gives_no_report_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
