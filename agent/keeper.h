/* SPDX-License-Identifier: MIT */
/* The agent: keeps the schedule, runs the suite, keeps the journal and the uplink going, obeys the
 * fleet. `gatepost agent`. */
#ifndef GATEPOST_KEEPER_H
#define GATEPOST_KEEPER_H

#include "catalogue.h"

#include <stdbool.h>

/* What `gatepost agent` was told. */
struct keeper_orders {
    const char *file;      /* configuration */
    bool once;             /* run everything that is due, deliver, end */
    enum finding simulate; /* NO_FINDING, or publish a marked sample of it and end */
};

/* Runs until asked to stop; the exit status for the program. */
int keeper_run(const struct keeper_orders *orders);

#endif
