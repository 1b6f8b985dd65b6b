/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "payload.h"
#include "sample.h"

#include <cjson/cJSON.h>
#include <stdalign.h>
#include <string.h>

static struct payload_head head;
static struct status_facts facts;
static struct event_facts event;
static char bytes[REPORT_MAX];
static size_t len;
static cJSON *document;

static int begin(void **state)
{
    (void)state;
    head = (struct payload_head){ .gateway = "office-7",
                                  .seq = 9007199254740991,
                                  .dropped = { .count = { 0, 5, 1 } },
                                  .at_wall_ms = 1795435200000 };
    facts = (struct status_facts){ .started_wall_ms = 1795348800000,
                                   .boots = 3,
                                   .next_due_wall_ms = 1795436100000,
                                   .clock_trusted = true,
                                   .accounts = 2,
                                   .mqtt_version = 5,
                                   .trouble_words = "",
                                   .settings_trouble = "" };
    event = (struct event_facts){ .kind = EVENT_RAISED,
                                  .account = "anna@example.com",
                                  .run = "00112233445566aa",
                                  .finding = DNS_MX_FOREIGN,
                                  .remedy = SET_MX,
                                  .confidence = CONFIDENCE_CERTAIN,
                                  .before = STATUS_OK,
                                  .after = STATUS_FAILED,
                                  .since_wall_ms = 1795435200000 };
    return 0;
}

static int end(void **state)
{
    (void)state;
    cJSON_Delete(document);
    document = NULL;
    return 0;
}

static void parse(bool done)
{
    assert_true(done);
    assert_int_equal(len, strlen(bytes));
    cJSON_Delete(document);
    document = cJSON_Parse(bytes);
    assert_non_null(document);
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (item == NULL)
        fail_msg("no %s in %s", name, bytes);
    return item;
}

static void assert_text(const char *name, const char *wanted)
{
    assert_string_equal(cJSON_GetStringValue(member(document, name)), wanted);
}

static bool has(const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(document, name) != NULL;
}

static void every_message_tells_its_number_and_what_was_lost(void **state)
{
    (void)state;
    parse(payload_status(&head, &facts, bytes, sizeof bytes, &len));
    assert_text("gateway", "office-7");
    assert_text("at", "2026-11-23T12:00:00Z");
    assert_non_null(strstr(bytes, "\"seq\":9007199254740991,"));
    assert_true(cJSON_GetNumberValue(member(member(document, "dropped"), "report")) == 5);
    assert_true(cJSON_GetNumberValue(member(member(document, "dropped"), "event")) == 1);
    assert_true(cJSON_GetNumberValue(member(member(document, "dropped"), "support")) == 0);
    assert_false(has("sample"));
}

static void a_status_says_when_to_worry(void **state)
{
    (void)state;
    parse(payload_status(&head, &facts, bytes, sizeof bytes, &len));
    assert_text("state", "online");
    assert_text("next_due", "2026-11-23T12:15:00Z");
    assert_true(cJSON_IsNull(member(document, "skipped")));
    assert_true(cJSON_IsNull(member(document, "configuration")));
    facts.next_due_wall_ms = 0;
    facts.paused = true;
    parse(payload_status(&head, &facts, bytes, sizeof bytes, &len));
    assert_true(cJSON_IsNull(member(document, "next_due")));
    assert_true(cJSON_IsTrue(member(document, "paused")));
}

static void a_status_says_what_ails_the_agent(void **state)
{
    (void)state;
    facts.journal = JOURNAL_DISK_FULL;
    facts.waiting = 4;
    facts.skipped_first = 100;
    facts.skipped_count = 7;
    facts.mqtt_version = 3;
    facts.trouble = UPLINK_CERTIFICATE;
    facts.trouble_words = "the certificate has expired";
    facts.settings_trouble = "gatepost.json:3: no such key";
    parse(payload_status(&head, &facts, bytes, sizeof bytes, &len));
    const cJSON *journal = member(document, "journal"), *uplink = member(document, "uplink");
    assert_string_equal(cJSON_GetStringValue(member(journal, "health")), "disk-full");
    assert_true(cJSON_GetNumberValue(member(journal, "waiting")) == 4);
    assert_true(cJSON_GetNumberValue(member(member(document, "skipped"), "first")) == 100);
    assert_string_equal(cJSON_GetStringValue(member(uplink, "mqtt")), "3.1.1");
    assert_string_equal(cJSON_GetStringValue(member(uplink, "trouble")), "certificate");
    assert_text("configuration", "gatepost.json:3: no such key");
}

static void every_trouble_and_health_has_a_word(void **state)
{
    (void)state;
    for (enum uplink_trouble trouble = UPLINK_FINE; trouble <= UPLINK_DEVICE; trouble++)
        assert_non_null(payload_trouble_name(trouble));
    for (enum journal_health health = JOURNAL_ON_DISK; health <= JOURNAL_DAMAGED; health++)
        assert_non_null(payload_health_name(health));
}

static void the_will_says_only_what_is_known_beforehand(void **state)
{
    (void)state;
    parse(payload_will("office-7", 3, 1795348800000, bytes, sizeof bytes, &len));
    assert_text("state", "lost");
    assert_text("gateway", "office-7");
    assert_text("started", "2026-11-22T12:00:00Z");
    assert_false(has("seq"));
    assert_false(has("at"));
}

static void an_event_tells_a_raised_finding(void **state)
{
    (void)state;
    head.seq = 42;
    parse(payload_event(&head, &event, bytes, sizeof bytes, &len));
    assert_text("id", "00112233445566aa-42");
    assert_text("kind", "raised");
    assert_text("finding", "dns.mx-foreign");
    assert_text("layer", "domain");
    assert_text("who", "domain-owner");
    assert_text("remedy", "set-mx");
    assert_text("confidence", "certain");
    assert_text("before", "ok");
    assert_text("after", "failed");
    assert_text("since", "2026-11-23T12:00:00Z");
}

static void keep_id(char into[64])
{
    parse(payload_event(&head, &event, bytes, sizeof bytes, &len));
    (void)snprintf(into, 64, "%s", cJSON_GetStringValue(member(document, "id")));
}

static void an_event_that_a_crash_has_told_twice_has_one_id(void **state)
{
    (void)state;
    char first[64], again[64], other[64], account[64], later[64];
    event.mark_wall_ms = 1795431600000;
    keep_id(first);
    head.seq++;
    event.run = "ffeeddccbbaa9988";
    event.since_wall_ms += 60000;
    keep_id(again);
    event.kind = EVENT_CLEARED;
    keep_id(other);
    event.kind = EVENT_RAISED;
    event.account = "bob@example.com";
    keep_id(account);
    event.account = "anna@example.com";
    event.mark_wall_ms++;
    keep_id(later);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_string_not_equal(first, account);
    assert_string_not_equal(first, later);
}

static void a_cleared_finding_needs_no_remedy(void **state)
{
    (void)state;
    event.kind = EVENT_CLEARED;
    parse(payload_event(&head, &event, bytes, sizeof bytes, &len));
    assert_text("finding", "dns.mx-foreign");
    assert_false(has("remedy"));
    assert_false(has("confidence"));
}

static void the_first_verdict_comes_after_none(void **state)
{
    (void)state;
    event.kind = EVENT_VERDICT;
    event.finding = NO_FINDING;
    event.before = STATUS_PENDING;
    event.since_wall_ms = 0;
    parse(payload_event(&head, &event, bytes, sizeof bytes, &len));
    assert_text("before", "none");
    assert_true(cJSON_IsNull(member(document, "since")));
    assert_false(has("finding"));
}

static void a_reply_says_whether_it_is_done(void **state)
{
    (void)state;
    struct reply_facts reply = { .id = "a\"b", .code = REPLY_DONE, .words = "" };
    parse(payload_reply(&head, &reply, bytes, sizeof bytes, &len));
    assert_text("id", "a\"b");
    assert_true(cJSON_IsTrue(member(document, "ok")));
    reply = (struct reply_facts){ .id = "", .code = REPLY_MALFORMED, .words = "no JSON" };
    parse(payload_reply(&head, &reply, bytes, sizeof bytes, &len));
    assert_true(cJSON_IsNull(member(document, "id")));
    assert_true(cJSON_IsFalse(member(document, "ok")));
    assert_text("code", "malformed");
    assert_text("words", "no JSON");
}

static void a_reply_carries_its_result_as_json(void **state)
{
    (void)state;
    char result[PAYLOAD_MAX];
    struct reply_facts reply = { .id = "1", .code = REPLY_DONE, .words = "", .result = result };
    assert_true(payload_explanation("dns.mx-foreign", LANGUAGE_EN, result, sizeof result, &len));
    parse(payload_reply(&head, &reply, bytes, sizeof bytes, &len));
    assert_string_equal(cJSON_GetStringValue(member(member(document, "result"), "remedy")),
                        "set-mx");
    reply.result = "no json";
    assert_false(payload_reply(&head, &reply, bytes, sizeof bytes, &len));
}

static void explains_every_code_in_both_languages(void **state)
{
    (void)state;
    for (enum language language = LANGUAGE_EN; language <= LANGUAGE_FR; language++) {
        for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
            parse(payload_explanation(finding_row(i)->slug, language, bytes, PAYLOAD_MAX, &len));
        for (enum remedy i = 0; i < REMEDY_COUNT; i++)
            parse(payload_explanation(remedy_row(i)->slug, language, bytes, PAYLOAD_MAX, &len));
        for (enum check i = 0; i < CHECK_COUNT; i++)
            parse(payload_explanation(check_row(i)->slug, language, bytes, PAYLOAD_MAX, &len));
    }
    assert_true(payload_explains("imap.login"));
    assert_false(payload_explains("imap.logins"));
    assert_false(payload_explanation("imap.logins", LANGUAGE_EN, bytes, sizeof bytes, &len));
}

static void does_not_write_past_its_room(void **state)
{
    (void)state;
    char room[513];
    for (size_t size = 1; size < 200; size++) {
        memset(room, 'x', sizeof room);
        assert_false(payload_event(&head, &event, room, size, &len));
        assert_false(payload_status(&head, &facts, room, size, &len));
        assert_int_equal(room[size], 'x');
    }
}

static void a_second_rehearsal_is_another_event(void **state)
{
    (void)state;
    static struct account_settings account = { .address = "anna@example.com", .host = "" };
    char first[PAYLOAD_MAX];
    assert_true(sample_event(&account, DNS_MX_FOREIGN, &head, first, sizeof first, &len));
    assert_true(sample_event(&account, DNS_MX_FOREIGN, &head, bytes, sizeof bytes, &len));
    assert_string_not_equal(first, bytes);
}

/* Every finding can be rehearsed: it is the only root, its check is what it makes of it, and
   nothing else is sick. */
static void every_finding_has_a_sample(void **state)
{
    (void)state;
    static alignas(max_align_t) char memory[131072];
    static struct settings settings = { .gateway = "office-7" };
    static struct account_settings account = { .address = "anna@example.com",
                                               .profile = "generic",
                                               .host = "" };
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        parse(sample_report(&settings, &account, i, &head, &arena, bytes, sizeof bytes, &len));
        arena_reset(&arena);
        assert_true(cJSON_IsTrue(member(document, "sample")));
        const cJSON *roots = member(document, "root");
        assert_int_equal(cJSON_GetArraySize(roots), 1);
        assert_string_equal(cJSON_GetStringValue(member(roots->child, "finding")),
                            finding_row(i)->slug);
        assert_text("verdict", status_name(finding_row(i)->status));
        parse(sample_event(&account, i, &head, bytes, sizeof bytes, &len));
        assert_true(cJSON_IsTrue(member(document, "sample")));
        assert_text("finding", finding_row(i)->slug);
    }
}

/* clang-format off */
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_message_tells_its_number_and_what_was_lost),
        TEST(a_status_says_when_to_worry),
        TEST(a_status_says_what_ails_the_agent),
        TEST(every_trouble_and_health_has_a_word),
        TEST(the_will_says_only_what_is_known_beforehand),
        TEST(an_event_tells_a_raised_finding),
        TEST(an_event_that_a_crash_has_told_twice_has_one_id),
        TEST(a_cleared_finding_needs_no_remedy),
        TEST(the_first_verdict_comes_after_none),
        TEST(a_reply_says_whether_it_is_done),
        TEST(a_reply_carries_its_result_as_json),
        TEST(explains_every_code_in_both_languages),
        TEST(does_not_write_past_its_room),
        TEST(a_second_rehearsal_is_another_event),
        TEST(every_finding_has_a_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
