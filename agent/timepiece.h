/* SPDX-License-Identifier: MIT */
/* What time the peers of a run say it is: the Date of HTTP replies (RFC 9110 section 6.6.1), the
   date that mail servers put into their greeting. One peer that differs from us has a wrong clock
   itself; several that agree with each other and not with us are right. */
#ifndef GATEPOST_TIMEPIECE_H
#define GATEPOST_TIMEPIECE_H

#include "dialect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMEPIECE_WITNESSES_MAX 12     /* hosts; what later ones say is not kept */
#define TIMEPIECE_TOLERANCE_MS  300000 /* clocks this near to each other agree */

struct time_witness {
    const char *host; /* the caller's; lives as long as the timepiece */
    int64_t wall_ms;  /* our wall clock when it spoke */
    int64_t ahead_ms; /* how far its clock was ahead of ours then; negative: behind */
};

struct timepiece {
    struct time_witness witnesses[TIMEPIECE_WITNESSES_MAX]; /* each host once, as it first spoke */
    size_t count;
};

enum clock_verdict {
    CLOCK_UNWITNESSED, /* nobody told the time */
    CLOCK_AGREES,      /* somebody has our time, and nobody another */
    CLOCK_DISPUTED,    /* there are different times, and too few hosts to say whose is right */
    CLOCK_WRONG,       /* two hosts or more agree on another time, and fewer have ours */
};

/* Keeps what a reply of the host tells of the time; most replies tell nothing. wall_ms is our wall
   clock when it was heard. */
void timepiece_hear(struct timepiece *timepiece, enum dialect dialect, const struct reply *reply,
                    const char *host, int64_t wall_ms);

/* Compares the witnesses with our clock and with each other. *into_witness is one that stands for
   the verdict: of those that agree where the clock is wrong, else the one that differs; NULL where
   nobody does. */
enum clock_verdict timepiece_judge(const struct timepiece *timepiece,
                                   const struct time_witness **into_witness);

#endif
