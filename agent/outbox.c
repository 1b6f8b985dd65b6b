/* SPDX-License-Identifier: MIT */
#include "outbox.h"

#include "../port/port.h"
#include "log.h"

#include <string.h>

#define HOLD_MS      300000 /* between two tries at a broker that refuses a message */
#define REFUSALS_MAX 288    /* of one message: a day, in which rules can be mended */

void outbox_begin(struct outbox *outbox, struct journal *journal, const char *root,
                  const char *gateway)
{
    outbox->journal = journal;
    outbox->root = root;
    outbox->gateway = gateway;
    outbox->no_status = false;
}

struct payload_head outbox_head(struct outbox *outbox)
{
    struct payload_head head = { .gateway = outbox->gateway, .at_wall_ms = port_wall_ms() };
    if (outbox->journal == NULL)
        return head;
    head.seq = journal_next_id(outbox->journal);
    head.dropped = journal_dropped(outbox->journal);
    return head;
}

void outbox_give_up(struct outbox *outbox, enum message_kind kind)
{
    if (outbox->journal != NULL)
        journal_drop(outbox->journal, kind);
}

/* ---- messages ---- */

static bool address(const struct outbox *outbox, enum message_kind kind, const char *account,
                    char into[TOPIC_MAX])
{
    if (message_topic(kind, outbox->root, outbox->gateway, account, into))
        return true;
    log_error("mqtt", "no topic is long enough for the %s of %s: it is not sent",
              message_kind_name(kind), account);
    return false;
}

static void append(struct outbox *outbox, const struct message *message)
{
    if (!journal_append(outbox->journal, message))
        log_warn("journal", "a %s is kept in memory only: it is lost when the power fails",
                 message_kind_name(message->kind));
}

static void store_report(struct outbox *outbox)
{
    struct outbox_slot *slot = &outbox->report;
    if (slot->state == SLOT_EMPTY)
        return;
    append(outbox, &slot->message);
    if (slot->state == SLOT_HANDED && outbox->handed_up_to < slot->message.id)
        outbox->handed_up_to = slot->message.id;
    slot->state = SLOT_EMPTY;
}

static void keep(struct outbox *outbox, struct message *message, const char *account)
{
    char topic[TOPIC_MAX];
    if (!address(outbox, message->kind, account, topic)) {
        outbox_give_up(outbox, message->kind);
        return;
    }
    message->topic = topic;
    message->key = account;
    /* What is handed over from the journal comes in the order of ids; a report that was not handed
       over yet would come after its time. */
    if (outbox->report.state == SLOT_WAITING)
        store_report(outbox);
    append(outbox, message);
}

void outbox_keep(struct outbox *outbox, enum message_kind kind, const char *account, uint64_t id,
                 struct slice payload)
{
    struct message message = { .kind = kind, .id = id, .payload = payload };
    if (outbox->journal != NULL)
        keep(outbox, &message, account);
}

char *outbox_report_room(struct outbox *outbox)
{
    store_report(outbox);
    return outbox->report_bytes;
}

static bool is_online(const struct outbox *outbox)
{
    return outbox->uplink != NULL && uplink_state(outbox->uplink) == UPLINK_ONLINE;
}

void outbox_report(struct outbox *outbox, const char *account, uint64_t id, size_t len,
                   bool retained, uint32_t expiry_s)
{
    struct outbox_slot *slot = &outbox->report;
    if (outbox->journal == NULL)
        return;
    if (!address(outbox, MESSAGE_REPORT, account, slot->topic)) {
        outbox_give_up(outbox, MESSAGE_REPORT);
        return;
    }
    text_put_string(slot->key, sizeof slot->key, account);
    slot->state = SLOT_WAITING;
    slot->message = (struct message){
        .kind = MESSAGE_REPORT,
        .id = id,
        .topic = slot->topic,
        .key = slot->key,
        .payload = { outbox->report_bytes, len },
        .retained = retained,
        .expiry_s = expiry_s,
    };
    if (!is_online(outbox))
        store_report(outbox);
}

bool outbox_wants_status(const struct outbox *outbox)
{
    return is_online(outbox) && outbox->status.state == SLOT_EMPTY && !outbox->no_status;
}

const struct message *outbox_status(struct outbox *outbox, uint64_t id, struct slice payload)
{
    struct outbox_slot *slot = &outbox->status;
    if (slot->state != SLOT_EMPTY)
        outbox_give_up(outbox, MESSAGE_STATUS);
    slot->state = SLOT_EMPTY;
    if (payload.len > sizeof outbox->status_bytes ||
        !address(outbox, MESSAGE_STATUS, "", slot->topic)) {
        outbox_give_up(outbox, MESSAGE_STATUS);
        return NULL;
    }
    memcpy(outbox->status_bytes, payload.at, payload.len);
    uint64_t first;
    outbox->tells_skipped = journal_skipped(outbox->journal, &first) > 0;
    slot->state = SLOT_WAITING;
    slot->message = (struct message){
        .kind = MESSAGE_STATUS,
        .id = id,
        .topic = slot->topic,
        .key = "",
        .payload = { outbox->status_bytes, payload.len },
        .retained = true,
    };
    return &slot->message;
}

void outbox_reply(struct outbox *outbox, uint64_t id, const char *topic, struct slice correlation,
                  struct slice payload)
{
    char own[TOPIC_MAX];
    struct message message = {
        .kind = MESSAGE_REPLY,
        .id = id,
        .topic = topic,
        .key = "",
        .payload = payload,
        .correlation = correlation,
    };
    if (topic[0] == '\0')
        message.topic = address(outbox, MESSAGE_REPLY, "", own) ? own : NULL;
    if (message.topic != NULL && replies_add(&outbox->replies, &message))
        return;
    log_warn("command", "an answer is lost: too many wait for the broker");
    outbox_give_up(outbox, MESSAGE_REPLY);
}

/* ---- handing over ---- */

static bool hand_slot(struct outbox *outbox, struct outbox_slot *slot)
{
    if (slot->state != SLOT_WAITING)
        return true;
    if (!uplink_publish(outbox->uplink, &slot->message))
        return false;
    slot->state = SLOT_HANDED;
    return true;
}

static bool hand_replies(struct outbox *outbox)
{
    struct message message;
    while (replies_next(&outbox->replies, &message)) {
        if (!uplink_publish(outbox->uplink, &message))
            return false;
        replies_handed(&outbox->replies, message.id);
    }
    return true;
}

static bool hand_journal(struct outbox *outbox)
{
    struct message message;
    while (journal_next(outbox->journal, outbox->handed_up_to, &message)) {
        if (!uplink_publish(outbox->uplink, &message))
            return false;
        outbox->handed_up_to = message.id;
    }
    return true;
}

void outbox_pump(struct outbox *outbox)
{
    if (outbox->journal == NULL || !is_online(outbox))
        return;
    if (!hand_slot(outbox, &outbox->status) || !hand_replies(outbox))
        return;
    if (port_now_ms() < outbox->held_until_ms)
        return;
    if (hand_journal(outbox))
        (void)hand_slot(outbox, &outbox->report); /* if not now, then after `delivered` */
}

int64_t outbox_wake_ms(const struct outbox *outbox)
{
    bool held = outbox->held_until_ms > port_now_ms();
    return held && is_online(outbox) ? outbox->held_until_ms : INT64_MAX;
}

/* ---- what became of it ---- */

/* What was handed over and not acknowledged is handed over again. */
static void rewind_all(struct outbox *outbox)
{
    outbox->handed_up_to = 0;
    replies_rewind(&outbox->replies);
    if (outbox->report.state == SLOT_HANDED)
        outbox->report.state = SLOT_WAITING;
    if (outbox->status.state == SLOT_HANDED)
        outbox->status.state = SLOT_WAITING;
}

void outbox_online(struct outbox *outbox)
{
    outbox->held_until_ms = 0;
    rewind_all(outbox);
}

void outbox_offline(struct outbox *outbox)
{
    rewind_all(outbox);
    store_report(outbox);
}

static bool is_in(const struct outbox_slot *slot, uint64_t id)
{
    return slot->state != SLOT_EMPTY && slot->message.id == id;
}

/* The message is gone from here; true when it was in the journal, or is not known. */
static bool forget(struct outbox *outbox, uint64_t id)
{
    if (is_in(&outbox->status, id))
        outbox->status.state = SLOT_EMPTY;
    else if (is_in(&outbox->report, id))
        outbox->report.state = SLOT_EMPTY;
    else if (!replies_remove(&outbox->replies, id))
        return true;
    return false;
}

void outbox_delivered(struct outbox *outbox, uint64_t id)
{
    if (is_in(&outbox->status, id) && outbox->tells_skipped)
        journal_skipped_told(outbox->journal);
    if (forget(outbox, id))
        journal_remove(outbox->journal, id);
}

/* Rules of a broker can be mended: a report or event is not given up for them at once, but it is
   not tried all the time either. */
static bool hold(struct outbox *outbox, uint64_t id, enum uplink_refusal why, const char *words)
{
    if (why != UPLINK_AGAINST_RULES || is_in(&outbox->status, id) ||
        replies_has(&outbox->replies, id))
        return false;
    int64_t now_ms = port_now_ms();
    if (now_ms < outbox->held_until_ms)
        return true; /* it was under way when the first one was refused */
    outbox->refusals = id == outbox->refused_id ? outbox->refusals + 1 : 1;
    outbox->refused_id = id;
    if (outbox->refusals >= REFUSALS_MAX)
        return false;
    log_error("mqtt", "the broker refuses reports and events: %s", words);
    outbox->held_until_ms = now_ms + HOLD_MS;
    rewind_all(outbox);
    return true;
}

/* What it was; an id that is not kept counts as an event. */
static struct message message_of(const struct outbox *outbox, uint64_t id)
{
    struct message message;
    if (is_in(&outbox->status, id))
        return outbox->status.message;
    if (is_in(&outbox->report, id))
        return outbox->report.message;
    if (replies_has(&outbox->replies, id))
        return (struct message){ .kind = MESSAGE_REPLY, .topic = "the topic of a command" };
    if (journal_next(outbox->journal, id - 1, &message) && message.id == id)
        return message;
    return (struct message){ .kind = MESSAGE_EVENT, .topic = "an unknown topic" };
}

void outbox_refused(struct outbox *outbox, uint64_t id, enum uplink_refusal why, const char *words)
{
    if (hold(outbox, id, why, words))
        return;
    const struct message message = message_of(outbox, id);
    log_error("mqtt", "the broker %s the %s on %s, which is given up: %s",
              why == UPLINK_HANGS_UP ? "hangs up for" : "refuses", message_kind_name(message.kind),
              message.topic, words);
    /* A new one would come with every connection, and end it. */
    if (message.kind == MESSAGE_STATUS && why == UPLINK_HANGS_UP)
        outbox->no_status = true;
    if (forget(outbox, id))
        journal_remove(outbox->journal, id);
    outbox_give_up(outbox, message.kind);
}

void outbox_end(struct outbox *outbox)
{
    if (outbox->journal == NULL)
        return;
    store_report(outbox);
    if (outbox->status.state != SLOT_EMPTY)
        outbox_give_up(outbox, MESSAGE_STATUS);
    for (size_t i = 0; i < outbox->replies.count; i++)
        outbox_give_up(outbox, MESSAGE_REPLY);
}

bool outbox_empty(const struct outbox *outbox)
{
    return outbox->journal == NULL ||
           (journal_count(outbox->journal) == 0 && outbox->report.state == SLOT_EMPTY &&
            outbox->status.state == SLOT_EMPTY && outbox->replies.count == 0);
}
