/* SPDX-License-Identifier: MIT */
/* The way to the broker: its name is looked up, its addresses are dialled one after the other, TLS
   is made. Every attempt begins anew with the name. */
#ifndef GATEPOST_REACH_H
#define GATEPOST_REACH_H

#include "broker.h"
#include "loop.h"
#include "resolve.h"
#include "settings.h"
#include "uplink.h"
#include "wire.h"

#define REACH_ADDRESSES_MAX 8 /* of both families together */
#define REACH_MEMORY        8192
#define REACH_DIAL_MS       10000
#define REACH_SECURE_MS     15000
#define REACH_WORDS_MAX     192

struct reach {
    struct loop *loop;
    const struct settings *settings;
    struct broker broker;
    struct trust trust; /* its index outlives an attempt */
    struct wire_identity identity;
    struct wire wire; /* the result; the reach's until reach_end */
    struct watcher watcher;
    enum uplink_state state; /* UPLINK_OFF: idle, UPLINK_LOOKING_UP, _DIALLING, _SECURING */

    struct arena arena;
    struct resolve *resolve;
    struct question questions[FAMILIES];
    size_t asked, answered;
    struct address addresses[REACH_ADDRESSES_MAX];
    size_t count, next;

    /* Called once for each reach_begin, on the loop. UPLINK_FINE: the wire is ready and watched by
       nobody. */
    void (*done)(void *owner, enum uplink_trouble trouble, const char *words);
    void *owner;
    char words[REACH_WORDS_MAX];
    enum uplink_trouble trouble; /* of the latest address */
    _Alignas(max_align_t) char memory[REACH_MEMORY];
};

/* Once. False when the settings name no broker. */
bool reach_open(struct reach *reach, struct loop *loop, const struct settings *settings,
                void (*done)(void *owner, enum uplink_trouble trouble, const char *words),
                void *owner) MUST_USE;

/* Begins an attempt. False when the loop is full. */
bool reach_begin(struct reach *reach) MUST_USE;

/* Reads the broker's password from its file, for the moment of a connect; an empty one where the
   settings name no file. False, and why, when it cannot be read. */
bool reach_password(struct reach *reach, struct secret *into_secret,
                    char into_words[REACH_WORDS_MAX]) MUST_USE;

/* Ends the attempt, or the connection that came of it. */
void reach_end(struct reach *reach);

/* What the end of the wire means, and why in words. */
enum uplink_trouble reach_trouble(const struct reach *reach, char into_words[REACH_WORDS_MAX]);

#endif
