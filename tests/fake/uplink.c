/* SPDX-License-Identifier: MIT */
#include "../../agent/uplink.h"

#include "broker.h"
#include "fake.h"

#define ANSWERS_AFTER_MS 20

struct uplink {
    struct loop *loop;
    struct watcher watcher;
    const struct uplink_calls *calls;
    enum uplink_state state;
    enum uplink_trouble trouble;
    uint64_t under_way[UPLINK_IN_FLIGHT];
    size_t count;
    int64_t not_before_ms;
    const char *command;
};

struct fake_broker fake_broker;
static struct uplink only;

/* ---- what happens on the loop ---- */

static void fail(struct uplink *uplink, enum uplink_trouble trouble, const char *words)
{
    uplink->state = UPLINK_WAITING;
    uplink->trouble = trouble;
    uplink->count = 0;
    uplink->watcher.deadline_ms = fake.now_ms + UPLINK_WAIT_MAX_MS;
    uplink->calls->offline(uplink->calls->owner, trouble, words);
}

static void try_again(struct uplink *uplink)
{
    if (fake.now_ms < uplink->not_before_ms) {
        uplink->watcher.deadline_ms = uplink->not_before_ms;
        return;
    }
    if (fake_broker.away) {
        fail(uplink, UPLINK_TIMED_OUT, "nobody answers");
        return;
    }
    uplink->state = UPLINK_ONLINE;
    uplink->trouble = UPLINK_FINE;
    fake_broker.sessions++;
    uplink->calls->online(uplink->calls->owner, true);
}

static void acknowledge(struct uplink *uplink)
{
    uint64_t ids[UPLINK_IN_FLIGHT];
    size_t count = fake_broker.withholds ? 0 : uplink->count;
    for (size_t i = 0; i < count; i++)
        ids[i] = uplink->under_way[i];
    if (count > 0)
        uplink->count = 0;
    for (size_t i = 0; i < count; i++)
        uplink->calls->delivered(uplink->calls->owner, ids[i]);
}

static void give_command(struct uplink *uplink)
{
    const char *command = uplink->command;
    uplink->command = NULL;
    if (command != NULL)
        uplink->calls->command(uplink->calls->owner, slice_of(command), "",
                               (struct slice){ NULL, 0 });
}

static void on_moment(struct watcher *watcher, enum loop_event event)
{
    struct uplink *uplink = OWNER_OF(watcher, struct uplink, watcher);
    (void)event; /* there is no descriptor: it is the deadline */
    switch (uplink->state) {
    case UPLINK_WAITING:
        try_again(uplink);
        return;
    case UPLINK_ONLINE:
        if (fake_broker.away) {
            fail(uplink, UPLINK_CLOSED, "the connection ended");
            return;
        }
        acknowledge(uplink);
        give_command(uplink);
        return;
    case UPLINK_LEAVING:
        acknowledge(uplink);
        uplink->state = UPLINK_OFF;
        return;
    case UPLINK_OFF:
    case UPLINK_LOOKING_UP:
    case UPLINK_DIALLING:
    case UPLINK_SECURING:
    case UPLINK_CONNECTING:
        return; /* the first is the end; the others take no time here */
    }
}

/* ---- what the test does ---- */

void fake_broker_leave(void)
{
    fake_broker.away = true;
    only.watcher.deadline_ms = fake.now_ms;
}

void fake_broker_return(void)
{
    fake_broker.away = false;
}

void fake_broker_command(const char *words)
{
    only.command = words;
    only.watcher.deadline_ms = fake.now_ms;
}

/* ---- uplink.h ---- */

struct uplink *uplink_open(struct loop *loop, const struct settings *settings,
                           const struct uplink_words *words, const struct uplink_calls *calls,
                           int64_t first_ms)
{
    (void)settings;
    (void)words;
    only = (struct uplink){ .loop = loop, .calls = calls, .state = UPLINK_WAITING };
    only.watcher = (struct watcher){ .descriptor = -1, .deadline_ms = first_ms, .call = on_moment };
    return loop_watch(loop, &only.watcher) ? &only : NULL;
}

enum uplink_state uplink_state(const struct uplink *uplink)
{
    return uplink->state;
}

enum uplink_trouble uplink_trouble(const struct uplink *uplink, const char **into_words)
{
    *into_words = "";
    return uplink->trouble;
}

int uplink_mqtt_version(const struct uplink *uplink)
{
    return uplink->state == UPLINK_ONLINE ? 5 : 0;
}

/* Sent into a broken connection it is under way, too, and never heard. */
static void hand_over(struct uplink *uplink, const struct message *message)
{
    uplink->under_way[uplink->count++] = message->id;
    uplink->watcher.deadline_ms = fake.now_ms + ANSWERS_AFTER_MS;
    if (!fake_broker.away && fake_broker.hear != NULL)
        fake_broker.hear(message);
}

bool uplink_publish(struct uplink *uplink, const struct message *message)
{
    if (uplink->state != UPLINK_ONLINE || uplink->count == UPLINK_IN_FLIGHT)
        return false;
    hand_over(uplink, message);
    return true;
}

void uplink_wait_until(struct uplink *uplink, int64_t until_ms)
{
    uplink->not_before_ms = until_ms;
}

void uplink_leave(struct uplink *uplink, const struct message *status)
{
    if (uplink->state != UPLINK_ONLINE) {
        uplink->state = UPLINK_OFF;
        return;
    }
    uplink->count = 0; /* what was not acknowledged by now never is */
    hand_over(uplink, status);
    uplink->state = UPLINK_LEAVING;
}

void uplink_close(struct uplink *uplink)
{
    if (uplink != NULL)
        loop_forget(uplink->loop, &uplink->watcher);
}
