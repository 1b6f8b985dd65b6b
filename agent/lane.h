/* SPDX-License-Identifier: MIT */
/* One connection to one service: plays the acts of that service in their order, then says good-bye.
   What the acts may assume of each other, and what they may learn, is here; when an act may begin
   is the suite's to say. */
#ifndef GATEPOST_LANE_H
#define GATEPOST_LANE_H

#include "dialogue.h"
#include "ledger.h"
#include "loop.h"
#include "parcel.h"

#include <stdbool.h>
#include <stdint.h>

struct suite;

#define LANE_COOKIES_MAX 4096 /* bytes of all cookies of one host */
#define LANE_PATH_MAX    1024 /* bytes of a path and query */
#define LANE_HITS_MAX    20   /* messages of one search that are looked at */

/* What is learned in a conversation and needed later in it. */
struct notebook {
    unsigned round;            /* how many scripts this act has chosen so far; 0 at its first */
    unsigned phase;            /* what a chooser with a longer way remembers; 0 at first */
    unsigned redirects;        /* HTTP: how many were followed */
    bool redirected;           /* HTTP: the last reply led to `path` */
    unsigned page;             /* HTTP: which health page */
    bool compares;             /* DNS: what is asked is compared with the zone's own servers, */
    enum record_type compared; /* and is of this type */
    unsigned offers;     /* HTTP: the ways to log in that the last 401 named: enum web_offer */
    bool met_exchange;   /* HTTP: one of Exchange's services was there */
    bool renews_token;   /* HTTP: the token server gave a new refresh token */
    bool answered;       /* the provider's interface: the last answer could be read */
    bool in_maintenance; /* ... and says that the service is */
    int64_t task;        /* ... the number of what was begun */
    int64_t ahead_ms;    /* ... whose clock is so far ahead of ours */
    char time[24], signature[44]; /* ... for the holes */
    struct walk *walk; /* HTTP: Outlook's search for the mailbox: checks/autodiscover.c */
    bool leads_elsewhere, is_wildcard, judged_alias; /* DNS: of the name `autodiscover` */
    char said[160];      /* HTTP: status line, and the word of the body that decides */
    char junk[80];       /* IMAP: the junk folder, as it was listed; "" when the server has none */
    bool in_junk;        /* IMAP: which folder is selected */
    bool removes_by_uid; /* IMAP: the server has UIDPLUS (RFC 4315) */
    char since[16], before[16], uid[12]; /* IMAP: for the holes */
    void *enquired;               /* what an ENQUIRE of this act kept, of a type the act knows */
    uint32_t hits[LANE_HITS_MAX]; /* IMAP: unique identifiers of the last search */
    size_t hit_count, hit;
    enum {
        MAIL_FOREIGN,
        MAIL_OURS,
        MAIL_REPORT,
        MAIL_ANSWER
    } kind;                         /* IMAP: the message that was fetched last */
    enum direction direction;       /* IMAP: which of our mails it is, or is about */
    int64_t look_again_ms;          /* IMAP: from the beginning of one look to that of the next */
    int64_t looked_ms;              /* IMAP: when the last one began */
    unsigned sweep;                 /* IMAP: how far the search for old test mails is; 0 at first */
    char report[EVIDENCE_SAID_MAX]; /* IMAP: the diagnostic line of a delivery report */
    /* Large, and last: lane_begin only empties them, so that lanes that need none touch no memory.
     */
    char path[LANE_PATH_MAX]; /* HTTP: where to go next */
    char cookies[LANE_COOKIES_MAX];
};

enum lane_state {
    LANE_WAITING, /* for its turn, for another check, for the budget, or for wake_ms */
    LANE_PLAYING,
    LANE_LEAVING, /* saying good-bye */
    LANE_OVER,
};

struct lane {
    struct suite *suite;
    enum service service;
    enum family family;
    size_t rank; /* MX: 0 for the most preferred host */
    struct endpoint endpoint;
    enum lane_state state;
    enum act act;        /* the one that is played or waited for; ACT_COUNT after the last */
    check_set passed;    /* checks whose act on this lane ended well */
    check_set ended;     /* checks whose act on this lane ended at all */
    bool no_address;     /* the host has none of this family */
    bool begun;          /* the present act was let through the gate */
    bool waits_for_loan; /* the present act need not be played as long as nothing is doubted */
    bool spoilt;         /* it raised a finding that fails it */
    bool ready;          /* something happened: go on */
    int64_t since_ms;    /* when the present wait began, for the progress line */
    int64_t wake_ms;     /* not before; 0: at once; LOOP_NEVER: whenever anything went on */
    char peer[160];      /* "ex4.mail.ovh.net [192.0.2.7]:587" */
    struct watcher watcher;
    struct notebook notebook;
    struct dialogue dialogue;
};

/* Opens a lane; nothing is sent yet. endpoint.host lives as long as the lane. */
void lane_begin(struct lane *lane, struct suite *suite, enum service service,
                struct endpoint endpoint, enum family family, size_t rank);

/* Goes on as far as possible. True when anything changed that another lane may have waited for. */
bool lane_advance(struct lane *lane);

/* Ends it now: the connection is closed and what was going on counts as unknown for the reason. */
void lane_abandon(struct lane *lane, enum reason reason);

/* Raises a finding for the lane's present act, with the peer's last words. For choosers. NULL when
 * the ledger is full. */
struct raised *lane_raise(struct lane *lane, enum finding finding);

/* The same for a given check, with given words. */
struct raised *lane_raise_for(struct lane *lane, enum finding finding, enum check check,
                              struct slice said);

/* The check that the present act belongs to. */
enum check lane_check(const struct lane *lane);

#endif
