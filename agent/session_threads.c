/* SPDX-License-Identifier: MIT */
/* Everything here runs on Paho's threads. */
#include "session_slot.h"

#include <assert.h>

static_assert(sizeof(struct session_note) <= PORT_NOTE_MAX, "a note is left whole");

static void leave_note(const struct session_note *note)
{
    /* There is always room: each event but COMMAND comes once for a connect or a flight, and
       commands are counted. */
    bool left = port_note_leave(&session.notes, note, sizeof *note);
    (void)left;
}

static uint32_t attempt_of(void *context)
{
    return (uint32_t)(uintptr_t)context;
}

void session_on_connected(void *context, MQTTAsync_successData *data)
{
    leave_note(&(struct session_note){ .event = SESSION_CONNECTED,
                                       .attempt = attempt_of(context),
                                       .session_present = data->alt.connect.sessionPresent != 0 });
}

void session_on_connected5(void *context, MQTTAsync_successData5 *data)
{
    leave_note(&(struct session_note){ .event = SESSION_CONNECTED,
                                       .attempt = attempt_of(context),
                                       .session_present = data->alt.connect.sessionPresent != 0 });
}

void session_on_failed(void *context, MQTTAsync_failureData *data)
{
    leave_note(&(struct session_note){ .event = SESSION_FAILED,
                                       .attempt = attempt_of(context),
                                       .code = data == NULL ? 0 : data->code });
}

void session_on_failed5(void *context, MQTTAsync_failureData5 *data)
{
    leave_note(&(struct session_note){ .event = SESSION_FAILED,
                                       .attempt = attempt_of(context),
                                       .code = data == NULL ? 0 : data->code });
}

void session_on_lost(void *context, char *cause)
{
    (void)cause; /* always NULL */
    leave_note(&(struct session_note){ .event = SESSION_LOST, .attempt = attempt_of(context) });
}

void session_on_told(void *context, MQTTProperties *properties, enum MQTTReasonCodes code)
{
    (void)properties;
    leave_note(&(struct session_note){
        .event = SESSION_TOLD, .attempt = attempt_of(context), .code = (int)code });
}

static void leave_flight(void *context, enum session_event event, int code)
{
    const struct session_flight *flight = context;
    leave_note(&(struct session_note){ .event = event,
                                       .attempt = flight->attempt,
                                       .code = code,
                                       .flight = (size_t)(flight - session.flights) });
}

void session_on_delivered(void *context, MQTTAsync_successData *data)
{
    (void)data;
    leave_flight(context, SESSION_DELIVERED, 0);
}

void session_on_delivered5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    leave_flight(context, SESSION_DELIVERED, 0);
}

void session_on_refused(void *context, MQTTAsync_failureData *data)
{
    (void)data; /* MQTT 3.1.1 has no negative PUBACK: the connection is at its end */
    leave_flight(context, SESSION_NOT_DELIVERED, 0);
}

void session_on_refused5(void *context, MQTTAsync_failureData5 *data)
{
    leave_flight(context, SESSION_NOT_DELIVERED, (int)data->reasonCode);
}

static void leave_subscribed(void *context)
{
    leave_note(
        &(struct session_note){ .event = SESSION_SUBSCRIBED, .attempt = attempt_of(context) });
}

void session_on_subscribed(void *context, MQTTAsync_successData *data)
{
    (void)data;
    leave_subscribed(context);
}

void session_on_subscribed5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    leave_subscribed(context);
}

void session_on_not_subscribed(void *context, MQTTAsync_failureData *data)
{
    leave_note(&(struct session_note){
        .event = SESSION_NOT_SUBSCRIBED, .attempt = attempt_of(context), .code = data->code });
}

void session_on_not_subscribed5(void *context, MQTTAsync_failureData5 *data)
{
    leave_note(&(struct session_note){ .event = SESSION_NOT_SUBSCRIBED,
                                       .attempt = attempt_of(context),
                                       .code = (int)data->reasonCode });
}

/* 1 tells Paho that the message is taken: it then keeps none of its own. A retained command would
   be obeyed anew at every connect. */
int session_on_message(void *context, char *topic, int topic_len, MQTTAsync_message *message)
{
    (void)topic_len;
    struct session_note note = {
        .event = SESSION_COMMAND, .attempt = attempt_of(context), .message = message, .topic = topic
    };
    bool taken = !message->retained && message->payloadlen <= SESSION_PACKET_MAX;
    if (taken && atomic_fetch_add(&session.commands, 1) >= SESSION_COMMANDS_MAX)
        taken = false, atomic_fetch_sub(&session.commands, 1);
    if (taken && port_note_leave(&session.notes, &note, sizeof note))
        return 1;
    if (taken)
        atomic_fetch_sub(&session.commands, 1);
    atomic_fetch_add(&session.dropped, 1);
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}
