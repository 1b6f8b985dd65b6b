/* SPDX-License-Identifier: MIT */
/* What a run has found so far: one entry for each check, and every finding with its evidence.
   Written by the lanes and by diagnosis, read by diagnosis, report and view. Text lives in the
   run's arena. */
#ifndef GATEPOST_LEDGER_H
#define GATEPOST_LEDGER_H

#include "../port/port.h"
#include "arena.h"
#include "catalogue.h"
#include "checks.h"
#include "provider_view.h"
#include "rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEDGER_RAISED_MAX 64
#define LEDGER_FACTS_MAX  14
#define EVIDENCE_SAID_MAX 240 /* bytes of the peer's words that are kept, terminator included */

/* Why we believe it: which step, which peer, its own words, when. Never holds a secret or mail
 * content. */
struct evidence {
    const char *step; /* the row of the script, "HEAR 220"; "" where a decision was made from other
                         findings */
    const char *peer; /* "ex4.mail.ovh.net [192.0.2.7]:587" or "" */
    const char *said; /* the peer's words, printable, bounded; "" when it said nothing */
    int64_t at_ms;    /* wall clock */
};

/* What a conclusion was drawn from: a finding, or (NO_FINDING) the outcome of a check. */
struct origin {
    enum finding finding;
    enum check check;
};

struct raised {
    enum finding finding;
    enum check check;     /* whose entry it belongs to */
    enum service service; /* where it was seen */
    enum family family;   /* meaningful where peer is not "" */
    struct evidence evidence;
    struct params params;
    enum rule rule; /* that concluded it; NO_RULE where a peer said it, or code decided */
    struct origin from[RULE_SIGNS_MAX];
    size_t from_count; /* 0 where a peer said it */
};

struct fact {
    const char *name, *value; /* "protocol" "TLSv1.3" */
};

struct entry {
    enum status status;
    enum reason reason; /* UNKNOWN or SKIPPED without a finding and without a `because`: why; else
                           REASON_NONE */
    enum finding unknown_for;     /* UNKNOWN by a finding: which; else NO_FINDING */
    enum check because;           /* SKIPPED because of this check; else CHECK_COUNT */
    enum rule rule;               /* that found it well from other checks; else NO_RULE */
    int64_t started_ms, ended_ms; /* port_now_ms; 0: never began */
    int64_t seen_wall_ms; /* OK: when the run of another mailbox saw what this one did not ask, all
                             of it or a part; 0: it asked all itself */
    const char *peer;     /* "" where it has none */
    enum family family;
    struct fact facts[LEDGER_FACTS_MAX];
    size_t fact_count;
    bool asked;   /* false: not part of this run (--light, --only); ledger_begin leaves it so */
    bool untried; /* a login that was reached, and found no way to try the secret: where it is OK,
                     no secret was accepted */
    bool passed;  /* ledger_ok was said: at least one family or host did well, whatever the others
                     did */
};

struct ledger {
    struct arena *arena;
    struct entry checks[CHECK_COUNT];
    struct raised raised[LEDGER_RAISED_MAX];
    size_t raised_count;
    struct provider_view provider;
    unsigned
        dropped; /* findings beyond LEDGER_RAISED_MAX, and texts that the arena could not hold */
};

void ledger_begin(struct ledger *ledger, struct arena *arena);

/* Records a finding; the check's status becomes at least as bad as the finding makes it (OK <
   WARNING < UNKNOWN < FAILED). The returned row's params may be filled by the caller; NULL when the
   ledger is full. said is made printable and cut. The same finding for the same check, service and
   family is kept once, with its first evidence. */
struct raised *ledger_raise(struct ledger *ledger, enum finding finding, enum check check,
                            enum service service, const char *step, const char *peer,
                            enum family family, struct slice said);

/* Records what follows from `source`, for a check: its evidence and params, but no step of its own.
   NULL when the ledger is full. */
struct raised *ledger_conclude(struct ledger *ledger, enum finding finding, enum check check,
                               const struct raised *source);

/* Tells a finding by another name that says it better. Pointers to later findings move. The row
   that tells it now, or NULL. */
struct raised *ledger_replace(struct ledger *ledger, const struct raised *old,
                              enum finding finding);

/* Takes a finding back (diagnosis: it is better told by another); the check's status is what the
   findings that are left make it. Pointers to later findings move. */
void ledger_withdraw(struct ledger *ledger, const struct raised *raised);

/* The first raised finding, of any check when check is CHECK_COUNT; NULL when there is none. */
const struct raised *ledger_find(const struct ledger *ledger, enum finding finding,
                                 enum check check);

/* Sets a status that no finding makes: OK where nothing worse is there, UNKNOWN with a reason,
   SKIPPED because of a check where nothing else is known yet. A check that is itself skipped hands
   on what it was skipped for. */
void ledger_ok(struct ledger *ledger, enum check check);
void ledger_unknown(struct ledger *ledger, enum check check, enum reason reason);
void ledger_skip(struct ledger *ledger, enum check check, enum check because);

/* Words as evidence keeps them: printable, cut, in the run's arena. "" where that is full. */
const char *ledger_words(struct ledger *ledger, struct slice words);

/* Adds a fact to a check; the last one of a name wins. The value is copied. */
void ledger_fact(struct ledger *ledger, enum check check, const char *name, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* True when the check is OK or WARNING: what needs it may be asked. */
bool ledger_passed(const struct ledger *ledger, enum check check);

#endif
