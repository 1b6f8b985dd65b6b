/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "bridge.h"
#include "session_slot.h"

#include <string.h>

#define PAHO_CONNECT_S 20 /* longer than the uplink's own patience, which rules */
#define PROXY_MAX      96

struct session session = { .notes = { -1, -1 } };

/* The trace writes what passes, to a file that the environment names; the proxy must be ours. */
static void forget_environment(void)
{
    static const char *const names[] = { "MQTT_C_CLIENT_TRACE", "MQTT_C_CLIENT_TRACE_LEVEL",
                                         "MQTT_C_CLIENT_TRACE_MAX_LINES",
                                         "PAHO_C_CLIENT_USE_HTTP_PROXY" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        port_environment_forget(names[i]);
}

static bool create(MQTTAsync *into_handle, const char *client_id, int version)
{
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
    options.MQTTVersion = version == 5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
    return MQTTAsync_createWithOptions(into_handle, "tcp://" BRIDGE_TARGET, client_id,
                                       MQTTCLIENT_PERSISTENCE_NONE, NULL,
                                       &options) == MQTTASYNC_SUCCESS;
}

bool session_start(void)
{
    if (session.started)
        return true;
    forget_environment();
    if (!port_notes_open(&session.notes))
        return false;
    session.settled = true;
    session.started = create(&session.anchor, "anchor", 5);
    if (!session.started)
        port_notes_close(&session.notes);
    return session.started;
}

int session_descriptor(void)
{
    return session.notes.out;
}

static void add_number(MQTTProperties *properties, enum MQTTPropertyCodes code, uint32_t number)
{
    MQTTProperty property = { .identifier = code };
    if (code == MQTTPROPERTY_CODE_RECEIVE_MAXIMUM)
        property.value.integer2 = (unsigned short)number;
    else
        property.value.integer4 = number;
    (void)MQTTProperties_add(properties, &property); /* fails for lack of memory: it is left out */
}

static void add_bytes(MQTTProperties *properties, enum MQTTPropertyCodes code, struct slice bytes)
{
    MQTTProperty property = { .identifier = code };
    property.value.data.data = (char *)bytes.at; /* it is copied */
    property.value.data.len = (int)bytes.len;
    (void)MQTTProperties_add(properties, &property);
}

static int connect_with(const struct session_plan *plan, MQTTAsync_connectOptions *options)
{
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTProperties properties = MQTTProperties_initializer, of_will = MQTTProperties_initializer;
    will.topicName = plan->status_topic;
    will.message = plan->will;
    will.retained = 1;
    will.qos = 1;
    options->will = &will;
    if (plan->version == 5) {
        add_number(&properties, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
                   plan->passing ? 0 : SESSION_EXPIRY_S);
        add_number(&properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, SESSION_PACKET_MAX);
        add_number(&properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, SESSION_COMMANDS_MAX);
        add_bytes(&of_will, MQTTPROPERTY_CODE_CONTENT_TYPE, SLICE("application/json"));
        options->connectProperties = &properties;
        options->willProperties = &of_will;
    }
    int code = MQTTAsync_connect(session.handle, options);
    MQTTProperties_free(&properties);
    MQTTProperties_free(&of_will);
    return code;
}

/* Clean start is off in both versions, but for a visit: commands that were sent while we were away
   arrive. */
static int begin_connect(const struct session_plan *plan, const char *proxy)
{
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    MQTTAsync_connectOptions options5 = MQTTAsync_connectOptions_initializer5;
    bool five = plan->version == 5;
    if (five)
        options = options5;
    else
        options.cleansession = plan->passing;
    options.MQTTVersion = five ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
    options.cleanstart = five && plan->passing;
    options.keepAliveInterval = SESSION_KEEPALIVE_S;
    options.connectTimeout = PAHO_CONNECT_S;
    options.httpProxy = proxy;
    options.context = (void *)(uintptr_t)session.attempt;
    options.onSuccess = five ? NULL : session_on_connected;
    options.onFailure = five ? NULL : session_on_failed;
    options.onSuccess5 = five ? session_on_connected5 : NULL;
    options.onFailure5 = five ? session_on_failed5 : NULL;
    if (plan->user[0] != '\0')
        options.username = plan->user;
    if (plan->password->len > 0) {
        options.binarypwd.data = plan->password->bytes;
        options.binarypwd.len = (int)plan->password->len;
    }
    return connect_with(plan, &options);
}

bool session_connect(const struct session_plan *plan)
{
    session.attempt++;
    session.version = plan->version;
    if (!create(&session.handle, plan->client_id, plan->version)) {
        session.handle = NULL;
        return false;
    }
    void *context = (void *)(uintptr_t)session.attempt;
    char proxy[PROXY_MAX];
    text_put_format(proxy, sizeof proxy, "http://gatepost:%s@127.0.0.1:%u", plan->bridge_secret,
                    (unsigned)plan->port);
    bool good =
        MQTTAsync_setCallbacks(session.handle, context, session_on_lost, session_on_message,
                               NULL) == MQTTASYNC_SUCCESS &&
        MQTTAsync_setDisconnected(session.handle, context, session_on_told) == MQTTASYNC_SUCCESS &&
        begin_connect(plan, proxy) == MQTTASYNC_SUCCESS;
    text_wipe(proxy, sizeof proxy);
    session.settled = !good;
    if (!good)
        session_end();
    return good;
}

bool session_subscribe(const char *topic)
{
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = (void *)(uintptr_t)session.attempt;
    if (session.version == 5) {
        options.onSuccess5 = session_on_subscribed5;
        options.onFailure5 = session_on_not_subscribed5;
        options.subscribeOptions.retainHandling = 2; /* none that is retained */
    } else {
        options.onSuccess = session_on_subscribed;
        options.onFailure = session_on_not_subscribed;
    }
    return MQTTAsync_subscribe(session.handle, topic, 1, &options) == MQTTASYNC_SUCCESS;
}

static struct session_flight *free_flight(void)
{
    for (size_t i = 0; i < SESSION_FLIGHTS_MAX; i++)
        if (!session.flights[i].used)
            return &session.flights[i];
    return NULL;
}

static void add_properties(MQTTProperties *properties, const struct message *message)
{
    add_bytes(properties, MQTTPROPERTY_CODE_CONTENT_TYPE, SLICE("application/json"));
    if (message->expiry_s > 0)
        add_number(properties, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL, message->expiry_s);
    if (message->correlation.len > 0)
        add_bytes(properties, MQTTPROPERTY_CODE_CORRELATION_DATA, message->correlation);
}

bool session_publish(const struct message *message)
{
    struct session_flight *flight = free_flight();
    if (flight == NULL)
        return false;
    *flight = (struct session_flight){ .attempt = session.attempt, .id = message->id };
    MQTTAsync_message bytes = MQTTAsync_message_initializer;
    bytes.payload = (void *)message->payload.at; /* it is copied */
    bytes.payloadlen = (int)message->payload.len;
    bytes.qos = 1;
    bytes.retained = message->retained;
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.context = flight;
    if (session.version == 5) {
        add_properties(&bytes.properties, message);
        options.onSuccess5 = session_on_delivered5;
        options.onFailure5 = session_on_refused5;
    } else {
        options.onSuccess = session_on_delivered;
        options.onFailure = session_on_refused;
    }
    int code = MQTTAsync_sendMessage(session.handle, message->topic, &bytes, &options);
    MQTTProperties_free(&bytes.properties);
    flight->used = code == MQTTASYNC_SUCCESS;
    return flight->used;
}

size_t session_flights(void)
{
    size_t count = 0;
    for (size_t i = 0; i < SESSION_FLIGHTS_MAX; i++)
        count += session.flights[i].used ? 1 : 0;
    return count;
}

void session_leave(void)
{
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    /* Fails where the connection has just been lost: then there is nobody to be told. */
    (void)MQTTAsync_disconnect(session.handle, &options);
}

/* While Paho is connecting it holds a lock, for up to ten seconds when nobody answers, that every
   call of it would wait for. */
void session_end(void)
{
    if (session.handle == NULL)
        return;
    if (session.settled) {
        MQTTAsync_destroy(&session.handle);
    } else {
        session.stray = session.handle;
        session.stray_attempt = session.attempt;
    }
    session.handle = NULL;
    session.attempt++; /* what is still in the queue is of no interest */
    memset(session.flights, 0, sizeof session.flights);
}

bool session_is_settled(void)
{
    return session.stray == NULL;
}

/* ---- news ---- */

static enum session_reason reason_of(int code)
{
    static const enum session_reason of_old[] = {
        SESSION_REASON_NONE,        SESSION_REASON_VERSION,         SESSION_REASON_UNSPECIFIED,
        SESSION_REASON_UNAVAILABLE, SESSION_REASON_BAD_CREDENTIALS, SESSION_REASON_NOT_AUTHORIZED
    };
    if (code <= 0)
        return SESSION_REASON_NONE;
    if ((size_t)code < sizeof of_old / sizeof *of_old)
        return of_old[code];
    return (enum session_reason)code;
}

static void name_reason(int code, char into[SESSION_WORDS_MAX])
{
    static const char *const old[] = { "",
                                       "unacceptable protocol version",
                                       "identifier rejected",
                                       "server unavailable",
                                       "bad user name or password",
                                       "not authorized" };
    const char *words = "";
    if (code > 0 && (size_t)code < sizeof old / sizeof *old)
        words = old[code];
    else if (code > 0)
        words = MQTTReasonCode_toString((enum MQTTReasonCodes)code);
    text_put_string(into, SESSION_WORDS_MAX, words);
}

static struct slice property_of(const MQTTAsync_message *message, enum MQTTPropertyCodes code)
{
    MQTTProperties *properties = (MQTTProperties *)&message->properties;
    const MQTTProperty *property = MQTTProperties_getProperty(properties, code);
    if (property == NULL || property->value.data.len <= 0)
        return (struct slice){ NULL, 0 };
    return (struct slice){ property->value.data.data, (size_t)property->value.data.len };
}

static void read_command(const struct session_note *note, struct session_news *into_news)
{
    const MQTTAsync_message *message = note->message;
    struct slice reply = property_of(message, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
    into_news->message = note->message;
    into_news->topic = note->topic;
    into_news->payload = (struct slice){ message->payload, (size_t)message->payloadlen };
    into_news->correlation = property_of(message, MQTTPROPERTY_CODE_CORRELATION_DATA);
    into_news->reply_topic_too_long = reply.len >= TOPIC_MAX;
    if (!into_news->reply_topic_too_long)
        text_put(into_news->reply_topic, TOPIC_MAX, reply);
}

/* A stray handle is let go as soon as Paho has said how its connect went. */
static void note_stray(const struct session_note *note)
{
    bool connect = note->event == SESSION_CONNECTED || note->event == SESSION_FAILED;
    if (session.stray == NULL || note->attempt != session.stray_attempt || !connect)
        return;
    MQTTAsync_destroy(&session.stray);
    session.stray = NULL;
    session.settled = true;
}

static bool is_of_present(const struct session_note *note)
{
    return session.handle != NULL && note->attempt == session.attempt;
}

static void read_note(const struct session_note *note, struct session_news *into_news)
{
    *into_news = (struct session_news){ .event = note->event,
                                        .reason = reason_of(note->code),
                                        .session_present = note->session_present };
    name_reason(note->code, into_news->words);
    if (note->event == SESSION_CONNECTED || note->event == SESSION_FAILED)
        session.settled = true;
    if (note->event == SESSION_DELIVERED || note->event == SESSION_NOT_DELIVERED) {
        into_news->id = session.flights[note->flight].id;
        session.flights[note->flight].used = false;
    }
    if (note->event == SESSION_COMMAND)
        read_command(note, into_news);
}

bool session_next(struct session_news *into_news)
{
    struct session_note note;
    while (port_note_take(&session.notes, &note, sizeof note)) {
        if (is_of_present(&note)) {
            read_note(&note, into_news);
            return true;
        }
        note_stray(&note);
        if (note.event != SESSION_COMMAND)
            continue;
        struct session_news lost = { .message = note.message, .topic = note.topic };
        session_handled(&lost);
    }
    return false;
}

void session_handled(struct session_news *news)
{
    MQTTAsync_message *message = news->message;
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(news->topic);
    news->message = news->topic = NULL;
    atomic_fetch_sub(&session.commands, 1);
}

unsigned session_dropped(void)
{
    return atomic_exchange(&session.dropped, 0);
}
