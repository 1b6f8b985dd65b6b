/* SPDX-License-Identifier: MIT */
/* Descriptors and deadlines, one poll(2). Everything that waits has a watcher inside its own
   struct. */
#ifndef GATEPOST_LOOP_H
#define GATEPOST_LOOP_H

#include "io.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOP_WATCHERS_MAX 96

#define LOOP_NEVER INT64_MAX /* a deadline that does not come */

enum loop_event {
    LOOP_READY,    /* what was waited for can be done, or the peer is gone: try, and see */
    LOOP_DEADLINE, /* deadline_ms has passed first */
};

struct watcher;
typedef void watcher_fn(struct watcher *watcher, enum loop_event event);

/* Embedded in its owner, who gets back to itself by OWNER_OF. */
struct watcher {
    int descriptor; /* -1: only the deadline */
    bool want_read, want_write;
    int64_t deadline_ms; /* on port_now_ms's scale, or LOOP_NEVER */
    watcher_fn *call;
    bool watched; /* the loop's */
};

#define OWNER_OF(pointer, type, member)                                                            \
    ((type *)(void *)((char *)(pointer) - offsetof(type, member)))

struct loop {
    struct watcher *watchers[LOOP_WATCHERS_MAX]; /* NULL where there is none */
    bool ready[LOOP_WATCHERS_MAX];               /* events of this turn that are not yet called */
    bool late[LOOP_WATCHERS_MAX];
    size_t count;
};

void loop_begin(struct loop *loop);

/* Adds a watcher; its fields may be changed at any time while it is watched. False when the loop is
   full. */
bool loop_watch(struct loop *loop, struct watcher *watcher) MUST_USE;

/* Takes a watcher out, also from within its own call; one that is not watched is left alone. */
void loop_forget(struct loop *loop, struct watcher *watcher);

/* Waits for the first event and calls everything that is ready or late, what is both first with
   LOOP_READY. A late watcher is called with LOOP_DEADLINE and its deadline becomes LOOP_NEVER
   before. A call may change, forget and add watchers; one that it added is called in a later turn.
   False when nothing is watched or the process was asked to stop. */
bool loop_turn(struct loop *loop);

#endif
