/* SPDX-License-Identifier: MIT */
#include "payload.h"

#include "checksum.h"
#include "document.h"

#include <inttypes.h>

/* clang-format off */
static const char *const state_names[] = {
    [AGENT_ONLINE] = "online", [AGENT_STOPPED] = "stopped", [AGENT_LOST] = "lost",
};
static const char *const health_names[] = {
    [JOURNAL_ON_DISK]   = "ok",
    [JOURNAL_DISK_FULL] = "disk-full",
    [JOURNAL_READ_ONLY] = "read-only",
    [JOURNAL_DAMAGED]   = "damaged",
};
static const char *const trouble_names[] = {
    [UPLINK_FINE]              = "none",
    [UPLINK_NAME_UNKNOWN]      = "name-unknown",
    [UPLINK_NO_RESOLVER]       = "no-resolver",
    [UPLINK_UNREACHABLE]       = "unreachable",
    [UPLINK_REFUSED]           = "refused",
    [UPLINK_TIMED_OUT]         = "timed-out",
    [UPLINK_CLOSED]            = "closed",
    [UPLINK_CERTIFICATE]       = "certificate",
    [UPLINK_PIN]               = "pin",
    [UPLINK_BAD_CREDENTIALS]   = "bad-credentials",
    [UPLINK_NOT_AUTHORIZED]    = "not-authorized",
    [UPLINK_BROKER_BUSY]       = "broker-busy",
    [UPLINK_TAKEN_OVER]        = "taken-over",
    [UPLINK_PUBLISH_REFUSED]   = "publish-refused",
    [UPLINK_MESSAGE_REFUSED]   = "message-refused",
    [UPLINK_SUBSCRIBE_REFUSED] = "subscribe-refused",
    [UPLINK_PROTOCOL]          = "protocol",
    [UPLINK_DEVICE]            = "device",
};
static const char *const event_names[] = {
    [EVENT_RAISED] = "raised", [EVENT_CLEARED] = "cleared", [EVENT_VERDICT] = "verdict",
};
static const struct {
    const char *name;
    bool ok;
} replies[] = {
    [REPLY_DONE]         = { "done", true },
    [REPLY_QUEUED]       = { "queued", true },
    [REPLY_MALFORMED]    = { "malformed", false },
    [REPLY_UNKNOWN]      = { "unknown", false },
    [REPLY_BUSY]         = { "busy", false },
    [REPLY_RATE_LIMITED] = { "rate-limited", false },
    [REPLY_FAILED]       = { "failed", false },
};
/* clang-format on */

const char *payload_state_name(enum agent_state state)
{
    return state_names[state];
}

const char *payload_health_name(enum journal_health health)
{
    return health_names[health];
}

const char *payload_trouble_name(enum uplink_trouble trouble)
{
    return trouble_names[trouble];
}

const char *payload_event_name(enum event_kind kind)
{
    return event_names[kind];
}

const char *payload_reply_name(enum reply_code code)
{
    return replies[code].name;
}

static void begin(struct document *document, const char *schema, const struct payload_head *head)
{
    document_begin(document);
    cJSON *root = document->root;
    document_text(document, root, "schema", schema);
    document_text(document, root, "gateway", head->gateway);
    document_number(document, root, "seq", (int64_t)head->seq);
    document_dropped(document, root, &head->dropped);
    document_stamp(document, root, "at", head->at_wall_ms);
    if (head->sample)
        document_flag(document, root, "sample", true);
}

/* ---- status ---- */

static void write_journal(struct document *document, const struct status_facts *facts)
{
    cJSON *journal = document_object(document, document->root, "journal");
    document_text(document, journal, "health", health_names[facts->journal]);
    document_number(document, journal, "waiting", (int64_t)facts->waiting);
    if (facts->skipped_count == 0) {
        document_null(document, document->root, "skipped");
        return;
    }
    cJSON *skipped = document_object(document, document->root, "skipped");
    document_number(document, skipped, "first", (int64_t)facts->skipped_first);
    document_number(document, skipped, "count", (int64_t)facts->skipped_count);
}

static void write_uplink(struct document *document, const struct status_facts *facts)
{
    cJSON *uplink = document_object(document, document->root, "uplink");
    document_text(document, uplink, "mqtt", facts->mqtt_version == 5 ? "5" : "3.1.1");
    document_text(document, uplink, "trouble", trouble_names[facts->trouble]);
    document_text(document, uplink, "words", facts->trouble_words);
}

bool payload_status(const struct payload_head *head, const struct status_facts *facts, char *into,
                    size_t size, size_t *into_len)
{
    struct document document;
    begin(&document, "gatepost-status-1", head);
    cJSON *root = document.root;
    document_text(&document, root, "state", state_names[facts->state]);
    document_text(&document, root, "version", GATEPOST_VERSION);
    document_number(&document, root, "boot", facts->boots);
    document_stamp(&document, root, "started", facts->started_wall_ms);
    document_moment(&document, root, "next_due", facts->next_due_wall_ms);
    document_flag(&document, root, "paused", facts->paused);
    document_number(&document, root, "accounts", (int64_t)facts->accounts);
    cJSON *clock = document_object(&document, root, "clock");
    document_text(&document, clock, "quality", facts->clock_trusted ? "trusted" : "unset");
    write_journal(&document, facts);
    write_uplink(&document, facts);
    if (facts->settings_trouble[0] != '\0')
        document_text(&document, root, "configuration", facts->settings_trouble);
    else
        document_null(&document, root, "configuration");
    return document_print(&document, false, into, size, into_len);
}

bool payload_will(const char *gateway, uint32_t boots, int64_t started_wall_ms, char *into,
                  size_t size, size_t *into_len)
{
    struct document document;
    document_begin(&document);
    cJSON *root = document.root;
    document_text(&document, root, "schema", "gatepost-status-1");
    document_text(&document, root, "gateway", gateway);
    document_text(&document, root, "state", state_names[AGENT_LOST]);
    document_text(&document, root, "version", GATEPOST_VERSION);
    document_number(&document, root, "boot", boots);
    document_stamp(&document, root, "started", started_wall_ms);
    return document_print(&document, false, into, size, into_len);
}

/* ---- events ---- */

/* Account and change in 16 digits. */
static void add_what(struct text *id, const struct event_facts *facts)
{
    char what[96];
    text_put_format(what, sizeof what, "%s %s", event_names[facts->kind],
                    facts->finding == NO_FINDING ? "" : finding_row(facts->finding)->slug);
    text_add_format(id, "%08" PRIx32 "%08" PRIx32, checksum_crc32(slice_of(facts->account)),
                    checksum_crc32(slice_of(what)));
}

/* The same for the same change, also when a crash has it told again, by another run and with
   another number. Where the account was never told of, the run's id goes before the number: a
   gateway whose state was wiped counts from the start. */
static void write_event_id(struct document *document, const struct payload_head *head,
                           const struct event_facts *facts)
{
    char id[64];
    struct text text;
    text_begin(&text, id, sizeof id);
    if (facts->mark_wall_ms > 0) {
        add_what(&text, facts);
        text_add_format(&text, "-%" PRId64, facts->mark_wall_ms);
    } else {
        text_add_format(&text, "%s-%" PRIu64, facts->run, head->seq);
    }
    document_text(document, document->root, "id", id);
}

static void write_finding(struct document *document, const struct event_facts *facts)
{
    const struct finding_row *row = finding_row(facts->finding);
    cJSON *root = document->root;
    document_text(document, root, "finding", row->slug);
    document_text(document, root, "layer", layer_name(row->layer));
    document_text(document, root, "who", who_name(row->who));
    if (facts->kind != EVENT_RAISED)
        return;
    document_text(document, root, "remedy", remedy_row(facts->remedy)->slug);
    document_text(document, root, "confidence", confidence_name(facts->confidence));
}

static const char *verdict_name(enum status verdict)
{
    return verdict == STATUS_PENDING ? "none" : status_name(verdict);
}

bool payload_event(const struct payload_head *head, const struct event_facts *facts, char *into,
                   size_t size, size_t *into_len)
{
    struct document document;
    begin(&document, "gatepost-event-1", head);
    cJSON *root = document.root;
    document_text(&document, root, "account", facts->account);
    write_event_id(&document, head, facts);
    document_text(&document, root, "kind", event_names[facts->kind]);
    if (facts->finding != NO_FINDING)
        write_finding(&document, facts);
    document_text(&document, root, "before", verdict_name(facts->before));
    document_text(&document, root, "after", verdict_name(facts->after));
    document_moment(&document, root, "since", facts->since_wall_ms);
    document_text(&document, root, "run", facts->run);
    return document_print(&document, false, into, size, into_len);
}

bool payload_doctor(const struct payload_head *head, char *into, size_t size, size_t *into_len)
{
    struct document document;
    begin(&document, "gatepost-event-1", head);
    document_text(&document, document.root, "kind", "doctor");
    return document_print(&document, false, into, size, into_len);
}

/* ---- replies ---- */

bool payload_reply(const struct payload_head *head, const struct reply_facts *facts, char *into,
                   size_t size, size_t *into_len)
{
    struct document document;
    begin(&document, "gatepost-reply-1", head);
    cJSON *root = document.root;
    if (facts->id[0] != '\0')
        document_text(&document, root, "id", facts->id);
    else
        document_null(&document, root, "id");
    document_flag(&document, root, "ok", replies[facts->code].ok);
    document_text(&document, root, "code", replies[facts->code].name);
    document_text(&document, root, "words", facts->words);
    if (facts->result != NULL)
        (void)document_add(&document, root, "result",
                           cJSON_Parse(facts->result)); /* the document remembers */
    return document_print(&document, false, into, size, into_len);
}

/* ---- explanations ---- */

bool payload_explains(const char *code)
{
    struct slice slug = slice_of(code);
    return finding_find(slug) != NO_FINDING || remedy_find(slug) != REMEDY_COUNT ||
           check_find(slug) != CHECK_COUNT;
}

static void explain_finding(struct document *document, enum finding finding, enum language language)
{
    const struct finding_row *row = finding_row(finding);
    cJSON *root = document->root;
    document_text(document, root, "kind", "finding");
    document_text(document, root, "title", row->title[language]);
    document_text(document, root, "cause", row->cause[language]);
    document_text(document, root, "who", who_name(row->who));
    document_text(document, root, "remedy", remedy_row(row->remedy)->slug);
    document_text(document, root, "to_do", remedy_row(row->remedy)->words[language]);
}

bool payload_explanation(const char *code, enum language language, char *into, size_t size,
                         size_t *into_len)
{
    enum finding finding = finding_find(slice_of(code));
    enum remedy remedy = remedy_find(slice_of(code));
    enum check check = check_find(slice_of(code));
    struct document document;
    document_begin(&document);
    document_text(&document, document.root, "code", code);
    if (finding != NO_FINDING) {
        explain_finding(&document, finding, language);
    } else if (remedy != REMEDY_COUNT) {
        document_text(&document, document.root, "kind", "remedy");
        document_text(&document, document.root, "to_do", remedy_row(remedy)->words[language]);
    } else if (check != CHECK_COUNT) {
        document_text(&document, document.root, "kind", "check");
        document_text(&document, document.root, "title", check_row(check)->title[language]);
        document_text(&document, document.root, "cost", cost_name(check_row(check)->cost));
    } else {
        document.failed = true;
    }
    return document_print(&document, false, into, size, into_len);
}
