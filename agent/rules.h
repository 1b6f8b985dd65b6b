/* SPDX-License-Identifier: MIT */
/* How the diagnosis reasons, as a table (rules.def): which signs together mean which finding, what
   explains what, how sure each is, and what speaks against it. Only data; signs.c reads the signs,
   inference.c applies the rows. The slug is on the wire and never changes. */
#ifndef GATEPOST_RULES_H
#define GATEPOST_RULES_H

#include "catalogue.h"
#include "checks.h"

#include <stddef.h>

#define RULE_SIGNS_MAX 3

enum rule {
    NO_RULE,
#define RULE(symbol, ...) symbol,
#include "rules.def"
#undef RULE
    RULE_COUNT
} COMPACT;

enum rule_kind {
    RULE_NONE,
    RULE_MIRRORS,   /* `finding`, wherever it was raised, belongs to `check` too */
    RULE_CONCLUDES, /* the signs mean `finding` on `check`; the first sign lends its evidence */
    RULE_CLEARS,    /* the signs mean that `check` is well */
    RULE_REPLACES,  /* beside the signs, each finding `of` is better told as `finding` */
    RULE_DECIDES,   /* `finding` is concluded by code: the row says how */
    RULE_EXPLAINS,  /* beside the signs, a finding `by` explains the findings `of` at `where` */
    RULE_ORDERS,    /* of the findings `of`, an earlier one explains the later ones */
    RULE_DISMISSES, /* beside the signs, the findings `of` are nobody's trouble */
    RULE_RATES,     /* with the signs, the findings `of` are as sure as `confidence` */
    RULE_DOUBTS,    /* the signs speak against the findings `of`: at most `confidence` */
} COMPACT;

/* What can be seen in a run, one small question each. Those ABOUT are of the finding in question,
   the others of the whole run. */
enum sign {
    NO_SIGN,
    SIGN_LOGIN_REFUSED,
    SIGN_LOGIN_ACCEPTED,
    SIGN_SUBMISSION_REFUSED,
    SIGN_OTHER_LOGIN_ACCEPTED, /* than submission's */
    SIGN_ACCEPTED_BEFORE,      /* the same secret, in an earlier run */
    SIGN_MAIL_ACCEPTED,        /* by submission, whatever became of it */
    SIGN_MAIL_SENT,            /* and seen to arrive */
    SIGN_MAIL_RECEIVED,
    SIGN_MAIL_LOST_TO_ITSELF, /* the outgoing test mail was for the mailbox that was watched */
    SIGN_MAIL_FROM_ITSELF_ARRIVED,
    SIGN_QUOTA_FULL,
    SIGN_SPF_PASSED, /* where our own mail arrived */
    SIGN_SIGNATURE_VERIFIED,
    SIGN_RECIPIENT_ACCEPTED,
    SIGN_RECIPIENT_REFUSED,
    SIGN_RECIPIENT_DISABLED, /* refused as a mailbox that is switched off (RFC 3463, 5.2.1) */
    SIGN_BUSY,
    SIGN_SEVERAL_BUSY,
    SIGN_INCIDENT_TOLD,
    SIGN_CLOCK_WRONG,
    SIGN_DNS_MEDDLED_WITH,
    SIGN_FALSE_MX,
    SIGN_FALSE_HOST,
    SIGN_LED_BY_SRV, /* to the service that is the wrong one */
    SIGN_AT_AUTODISCOVER_NAME,
    SIGN_PROVIDER_CLEARS_SENDING, /* its own interface says that nothing is amiss */
    SIGN_PROVIDER_CLEARS_SUBSCRIPTION,
    SIGN_PROVIDER_CLEARS_LOCK,
    SIGN_ABOUT_TOLD,           /* a peer said it, it was not concluded; first of those ABOUT */
    SIGN_ABOUT_PROVIDERS_WORD, /* its own interface said it */
    SIGN_ABOUT_OUTRIGHT,       /* a failure, in the peer's own words */
    SIGN_ABOUT_READ,           /* read off a record or a certificate */
    SIGN_ABOUT_MASKED,         /* a keyword was written over with X */
    SIGN_ABOUT_PRX,            /* Exchange's own code of an inner failure */
    SIGN_ABOUT_SPAM_CODE,      /* a code that means a block for spam and nothing else */
    SIGN_ABOUT_MISSING,        /* a mail that was not refused, but never seen */
    SIGN_ABOUT_SISTER_HOST,    /* only another host of the same owner answers */
    SIGN_ABOUT_MX_PORT,        /* the way to the MX hosts, and no other */
    SIGN_COUNT
} COMPACT;

struct rule_row {
    const char *slug;
    enum rule_kind kind;
    enum confidence confidence;
    enum finding finding;           /* what is concluded */
    enum check check;               /* where */
    enum sign all[RULE_SIGNS_MAX];  /* must be there; NO_SIGN after the last */
    enum sign none[RULE_SIGNS_MAX]; /* must not be there */
    const enum finding *of;         /* NO_FINDING after the last; NULL: every one */
    const enum finding *by;         /* NO_FINDING after the last */
    check_set where;                /* 0: everywhere */
    const char *words[LANGUAGES];   /* why, in a sentence or two for a person */
};

const struct rule_row *rule_row(enum rule rule);
enum rule rule_find(struct slice slug); /* NO_RULE where there is none */

/* The place of a finding in a list of a row, from 1; 0 where it is not in it, or there is none. */
size_t rule_lists(const enum finding *list, enum finding finding);

/* The row that says how a finding is concluded by code; NO_RULE where none does. */
enum rule rule_deciding(enum finding finding);

#endif
