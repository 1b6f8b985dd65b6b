/* SPDX-License-Identifier: MIT */
/* `gatepost doctor`: can gatepost do its work here? Configuration, files, clock, resolvers, broker.
   A line for each, and below a fault what mends it. */
#ifndef GATEPOST_DOCTOR_H
#define GATEPOST_DOCTOR_H

#include "desk.h"
#include "page.h"

struct doctor {
    struct desk *desk;
    struct page page;
    enum status worst;
};

/* Opens the desk itself, so that a broken configuration is one of the faults. The exit status is
   that of `gatepost check`: 0, 1, 2, 3. */
int doctor_run(struct desk *desk, const struct command_line *line);

/* One line, and the mending where it is not "". Both texts in the reader's language. */
void doctor_say(struct doctor *doctor, enum status status, const char *label, const char *words,
                const char *mend);

/* Its parts that talk to others (doctor_network.c, doctor_broker.c). */
void doctor_resolvers(struct doctor *doctor);
void doctor_broker(struct doctor *doctor);

#endif
