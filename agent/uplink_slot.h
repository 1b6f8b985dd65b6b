/* SPDX-License-Identifier: MIT */
/* What uplink.c shares with uplink_news.c. */
#ifndef GATEPOST_UPLINK_SLOT_H
#define GATEPOST_UPLINK_SLOT_H

#include "backoff.h"
#include "bridge.h"
#include "hangup.h"
#include "reach.h"
#include "session.h"
#include "uplink.h"

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
    struct hangup hangup;
    int64_t wait_until_ms;
    uint64_t last_id; /* of the status that is published before leaving */
};

/* The one writer of the state. */
void uplink_enter(struct uplink *uplink, enum uplink_state state, int64_t deadline_ms);

/* For status and log. */
void uplink_note_trouble(struct uplink *uplink, enum uplink_trouble trouble, const char *words);

/* The connection has ended, and Paho has yet to say so. The first reason stays. */
void uplink_note_ending(struct uplink *uplink, enum uplink_trouble trouble, const char *words);

/* Ends the attempt or the connection, and waits for the next. */
void uplink_lose(struct uplink *uplink, enum uplink_trouble trouble, const char *words);

/* The connection has ended: for what was noted, else because the broker closed it. */
void uplink_end(struct uplink *uplink);

/* Takes what the session tells. */
void uplink_on_news(struct watcher *watcher, enum loop_event event);

#endif
