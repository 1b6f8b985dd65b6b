/* SPDX-License-Identifier: MIT */
/* Outlook's way from place to place until one tells where the mailbox is: where it has come to, and
   how it ends. What is said at a place is autodiscover.c's. */
#ifndef GATEPOST_CHECKS_WALK_H
#define GATEPOST_CHECKS_WALK_H

#include "../autodiscover.h"
#include "parts.h"

#define WALK_REDIRECTS_MAX 10 /* as many as Outlook follows */
#define WALK_VISITS_MAX    24 /* places and addresses of a whole walk */

/* In Outlook's order. */
enum candidate { NOBODY_YET, ROOT, SUBDOMAIN, PLAIN, SRV_TARGET };

/* What comes next. */
enum todo { MOVE_ON, CONNECT, ASK, COMPARE, PROVE, LOG_IN, STOP };

struct walk {
    enum candidate candidate;
    enum todo todo;
    enum kinship kinship; /* of the host that is asked */
    bool let_in;          /* a password was spoken, and answered with settings or a way to them */
    struct place place;
    const char *domain, *address;        /* another address may be told on the way */
    const char *visits[WALK_VISITS_MAX]; /* URLs that were asked, addresses that were asked for */
    size_t visit_count, chain;           /* chain: the first of this candidate */
    unsigned redirects;
    struct pox pox;                   /* what was answered last */
    const char *circle, *circle_said; /* the host that leads in one, or NULL */
    enum finding doubt;               /* what kept a place from answering, that is no answer */
    const char *doubtful, *doubt_said;
};

struct walk *walk_of(const struct lane *lane);
const struct profile *walk_profile(const struct lane *lane);

/* NULL, and told, when the arena is full. */
struct walk *walk_begin(struct lane *lane);

/* Goes to the present candidate, which is not the SRV record's target, unless it was asked already
   or is no host. */
void walk_to_candidate(struct lane *lane);

/* Where the SRV record is looked up, and then: goes to its target, if it has one. */
void walk_to_srv(struct lane *lane);
void walk_take_srv(struct lane *lane);

/* Follows a redirection, to https only, or begins again with another address: the pox has it. Where
   that cannot be, it stays with moving on. */
void walk_follow(struct lane *lane, struct slice location);
void walk_begin_again(struct lane *lane);

/* Keeps the first trouble that is no answer. */
void walk_doubt(struct lane *lane, enum finding finding);

/* The ends. */
void walk_win(struct lane *lane);     /* Outlook gets to the provider */
void walk_accuse(struct lane *lane);  /* to somebody else, whose words the notebook has */
void walk_give_up(struct lane *lane); /* to nobody, or it cannot be told */

#endif
