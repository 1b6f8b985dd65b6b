/* SPDX-License-Identifier: MIT */
/* One MQTT session after the other, by Paho: the only file that knows it. Paho has threads of its
   own; what they tell comes as notes through a queue that the loop watches, so that nothing is
   shared with them. One session at a time in a program. */
#ifndef GATEPOST_SESSION_H
#define GATEPOST_SESSION_H

#include "../port/port.h"
#include "message.h"
#include "secret.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define SESSION_WORDS_MAX    96
#define SESSION_KEEPALIVE_S  60
#define SESSION_EXPIRY_S     86400 /* how long the broker keeps commands for us */
#define SESSION_PACKET_MAX   65536 /* bytes of a packet that a broker with MQTT 5 may send us */
#define SESSION_COMMANDS_MAX 16    /* taken in and not yet handled; further ones are dropped */
#define SESSION_FLIGHTS_MAX  9     /* messages under way */

/* The reason codes that we tell apart: MQTT 5 section 2.4. MQTT 3.1.1's, section 3.2.2.3, are given
   as these. */
enum session_reason {
    SESSION_REASON_NONE = 0, /* no code was received */
    SESSION_REASON_UNSPECIFIED = 0x80,
    SESSION_REASON_VERSION = 0x84,
    SESSION_REASON_BAD_CREDENTIALS = 0x86,
    SESSION_REASON_NOT_AUTHORIZED = 0x87,
    SESSION_REASON_UNAVAILABLE = 0x88,
    SESSION_REASON_BUSY = 0x89,
    SESSION_REASON_BANNED = 0x8A,
    SESSION_REASON_SHUTTING_DOWN = 0x8B,
    SESSION_REASON_KEEP_ALIVE = 0x8D,
    SESSION_REASON_TAKEN_OVER = 0x8E,
    SESSION_REASON_TOPIC_INVALID = 0x90,
    SESSION_REASON_TOO_LARGE = 0x95,
    SESSION_REASON_QUOTA = 0x97,
    SESSION_REASON_FORMAT = 0x99,
    SESSION_REASON_USE_ANOTHER = 0x9C,
    SESSION_REASON_MOVED = 0x9D,
    SESSION_REASON_RATE = 0x9F,
};

struct session_plan {
    int version; /* 5, or 3 for 3.1.1 */
    uint16_t port;
    const char *bridge_secret;
    const char *client_id, *user;
    const struct secret *password; /* an empty one: none */
    const char *status_topic, *will;
    bool passing; /* a session that ends with its connection, and begins without an earlier one */
};

enum session_event {
    SESSION_CONNECTED,
    SESSION_FAILED, /* there was no connection, or it was refused: reason */
    SESSION_LOST,   /* there was one */
    SESSION_TOLD,   /* the broker says why it closes: reason */
    SESSION_DELIVERED,
    SESSION_NOT_DELIVERED, /* the broker refused the message: reason */
    SESSION_SUBSCRIBED,
    SESSION_NOT_SUBSCRIBED,
    SESSION_COMMAND,
};

struct session_news {
    enum session_event event;
    enum session_reason reason;
    bool session_present;          /* CONNECTED */
    uint64_t id;                   /* DELIVERED, NOT_DELIVERED */
    char words[SESSION_WORDS_MAX]; /* of the reason, for a person */

    struct slice payload, correlation; /* COMMAND; until session_handled */
    char reply_topic[TOPIC_MAX];       /* "" where none is named, or it is too long */
    bool reply_topic_too_long;
    void *message, *topic; /* Paho's */
};

/* Starts Paho, once in a program; its threads run until the program ends. Takes Paho's variables
   out of the environment. False when this device has no room. */
bool session_start(void) MUST_USE;

/* To be watched: readable while there is news. */
int session_descriptor(void);

/* Begins to connect, through the bridge. News of FAILED or CONNECTED follow. Only when
   session_is_settled. Paho copies the password and frees its copy unwiped at the session's end;
   the caller wipes his at once. */
bool session_connect(const struct session_plan *plan) MUST_USE;

bool session_subscribe(const char *topic) MUST_USE;

/* QoS 1; the bytes are copied. False when SESSION_FLIGHTS_MAX are under way or memory is short. */
bool session_publish(const struct message *message) MUST_USE;
size_t session_flights(void);

/* Sends DISCONNECT and closes. */
void session_leave(void);

/* Ends the session; no more news of it will come. Never waits. */
void session_end(void);

/* False while Paho still holds on to a connect that was ended early: it must not be called then. */
bool session_is_settled(void);

/* Takes the next news of the present session; false when there is none. After COMMAND, call
   session_handled. */
bool session_next(struct session_news *into_news) MUST_USE;
void session_handled(struct session_news *news);

/* Commands that were dropped since the last call, because they came faster than they were
   handled. */
unsigned session_dropped(void);

#endif
