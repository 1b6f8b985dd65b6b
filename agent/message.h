/* SPDX-License-Identifier: MIT */
/* What goes to the broker: topics and payloads of the MQTT contract (config/asyncapi.json).
 * Payloads are JSON, made in payload.c, report.c and support.c. */
#ifndef GATEPOST_MESSAGE_H
#define GATEPOST_MESSAGE_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define TOPIC_MAX       768    /* bytes of a topic, terminator included */
#define MESSAGE_MAX     131072 /* bytes of a payload: the largest report */
#define MESSAGE_KEY_MAX 255    /* bytes of what it is about: the account; terminator included */

enum message_kind {
    MESSAGE_STATUS,
    MESSAGE_REPORT,
    MESSAGE_EVENT,
    MESSAGE_SUPPORT,
    MESSAGE_REPLY,
    MESSAGE_KINDS
};

/* One message on its way. Owned by whoever made it; the bytes live at least until it is delivered
 * or journalled. */
struct message {
    enum message_kind kind;
    uint64_t id; /* stable: the same for every repetition, also after a restart. Equal to the `seq`
                    in its payload */
    const char *topic;
    struct slice payload;
    const char *key; /* the account, or "" */
    bool retained;
    uint32_t expiry_s;        /* MQTT 5 message expiry; 0: none */
    struct slice correlation; /* MQTT 5 correlation data of a reply; empty: none */
};

/* How many messages were lost to the bound of the journal since the gateway's first start, by kind.
 */
struct dropped {
    uint32_t count[MESSAGE_KINDS];
};

const char *message_kind_name(enum message_kind kind); /* "report" */

/* <root>/<gateway>/status, .../report/<account> and so on; account "" for kinds without one.
   Percent-encodes what MQTT forbids in a level ('/', '+',
   '#', NUL, controls) and '%'. False when it does not fit in TOPIC_MAX. */
bool message_topic(enum message_kind kind, const char *root, const char *gateway,
                   const char *account, char into[TOPIC_MAX]) MUST_USE;

/* <root>/<gateway>/command, which the agent subscribes to. */
bool message_command_topic(const char *root, const char *gateway, char into[TOPIC_MAX]) MUST_USE;

#endif
