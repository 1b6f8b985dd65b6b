/* SPDX-License-Identifier: MIT */
#include "uplink.h"

#include "backoff.h"
#include "bridge.h"
#include "log.h"
#include "reach.h"
#include "refusal.h"
#include "session.h"

#include <assert.h>
#include <string.h>

#define LAST_WORDS_MS 3000 /* patience for Paho to notice that its connection has ended */
#define STRAY_MS      500  /* until it is asked again whether Paho has let go of an old connect */

static_assert(SESSION_FLIGHTS_MAX > UPLINK_IN_FLIGHT, "the last status always finds room");

struct uplink {
    bool open;
    struct loop *loop;
    const struct settings *settings;
    struct uplink_words words;
    struct uplink_calls calls;
    enum uplink_state state;
    struct reach reach;
    struct bridge bridge;
    struct watcher notes, timer;

    enum uplink_trouble trouble;
    char trouble_words[REACH_WORDS_MAX];
    enum uplink_trouble logged; /* each trouble is a warning once, not at every attempt */
    bool ending;                /* the connection has ended; Paho has yet to say so */
    enum uplink_trouble ending_trouble;
    char ending_words[REACH_WORDS_MAX];

    int version;       /* of this attempt */
    bool without_five; /* the broker has accepted 3.1.1 after it refused 5 */
    struct backoff backoff;
    int64_t wait_until_ms;
    uint64_t last_id; /* of the status that is published before leaving */
};

static struct uplink only;

static void note_trouble(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    uplink->trouble = trouble;
    text_put(uplink->trouble_words, sizeof uplink->trouble_words, slice_of(words));
    const char *colon = words[0] == '\0' ? "" : ": ";
    if (uplink->logged == trouble)
        log_debug("uplink", "%s%s%s", uplink_trouble_words(trouble), colon, words);
    else
        log_warn("uplink", "%s%s%s", uplink_trouble_words(trouble), colon, words);
    uplink->logged = trouble;
}

static void enter(struct uplink *uplink, enum uplink_state state, int64_t deadline_ms)
{
    uplink->state = state;
    uplink->timer.deadline_ms = deadline_ms;
}

/* ---- the end of an attempt or a connection ---- */

/* The bridge goes first, so that what Paho says at its end reaches nobody: without DISCONNECT the
   broker publishes the will. */
static void hang_up(struct uplink *uplink)
{
    bridge_close(&uplink->bridge);
    reach_end(&uplink->reach);
    session_end();
    uplink->ending = false;
}

static void lose(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    hang_up(uplink);
    if (uplink->state == UPLINK_LEAVING) {
        enter(uplink, UPLINK_OFF, LOOP_NEVER);
        return;
    }
    int64_t at_ms = port_now_ms() + backoff_next_ms(&uplink->backoff);
    enter(uplink, UPLINK_WAITING, at_ms > uplink->wait_until_ms ? at_ms : uplink->wait_until_ms);
    note_trouble(uplink, trouble, words);
    uplink->calls.offline(uplink->calls.owner, trouble, words);
}

static void note_ending(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    if (uplink->ending)
        return;
    uplink->ending = true;
    uplink->ending_trouble = trouble;
    text_put(uplink->ending_words, sizeof uplink->ending_words, slice_of(words));
    uplink->timer.deadline_ms = port_now_ms() + LAST_WORDS_MS;
}

static void on_bridge_ended(void *owner, enum bridge_end end)
{
    struct uplink *uplink = owner;
    char words[REACH_WORDS_MAX];
    if (uplink->state == UPLINK_LEAVING) {
        lose(uplink, UPLINK_FINE, "");
        return;
    }
    switch (end) {
    case BRIDGE_NOBODY:
        lose(uplink, UPLINK_DEVICE, "no connection within this device came about");
        break;
    case BRIDGE_CALLER:
        note_ending(uplink, UPLINK_TIMED_OUT, "no answer to a ping, or an answer that is no MQTT");
        break;
    case BRIDGE_PEER:
        if (uplink->ending) /* the broker has told why: Paho says no more after that */
            lose(uplink, uplink->ending_trouble, uplink->ending_words);
        else
            note_ending(uplink, reach_trouble(&uplink->reach, words), words);
        break;
    }
}

/* ---- an attempt ---- */

static void connect_session(struct uplink *uplink, uint16_t port)
{
    struct secret secret;
    char words[REACH_WORDS_MAX] = "";
    bool good = reach_password(&uplink->reach, &secret, words);
    const struct session_plan plan = {
        .version = uplink->version,
        .port = port,
        .bridge_secret = uplink->bridge.secret,
        .client_id = uplink->words.client_id,
        .user = uplink->settings->broker_user,
        .password = &secret,
        .status_topic = uplink->words.status_topic,
        .will = uplink->words.will,
    };
    good = good && session_connect(&plan);
    text_wipe(&secret, sizeof secret);
    if (good)
        enter(uplink, UPLINK_CONNECTING, port_now_ms() + UPLINK_ANSWER_MS);
    else
        lose(uplink, UPLINK_DEVICE, words);
}

static void on_reached(void *owner, enum uplink_trouble trouble, const char *words)
{
    struct uplink *uplink = owner;
    uint16_t port;
    if (trouble != UPLINK_FINE)
        lose(uplink, trouble, words);
    else if (!bridge_open(&uplink->bridge, uplink->loop, &uplink->reach.wire, on_bridge_ended,
                          uplink, &port))
        lose(uplink, UPLINK_DEVICE, "no room for a connection within this device");
    else
        connect_session(uplink, port);
}

static void begin_attempt(struct uplink *uplink)
{
    if (!session_is_settled()) {
        enter(uplink, UPLINK_WAITING, port_now_ms() + STRAY_MS);
        return;
    }
    uplink->version = uplink->version == 3 || uplink->without_five ? 3 : 5;
    enter(uplink, UPLINK_LOOKING_UP, LOOP_NEVER);
    if (!reach_begin(&uplink->reach))
        lose(uplink, UPLINK_DEVICE, "no room for a connection");
}

/* ---- news of the session ---- */

static void on_connected(struct uplink *uplink, const struct session_news *news)
{
    uplink->without_five = uplink->version == 3;
    uplink->trouble = uplink->logged = UPLINK_FINE;
    uplink->trouble_words[0] = '\0';
    enter(uplink, UPLINK_ONLINE, port_now_ms() + UPLINK_STEADY_MS);
    log_info("uplink", "online at %s with MQTT %s", uplink->reach.broker.host,
             uplink->version == 5 ? "5" : "3.1.1");
    if (!session_subscribe(uplink->words.command_topic))
        note_trouble(uplink, UPLINK_SUBSCRIBE_REFUSED, "no room to ask");
    uplink->calls.online(uplink->calls.owner, news->session_present);
}

/* Says so by its code, or does not know what to say: closes without a byte. */
static bool wants_older(const struct uplink *uplink, const struct session_news *news)
{
    if (uplink->version != 5)
        return false;
    if (news->reason == SESSION_REASON_VERSION)
        return true;
    return news->reason == SESSION_REASON_NONE && uplink->ending &&
           uplink->ending_trouble == UPLINK_CLOSED && uplink->bridge.down.moved == 0;
}

/* 5 is given up for good only after 3.1.1 has worked: a broker on its way down closes, too. */
static void on_failed(struct uplink *uplink, const struct session_news *news)
{
    bool older = wants_older(uplink, news);
    uplink->version = older ? 3 : 5;
    note_ending(uplink, UPLINK_PROTOCOL, "no MQTT connection came about");
    if (news->reason != SESSION_REASON_NONE)
        lose(uplink, refusal_trouble(news->reason), news->words);
    else
        lose(uplink, uplink->ending_trouble, uplink->ending_words);
    if (older)
        log_info("uplink", "the broker may not know MQTT 5: trying 3.1.1");
}

static void on_lost(struct uplink *uplink)
{
    note_ending(uplink, UPLINK_CLOSED, "");
    lose(uplink, uplink->ending_trouble, uplink->ending_words);
}

static void on_told(struct uplink *uplink, const struct session_news *news)
{
    if (uplink->ending) /* the wire has ended already */
        lose(uplink, refusal_trouble(news->reason), news->words);
    else
        note_ending(uplink, refusal_trouble(news->reason), news->words);
}

/* A refusal that may be over soon ends the connection: the message is tried again on the next. */
static void on_not_delivered(struct uplink *uplink, const struct session_news *news)
{
    if (news->reason == SESSION_REASON_NONE)
        return; /* the connection is at its end, and that is told, too */
    if (!refusal_is_final(news->reason)) {
        lose(uplink, UPLINK_BROKER_BUSY, news->words);
        return;
    }
    note_trouble(uplink, UPLINK_PUBLISH_REFUSED, news->words);
    uplink->calls.refused(uplink->calls.owner, news->id, news->words);
}

static void take_news(struct uplink *uplink, struct session_news *news)
{
    const struct uplink_calls *calls = &uplink->calls;
    switch (news->event) {
    case SESSION_CONNECTED:
        on_connected(uplink, news);
        break;
    case SESSION_FAILED:
        on_failed(uplink, news);
        break;
    case SESSION_LOST:
        on_lost(uplink);
        break;
    case SESSION_TOLD:
        on_told(uplink, news);
        break;
    case SESSION_DELIVERED:
        calls->delivered(calls->owner, news->id);
        break;
    case SESSION_NOT_DELIVERED:
        on_not_delivered(uplink, news);
        break;
    case SESSION_NOT_SUBSCRIBED:
        note_trouble(uplink, UPLINK_SUBSCRIBE_REFUSED, news->words);
        break;
    case SESSION_COMMAND:
        if (uplink->state == UPLINK_ONLINE)
            calls->command(calls->owner, news->payload, news->reply_topic, news->correlation);
        session_handled(news);
        break;
    }
}

static void on_news(struct watcher *watcher, enum loop_event event)
{
    (void)event;
    struct uplink *uplink = OWNER_OF(watcher, struct uplink, notes);
    struct session_news news;
    while (uplink->open && session_next(&news)) {
        take_news(uplink, &news);
        if (uplink->state == UPLINK_LEAVING && news.id == uplink->last_id)
            session_leave(); /* the last status has been answered, well or not */
    }
    unsigned dropped = session_dropped();
    if (dropped > 0)
        log_warn("uplink", "%u commands were dropped: too many at once, retained, or too long",
                 dropped);
}

static void on_time(struct watcher *watcher, enum loop_event event)
{
    (void)event;
    struct uplink *uplink = OWNER_OF(watcher, struct uplink, timer);
    switch (uplink->state) {
    case UPLINK_WAITING:
        begin_attempt(uplink);
        break;
    case UPLINK_CONNECTING:
    case UPLINK_ONLINE:
        if (uplink->ending)
            on_lost(uplink);
        else if (uplink->state == UPLINK_CONNECTING)
            lose(uplink, UPLINK_TIMED_OUT, "the broker does not answer to CONNECT");
        else
            backoff_reset(&uplink->backoff);
        break;
    case UPLINK_LEAVING:
        lose(uplink, UPLINK_FINE, "");
        break;
    case UPLINK_OFF:
    case UPLINK_LOOKING_UP:
    case UPLINK_DIALLING:
    case UPLINK_SECURING:
        break; /* reach.c keeps its own time */
    }
}

/* ---- for the keeper ---- */

struct uplink *uplink_open(struct loop *loop, const struct settings *settings,
                           const struct uplink_words *words, const struct uplink_calls *calls,
                           int64_t first_ms)
{
    struct uplink *uplink = &only;
    assert(!uplink->open);
    memset(uplink, 0, sizeof *uplink);
    uplink->loop = loop;
    uplink->settings = settings;
    uplink->words = *words;
    uplink->calls = *calls;
    int64_t most_ms = words->longest_wait_ms > 0 ? words->longest_wait_ms : UPLINK_WAIT_MAX_MS;
    backoff_begin(&uplink->backoff, UPLINK_WAIT_MIN_MS, most_ms);
    uplink->timer =
        (struct watcher){ .descriptor = -1, .deadline_ms = LOOP_NEVER, .call = on_time };
    uplink->notes = uplink->timer;
    uplink->open = !reach_open(&uplink->reach, loop, settings, on_reached, uplink);
    if (uplink->open)
        return uplink; /* there is nothing to reach */
    if (!session_start())
        return NULL;
    uplink->notes = (struct watcher){ .descriptor = session_descriptor(),
                                      .want_read = true,
                                      .deadline_ms = LOOP_NEVER,
                                      .call = on_news };
    uplink->open = loop_watch(loop, &uplink->notes) && loop_watch(loop, &uplink->timer);
    if (!uplink->open)
        loop_forget(loop, &uplink->notes);
    enter(uplink, UPLINK_WAITING, first_ms);
    return uplink->open ? uplink : NULL;
}

enum uplink_state uplink_state(const struct uplink *uplink)
{
    bool reaching = uplink->state == UPLINK_LOOKING_UP && uplink->reach.state != UPLINK_OFF;
    return reaching ? uplink->reach.state : uplink->state;
}

enum uplink_trouble uplink_trouble(const struct uplink *uplink, const char **into_words)
{
    *into_words = uplink->trouble_words;
    return uplink->trouble;
}

int uplink_mqtt_version(const struct uplink *uplink)
{
    return uplink->state == UPLINK_ONLINE ? uplink->version : 0;
}

bool uplink_publish(struct uplink *uplink, const struct message *message)
{
    if (uplink->state != UPLINK_ONLINE || uplink->ending || session_flights() >= UPLINK_IN_FLIGHT)
        return false;
    return session_publish(message);
}

void uplink_wait_until(struct uplink *uplink, int64_t until_ms)
{
    uplink->wait_until_ms = until_ms;
    if (uplink->state == UPLINK_WAITING && uplink->timer.deadline_ms < until_ms)
        uplink->timer.deadline_ms = until_ms;
}

void uplink_leave(struct uplink *uplink, const struct message *status)
{
    bool online = uplink->state == UPLINK_ONLINE && !uplink->ending;
    enter(uplink, UPLINK_LEAVING, port_now_ms() + UPLINK_LEAVE_MS);
    uplink->last_id = status->id;
    if (!online || !session_publish(status))
        lose(uplink, UPLINK_FINE, "");
}

void uplink_close(struct uplink *uplink)
{
    if (uplink == NULL)
        return;
    hang_up(uplink);
    loop_forget(uplink->loop, &uplink->notes);
    loop_forget(uplink->loop, &uplink->timer);
    uplink->open = false;
}
