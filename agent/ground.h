/* SPDX-License-Identifier: MIT */
/* What a run stands on: this device's links, what became of each connection, what time it is said
   to be. Gathered from the lanes, judged by judgement_office. */
#ifndef GATEPOST_GROUND_H
#define GATEPOST_GROUND_H

#include "../port/port.h"
#include "checks.h"
#include "timepiece.h"
#include "trust.h"

#include <stdbool.h>
#include <stddef.h>

#define GROUND_ATTEMPTS_MAX 48 /* at least the lanes of a suite */

enum attempt_end {
    ATTEMPT_NONE,        /* it was not tried, has not ended, or the host has no such address */
    ATTEMPT_REACHED,     /* the connection stood */
    ATTEMPT_SILENT,      /* no answer in time */
    ATTEMPT_REFUSED,     /* turned away */
    ATTEMPT_UNREACHABLE, /* the network says that there is no way */
    ATTEMPT_DROPPED,     /* it stood and was closed before a word */
};

/* One connection, or the try at one. */
struct attempt {
    enum service service; /* SERVICE_REACH: a control, at somebody unrelated to the account */
    enum family family;
    const char *host; /* lives as long as the run */
    uint16_t port;
    enum attempt_end end;
    bool proven;                /* it showed a certificate of a public root, and its dates are good
                                   as far as they can be told: nobody was in between */
    bool shown;                 /* it showed a certificate that was judged */
    enum trust_verdict verdict; /* of that */
    const struct certificate *certificate;
};

struct ground {
    struct link_facts link[FAMILIES];
    struct attempt attempts[GROUND_ATTEMPTS_MAX];
    size_t attempt_count;
    struct timepiece timepiece;
};

bool ground_reached_any(const struct ground *ground);
bool ground_proven_any(const struct ground *ground);

/* True when two hosts seem to belong to different people: neither their last two labels nor, for
   addresses, they themselves are the same. */
bool ground_unrelated(const char *a, const char *b);

/* False for addresses that lead to no server of the internet: this host, private and link-local
   ones (RFC 6890). */
bool ground_is_public(const struct address *address);
bool ground_is_loopback(const struct address *address);

#endif
