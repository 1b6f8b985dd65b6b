/* SPDX-License-Identifier: MIT */
#include "meaning.h"

#include "pattern.h"

/* Exchange front ends that cannot reach their back end say so in these words (PRX1 to PRX7, CPRX1,
 * CPRX2). */
static const struct meaning incidents[] = {
    { "4*PRX*", PROVIDER_INCIDENT },
    { NULL, NO_FINDING },
};

/* Replies that ask for patience: nothing is known of the account then. */
static const struct meaning busy[] = {
    { "4*", SERVICE_BUSY },                /* SMTP 4yz, RFC 5321 section 4.2.1 */
    { "BYE*", SERVICE_BUSY },              /* IMAP, RFC 3501 section 7.1.5 */
    { "NO [UNAVAILABLE]*", SERVICE_BUSY }, /* RFC 5530 */
    { "NO [INUSE]*", SERVICE_BUSY },
    { "NO [LIMIT]*", SERVICE_BUSY },
    { "HTTP/1.? 429*", SERVICE_BUSY },
    { "HTTP/1.? 5*", SERVICE_BUSY },
    { NULL, NO_FINDING },
};

static bool any_line_matches(const struct meaning *meaning, const struct reply *reply)
{
    if (pattern_matches(meaning->pattern, reply->said))
        return true;
    struct slice rest = reply->whole, line;
    if (reply->body.len > 0 || slice_starts(reply->whole, "HTTP/"))
        return false;
    while (slice_line(&rest, &line))
        if (pattern_matches(meaning->pattern, line))
            return true;
    return false;
}

static enum finding look_up_meaning(const struct meaning *table, const struct reply *reply)
{
    for (; table != NULL && table->pattern != NULL; table++)
        if (any_line_matches(table, reply))
            return table->finding;
    return NO_FINDING;
}

/* The most special knowledge first: this provider's, Exchange's incidents, this step's, the
 * protocol's own. */
enum finding meaning_of_reply(const struct dialogue *dialogue, const struct step *step)
{
    enum finding finding = profile_reply_means(dialogue->profile, dialogue->service, step->stage,
                                               dialogue->reply.said);
    if (finding == NO_FINDING)
        finding = look_up_meaning(incidents, &dialogue->reply);
    if (finding == NO_FINDING)
        finding = look_up_meaning(step->meanings, &dialogue->reply);
    if (finding == NO_FINDING)
        finding = look_up_meaning(busy, &dialogue->reply);
    return finding == NO_FINDING ? step->otherwise : finding;
}

static enum finding untrusted(enum trust_verdict verdict)
{
    switch (verdict) {
    case TRUST_CLOCK_UNSET:
        return DEVICE_CLOCK_UNSET;
    case TRUST_EXPIRED:
        return TLS_EXPIRED;
    case TRUST_NOT_YET_VALID:
        return TLS_NOT_YET_VALID;
    case TRUST_NAME_MISMATCH:
        return TLS_NAME_MISMATCH;
    case TRUST_CHAIN_INCOMPLETE:
        return TLS_CHAIN_INCOMPLETE;
    case TRUST_UNKNOWN_ROOT:
    case TRUST_SELF_SIGNED:
    case TRUST_WEAK:
        return TLS_UNTRUSTED;
    case TRUST_BUNDLE_TROUBLE:
        return TLS_BUNDLE_MISSING;
    case TRUST_GOOD:
        break;
    }
    return TLS_HANDSHAKE_FAILED;
}

enum finding meaning_of_trouble(const struct wire *wire)
{
    switch (wire->trouble) {
    case WIRE_REFUSED:
        return SERVICE_REFUSED;
    case WIRE_UNREACHABLE:
        return SERVICE_UNREACHABLE;
    case WIRE_CLOSED:
        return SERVICE_CLOSED;
    case WIRE_TLS_PROTOCOL:
        return TLS_OLD_PROTOCOL;
    case WIRE_TLS_HANDSHAKE:
    case WIRE_TLS_PIN:
    case WIRE_TLS_IDENTITY:
        return TLS_HANDSHAKE_FAILED;
    case WIRE_TLS_NOT_TRUSTED:
        return untrusted(wire->verdict);
    case WIRE_DEVICE:
    case WIRE_FINE:
        break;
    }
    return DEVICE_EXHAUSTED;
}

enum finding meaning_of_answer(enum answer_status status)
{
    switch (status) {
    case ANSWER_RECORDS:
    case ANSWER_NODATA:
    case ANSWER_NXDOMAIN:
        return NO_FINDING;
    case ANSWER_SERVFAIL:
        return DNS_SERVFAIL;
    case ANSWER_REFUSED:
        return DNS_REFUSED;
    case ANSWER_TIMED_OUT:
        return DNS_TIMED_OUT;
    case ANSWER_GARBLED:
        return DNS_GARBLED;
    case ANSWER_DEVICE:
    case ANSWER_PENDING:
        break;
    }
    return DEVICE_EXHAUSTED;
}
