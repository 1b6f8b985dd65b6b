/* SPDX-License-Identifier: MIT */
/* What is on its way to the broker. Events and support requests go by way of the journal; the
   newest report waits in memory and goes into the journal when it cannot be delivered; answers and
   status are worth nothing later and stay in memory. Handed to the uplink in the order of their
   ids, status and answers first. */
#ifndef GATEPOST_OUTBOX_H
#define GATEPOST_OUTBOX_H

#include "journal.h"
#include "message.h"
#include "payload.h"
#include "replies.h"
#include "uplink.h"

#include <stdbool.h>
#include <stdint.h>

/* One message whose newest version alone counts. */
struct outbox_slot {
    enum {
        SLOT_EMPTY,
        SLOT_WAITING,
        SLOT_HANDED,
    } state;
    struct message message;
    char topic[TOPIC_MAX], key[MESSAGE_KEY_MAX];
};

struct outbox {
    struct journal *journal; /* NULL: there is no broker, and nothing is kept */
    struct uplink *uplink;   /* NULL while there is none */
    const char *root, *gateway;
    uint64_t handed_up_to; /* id in the journal */
    int64_t held_until_ms; /* the broker refuses us: no report or event before */
    uint64_t refused_id;   /* the message that was refused last, and how often in a row */
    unsigned refusals;
    bool tells_skipped; /* the status on its way has the skipped ids in it */
    bool no_status;     /* the broker hangs up for it */
    struct outbox_slot report, status;
    struct replies replies;
    char report_bytes[MESSAGE_MAX], status_bytes[PAYLOAD_MAX];
};

void outbox_begin(struct outbox *outbox, struct journal *journal, const char *root,
                  const char *gateway);

/* What the next message tells of the gateway, its id among it. Every id that was taken is to be
   used by one of the functions below, or given up. */
struct payload_head outbox_head(struct outbox *outbox);
void outbox_give_up(struct outbox *outbox, enum message_kind kind);

/* Keeps an event or a support request, made with that id. */
void outbox_keep(struct outbox *outbox, enum message_kind kind, const char *account, uint64_t id,
                 struct slice payload);

/* Where the next report is to be written; an earlier one that is still on its way goes into the
   journal. Call before outbox_head. */
char *outbox_report_room(struct outbox *outbox);

/* The report is written. retained: it becomes what the broker shows of the account. */
void outbox_report(struct outbox *outbox, const char *account, uint64_t id, size_t len,
                   bool retained, uint32_t expiry_s);

/* True when a status can be taken: none is on its way, and the broker does not hang up for it. */
bool outbox_wants_status(const struct outbox *outbox);

/* The status to show from now on; one that is still on its way is given up. The message is the
   outbox's, for uplink_leave. NULL when it has no topic. */
const struct message *outbox_status(struct outbox *outbox, uint64_t id, struct slice payload);

/* An answer. topic "" for the gateway's own. */
void outbox_reply(struct outbox *outbox, uint64_t id, const char *topic, struct slice correlation,
                  struct slice payload);

/* Hands over as much as the uplink takes. */
void outbox_pump(struct outbox *outbox);

/* When to pump although nothing has happened; INT64_MAX: never. */
int64_t outbox_wake_ms(const struct outbox *outbox);

/* What the uplink tells. */
void outbox_online(struct outbox *outbox);
void outbox_offline(struct outbox *outbox);
void outbox_delivered(struct outbox *outbox, uint64_t id);
void outbox_refused(struct outbox *outbox, uint64_t id, enum uplink_refusal why, const char *words);

/* The agent ends: the report that is on its way goes into the journal; a status and answers that
   were not acknowledged are given up. */
void outbox_end(struct outbox *outbox);

/* True when the broker has acknowledged everything. */
bool outbox_empty(const struct outbox *outbox);

#endif
