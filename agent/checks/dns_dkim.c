/* SPDX-License-Identifier: MIT */
/* The keys of the domain's DKIM signatures (RFC 6376 section 3.6). The DNS does not list them:
   their names, the selectors, come from the settings, the profile, or mail of ours that was
   delivered. */
#include "parts.h"

#include "../dkim_key.h"
#include "../header.h"
#include "../log.h"
#include "../pattern.h"
#include "../selectors.h"
#include "../taglist.h"

#include <string.h>

#define CANDIDATES_MAX (PROFILE_NAMES_MAX + 1)

/* What the names of keys lead to. */
struct keys {
    const char *candidates[CANDIDATES_MAX];
    size_t count;
    bool none_at_all;     /* no name below _domainkey exists */
    const char *selector; /* of the best; NULL where there is no record of a key */
    struct dkim_key best;
};

static const struct keys *keys_of(const struct lane *lane)
{
    return lane->notebook.enquired;
}

/* ---- selectors ---- */

/* A remembered one of another provider has gone with it. */
static bool fits_profile(const struct profile *profile, const char *selector)
{
    for (size_t i = 0; i < profile->dkim_selector_count; i++)
        if (pattern_matches(profile->dkim_selectors[i], slice_of(selector)))
            return true;
    return profile->dkim_selector_count == 0;
}

static void add_candidate(struct keys *keys, const char *selector)
{
    for (size_t i = 0; i < keys->count; i++)
        if (slice_is_nocase(slice_of(keys->candidates[i]), selector))
            return;
    if (keys->count < CANDIDATES_MAX)
        keys->candidates[keys->count++] = selector;
}

static void gather_candidates(const struct lane *lane, struct keys *keys)
{
    const struct suite *suite = lane->suite;
    const struct profile *profile = suite->order->profile;
    for (size_t i = 0; i < profile->dkim_selector_count; i++)
        if (strchr(profile->dkim_selectors[i], '*') == NULL)
            add_candidate(keys, profile->dkim_selectors[i]);
    if (suite->selector[0] != '\0' && fits_profile(profile, suite->selector))
        add_candidate(keys, suite->selector);
}

void keep_selector(struct lane *lane, struct slice mail)
{
    struct suite *suite = lane->suite;
    struct header_field field;
    struct taglist tags;
    const char *directory = settings_state_directory(suite->order->settings, suite->arena);
    while (directory != NULL && header_next(&mail, &field)) {
        if (!slice_is_nocase(field.name, "DKIM-Signature") || !taglist_read(field.value, &tags) ||
            !slice_is_nocase(taglist_value(&tags, "d", ""), suite->domain))
            continue;
        struct slice selector = taglist_value(&tags, "s", "");
        if (selectors_remember(directory, suite->domain, selector))
            ledger_fact(&suite->run->ledger, DNS_DKIM, "signed_with", "%.*s", SLICE_ARG(selector));
        else
            log_debug("dkim", "the selector of %s is not remembered", suite->domain);
        return;
    }
}

/* ---- what is asked ---- */

/* The more a key is worth, the higher. */
static int worth(const struct dkim_key *key)
{
    switch (key->verdict) {
    case DKIM_RECORD_GOOD:
        return key->testing ? 5 : 6;
    case DKIM_RECORD_WEAK:
        return 4;
    case DKIM_RECORD_UNSUPPORTED:
        return 3;
    case DKIM_RECORD_MALFORMED:
    case DKIM_RECORD_UNFIT:
        return 2;
    case DKIM_RECORD_REVOKED:
        return 1;
    case DKIM_RECORD_FOREIGN:
    case DKIM_RECORD_UNREAD:
        break;
    }
    return 0;
}

static void weigh(struct keys *keys, const char *selector, const struct answer *answer)
{
    struct dkim_key key;
    dkim_key_choose(answer, &key);
    if (worth(&key) == 0 || (keys->selector != NULL && worth(&key) <= worth(&keys->best)))
        return;
    keys->selector = selector;
    keys->best = key;
}

static bool is_settled(enum answer_status status)
{
    return status == ANSWER_RECORDS || status == ANSWER_NODATA || status == ANSWER_NXDOMAIN;
}

/* Asks for all keys at once. False while an answer is on its way; *into_status tells of one that
   failed. */
static bool ask_keys(struct lane *lane, struct keys *keys, enum answer_status *into_status)
{
    struct suite *suite = lane->suite;
    bool all = true;
    for (size_t i = 0; i < keys->count; i++) {
        char name[RESOLVE_NAME_MAX];
        if (!dkim_key_name(slice_of(keys->candidates[i]), slice_of(suite->domain), name))
            continue;
        const struct answer *answer = lookups_ask(&suite->lookups, name, RECORD_TXT);
        all = all && answer != NULL;
        if (answer != NULL && answer->status == ANSWER_RECORDS)
            weigh(keys, keys->candidates[i], answer);
        else if (answer != NULL && !is_settled(answer->status))
            *into_status = answer->status;
    }
    return all;
}

/* Where a name does not exist, none below it does (RFC 8020): then no selector has a key. */
static bool ask_for_any(struct lane *lane, struct keys *keys, enum answer_status *into_status)
{
    char name[RESOLVE_NAME_MAX];
    if (!text_put_format(name, sizeof name, "_domainkey.%s", lane->suite->domain))
        return true;
    const struct answer *answer = lookups_ask(&lane->suite->lookups, name, RECORD_TXT);
    if (answer == NULL)
        return false;
    keys->none_at_all = answer->status == ANSWER_NXDOMAIN;
    if (!is_settled(answer->status))
        *into_status = answer->status;
    return true;
}

static void keep_keys(struct lane *lane, const struct keys *keys)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    records_keep(lane, keys, sizeof *keys);
    if (keys->selector == NULL)
        return;
    ledger_fact(ledger, DNS_DKIM, "selector", "%s", keys->selector);
    if (keys->best.bits > 0)
        ledger_fact(ledger, DNS_DKIM, "key", "%s %u bits",
                    keys->best.kind == DKIM_RSA ? "RSA" : "Ed25519", keys->best.bits);
}

static bool find_keys(struct lane *lane)
{
    struct keys keys = { .count = 0 };
    enum answer_status status = ANSWER_RECORDS;
    gather_candidates(lane, &keys);
    bool known =
        keys.count > 0 ? ask_keys(lane, &keys, &status) : ask_for_any(lane, &keys, &status);
    enum io domain = records_domain(lane);
    if (domain == IO_FAILED)
        return true;
    if (domain == IO_READ || !known)
        return false;
    if (keys.selector == NULL && status != ANSWER_RECORDS)
        records_unanswered(lane, lane->suite->domain, status);
    else if (keys.count == 0 && !keys.none_at_all)
        records_unknown(lane, REASON_TOO_LITTLE_EVIDENCE);
    else
        keep_keys(lane, &keys);
    return true;
}

/* ---- judges ---- */

static bool has_key(const struct lane *lane)
{
    return keys_of(lane)->selector != NULL;
}

static bool is_not_revoked(const struct lane *lane)
{
    return keys_of(lane)->best.verdict != DKIM_RECORD_REVOKED;
}

static bool can_be_used(const struct lane *lane)
{
    enum dkim_key_verdict verdict = keys_of(lane)->best.verdict;
    return verdict != DKIM_RECORD_MALFORMED && verdict != DKIM_RECORD_UNFIT;
}

static bool is_strong(const struct lane *lane)
{
    return keys_of(lane)->best.verdict != DKIM_RECORD_WEAK;
}

static bool is_in_earnest(const struct lane *lane)
{
    return !keys_of(lane)->best.testing;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step dkim_enquiry[] = {
    ENQUIRE(find_keys),
    END
};
static const struct step dkim_judgement[] = {
    JUDGE (has_key,        DNS_DKIM_KEY_MISSING),
    JUDGE (is_not_revoked, DNS_DKIM_KEY_REVOKED),
    JUDGE (can_be_used,    DNS_DKIM_KEY_INVALID),
    JUDGE (is_strong,      DNS_DKIM_KEY_WEAK),
    NOTE  (is_in_earnest,  DNS_DKIM_TESTING),
    END
};
/* clang-format on */

static const struct step *choose_dkim(struct lane *lane)
{
    struct suite *suite = lane->suite;
    const char *directory = settings_state_directory(suite->order->settings, suite->arena);
    if (lane->notebook.round == 0 && directory != NULL &&
        !selectors_recall(directory, suite->domain, suite->selector))
        suite->selector[0] = '\0';
    return records_choose(lane, dkim_enquiry, dkim_judgement);
}

/* Where there is no key, the names that were looked at. */
static void dress_dkim(struct lane *lane, struct raised *raised)
{
    const struct keys *keys = keys_of(lane);
    char room[EVIDENCE_SAID_MAX];
    struct text text;
    if (keys == NULL)
        return;
    text_begin(&text, room, sizeof room);
    for (size_t i = 0; keys->selector == NULL && i < keys->count; i++)
        text_add_format(&text, "%s%s", i > 0 ? ", " : "", keys->candidates[i]);
    if (keys->selector != NULL && keys->best.words[0] != '\0')
        text_add_string(&text, keys->best.words);
    const char *name = text_format(lane->suite->arena, "%s%s_domainkey.%s",
                                   keys->selector != NULL ? keys->selector : "",
                                   keys->selector != NULL ? "." : "", lane->suite->domain);
    records_show(lane, raised, name, text_slice(&text));
}

const struct part part_dkim = { choose_dkim, dress_dkim, NULL,
                                SCRIPTS(dkim_enquiry, dkim_judgement) };
