/* SPDX-License-Identifier: MIT */
/* What session.c shares with session_threads.c, in types of Paho. */
#ifndef GATEPOST_SESSION_SLOT_H
#define GATEPOST_SESSION_SLOT_H

#include "session.h"

#include <MQTTAsync.h>
#include <stdatomic.h>

/* What a thread of Paho's leaves. attempt tells the present session from those before. */
struct session_note {
    enum session_event event;
    uint32_t attempt;
    int code; /* MQTT 5 reason code, or MQTT 3.1.1 return code; 0 or below: none */
    bool session_present;
    size_t flight;
    MQTTAsync_message *message;
    char *topic;
};

/* A message under way. Paho's threads read it only to find out whose acknowledgement came; it is
   written only while it is free. */
struct session_flight {
    bool used;
    uint32_t attempt;
    uint64_t id;
};

/* One session at a time. */
struct session {
    bool started;
    struct port_notes notes;
    MQTTAsync anchor; /* never connected: with it alive, Paho's threads outlive each session, and
                         ending one never waits for them */
    MQTTAsync handle; /* of the present session, or NULL */
    MQTTAsync stray;  /* ended while Paho was connecting; NULL once Paho has let go of it */
    uint32_t attempt, stray_attempt;
    bool settled; /* Paho has said how the present connect went */
    int version;
    struct session_flight flights[SESSION_FLIGHTS_MAX];
    atomic_uint commands, dropped; /* in the queue; lost to its bound */
};

extern struct session session;

/* Called by Paho on threads of its own: each leaves a note and touches nothing else. The context is
   the number of the attempt, or the flight. */
void session_on_connected5(void *context, MQTTAsync_successData5 *data);
void session_on_connected(void *context, MQTTAsync_successData *data);
void session_on_failed5(void *context, MQTTAsync_failureData5 *data);
void session_on_failed(void *context, MQTTAsync_failureData *data);
void session_on_lost(void *context, char *cause);
void session_on_told(void *context, MQTTProperties *properties, enum MQTTReasonCodes code);
void session_on_delivered5(void *context, MQTTAsync_successData5 *data);
void session_on_delivered(void *context, MQTTAsync_successData *data);
void session_on_refused5(void *context, MQTTAsync_failureData5 *data);
void session_on_refused(void *context, MQTTAsync_failureData *data);
void session_on_subscribed5(void *context, MQTTAsync_successData5 *data);
void session_on_subscribed(void *context, MQTTAsync_successData *data);
void session_on_not_subscribed5(void *context, MQTTAsync_failureData5 *data);
void session_on_not_subscribed(void *context, MQTTAsync_failureData *data);
int session_on_message(void *context, char *topic, int topic_len, MQTTAsync_message *message);

#endif
