/* SPDX-License-Identifier: MIT */
/* MTA-STS (RFC 8461): the record that says a domain has a policy, and the policy, which senders
   fetch over HTTPS from mta-sts.DOMAIN. */
#ifndef GATEPOST_MTA_STS_H
#define GATEPOST_MTA_STS_H

#include "policy_record.h"
#include "resolve.h"
#include "text.h"

#include <stdbool.h>

#define MTA_STS_HOST_PREFIX "mta-sts."
#define MTA_STS_PATH        "/.well-known/mta-sts.txt"
#define MTA_STS_BODY_MAX    16384    /* bytes that are read; a policy has a few hundred */
#define MTA_STS_MX_MAX      32       /* patterns that are kept; more set `cut` */
#define MTA_STS_ID_MAX      32       /* bytes of an id, section 3.1 */
#define MTA_STS_AGE_MAX     31557600 /* seconds, section 3.2 */

/* ---- the record at _mta-sts.DOMAIN, section 3.1 ---- */

struct mta_sts_record {
    enum policy_record found;
    struct policy_record_found record;
    struct slice id; /* empty where the record has none that is well: senders then ignore it */
};

/* False while the answer is on its way. */
bool mta_sts_find(ask_fn *ask, void *asker, const char *domain,
                  struct mta_sts_record *into) MUST_USE;

/* ---- the policy, section 3.2 ---- */

enum mta_sts_mode { MTA_STS_NONE, MTA_STS_TESTING, MTA_STS_ENFORCE };

/* What makes a policy invalid; senders then act as if there were none. */
enum mta_sts_fault {
    MTA_STS_WELL,
    MTA_STS_NO_VERSION, /* no "version: STSv1": often a web page instead of a policy */
    MTA_STS_BAD_LINE,   /* no "name: value" */
    MTA_STS_BAD_MODE,   /* missing, or none of the three */
    MTA_STS_BAD_AGE,    /* max_age is missing, no number, or too large */
    MTA_STS_BAD_MX,     /* a pattern that is no host name */
    MTA_STS_NO_MX,      /* and the mode is not none */
};

struct mta_sts_policy {
    enum mta_sts_fault fault; /* the first */
    struct slice words;       /* the line it is about; may be empty */
    enum mta_sts_mode mode;
    uint32_t max_age_s;
    struct slice mx[MTA_STS_MX_MAX]; /* pieces of the body */
    size_t mx_count;
    bool cut;
};

/* Reads the body of the HTTPS response. What stands behind MTA_STS_BODY_MAX bytes, and the line
   that they cut, is left out. */
void mta_sts_read(struct slice body, struct mta_sts_policy *into);

/* True when a pattern of the policy is this MX host (section 4.1): "*." stands for one label. */
bool mta_sts_covers(const struct mta_sts_policy *policy, const char *host);

const char *mta_sts_mode_name(enum mta_sts_mode mode); /* "enforce" */

#endif
