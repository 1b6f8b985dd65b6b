/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include <assert.h>

/* ---- lists that several rows share ---- */

/* The most telling first. Submission's may mean something else, see spam-block-inferred. */
#define SWITCHABLE_REFUSALS                                                                        \
    WEBMAIL_LOGIN_REFUSED, ACTIVESYNC_LOGIN_REFUSED, EWS_LOGIN_REFUSED,                            \
        AUTODISCOVER_LOGIN_REFUSED, IMAP_LOGIN_REFUSED, POP_LOGIN_REFUSED

#define LOGIN_REFUSALS OAUTH_REFUSED, SWITCHABLE_REFUSALS, SUBMISSION_LOGIN_REFUSED

#define MX_FINDINGS                                                                                \
    DNS_MX_MISSING, DNS_MX_FOREIGN, DNS_MX_INCOMPLETE, DNS_MX_MIXED, DNS_MX_LEGACY, DNS_MX_DANGLING

/* What a run hears where nothing gets through. */
#define SILENCES                                                                                   \
    SERVICE_TIMED_OUT, SERVICE_UNREACHABLE, SERVICE_REFUSED, SERVICE_CLOSED, DNS_TIMED_OUT,        \
        DNS_SERVFAIL, DNS_REFUSED, OFFICE_RESOLVER_PARTLY_DEAD

#define MX_SIDE    (CHECK_BIT(TLS_MX) | CHECK_BIT(INBOUND_SMTP) | CHECK_BIT(MAIL_RECEIVE))
#define MX_RECORDS (CHECK_BIT(DNS_MX) | MX_SIDE)
#define DOMAIN_RECORDS                                                                             \
    (CHECK_BIT(DNS_SRV) | CHECK_BIT(DNS_AUTODISCOVER) | CHECK_BIT(DNS_SPF) | CHECK_BIT(DNS_DKIM) | \
     CHECK_BIT(DNS_DMARC) | CHECK_BIT(DNS_MTA_STS) | CHECK_BIT(AUTODISCOVER_OUTLOOK))
#define CONNECTIONS                                                                                \
    (CHECK_BIT(TLS_WEBMAIL) | CHECK_BIT(TLS_EXCHANGE) | CHECK_BIT(TLS_IMAP) | CHECK_BIT(TLS_POP) | \
     CHECK_BIT(TLS_SUBMISSION))
#define DELIVERY (CHECK_BIT(MAIL_SEND) | CHECK_BIT(MAIL_RECEIVE))

/* clang-format off */
#define FINDINGS(...) (const enum finding[]){ __VA_ARGS__, NO_FINDING }
/* clang-format on */

static const struct rule_row rules[RULE_COUNT] = {
    [NO_RULE] = { .slug = "", .words = { "", "" } },
#define RULE(symbol, slug_, kind_, en, fr, ...)                                                    \
    [symbol] = { .slug = slug_, .kind = kind_, .words = { en, fr }, __VA_ARGS__ },
#include "rules.def"
#undef RULE
};

const struct rule_row *rule_row(enum rule rule)
{
    assert(rule < RULE_COUNT);
    return &rules[rule];
}

enum rule rule_find(struct slice slug)
{
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        if (slice_is(slug, rules[i].slug))
            return i;
    return NO_RULE;
}

size_t rule_lists(const enum finding *list, enum finding finding)
{
    for (size_t i = 0; list != NULL && list[i] != NO_FINDING; i++)
        if (list[i] == finding)
            return i + 1;
    return 0;
}

enum rule rule_deciding(enum finding finding)
{
    for (enum rule i = NO_RULE + 1; i < RULE_COUNT; i++)
        if (rules[i].kind == RULE_DECIDES && rules[i].finding == finding)
            return i;
    return NO_RULE;
}
