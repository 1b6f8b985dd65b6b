/* SPDX-License-Identifier: MIT */
/* What the runs of other mailboxes have seen to be well a short time ago, about the office, the
   provider or the domain that they share with this one: it is not asked again, as long as this run
   finds nothing wrong. Its acts wait at the gate until all others are over, and then are passed by;
   or, as soon as anything goes wrong that they may have to do with, they are played as in any run,
   before anything is judged. */
#ifndef GATEPOST_LOAN_H
#define GATEPOST_LOAN_H

#include "checks.h"

#include <stdbool.h>
#include <stdint.h>

#define LOAN_MX_MAX      5   /* as many MX hosts as are talked to */
#define LOAN_MX_TEXT_MAX 160 /* bytes of their names together, terminator included */

struct suite;

/* Lives as long as the run. */
struct loan {
    check_set checks;             /* that were OK */
    int64_t seen_ms[CHECK_COUNT]; /* when that was seen at the latest: port_now_ms scale */
    const char *mx;               /* the MX hosts, most preferred first, a space between two */
    bool mx_authenticated;        /* as in struct answer */
};

/* Takes what the order lends of that which the run asks. */
void loan_begin(struct suite *suite);

/* Ends doubt: gives back what is doubted by now, or, when no lane has anything else left to do,
   keeps all. True when lanes that have waited may go on. */
bool loan_heed(struct suite *suite) MUST_USE;

/* The check is borrowed, and not doubted. */
bool loan_has(const struct suite *suite, enum check check);

/* Its OK is the one that was borrowed, at least in part. */
void loan_keep(struct suite *suite, enum check check);

/* The same for all that were kept, of this layer or a higher one, and that nobody has told anything
   of. */
void loan_fill(struct suite *suite, enum layer from);

#endif
