/* SPDX-License-Identifier: MIT */
/* The login budget. A secret that was refused is not spoken again - by no protocol, in this run or
   a later one - until it changes or a person says so. Kept in one small file by a fingerprint of
   account and secret: PBKDF2 with a salt of its own, so that the file does not help a thief. At
   most one protocol tries a secret whose worth is not known; the others wait for its outcome.

   One case is told apart: a protocol that refuses a secret which another protocol accepted in the
   same run has not judged the secret (a spam block, a protocol that is switched off). Only that
   protocol is closed then; it may ask again in a later run, once, after another protocol has
   accepted the same secret in that run. */
#ifndef GATEPOST_BUDGET_H
#define GATEPOST_BUDGET_H

#include "checks.h"
#include "io.h"
#include "secret.h"

#include <stdbool.h>
#include <stdint.h>

#define BUDGET_SAID_MAX 160 /* bytes of a refusal's words that are kept, terminator included */

enum budget_answer {
    BUDGET_SPEAK,  /* go on; report the outcome with budget_accepted, budget_refused or
                      budget_no_answer */
    BUDGET_WAIT,   /* another protocol is trying the secret at this moment */
    BUDGET_CLOSED, /* the secret was refused */
};

struct refusal {
    bool kept;            /* from an earlier run */
    enum check check;     /* the login check that was refused; CHECK_COUNT: there is none */
    enum finding finding; /* what it was then; NO_FINDING: not known, merely refused */
    int64_t at_ms;        /* wall clock */
    char said[BUDGET_SAID_MAX];
};

struct budget {
    const char *directory; /* state directory; NULL: there is none */
    char address[321];
    uint8_t fingerprint[32], salt[16];
    bool known;    /* the file had this account with this very secret */
    bool storable; /* false: the state directory cannot be written; refusals hold for this run only
                    */
    bool unsaved;  /* what is known differs from the file */
    int64_t accepted_ms;    /* when this secret was first accepted before this run; 0 never */
    enum check accepted_by; /* in this run; CHECK_COUNT: by none yet */
    enum check trying;      /* CHECK_COUNT: none */
    struct refusal refusal; /* of the secret as such */
    struct refusal closed[CHECK_COUNT]; /* of one protocol, contradicted by another's acceptance */
    check_set refused_now;              /* those that were refused in this run */
};

/* The state directory is one program's at a time: whoever is about to speak a secret or to forget a
   refusal takes it first, waiting at most wait_ms for another one, and has it until budget_release
   or the program's end. */
enum budget_hold {
    BUDGET_HELD,
    BUDGET_BUSY,     /* another gatepost has it */
    BUDGET_NOT_HELD, /* it cannot be written */
};
enum budget_hold budget_hold(const char *state_directory, int64_t wait_ms) MUST_USE;
void budget_release(const char *state_directory);

/* Opens the budget of one account for one run. False when there is no secret, its fingerprint
   cannot be made, or the file may hold refusals that cannot be read (log: why); then no secret may
   be spoken, and every question is answered with BUDGET_CLOSED. */
bool budget_begin(struct budget *budget, const char *state_directory, const char *address,
                  const struct secret *secret) MUST_USE;

/* May this login check speak the secret now? A protocol that was closed alone in an earlier run and
   is asked for before another one has been accepted is answered CLOSED: ask for it last. */
enum budget_answer budget_may_speak(struct budget *budget, enum check check);

/* The outcome. A refusal is on disk when the call returns. budget_no_answer: the peer never judged
 * (time-out, busy). */
void budget_accepted(struct budget *budget, enum check check);
void budget_refused(struct budget *budget, enum check check, enum finding finding,
                    const char *said);
void budget_no_answer(struct budget *budget, enum check check);

/* Ends the run: stores that the secret was accepted, if that is new - flash wears -, and wipes. */
void budget_end(struct budget *budget);

enum budget_forgot { BUDGET_FORGOT, BUDGET_NOTHING_KEPT, BUDGET_NOT_STORABLE };

/* `gatepost forget-refusal`: the account's refusals are forgotten, its acceptance is kept. */
enum budget_forgot budget_forget(const char *state_directory, const char *address);

#endif
