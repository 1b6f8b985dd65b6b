/* SPDX-License-Identifier: MIT */
/* What the session tells, and what the uplink makes of it. */
#include "log.h"
#include "refusal.h"
#include "uplink_slot.h"

static void on_connected(struct uplink *uplink, const struct session_news *news)
{
    uplink->without_five = uplink->version == 3;
    uplink->trouble = uplink->logged = UPLINK_FINE;
    uplink->trouble_words[0] = '\0';
    uplink_enter(uplink, UPLINK_ONLINE, port_now_ms() + UPLINK_STEADY_MS);
    log_info("uplink", "online at %s with MQTT %s", uplink->reach.broker.host,
             uplink->version == 5 ? "5" : "3.1.1");
    if (!hangup_online(&uplink->hangup))
        uplink_note_trouble(uplink, UPLINK_SUBSCRIBE_REFUSED, "it hangs up for the subscription");
    else if (!session_subscribe(uplink->words.command_topic))
        uplink_note_trouble(uplink, UPLINK_SUBSCRIBE_REFUSED, "no room to ask");
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
    uplink_note_ending(uplink, UPLINK_PROTOCOL, "no MQTT connection came about");
    if (news->reason != SESSION_REASON_NONE)
        uplink_lose(uplink, refusal_trouble(news->reason), news->words);
    else
        uplink_lose(uplink, uplink->ending_trouble, uplink->ending_words);
    if (older)
        log_info("uplink", "the broker may not know MQTT 5: trying 3.1.1");
}

static void on_told(struct uplink *uplink, const struct session_news *news)
{
    if (uplink->ending) /* the wire has ended already */
        uplink_lose(uplink, refusal_trouble(news->reason), news->words);
    else
        uplink_note_ending(uplink, refusal_trouble(news->reason), news->words);
}

/* A refusal that may be over soon ends the connection: the message is tried again on the next. */
static void on_not_delivered(struct uplink *uplink, const struct session_news *news)
{
    if (news->reason == SESSION_REASON_NONE)
        return; /* the connection is at its end, and that is told, too */
    if (!refusal_is_final(news->reason)) {
        uplink_lose(uplink, UPLINK_BROKER_BUSY, news->words);
        return;
    }
    hangup_answered(&uplink->hangup, news->id);
    enum uplink_refusal why = refusal_of(news->reason);
    uplink_note_trouble(uplink,
                        why == UPLINK_BAD_MESSAGE ? UPLINK_MESSAGE_REFUSED : UPLINK_PUBLISH_REFUSED,
                        news->words);
    uplink->calls.refused(uplink->calls.owner, news->id, why, news->words);
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
        uplink_end(uplink);
        break;
    case SESSION_TOLD:
        on_told(uplink, news);
        break;
    case SESSION_DELIVERED:
        hangup_answered(&uplink->hangup, news->id);
        calls->delivered(calls->owner, news->id);
        break;
    case SESSION_NOT_DELIVERED:
        on_not_delivered(uplink, news);
        break;
    case SESSION_SUBSCRIBED:
        hangup_subscribed(&uplink->hangup);
        break;
    case SESSION_NOT_SUBSCRIBED:
        uplink_note_trouble(uplink, UPLINK_SUBSCRIBE_REFUSED, news->words);
        break;
    case SESSION_COMMAND:
        if (uplink->state == UPLINK_ONLINE)
            calls->command(calls->owner, news->payload,
                           news->reply_topic_too_long ? NULL : news->reply_topic,
                           news->correlation);
        session_handled(news);
        break;
    }
}

void uplink_on_news(struct watcher *watcher, enum loop_event event)
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
