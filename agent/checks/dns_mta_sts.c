/* SPDX-License-Identifier: MIT */
/* The domain's MTA-STS policy (RFC 8461): fetched as senders fetch it, and compared with the MX
   records. Where no record says that there is one, nobody is connected to. */
#include "parts.h"

#include "../mta_sts.h"

enum phase { STS_BEGIN, STS_OVER };

/* What is kept: the record until the policy is read, then that. */
struct sts {
    struct mta_sts_record record;
    struct mta_sts_policy policy;
    bool fetched;
};

static struct sts *sts_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

/* ---- what is asked ---- */

static void find_nothing(struct lane *lane)
{
    lane->notebook.phase = STS_OVER;
    ledger_fact(&lane->suite->run->ledger, DNS_MTA_STS, "record", "none");
}

static bool find_record(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct sts sts = { .fetched = false };
    bool known = mta_sts_find(lookups_ask, &suite->lookups, suite->domain, &sts.record);
    enum io domain = records_domain(lane);
    if (domain == IO_FAILED)
        return true;
    if (domain == IO_READ || !known)
        return false;
    if (sts.record.found == POLICY_RECORD_UNKNOWN) {
        const char *name = text_format(suite->arena, "_mta-sts.%s", suite->domain);
        records_unanswered(lane, name, sts.record.record.status);
    } else if (sts.record.found == POLICY_RECORD_NONE && sts.record.record.passed_over.len == 0) {
        find_nothing(lane);
    } else {
        records_keep(lane, &sts, sizeof sts);
    }
    return true;
}

static void read_policy(struct lane *lane)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    struct sts *sts = sts_of(lane);
    mta_sts_read(lane->dialogue.reply.body, &sts->policy);
    sts->fetched = true;
    if (sts->policy.fault != MTA_STS_WELL)
        return;
    ledger_fact(ledger, DNS_MTA_STS, "mode", "%s", mta_sts_mode_name(sts->policy.mode));
    ledger_fact(ledger, DNS_MTA_STS, "max_age", "%lu s", (unsigned long)sts->policy.max_age_s);
}

/* ---- judges ---- */

static bool record_is_well(const struct lane *lane)
{
    const struct mta_sts_record *record = &sts_of(lane)->record;
    return record->found == POLICY_RECORD_ONE && record->id.len > 0;
}

static bool policy_is_well(const struct lane *lane)
{
    return sts_of(lane)->policy.fault == MTA_STS_WELL;
}

static size_t count_covered(const struct lane *lane, size_t *into_hosts)
{
    const struct mta_sts_policy *policy = &sts_of(lane)->policy;
    struct suite *suite = lane->suite;
    const struct answer *mx = lookups_ask(&suite->lookups, suite->domain, RECORD_MX);
    size_t covered = 0;
    *into_hosts = 0;
    if (mx == NULL || policy->mode == MTA_STS_NONE || policy->cut)
        return 0;
    for (size_t i = 0; i < mx->count; i++) {
        if (mx->records[i].name[0] == '\0')
            continue;
        ++*into_hosts;
        covered += mta_sts_covers(policy, mx->records[i].name) ? 1 : 0;
    }
    return covered;
}

/* Who follows an enforced policy delivers to no other host (section 5). */
static bool lets_mail_in(const struct lane *lane)
{
    size_t hosts, covered = count_covered(lane, &hosts);
    return sts_of(lane)->policy.mode != MTA_STS_ENFORCE || hosts == 0 || covered > 0;
}

static bool covers_every_mx(const struct lane *lane)
{
    size_t hosts, covered = count_covered(lane, &hosts);
    return covered == hosts;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step sts_record[] = {
    ENQUIRE(find_record),
    END
};
static const struct step sts_policy[] = {
    JUDGE  (record_is_well,  DNS_MTA_STS_INVALID),
    LOCATE (),
    DIAL   (),
    SECURE (),
    SAY    ("GET " MTA_STS_PATH),
    HEAR   ("200",           DNS_MTA_STS_POLICY_MISSING), /* not redirected, section 3.3 */
    LEARN  (read_policy),
    JUDGE  (policy_is_well,  DNS_MTA_STS_INVALID),
    JUDGE  (lets_mail_in,    DNS_MTA_STS_SHUTS_OUT),
    NOTE   (covers_every_mx, DNS_MTA_STS_MX_MISMATCH),
    END
};
/* clang-format on */

static const struct step *choose_sts(struct lane *lane)
{
    if (lane->notebook.phase == STS_OVER)
        return NULL;
    return records_choose(lane, sts_record, sts_policy);
}

/* What keeps every sender from the policy. That nobody answers, or that a connection is turned
   away, may be this office's own firewall. */
static bool is_the_servers_doing(enum finding finding)
{
    return finding == DNS_HOST_MISSING || finding == TLS_EXPIRED || finding == TLS_NAME_MISMATCH ||
           finding == TLS_UNTRUSTED || finding == TLS_CHAIN_INCOMPLETE ||
           finding == TLS_OLD_PROTOCOL || finding == TLS_HANDSHAKE_FAILED ||
           finding == TLS_NOT_YET_VALID;
}

static bool is_our_own(enum finding finding)
{
    return finding == DNS_MTA_STS_INVALID || finding == DNS_MTA_STS_POLICY_MISSING ||
           finding == DNS_MTA_STS_SHUTS_OUT || finding == DEVICE_EXHAUSTED ||
           finding == DEVICE_CLOCK_UNSET || finding == TLS_BUNDLE_MISSING;
}

/* The policy's host is no server of the mailbox: that it cannot be reached is no fault of those. */
static bool recover_from_silence(struct lane *lane, enum finding finding)
{
    if (is_our_own(finding))
        return false;
    lane->notebook.phase = STS_OVER;
    if (!is_the_servers_doing(finding))
        records_unknown(lane, REASON_NO_ANSWER);
    else
        (void)lane_raise(lane, DNS_MTA_STS_UNREACHABLE); /* a full ledger counts what it dropped */
    return true;
}

static void list_mx(const struct answer *mx, struct text *text)
{
    for (size_t i = 0; mx != NULL && i < mx->count; i++)
        text_add_format(text, "%s%s", i > 0 ? ", " : "", mx->records[i].name);
}

static void list_patterns(const struct mta_sts_policy *policy, struct text *text)
{
    for (size_t i = 0; i < policy->mx_count; i++) {
        text_add_string(text, i > 0 ? ", " : "");
        text_add_printable(text, policy->mx[i]);
    }
}

/* The policy's patterns are the evidence, the MX hosts are what they should be. */
static void dress_sts(struct lane *lane, struct raised *raised)
{
    struct suite *suite = lane->suite;
    const struct sts *sts = sts_of(lane);
    char found[EVIDENCE_SAID_MAX], expected[EVIDENCE_SAID_MAX];
    struct text patterns, hosts;
    if (sts == NULL || raised->finding == DNS_MTA_STS_UNREACHABLE ||
        raised->finding == DNS_MTA_STS_POLICY_MISSING) {
        records_show(lane, raised, lane->endpoint.host, SLICE(""));
        return;
    }
    text_begin(&patterns, found, sizeof found);
    text_begin(&hosts, expected, sizeof expected);
    list_patterns(&sts->policy, &patterns);
    list_mx(lookups_ask(&suite->lookups, suite->domain, RECORD_MX), &hosts);
    if (raised->finding != DNS_MTA_STS_INVALID) {
        records_show(lane, raised, lane->endpoint.host, text_slice(&patterns));
        raised->params.value[PARAM_EXPECTED] = text_copy(suite->arena, text_slice(&hosts));
    } else if (sts->fetched) {
        records_show(lane, raised, lane->endpoint.host, sts->policy.words);
    } else {
        struct slice other = sts->record.record.passed_over;
        const char *name = text_format(suite->arena, "_mta-sts.%s", suite->domain);
        records_show(lane, raised, name, other.len > 0 ? other : sts->record.record.text);
    }
}

const struct part part_mta_sts = { choose_sts, dress_sts, recover_from_silence,
                                   SCRIPTS(sts_record, sts_policy) };
