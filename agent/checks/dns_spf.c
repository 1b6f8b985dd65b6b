/* SPDX-License-Identifier: MIT */
/* The domain's SPF record (RFC 7208): whether receivers can use it, and whether it lets the
   provider send. */
#include "parts.h"

#include "../spf.h"

#define RECORD_MAX 1024 /* bytes of a record that is proposed */

static const struct spf_outcome *spf_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

/* ---- what is asked ---- */

static bool walk_spf(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct ledger *ledger = &suite->run->ledger;
    const struct spf_question question = { .ask = lookups_ask,
                                           .asker = &suite->lookups,
                                           .domain = suite->domain };
    struct spf_outcome outcome;
    bool known = spf_evaluate(&question, &outcome);
    enum io domain = records_domain(lane);
    if (domain == IO_FAILED)
        return true;
    if (domain == IO_READ || !known)
        return false;
    if (outcome.problem == SPF_NO_ANSWER) {
        records_unanswered(lane, outcome.where, outcome.answer);
        return true;
    }
    records_keep(lane, &outcome, sizeof outcome);
    if (outcome.records == 0)
        return true;
    ledger_fact(ledger, DNS_SPF, "lookups", "%u of %d", outcome.lookups, SPF_LOOKUPS_MAX);
    if (outcome.all != '\0')
        ledger_fact(ledger, DNS_SPF, "others", "%call", outcome.all);
    return true;
}

/* ---- judges ---- */

static bool has_record(const struct lane *lane)
{
    return spf_of(lane)->records > 0;
}

static bool has_one_record(const struct lane *lane)
{
    return spf_of(lane)->problem != SPF_SEVERAL_RECORDS;
}

static bool is_well_written(const struct lane *lane)
{
    switch (spf_of(lane)->problem) {
    case SPF_MALFORMED:
    case SPF_TARGET_WITHOUT_RECORD:
    case SPF_LOOP:
    case SPF_TOO_MANY_HOSTS:
        return false;
    case SPF_NO_PROBLEM:
    case SPF_NO_ANSWER:
    case SPF_SEVERAL_RECORDS:
    case SPF_TOO_MANY_LOOKUPS:
    case SPF_TOO_MANY_VOIDS:
        break;
    }
    return true;
}

static bool costs_few_lookups(const struct lane *lane)
{
    return spf_of(lane)->problem != SPF_TOO_MANY_LOOKUPS;
}

static bool leads_to_answers(const struct lane *lane)
{
    return spf_of(lane)->problem != SPF_TOO_MANY_VOIDS;
}

/* Names that depend on the sender may be the provider's. */
static bool lets_provider_send(const struct lane *lane)
{
    const char *include = lane->suite->order->profile->spf_include;
    const struct spf_outcome *spf = spf_of(lane);
    return include == NULL || spf->hidden > 0 || spf->included_cut || spf_includes(spf, include);
}

static bool keeps_others_out(const struct lane *lane)
{
    return spf_of(lane)->all != '+';
}

/* Without `all` at its end a record says nothing of other senders (section 4.7). */
static bool has_an_end(const struct lane *lane)
{
    return spf_of(lane)->all != '\0';
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step spf_enquiry[] = {
    ENQUIRE(walk_spf),
    END
};
static const struct step spf_judgement[] = {
    JUDGE (has_record,         DNS_SPF_MISSING),
    JUDGE (has_one_record,     DNS_SPF_SEVERAL),
    JUDGE (is_well_written,    DNS_SPF_INVALID),
    JUDGE (costs_few_lookups,  DNS_SPF_TOO_MANY_LOOKUPS),
    JUDGE (leads_to_answers,   DNS_SPF_TOO_MANY_VOIDS),
    NOTE  (lets_provider_send, DNS_SPF_PROVIDER_NOT_INCLUDED),
    NOTE  (keeps_others_out,   DNS_SPF_ALLOWS_ALL),
    NOTE  (has_an_end,         DNS_SPF_WITHOUT_END),
    END
};
/* clang-format on */

static const struct step *choose_spf(struct lane *lane)
{
    return records_choose(lane, spf_enquiry, spf_judgement);
}

/* ---- what a finding needs to be acted upon ---- */

/* The record to set: what stands there, with the provider added to it. NULL where the provider's
   part is not known. */
static const char *propose(const struct lane *lane)
{
    static const struct slice version = { "v=spf1", sizeof "v=spf1" - 1 };
    const struct profile *profile = lane->suite->order->profile;
    struct slice rest = slice_from(spf_of(lane)->record, version.len);
    char room[RECORD_MAX];
    struct text text;
    if (profile->spf_include == NULL)
        return NULL;
    text_begin(&text, room, sizeof room);
    text_add(&text, version);
    text_add_format(&text, " include:%s", profile->spf_include);
    if (spf_of(lane)->record.len > 0)
        text_add_printable(&text, rest);
    else
        text_add_format(&text, " %s", profile->spf_all != NULL ? profile->spf_all : "~all");
    return text.overflow ? NULL : text_copy(lane->suite->arena, text_slice(&text));
}

static void dress_spf(struct lane *lane, struct raised *raised)
{
    const struct spf_outcome *spf = spf_of(lane);
    const char *name = lane->suite->domain;
    if (spf == NULL)
        return;
    bool elsewhere = spf->problem != SPF_NO_PROBLEM && spf->where[0] != '\0';
    bool by_term = elsewhere && spf->term.len > 0;
    records_show(lane, raised, elsewhere ? spf->where : name, by_term ? spf->term : spf->record);
    if (raised->finding == DNS_SPF_MISSING || raised->finding == DNS_SPF_PROVIDER_NOT_INCLUDED)
        raised->params.value[PARAM_EXPECTED] = propose(lane);
    if (raised->finding == DNS_SPF_PROVIDER_NOT_INCLUDED)
        raised->params.value[PARAM_OTHER] = lane->suite->order->profile->spf_include;
}

const struct part part_spf = { choose_spf, dress_spf, NULL, SCRIPTS(spf_enquiry, spf_judgement) };
