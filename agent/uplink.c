/* SPDX-License-Identifier: MIT */
#include "uplink.h"

#include "log.h"
#include "uplink_slot.h"

#include <assert.h>
#include <string.h>

#define LAST_WORDS_MS 3000 /* patience for Paho to notice that its connection has ended */
#define STRAY_MS      500  /* until it is asked again whether Paho has let go of an old connect */

static_assert(SESSION_FLIGHTS_MAX > UPLINK_IN_FLIGHT, "the last status always finds room");

static struct uplink only;

void uplink_note_trouble(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    uplink->trouble = trouble;
    text_put_string(uplink->trouble_words, sizeof uplink->trouble_words, words);
    const char *colon = words[0] == '\0' ? "" : ": ";
    if (uplink->logged == trouble)
        log_debug("uplink", "%s%s%s", uplink_trouble_words(trouble), colon, words);
    else
        log_warn("uplink", "%s%s%s", uplink_trouble_words(trouble), colon, words);
    uplink->logged = trouble;
}

void uplink_enter(struct uplink *uplink, enum uplink_state state, int64_t deadline_ms)
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

/* The broker closed a connection that it had accepted: not for a reason that passes by itself, as
   when it goes down or has no room. */
static bool was_hung_up_on(const struct uplink *uplink, enum uplink_trouble trouble)
{
    return uplink->state == UPLINK_ONLINE &&
           (trouble == UPLINK_CLOSED || trouble == UPLINK_NOT_AUTHORIZED ||
            trouble == UPLINK_PROTOCOL);
}

static void look_for_blame(struct uplink *uplink, const char *words)
{
    uint64_t id = 0;
    switch (hangup_count(&uplink->hangup, &id)) {
    case HANGUP_NOBODY:
        break;
    case HANGUP_MESSAGE:
        uplink->calls.refused(uplink->calls.owner, id, UPLINK_HANGS_UP, words);
        break;
    case HANGUP_SUBSCRIPTION:
        log_error("uplink",
                  "the broker hangs up on the subscription to %s: it is not asked again "
                  "before the next start or reload, and no command is heard",
                  uplink->words.command_topic);
        break;
    }
}

void uplink_lose(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    bool hung_up = was_hung_up_on(uplink, trouble);
    hang_up(uplink);
    if (uplink->state == UPLINK_LEAVING) {
        uplink_enter(uplink, UPLINK_OFF, LOOP_NEVER);
        return;
    }
    int64_t at_ms = port_now_ms() + backoff_next_ms(&uplink->backoff);
    uplink_enter(uplink, UPLINK_WAITING,
                 at_ms > uplink->wait_until_ms ? at_ms : uplink->wait_until_ms);
    uplink_note_trouble(uplink, trouble, words);
    if (hung_up)
        look_for_blame(uplink, words);
    uplink->calls.offline(uplink->calls.owner, trouble, words);
}

void uplink_note_ending(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    if (uplink->ending)
        return;
    uplink->ending = true;
    uplink->ending_trouble = trouble;
    text_put_string(uplink->ending_words, sizeof uplink->ending_words, words);
    uplink->timer.deadline_ms = port_now_ms() + LAST_WORDS_MS;
}

void uplink_end(struct uplink *uplink)
{
    uplink_note_ending(uplink, UPLINK_CLOSED, "");
    uplink_lose(uplink, uplink->ending_trouble, uplink->ending_words);
}

static void on_bridge_ended(void *owner, enum bridge_end end)
{
    struct uplink *uplink = owner;
    char words[REACH_WORDS_MAX];
    if (uplink->state == UPLINK_LEAVING) {
        uplink_lose(uplink, UPLINK_FINE, "");
        return;
    }
    switch (end) {
    case BRIDGE_NOBODY:
        uplink_lose(uplink, UPLINK_DEVICE, "no connection within this device came about");
        break;
    case BRIDGE_CALLER:
        uplink_note_ending(uplink, UPLINK_TIMED_OUT,
                           "no answer to a ping, or an answer that is no MQTT");
        break;
    case BRIDGE_PEER:
        if (uplink->ending) /* the broker has told why: Paho says no more after that */
            uplink_lose(uplink, uplink->ending_trouble, uplink->ending_words);
        else
            uplink_note_ending(uplink, reach_trouble(&uplink->reach, words), words);
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
        .passing = uplink->words.passing,
    };
    good = good && session_connect(&plan);
    text_wipe(&secret, sizeof secret);
    if (good)
        uplink_enter(uplink, UPLINK_CONNECTING, port_now_ms() + UPLINK_ANSWER_MS);
    else
        uplink_lose(uplink, UPLINK_DEVICE, words);
}

static void on_reached(void *owner, enum uplink_trouble trouble, const char *words)
{
    struct uplink *uplink = owner;
    uint16_t port;
    if (trouble != UPLINK_FINE)
        uplink_lose(uplink, trouble, words);
    else if (!bridge_open(&uplink->bridge, uplink->loop, &uplink->reach.wire, on_bridge_ended,
                          uplink, &port))
        uplink_lose(uplink, UPLINK_DEVICE, "no room for a connection within this device");
    else
        connect_session(uplink, port);
}

static void begin_attempt(struct uplink *uplink)
{
    if (!session_is_settled()) {
        uplink_enter(uplink, UPLINK_WAITING, port_now_ms() + STRAY_MS);
        return;
    }
    uplink->version = uplink->version == 3 || uplink->without_five ? 3 : 5;
    uplink_enter(uplink, UPLINK_LOOKING_UP, LOOP_NEVER);
    if (!reach_begin(&uplink->reach))
        uplink_lose(uplink, UPLINK_DEVICE, "no room for a connection");
}

/* ---- time ---- */

static void be_steady(struct uplink *uplink)
{
    backoff_reset(&uplink->backoff);
    hangup_steady(&uplink->hangup);
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
            uplink_end(uplink);
        else if (uplink->state == UPLINK_CONNECTING)
            uplink_lose(uplink, UPLINK_TIMED_OUT, "the broker does not answer to CONNECT");
        else
            be_steady(uplink);
        break;
    case UPLINK_LEAVING:
        uplink_lose(uplink, UPLINK_FINE, "");
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
                                      .call = uplink_on_news };
    uplink->open = loop_watch(loop, &uplink->notes) && loop_watch(loop, &uplink->timer);
    if (!uplink->open)
        loop_forget(loop, &uplink->notes);
    uplink_enter(uplink, UPLINK_WAITING, first_ms);
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

bool uplink_is_subscribed(const struct uplink *uplink)
{
    return uplink->hangup.subscribed;
}

bool uplink_publish(struct uplink *uplink, const struct message *message)
{
    if (uplink->state != UPLINK_ONLINE || uplink->ending || session_flights() >= UPLINK_IN_FLIGHT ||
        !hangup_may_publish(&uplink->hangup) || !session_publish(message))
        return false;
    hangup_published(&uplink->hangup, message->id);
    return true;
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
    uplink_enter(uplink, UPLINK_LEAVING, port_now_ms() + UPLINK_LEAVE_MS);
    uplink->last_id = status->id;
    if (!online || !session_publish(status))
        uplink_lose(uplink, UPLINK_FINE, "");
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
