/* SPDX-License-Identifier: MIT */
/* The checks, from checks.def: what is asked, in which order, what each needs, and who plays which
 * part of it. */
#ifndef GATEPOST_CHECKS_H
#define GATEPOST_CHECKS_H

#include "catalogue.h"
#include "dialect.h"

#include <stdbool.h>
#include <stdint.h>

/* light speaks no credential and sends no mail, login speaks the secret, loop sends a mail. Each
 * includes those before. */
enum cost { COST_LIGHT, COST_LOGIN, COST_LOOP } COMPACT;

enum check {
#define CHECK(symbol, ...) symbol,
#define SERVICE(...)
#define ACT(...)
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
    CHECK_COUNT
} COMPACT;

/* One kind of server that is talked to: one connection for each host and family, whatever is asked
 * there. */
enum service {
#define CHECK(...)
#define SERVICE(symbol, ...) symbol,
#define ACT(...)
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
    SERVICE_COUNT
} COMPACT;

/* One check's part in the conversation with one service. */
enum act {
#define CHECK(...)
#define SERVICE(...)
#define ACT(symbol, ...) symbol,
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
    ACT_COUNT
} COMPACT;

/* The eight results that head every report, in the provider's order. */
enum result {
#define CHECK(...)
#define SERVICE(...)
#define ACT(...)
#define RESULT(symbol, ...) symbol,
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
    RESULT_COUNT
} COMPACT;

/* A set of checks: bit by bit, in the order of the table. */
typedef uint64_t check_set;

#define CHECK_BIT(check) (UINT64_C(1) << (check))
#define CHECK_SET_ALL    UINT64_MAX
#define CHECK_SET_BITS   64

/* Whose state a check tells: all mailboxes' of this gateway; those' of the same provider, with the
   same servers; those' of the same domain at the same provider; or one mailbox's alone. What one
   mailbox's run has seen to be well, the next one's need not ask again at once (loan.h). */
enum about { ABOUT_OFFICE, ABOUT_PROVIDER, ABOUT_DOMAIN, ABOUT_ACCOUNT };

struct check_row {
    const char *slug;
    enum layer layer;
    enum about about;
    enum cost cost;
    check_set needs; /* must be ok or warning first */
    const char *title[LANGUAGES];
};

struct service_row {
    const char *slug;
    enum dialect dialect;
    const char *title[LANGUAGES];
};

struct lane;
struct step;

/* Picks the next script of a part, or NULL when it has nothing more to say. Called before each
   script; what was learned so far is in the lane. The only place where a conversation branches or
   repeats. */
typedef const struct step *choose_fn(struct lane *lane);

struct raised;

/* Adds what only this part knows to a finding it raised: params, better words of evidence. */
typedef void dress_fn(struct lane *lane, struct raised *raised);

/* Decides what follows a script that failed. True: the act goes on with the chooser's next script
   (the connection is closed, and a finding, if any is due, was raised by the function). False: the
   finding is raised and the act has failed. */
typedef bool recover_fn(struct lane *lane, enum finding finding);

/* clang-format off */
#define SCRIPTS(...) (const struct step *const[]){ __VA_ARGS__, NULL }
/* clang-format on */

/* What one act says: its chooser, and every script that it may choose, in the usual order, for
 * those who read them (explain, tests). */
struct part {
    choose_fn *choose;
    dress_fn *dress;                   /* or NULL */
    recover_fn *recover;               /* or NULL */
    const struct step *const *scripts; /* NULL after the last */
};

/* What an act speaks that nobody else may hear. */
enum speaks {
    SPEAKS_NO_SECRET,
    SPEAKS_LOGIN, /* a mailbox's: the login budget has to allow it */
    SPEAKS_KEY,   /* the key to the provider's interface, which no budget counts */
} COMPACT;

struct act_row {
    enum check check;
    enum service service;
    enum speaks speaks;
    const struct part *part; /* defined in a file of checks/ */
};

struct result_row {
    const char *slug; /* key in the report's "results" */
    enum check check; /* the check that decides it */
    const char *good[LANGUAGES], *bad[LANGUAGES];
};

const struct check_row *check_row(enum check check);
const struct service_row *service_row(enum service service);
const struct act_row *act_row(enum act act);
const struct result_row *result_row(enum result result);

/* A state of the account asks nothing by itself: the checks that it is decided from, which a
   run that is asked for it alone has to make, too. 0 for every other check. */
check_set check_evidence(enum check check);

enum check check_find(struct slice slug); /* CHECK_COUNT where there is none */
const char *cost_name(enum cost cost);

#endif
