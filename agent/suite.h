/* SPDX-License-Identifier: MIT */
/* One run of the suite for one account: opens the lanes that are due and allowed, turns the loop
 * until all are done, then diagnoses. */
#ifndef GATEPOST_SUITE_H
#define GATEPOST_SUITE_H

#include "arena.h"
#include "budget.h"
#include "diagnosis.h"
#include "ground.h"
#include "lane.h"
#include "ledger.h"
#include "loan.h"
#include "lookups.h"
#include "loop.h"
#include "parcel.h"
#include "probes.h"
#include "profile.h"
#include "provider_api.h"
#include "secret.h"
#include "selectors.h"
#include "settings.h"
#include "trust.h"

#include <stdbool.h>
#include <stdint.h>

#define SUITE_LANES_MAX 48
#define SUITE_MX_MAX    5 /* MX hosts that are talked to */

/* What a run is told. Everything here belongs to the caller and outlives the run. */
struct order {
    const struct settings *settings;
    const struct account_settings *account;
    const struct profile *profile;
    struct secret *secret;           /* len 0: only light checks */
    struct secret *peer_secret;      /* len 0: there is no second mailbox */
    struct secret *application;      /* the application's own, beside a refresh token; or NULL */
    struct api_key *api_key;         /* to the provider's interface; NULL or empty: there is none */
    const struct api_ticket *ticket; /* to open, and nothing else is asked; NULL: none, as always
                                        but when a person commands it */
    enum cost cost;                  /* the dearest that is allowed */
    check_set only;                  /* to ask; what they need is asked too; 0: all */
    const struct loan *loan;         /* or NULL: all is asked */
    const char *trigger;             /* "person", "schedule", "command" */
};

struct run {
    char id[17]; /* 16 hex digits */
    int64_t started_wall_ms, finished_wall_ms, duration_ms;
    bool clock_trusted;
    unsigned questions;                  /* DNS questions asked */
    unsigned connections[SERVICE_COUNT]; /* TCP connections opened */
    bool interrupted;                    /* a signal ended it early */
    struct ledger ledger;
    struct diagnosis diagnosis;
};

/* What a watcher of the run may show while it goes on. */
struct progress {
    const char *what;     /* slug of the check that has been going on for longest, "" none */
    const char *waiting;  /* what for: "HEAR 220", "the test mail" */
    int64_t since_ms;     /* port_now_ms when this wait began */
    unsigned done, asked; /* checks */
};

/* Called whenever something changed, and at least every second. */
typedef void progress_fn(const struct progress *progress, const struct ledger *ledger);

/* The state of a run while it goes on: the lanes, and what they share. Lanes read it; only suite.c
 * and the functions below change it. */
struct suite {
    const struct order *order;
    struct run *run;
    struct arena *arena;
    struct loop *loop;
    struct trust trust;
    struct lookups lookups;
    struct probes probes;
    struct ground ground;
    struct budget budget, peer_budget;
    struct secret token; /* of this run; len 0: there is none yet */
    char mark[PARCEL_MARK_MAX];
    struct parcel parcels[PARCELS];
    const char *domain, *helo, *login;
    check_set asked; /* the checks of this run */
    check_set lent;  /* of those, what others have seen and nobody doubts (loan.h); */
    bool keeps_loan; /* and that has come to stay */
    bool mx_lanes_open, targets_open;
    const struct answer *mx;     /* of the mail domain, once dns.mx has it, or it is lent */
    char selector[SELECTOR_MAX]; /* of DKIM: seen in a mail of an earlier run, or "" */
    struct address seen_address; /* this office's, as a mail server says it sees it */
    bool seen_address_known;
    bool lists_open[2]; /* lanes of dns.blocklist: for what the settings name, and what was seen */
    int64_t started_ms, deadline_ms; /* port_now_ms scale */
    struct lane *lanes;              /* SUITE_LANES_MAX of them */
    size_t lane_count;
};

/* Runs. Results and all their text live in the arena until it is reset; the secrets are wiped. show
 * may be NULL. */
void suite_run(const struct order *order, struct arena *arena, progress_fn *show,
               struct run *into_run);

/* The parts of suite_run, for those who have a loop of their own. suite_begin readies everything
   and opens no lane (tests play single ones then); suite_start opens the first; suite_step goes on
   as far as possible after every turn of the loop, and is false when nothing is left to do; a
   caller that has no other watcher turns the loop at least every second, so that deadlines are
   seen. Then suite_finish. */
void suite_begin(struct suite *suite, const struct order *order, struct loop *loop,
                 struct arena *arena, struct lane *lanes, struct run *run);
void suite_start(struct suite *suite);
bool suite_step(struct suite *suite) MUST_USE;

/* Ends a run early: connections are closed, what was open is unknown for REASON_INTERRUPTED. */
void suite_interrupt(struct suite *suite);

/* Opens a lane; NULL when there are SUITE_LANES_MAX. */
struct lane *suite_open(struct suite *suite, enum service service, struct endpoint endpoint,
                        enum family family, size_t rank);

/* Advances all lanes until none can go on by itself. False when all are over. */
bool suite_advance(struct suite *suite);

/* What a lane asks before it begins an act. */
enum gate {
    GATE_GO,
    GATE_WAIT,
    GATE_PASS_BY
}; /* PASS_BY: not this lane, not this act; what had to be recorded has been */
enum gate suite_gate(struct suite *suite, struct lane *lane, enum act act);

/* Ends the run: marks what was never settled, diagnoses, wipes. */
void suite_finish(struct suite *suite);

#endif
