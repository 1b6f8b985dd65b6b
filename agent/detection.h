/* SPDX-License-Identifier: MIT */
/* Whose a domain's mail is: which profile its records fit best, and which servers they name. */
#ifndef GATEPOST_DETECTION_H
#define GATEPOST_DETECTION_H

#include "profile.h"
#include "resolve.h"

#define DETECTION_CLUES_MAX  4
#define DETECTION_RIVALS_MAX 8

/* A record that speaks for the profile. */
enum clue_kind { CLUE_MX, CLUE_SRV, CLUE_ALIAS };

struct clue {
    enum clue_kind kind;
    const char *name, *host; /* the record's name, and the host that it names */
};

enum detection_state {
    DETECTION_DONE,
    DETECTION_NO_DOMAIN,  /* the name does not exist */
    DETECTION_UNANSWERED, /* no resolver told the MX records: nothing is known */
};

/* Text lives in the arena, or as long as the answers do. */
struct detection {
    enum detection_state state;
    const char *profile, *title; /* "generic" where nothing speaks for another */
    struct clue clues[DETECTION_CLUES_MAX];
    size_t clue_count;
    const char *rivals[DETECTION_RIVALS_MAX]; /* profiles that fit as well */
    size_t rival_count;
    bool wants_host;  /* the profile's servers are the account's own */
    const char *host; /* then this is the account's, where records tell it; else NULL */
    /* Where the profile names no server: those of the SRV records of RFC 6186 (IMAP on port 993,
       submission on port 587); else NULL. */
    const char *imap_host, *submission_host;
    bool by_token, wants_tenant; /* the provider takes tokens; its token server wants a tenant */
    bool has_interface;          /* the provider tells of its accounts by an interface of its own */
};

/* Detects for a domain. False while an answer is on its way: call it again, from its start, after
   each. What a zone says is not proved: a password must not follow it without a person's consent.
 */
bool detection_make(const char *domain, const struct settings *settings, struct arena *arena,
                    ask_fn *ask, void *asker, struct detection *into_detection) MUST_USE;

#endif
