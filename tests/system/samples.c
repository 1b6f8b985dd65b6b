/* SPDX-License-Identifier: MIT */
/* For test_contract.py. `samples messages` prints a message of every kind and finding, a line each:
   topic, tab, payload. `samples commands` reads commands, one a line, and prints what becomes of
   each: "taken", or what is wrong. */
#include "command.h"
#include "payload.h"
#include "sample.h"
#include "support.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#define ROOT    "gatepost/v1"
#define GATEWAY "office/7"
#define NOON_MS INT64_C(1795435200000)

static alignas(max_align_t) char memory[262144];
static char bytes[REPORT_MAX];
static size_t len;
static struct arena arena;
static struct settings settings = { .gateway = GATEWAY };
static struct account_settings account = { .address = "anna+mail@example.com",
                                           .profile = "generic",
                                           .host = "" };
static struct payload_head head = { .gateway = GATEWAY, .seq = 1, .at_wall_ms = NOON_MS };

static int failed;

static void show(enum message_kind kind, const char *about, bool done)
{
    char topic[TOPIC_MAX];
    if (!done || !message_topic(kind, ROOT, GATEWAY, about, topic)) {
        fprintf(stderr, "cannot make a %s\n", message_kind_name(kind));
        failed = 1;
        return;
    }
    printf("%s\t%s\n", topic, bytes);
    head.seq++;
}

static void show_status(struct status_facts facts)
{
    show(MESSAGE_STATUS, "", payload_status(&head, &facts, bytes, sizeof bytes, &len));
}

static void show_statuses(void)
{
    const struct status_facts well = { .started_wall_ms = NOON_MS,
                                       .clock_trusted = true,
                                       .next_due_wall_ms = NOON_MS,
                                       .mqtt_version = 5,
                                       .trouble_words = "",
                                       .settings_trouble = "" };
    for (enum agent_state state = AGENT_ONLINE; state <= AGENT_STOPPED; state++) {
        struct status_facts facts = well;
        facts.state = state;
        show_status(facts);
    }
    for (enum journal_health health = JOURNAL_ON_DISK; health <= JOURNAL_DAMAGED; health++) {
        struct status_facts facts = well;
        facts.journal = health;
        facts.skipped_count = 3;
        show_status(facts);
    }
    for (enum uplink_trouble trouble = UPLINK_FINE; trouble <= UPLINK_DEVICE; trouble++) {
        struct status_facts facts = { .trouble = trouble,
                                      .mqtt_version = 3,
                                      .started_wall_ms = NOON_MS,
                                      .paused = true,
                                      .trouble_words = "words",
                                      .settings_trouble = "words" };
        show_status(facts);
    }
    show(MESSAGE_STATUS, "", payload_will(GATEWAY, 7, NOON_MS, bytes, sizeof bytes, &len));
}

static void show_findings(void)
{
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++) {
        show(MESSAGE_REPORT, account.address,
             sample_report(&settings, &account, i, &head, &arena, bytes, sizeof bytes, &len));
        arena_reset(&arena);
        show(MESSAGE_EVENT, account.address,
             sample_event(&account, i, &head, bytes, sizeof bytes, &len));
    }
}

static void show_event(enum event_kind kind, enum finding finding, enum status before)
{
    const struct event_facts facts = { .kind = kind,
                                       .account = account.address,
                                       .run = "00112233445566aa",
                                       .finding = finding,
                                       .before = before,
                                       .after = STATUS_UNKNOWN };
    show(MESSAGE_EVENT, account.address, payload_event(&head, &facts, bytes, sizeof bytes, &len));
}

static void show_events(void)
{
    show_event(EVENT_RAISED, DNS_MX_FOREIGN, STATUS_OK);
    show_event(EVENT_CLEARED, DNS_MX_FOREIGN, STATUS_FAILED);
    show_event(EVENT_VERDICT, NO_FINDING, STATUS_PENDING);
    head.sample = true;
    show(MESSAGE_EVENT, "_doctor", payload_doctor(&head, bytes, sizeof bytes, &len));
    head.sample = false;
}

static void show_replies(void)
{
    char result[PAYLOAD_MAX];
    for (enum reply_code code = REPLY_DONE; code <= REPLY_FAILED; code++) {
        struct reply_facts facts = { .id = code == REPLY_MALFORMED ? "" : "42",
                                     .code = code,
                                     .words = "" };
        if (code == REPLY_DONE &&
            payload_explanation("set-mx", LANGUAGE_FR, result, sizeof result, &len))
            facts.result = result;
        show(MESSAGE_REPLY, "", payload_reply(&head, &facts, bytes, sizeof bytes, &len));
    }
}

static void show_support(enum language language, const struct report_ledger *ledger)
{
    static struct run run;
    const struct profile *profile = &(struct profile){ .name = "generic" };
    const struct order order = {
        .settings = &settings, .account = &account, .profile = profile, .trigger = "command"
    };
    const struct support_history history = { .since_wall_ms = { NOON_MS } };
    run = (struct run){ .id = "00112233445566aa", .finished_wall_ms = NOON_MS };
    ledger_begin(&run.ledger, &arena);
    run.diagnosis.verdict = STATUS_FAILED;
    run.diagnosis.root_count = 2;
    for (enum check i = 0; i < CHECK_COUNT; i++)
        ledger_ok(&run.ledger, i);
    for (size_t i = 0; i < 2; i++)
        run.diagnosis.roots[i].raised = ledger_raise(
            &run.ledger, i == 0 ? DNS_MX_FOREIGN : IMAP_LOGIN_REFUSED, i == 0 ? DNS_MX : IMAP_LOGIN,
            SERVICE_DNS, "JUDGE mx", "", FAMILY_V4, SLICE("10 mail.example.org"));
    show(MESSAGE_SUPPORT, account.address,
         support_json(&order, &run, language, &history, ledger, bytes, sizeof bytes, &len));
    arena_reset(&arena);
}

static void show_messages(void)
{
    const struct report_ledger ledger = { .seq = 9, .sample = true };
    arena_begin(&arena, memory, sizeof memory);
    show_statuses();
    show_findings();
    show_events();
    show_replies();
    show_support(LANGUAGE_EN, &ledger);
    show_support(LANGUAGE_FR, &ledger);
}

static void judge_commands(void)
{
    static char line[16384];
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct command command;
        char wrong[200];
        struct slice payload = { line, strcspn(line, "\n") };
        puts(command_read(payload, &command, wrong, sizeof wrong) ? "taken" : wrong);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "messages") == 0)
        show_messages();
    else if (argc == 2 && strcmp(argv[1], "commands") == 0)
        judge_commands();
    else
        return 64;
    return failed;
}
