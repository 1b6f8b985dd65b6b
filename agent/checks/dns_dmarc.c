/* SPDX-License-Identifier: MIT */
/* The domain's DMARC record (RFC 9989): what receivers are to do with forged mail. */
#include "parts.h"

#include "../dmarc.h"

static const struct dmarc_outcome *dmarc_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

/* ---- what is asked ---- */

static void keep_facts(struct lane *lane, const struct dmarc_outcome *outcome)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    if (outcome->result != DMARC_FOUND)
        return;
    ledger_fact(ledger, DNS_DMARC, "policy", "%s%s", dmarc_policy_name(outcome->policy),
                outcome->record.testing ? " (t=y)" : "");
    if (outcome->where != NULL)
        ledger_fact(ledger, DNS_DMARC, "record", "_dmarc.%s", outcome->where);
}

static bool find_dmarc(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct dmarc_outcome outcome;
    bool known = dmarc_judge(lookups_ask, &suite->lookups, suite->domain, &outcome);
    enum io domain = records_domain(lane);
    if (domain == IO_FAILED)
        return true;
    if (domain == IO_READ || !known)
        return false;
    if (outcome.result == DMARC_UNKNOWN) {
        const char *name = text_format(suite->arena, "_dmarc.%s", suite->domain);
        records_unanswered(lane, name, outcome.status);
        return true;
    }
    records_keep(lane, &outcome, sizeof outcome);
    keep_facts(lane, &outcome);
    return true;
}

/* ---- judges ---- */

static const struct dmarc_fault *first_fault(const struct lane *lane, unsigned problems)
{
    const struct dmarc_record *record = &dmarc_of(lane)->record;
    for (size_t i = 0; i < record->fault_count; i++)
        if (problems & (1U << record->faults[i].problem))
            return &record->faults[i];
    return NULL;
}

#define ANY_OF(problem) (1U << (problem))

/* Records that count as none. */
static const unsigned discarded = ANY_OF(DMARC_SEVERAL_RECORDS) | ANY_OF(DMARC_VERSION_NOT_FIRST);

static const unsigned mistakes = ANY_OF(DMARC_POLICY_MISSING) | ANY_OF(DMARC_POLICY_INVALID) |
                                 ANY_OF(DMARC_TAG_INVALID) | ANY_OF(DMARC_TAG_MALFORMED) |
                                 ANY_OF(DMARC_TAG_TWICE) | ANY_OF(DMARC_REPORT_URI_INVALID);

static const unsigned outdated = ANY_OF(DMARC_TAG_REMOVED) | ANY_OF(DMARC_REPORT_SIZE_REMOVED);

static bool is_usable(const struct lane *lane)
{
    const struct dmarc_outcome *dmarc = dmarc_of(lane);
    bool thrown_away = dmarc->result == DMARC_ABSENT && first_fault(lane, discarded) != NULL;
    return dmarc->result != DMARC_UNUSABLE && !thrown_away;
}

static bool has_record(const struct lane *lane)
{
    return dmarc_of(lane)->result != DMARC_ABSENT;
}

static bool stops_forgeries(const struct lane *lane)
{
    const struct dmarc_outcome *dmarc = dmarc_of(lane);
    bool acts = dmarc->policy == DMARC_QUARANTINE || dmarc->policy == DMARC_REJECT;
    return acts && dmarc->record.well && !dmarc->record.testing;
}

static bool has_no_mistakes(const struct lane *lane)
{
    return first_fault(lane, mistakes) == NULL;
}

static bool is_up_to_date(const struct lane *lane)
{
    return first_fault(lane, outdated) == NULL;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step dmarc_enquiry[] = {
    ENQUIRE(find_dmarc),
    END
};
static const struct step dmarc_judgement[] = {
    JUDGE (is_usable,       DNS_DMARC_INVALID),
    JUDGE (has_record,      DNS_DMARC_MISSING),
    NOTE  (has_no_mistakes, DNS_DMARC_FAULTY),
    NOTE  (stops_forgeries, DNS_DMARC_POLICY_NONE),
    NOTE  (is_up_to_date,   DNS_DMARC_OUTDATED),
    END
};
/* clang-format on */

static const struct step *choose_dmarc(struct lane *lane)
{
    return records_choose(lane, dmarc_enquiry, dmarc_judgement);
}

static void dress_dmarc(struct lane *lane, struct raised *raised)
{
    const struct dmarc_outcome *dmarc = dmarc_of(lane);
    const struct dmarc_fault *fault = NULL;
    if (dmarc == NULL)
        return;
    if (raised->finding == DNS_DMARC_INVALID)
        fault = first_fault(lane, discarded | mistakes);
    if (raised->finding == DNS_DMARC_FAULTY)
        fault = first_fault(lane, mistakes);
    if (raised->finding == DNS_DMARC_OUTDATED)
        fault = first_fault(lane, outdated);
    const char *where = dmarc->where != NULL ? dmarc->where : lane->suite->domain;
    const char *name = text_format(lane->suite->arena, "_dmarc.%s", where);
    bool by_words = fault != NULL && fault->words.len > 0;
    records_show(lane, raised, name, by_words ? fault->words : dmarc->record.text);
}

const struct part part_dmarc = { choose_dmarc, dress_dmarc, NULL,
                                 SCRIPTS(dmarc_enquiry, dmarc_judgement) };
