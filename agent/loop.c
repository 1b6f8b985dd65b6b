/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include "../port/port.h"

#include <assert.h>

static_assert(LOOP_WATCHERS_MAX <= PORT_POLLS_MAX, "one poll takes every watcher");

void loop_begin(struct loop *loop)
{
    *loop = (struct loop){ .count = 0 };
}

/* The slot that holds the watcher, or the first free one for NULL; LOOP_WATCHERS_MAX when there is
   none. */
static size_t slot_of(const struct loop *loop, const struct watcher *watcher)
{
    size_t slot = 0;
    while (slot < LOOP_WATCHERS_MAX && loop->watchers[slot] != watcher)
        slot++;
    return slot;
}

bool loop_watch(struct loop *loop, struct watcher *watcher)
{
    if (watcher->watched)
        return true;
    size_t slot = slot_of(loop, NULL);
    if (slot == LOOP_WATCHERS_MAX)
        return false;
    loop->watchers[slot] = watcher;
    loop->count++;
    watcher->watched = true;
    return true;
}

void loop_forget(struct loop *loop, struct watcher *watcher)
{
    if (!watcher->watched)
        return;
    size_t slot = slot_of(loop, watcher);
    assert(slot < LOOP_WATCHERS_MAX);
    loop->watchers[slot] = NULL;
    /* Whoever gets this slot within the same turn must not inherit what has happened to its
       predecessor. */
    loop->ready[slot] = false;
    loop->late[slot] = false;
    loop->count--;
    watcher->watched = false;
}

static void fill_polls(const struct loop *loop, struct port_poll polls[LOOP_WATCHERS_MAX])
{
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++) {
        const struct watcher *watcher = loop->watchers[i];
        polls[i] = (struct port_poll){ .descriptor = -1 };
        if (watcher == NULL)
            continue;
        polls[i].descriptor = watcher->descriptor;
        polls[i].want_read = watcher->want_read;
        polls[i].want_write = watcher->want_write;
    }
}

/* How long nothing can be late, in the form that port_poll takes. */
static int64_t patience_ms(const struct loop *loop)
{
    int64_t earliest_ms = LOOP_NEVER;
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++) {
        const struct watcher *watcher = loop->watchers[i];
        if (watcher != NULL && watcher->deadline_ms < earliest_ms)
            earliest_ms = watcher->deadline_ms;
    }
    if (earliest_ms == LOOP_NEVER)
        return -1;
    int64_t now_ms = port_now_ms();
    return earliest_ms > now_ms ? earliest_ms - now_ms : 0;
}

static void note_events(struct loop *loop, const struct port_poll polls[LOOP_WATCHERS_MAX],
                        int64_t now_ms)
{
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++) {
        const struct watcher *watcher = loop->watchers[i];
        loop->ready[i] = watcher != NULL && (polls[i].can_read || polls[i].can_write);
        loop->late[i] = watcher != NULL && watcher->deadline_ms <= now_ms;
    }
}

/* An earlier call of this turn may have changed what a watcher waits for. */
static bool still_ready(const struct watcher *watcher, const struct port_poll *poll)
{
    if (watcher->descriptor != poll->descriptor)
        return false;
    return (watcher->want_read && poll->can_read) || (watcher->want_write && poll->can_write);
}

/* Every call may forget the watcher, and its memory may be gone then: the slot is looked at anew. A
   deadline is called even though there is something to read, or a peer that drips bytes would be
   heard for ever. */
static void call_slot(struct loop *loop, size_t slot, const struct port_poll *poll, int64_t now_ms)
{
    if (loop->ready[slot]) {
        struct watcher *watcher = loop->watchers[slot];
        loop->ready[slot] = false;
        if (still_ready(watcher, poll))
            watcher->call(watcher, LOOP_READY);
    }
    if (loop->late[slot]) {
        struct watcher *watcher = loop->watchers[slot];
        loop->late[slot] = false;
        if (watcher->deadline_ms > now_ms)
            return;
        watcher->deadline_ms = LOOP_NEVER;
        watcher->call(watcher, LOOP_DEADLINE);
    }
}

bool loop_turn(struct loop *loop)
{
    if (loop->count == 0 || port_asked_to_stop())
        return false;
    struct port_poll polls[LOOP_WATCHERS_MAX];
    fill_polls(loop, polls);
    (void)port_poll(polls, LOOP_WATCHERS_MAX, patience_ms(loop)); /* deadlines count as well */
    if (port_asked_to_stop())
        return false;
    int64_t now_ms = port_now_ms();
    note_events(loop, polls, now_ms);
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++)
        call_slot(loop, i, &polls[i], now_ms);
    return true;
}
