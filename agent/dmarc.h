/* SPDX-License-Identifier: MIT */
/* DMARC as RFC 9989 has it: which record rules a domain, what it says, and whose name counts as
   whose. The functions are pure: they ask through an ask_fn and are run again until nothing is on
   its way. Domains are names without a dot at the end. What an outcome points at are pieces of the
   domain that was given and of the answers. */
#ifndef GATEPOST_DMARC_H
#define GATEPOST_DMARC_H

#include "resolve.h"
#include "text.h"

#include <stdbool.h>

#define DMARC_QUERIES_MAX  8 /* of one walk, section 4.10 */
#define DMARC_PROBLEMS_MAX 8 /* that are kept; more are left out */

enum dmarc_policy { DMARC_UNSAID, DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

enum dmarc_problem {
    DMARC_SEVERAL_RECORDS,     /* all of one name are discarded, section 4.10 */
    DMARC_VERSION_NOT_FIRST,   /* looks like a record, and is none: passed over */
    DMARC_POLICY_MISSING,      /* no p: counts as none where rua is well, section 4.10.1 */
    DMARC_POLICY_INVALID,      /* p, sp or np is no policy: the same */
    DMARC_TAG_INVALID,         /* the default counts */
    DMARC_TAG_MALFORMED,       /* no name, no "=" or no value */
    DMARC_TAG_TWICE,           /* the first counts */
    DMARC_TAG_REMOVED,         /* pct, rf, ri: receivers pass over them now, appendix C */
    DMARC_TAG_UNKNOWN,         /* passed over */
    DMARC_REPORT_URI_INVALID,  /* no report goes there: usually "mailto:" is missing */
    DMARC_REPORT_SIZE_REMOVED, /* "!10m" behind an address: passed over now */
};

struct dmarc_fault {
    enum dmarc_problem problem;
    struct slice words; /* the tag, or the record, it is about */
};

/* What psd says the domain is. */
enum dmarc_owner {
    DMARC_OWNER_UNSAID,      /* u, or absent */
    DMARC_OWNER_SUFFIX,      /* y: a public suffix */
    DMARC_OWNER_ORGANISATION /* n */
};

struct dmarc_record {
    struct slice text;
    enum dmarc_policy p, sp, np; /* as written; UNSAID where absent or no policy */
    enum dmarc_owner owner;
    bool testing;                 /* t=y: the policy is not to be applied */
    bool strict_dkim, strict_spf; /* adkim, aspf */
    struct slice rua, ruf, fo;    /* as written */
    size_t rua_count, ruf_count;  /* well-written addresses */
    bool well;   /* p, sp and np are well; else the record counts as p=none, section 4.10.1 */
    bool usable; /* well, or with an address for reports; else receivers do nothing */
    struct dmarc_fault faults[DMARC_PROBLEMS_MAX];
    size_t fault_count;
};

/* Reads a record whose version policy_record_has_version has seen. */
void dmarc_read(struct slice text, struct dmarc_record *into);

enum dmarc_result {
    DMARC_FOUND,
    DMARC_UNUSABLE, /* a record is there, and receivers act as if it were not */
    DMARC_ABSENT,   /* nowhere on the way */
    DMARC_UNKNOWN,  /* an answer is missing that might be the record: see `status` */
};

struct dmarc_outcome {
    enum dmarc_result result;
    struct dmarc_record record; /* FOUND, UNUSABLE; else only faults: what was discarded */
    const char *where;          /* the domain it stands at: the one asked for, or one above; or
                                   NULL. A piece of the domain that was given */
    enum dmarc_policy policy;   /* for the domain asked for: p there, sp or np of one above; UNSAID
                                   unless FOUND. Where `testing`, it is only a wish */
    enum answer_status status;
};

/* The policy for mail from this domain, section 4.10.1. False while an answer is on its way. */
bool dmarc_judge(ask_fn *ask, void *asker, const char *domain, struct dmarc_outcome *into) MUST_USE;

/* The organizational domain, section 4.10.2: a piece of `domain`, which itself is it where nothing
   says otherwise; NULL where an answer failed that decides. False while an answer is on its way. */
bool dmarc_organisation(ask_fn *ask, void *asker, const char *domain,
                        const char **into_organisation) MUST_USE;

const char *dmarc_policy_name(enum dmarc_policy policy);    /* "quarantine"; "" for UNSAID */
const char *dmarc_problem_name(enum dmarc_problem problem); /* "several-records" */

#endif
