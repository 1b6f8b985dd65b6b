/* SPDX-License-Identifier: MIT */
/* The name `autodiscover` in the mail domain, which Outlook asks before it looks at the SRV record:
   an alias where the provider wants one, and otherwise nothing that leads elsewhere. */
#include "../autodiscover.h"
#include "parts.h"

#include <string.h>

enum phase { ALIAS_BEGIN, ALIAS_ASKED, ALIAS_ASKED_V6 };

static const struct profile *profile_of(const struct lane *lane)
{
    return lane->suite->order->profile;
}

/* ---- whose host it is ---- */

static const struct answer *addresses_of(struct lane *lane, const char *host, enum family family)
{
    return lookups_ask(&lane->suite->lookups, host, family == FAMILY_V4 ? RECORD_A : RECORD_AAAA);
}

bool autodiscover_is_told(const struct answer *answer)
{
    return answer->status == ANSWER_RECORDS || answer->status == ANSWER_NODATA ||
           answer->status == ANSWER_NXDOMAIN;
}

static bool share_address(const struct answer *a, const struct answer *b, enum family family)
{
    size_t size = family == FAMILY_V4 ? 4 : 16;
    for (size_t i = 0; a->status == ANSWER_RECORDS && i < a->count; i++)
        for (size_t k = 0; b->status == ANSWER_RECORDS && k < b->count; k++)
            if (memcmp(a->records[i].address.bytes, b->records[k].address.bytes, size) == 0)
                return true;
    return false;
}

/* A host of the provider that has an address: a pattern has none. */
static const char *own_host(const struct profile *profile)
{
    const char *alias = profile->autodiscover_cname;
    if (alias != NULL && strchr(alias, '*') == NULL)
        return alias;
    for (size_t i = 0; i < profile->autodiscover_host_count; i++)
        if (strchr(profile->autodiscover_hosts[i], '*') == NULL)
            return profile->autodiscover_hosts[i];
    return profile->exchange.host;
}

bool autodiscover_kinship(struct lane *lane, const char *host, enum family family,
                          enum kinship *into_kinship)
{
    const struct profile *profile = profile_of(lane);
    const struct answer *own = NULL, *its = addresses_of(lane, host, family);
    const char *known = own_host(profile);
    if (known != NULL)
        own = addresses_of(lane, known, family);
    if (its == NULL || (own == NULL && known != NULL))
        return false;
    if (its->cname != NULL && autodiscover_is_providers(profile, its->cname))
        *into_kinship = KIN_ALIAS;
    else if (!autodiscover_is_told(its) || (own != NULL && !autodiscover_is_told(own)))
        *into_kinship = KIN_UNCLEAR;
    else
        *into_kinship = own != NULL && share_address(its, own, family) ? KIN_ALIAS : KIN_STRANGER;
    return true;
}

/* ---- what is learned ---- */

static const char *own_name(struct lane *lane)
{
    return text_format(lane->suite->arena, "autodiscover.%s", lane->suite->domain);
}

/* A name that nobody has made has the same address where a wildcard answers for both. */
static bool look_for_wildcard(struct lane *lane, const char *own, enum family family)
{
    char name[RESOLVE_NAME_MAX + PARCEL_MARK_MAX];
    text_put_format(name, sizeof name, "%s.%s", lane->suite->mark, lane->suite->domain);
    const struct answer *answer = addresses_of(lane, name, family);
    const struct answer *its = addresses_of(lane, own, family);
    if (answer != NULL && its != NULL)
        lane->notebook.is_wildcard = share_address(answer, its, family);
    return answer != NULL && its != NULL;
}

static bool find_out_whose(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    enum kinship kinship = KIN_STRANGER;
    char name[RESOLVE_NAME_MAX + sizeof "autodiscover."];
    text_put_format(name, sizeof name, "autodiscover.%s", lane->suite->domain);
    enum family family = notebook->phase == ALIAS_ASKED_V6 ? FAMILY_V6 : FAMILY_V4;
    if (!autodiscover_kinship(lane, name, family, &kinship))
        return false;
    notebook->leads_elsewhere = kinship == KIN_STRANGER;
    if (kinship == KIN_UNCLEAR)
        ledger_unknown(&lane->suite->run->ledger, lane_check(lane), REASON_TOO_LITTLE_EVIDENCE);
    return kinship != KIN_STRANGER || look_for_wildcard(lane, name, family);
}

/* ---- judges ---- */

static bool leads_to_provider(const struct lane *lane)
{
    return !lane->notebook.leads_elsewhere;
}

static bool has_alias(const struct lane *lane)
{
    return lane->dialogue.answer->status != ANSWER_NXDOMAIN;
}

static bool alias_is_right(const struct lane *lane)
{
    const struct answer *answer = lane->dialogue.answer;
    return answer->status == ANSWER_RECORDS &&
           profile_host_matches(profile_of(lane)->autodiscover_cname, answer->records[0].name);
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step alias_record[] = {
    LOOKUP ("autodiscover.{domain}", RECORD_CNAME),
    JUDGE  (has_alias,         DNS_AUTODISCOVER_CNAME_MISSING),
    END
};
static const struct step address_record[] = {
    LOOKUP ("autodiscover.{domain}", RECORD_A),
    END
};
static const struct step address_record_v6[] = {
    LOOKUP ("autodiscover.{domain}", RECORD_AAAA),
    END
};
static const struct step whose_it_is[] = {
    ENQUIRE(find_out_whose),
    NOTE   (leads_to_provider, DNS_SRV_SHADOWED),
    END
};
static const struct step other_than_wanted[] = {
    ENQUIRE(find_out_whose),
    NOTE   (leads_to_provider, DNS_AUTODISCOVER_CNAME_WRONG),
    END
};
/* clang-format on */

/* An alias that is not the right one, and one that was flattened into addresses, may still lead to
   the provider. */
static const struct step *choose_alias(struct lane *lane)
{
    if (lane->notebook.round == 0)
        return alias_record;
    return lane->notebook.round == 1 && !alias_is_right(lane) ? other_than_wanted : NULL;
}

/* A name that is not there leads nowhere: most often one question is enough. */
static const struct step *choose_address(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    if (notebook->phase == ALIAS_BEGIN) {
        notebook->phase = ALIAS_ASKED;
        return address_record;
    }
    enum answer_status status = lane->dialogue.answer->status;
    if (notebook->phase == ALIAS_ASKED && status == ANSWER_NODATA) {
        notebook->phase = ALIAS_ASKED_V6;
        return address_record_v6;
    }
    bool judges = status == ANSWER_RECORDS && !notebook->judged_alias;
    notebook->judged_alias = true;
    return judges ? whose_it_is : NULL;
}

static const struct step *choose(struct lane *lane)
{
    if (!autodiscover_is_expected(profile_of(lane))) {
        ledger_unknown(&lane->suite->run->ledger, lane_check(lane), REASON_NOT_CONFIGURED);
        return NULL;
    }
    bool wants_alias = profile_of(lane)->autodiscover_cname != NULL;
    return wants_alias ? choose_alias(lane) : choose_address(lane);
}

/* ---- what a finding needs to be acted upon ---- */

static const char *found_text(struct lane *lane)
{
    const struct answer *answer = lane->dialogue.answer;
    char address[ADDRESS_TEXT_MAX];
    if (answer == NULL || answer->status != ANSWER_RECORDS || answer->count == 0)
        return NULL;
    if (answer->records[0].name != NULL && profile_of(lane)->autodiscover_cname != NULL)
        return answer->records[0].name;
    if (answer->cname != NULL)
        return answer->cname;
    port_address_text(&answer->records[0].address, address);
    return text_copy_string(lane->suite->arena, address);
}

static void dress(struct lane *lane, struct raised *raised)
{
    const char *found = found_text(lane);
    raised->params.value[PARAM_NAME] = own_name(lane);
    raised->params.value[PARAM_EXPECTED] = profile_of(lane)->autodiscover_cname;
    if (lane->notebook.is_wildcard)
        raised->params.value[PARAM_OTHER] =
            text_format(lane->suite->arena, "*.%s", lane->suite->domain);
    if (found == NULL)
        return;
    raised->params.value[PARAM_FOUND] = found;
    raised->params.value[PARAM_SAID] = raised->evidence.said = found;
}

const struct part part_autodiscover_name = {
    choose, dress, NULL,
    SCRIPTS(alias_record, other_than_wanted, address_record, address_record_v6, whose_it_is)
};
