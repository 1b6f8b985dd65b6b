/* SPDX-License-Identifier: MIT */
/* One account's run on a loop that others share. At most one at a time; what it has found stays
   readable until the next one begins. */
#ifndef GATEPOST_ROUND_H
#define GATEPOST_ROUND_H

#include "commons.h"
#include "suite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is to be run. */
struct round_task {
    const struct settings *settings;
    const struct account_settings *account;
    const char *state; /* directory */
    enum cost cost;    /* the dearest that is allowed */
    check_set only;    /* 0: all */
    const char *trigger;
    struct commons *commons; /* what other accounts' runs have seen well is not asked again, */
    int64_t since_ms;        /* if that was no earlier: port_now_ms scale */
};

struct round {
    struct arena arena; /* the caller gives it its memory */
    struct round_task task;
    struct profile profile;
    struct secret secret, peer_secret, application;
    struct api_key api_key;
    struct order order;
    struct loan loan;
    struct suite suite;
    struct lane *lanes; /* the caller's, SUITE_LANES_MAX: large, and so never cleared as a whole */
    struct run run;
    bool on;       /* goes on */
    bool held;     /* the state directory is ours */
    bool finished; /* order and run tell of a whole run */
};

enum round_begun {
    ROUND_BEGUN,
    ROUND_BUSY,   /* another gatepost may speak a password at this moment */
    ROUND_FAILED, /* no profile, no memory: told in the log */
};

/* Reads profile and secrets anew, takes the state directory where a password may be spoken, and
   opens the first lanes. A password that cannot be read is told in the log, and then only what
   needs none is asked. */
enum round_begun round_begin(struct round *round, struct loop *loop,
                             const struct round_task *task) MUST_USE;

/* Goes on as far as possible. False when the run is over: diagnosed, secrets wiped, the state
   directory given back. */
bool round_step(struct round *round) MUST_USE;

/* Ends a run early; it tells nothing. */
void round_abandon(struct round *round);

/* What was learned is worth nothing any more: settings change. */
void round_forget(struct round *round);

/* True when a login check had its password refused in this run. */
bool round_was_refused(const struct round *round);

#endif
