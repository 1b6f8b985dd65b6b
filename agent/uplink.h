/* SPDX-License-Identifier: MIT */
/* The line to the broker: MQTT 5, or 3.1.1 where the broker has no 5, over TLS of our own. reach.c
   finds the way there, session.c has Paho speak MQTT to a socket of ours on 127.0.0.1, bridge.c
   copies the bytes from there to the wire. This is the enum machine that holds them together and
   tries again. */
#ifndef GATEPOST_UPLINK_H
#define GATEPOST_UPLINK_H

#include "loop.h"
#include "message.h"
#include "settings.h"

#include <stdbool.h>
#include <stdint.h>

#define UPLINK_IN_FLIGHT   8     /* messages handed to the broker and not yet acknowledged */
#define UPLINK_COMMAND_MAX 8192  /* bytes of a command; longer ones are answered with that */
#define UPLINK_ANSWER_MS   15000 /* patience for the broker's answer to CONNECT */
#define UPLINK_STEADY_MS                                                                           \
    60000 /* a connection that lasts so long makes the next wait short again                       \
           */
#define UPLINK_WAIT_MIN_MS                                                                         \
    1000 /* the longest wait after a first failure; each doubles it, up to                         \
          */
#define UPLINK_WAIT_MAX_MS 300000
#define UPLINK_LEAVE_MS    1500

enum uplink_state {
    UPLINK_OFF,        /* no broker is configured, or it was left */
    UPLINK_WAITING,    /* for the next attempt */
    UPLINK_LOOKING_UP, /* the broker's name */
    UPLINK_DIALLING,
    UPLINK_SECURING,
    UPLINK_CONNECTING, /* CONNECT is sent */
    UPLINK_ONLINE,
    UPLINK_LEAVING, /* stopped is being published, then DISCONNECT */
};

/* Why the last attempt or connection ended, for log, doctor and status. */
enum uplink_trouble {
    UPLINK_FINE,
    UPLINK_NAME_UNKNOWN, /* NXDOMAIN or NODATA */
    UPLINK_NO_RESOLVER,
    UPLINK_UNREACHABLE,
    UPLINK_REFUSED,
    UPLINK_TIMED_OUT, /* TCP accepted and then nothing, too */
    UPLINK_CLOSED,
    UPLINK_CERTIFICATE, /* see words: expired, other name, unknown authority; or ours is not what
                           the broker wants */
    UPLINK_PIN,         /* the key is not the pinned one */
    UPLINK_BAD_CREDENTIALS,
    UPLINK_NOT_AUTHORIZED,    /* MQTT 3.1.1 brokers say this of a wrong password, too */
    UPLINK_BROKER_BUSY,       /* server unavailable, quota, use another server */
    UPLINK_TAKEN_OVER,        /* another client with our name; a broker with 3.1.1 cannot say it */
    UPLINK_PUBLISH_REFUSED,   /* an ACL; the uplink stays online */
    UPLINK_MESSAGE_REFUSED,   /* too large, or its topic or format is not taken; it stays online */
    UPLINK_SUBSCRIBE_REFUSED, /* an ACL; the uplink stays online, or goes on without where the
                                 broker hangs up for it */
    UPLINK_PROTOCOL,          /* what came was not TLS, or not MQTT */
    UPLINK_DEVICE,
};

/* Why the broker does not take a message. */
enum uplink_refusal {
    UPLINK_AGAINST_RULES, /* an ACL, which may be mended */
    UPLINK_BAD_MESSAGE,   /* it will refuse that message again */
    UPLINK_HANGS_UP,      /* it closes the connection for it, HANGUP_MAX times in a row */
};

struct uplink;

/* What the uplink calls; on the loop, never from within a call of uplink_*. */
struct uplink_calls {
    void (*online)(void *owner, bool session_present);
    /* An attempt failed, or the connection ended. What was under way was neither delivered nor
       refused: publish it again when online. */
    void (*offline)(void *owner, enum uplink_trouble trouble, const char *words);
    void (*delivered)(void *owner, uint64_t id);
    void (*refused)(void *owner, uint64_t id, enum uplink_refusal why, const char *words);
    /* A command arrived. reply_topic is "" for ours, and NULL where the one that it names has no
       room in TOPIC_MAX. Bytes live until the call returns. The payload may be longer than
       UPLINK_COMMAND_MAX: that is to be answered, too. */
    void (*command)(void *owner, struct slice payload, const char *reply_topic,
                    struct slice correlation);
    void *owner;
};

/* The will is published when the connection is lost. */
struct uplink_words {
    const char *status_topic, *command_topic, *will, *client_id;
    int64_t longest_wait_ms; /* between attempts; 0: UPLINK_WAIT_MAX_MS */
    bool passing;            /* a visit: the broker keeps nothing of it, and nothing for it */
};

/* Opens the uplink (one at a time) and begins its first attempt at first_ms (port_now_ms scale).
   settings and what words point to live as long as it; the bytes of the will may be written anew at
   any time. Without a broker in the settings it is UPLINK_OFF for ever. NULL only when memory or
   descriptors are short. */
struct uplink *uplink_open(struct loop *loop, const struct settings *settings,
                           const struct uplink_words *words, const struct uplink_calls *calls,
                           int64_t first_ms);

enum uplink_state uplink_state(const struct uplink *uplink);
enum uplink_trouble uplink_trouble(const struct uplink *uplink, const char **into_words);
int uplink_mqtt_version(const struct uplink *uplink); /* 5, 3 (3.1.1), or 0 while not online */

/* True when the broker has accepted the subscription to commands, on this connection or the last.
 */
bool uplink_is_subscribed(const struct uplink *uplink);
const char *uplink_trouble_words(enum uplink_trouble trouble); /* for a person, one clause */

/* Hands a message over, QoS 1. The bytes are copied. False: not online, or UPLINK_IN_FLIGHT are
   under way; try again after `delivered`. */
bool uplink_publish(struct uplink *uplink, const struct message *message) MUST_USE;

/* An honoured `wait` command: when the connection is lost or closed, no new attempt is made
   before. */
void uplink_wait_until(struct uplink *uplink, int64_t until_ms);

/* Publishes the last status (retained) and says DISCONNECT; uplink_state is UPLINK_OFF when that is
   done, at the latest after UPLINK_LEAVE_MS; at once where it is not online. No more is called but
   delivered and refused. */
void uplink_leave(struct uplink *uplink, const struct message *status);

/* Frees at once; without DISCONNECT the broker publishes the will. NULL is left alone. */
void uplink_close(struct uplink *uplink);

#endif
