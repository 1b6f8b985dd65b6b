/* SPDX-License-Identifier: MIT */
/* What a run has changed: findings raised and cleared, and the verdict before and after, for
   events. Knows of each account which findings are raised, since when, and its verdict; in the
   state directory (file `changes`), so that a restart does not raise everything again.

   A finding is raised when it is a root that weighs as failed or warning; findings that leave a
   check unknown raise nothing and clear nothing. A raised one is cleared when every check that had
   it was asked again and came to ok, warning or failed without it, or when it is explained by
   another finding that is raised: one cause, one alarm. What was not asked, was skipped or is
   unknown leaves it as it was.

   The verdict is failed or warning by what is raised. It becomes unknown when a second run in a row
   comes to that - one time-out is no news - and ends being so by a run that asks as much. */
#ifndef GATEPOST_CHANGES_H
#define GATEPOST_CHANGES_H

#include "payload.h"
#include "suite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANGES_RAISED_MAX                                                                         \
    16 /* findings of one account; more are not raised until one is cleared */
#define CHANGES_MAX          (2 * CHANGES_RAISED_MAX + 1) /* changes by one run */
#define CHANGES_UNKNOWN_RUNS 2                            /* in a row make a verdict unknown */

struct changes_raised {
    enum finding finding;
    check_set checks; /* those that had it */
    int64_t since_ms;
};

struct changes_account {
    char address[321];      /* "": a free place */
    enum status verdict;    /* STATUS_PENDING before the first run */
    int64_t since_ms;       /* of the verdict */
    int64_t mark_ms;        /* of the last change; 0: there was none */
    unsigned unknown_runs;  /* in a row */
    enum cost unknown_cost; /* the dearest of those runs */
    struct changes_raised raised[CHANGES_RAISED_MAX];
    size_t raised_count;
};

struct changes {
    char path[1100];
    struct changes_account accounts[SETTINGS_ACCOUNTS_MAX];
    struct changes_account pending; /* what changes_of_run made of one */
    bool unsaved;                   /* the file does not say what is known */
};

/* What to tell, in order: raised, cleared, and the verdict only where nothing was raised or cleared
   with it. Every change carries the verdict before and after. */
struct change_list {
    struct event_facts change[CHANGES_MAX]; /* texts are the order's and the run's */
    size_t count;
};

/* Reads what was kept. A file that is missing or damaged counts as empty (log: that). */
void changes_open(struct changes *changes, const char *directory);

/* Forgets accounts that are not configured any more; after opening and after a reload. */
void changes_forget_others(struct changes *changes, const struct settings *settings);

/* What a finished run has changed. Nothing is kept yet: without changes_keep the next run of the
   account tells it again. */
void changes_of_run(struct changes *changes, const struct order *order, const struct run *run,
                    struct change_list *into_list);

/* Call when the events are journalled: keeps what the last changes_of_run found. Writes the file
   only where it says something else. False: it could not be written, and is tried again the next
   time; until then it holds for this process only. */
bool changes_keep(struct changes *changes);

#endif
