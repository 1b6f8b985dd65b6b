/* SPDX-License-Identifier: MIT */
/* Which authorities may issue certificates for the domain (CAA, RFC 8659), and whether those whose
   certificates were met on its hosts are among them. */
#include "parts.h"

#include "../caa.h"
#include "../policies.h"

#define WORDS_MAX 120

/* ---- what is asked ---- */

/* A server of the account that lies within the domain itself. MX hosts, and that of an MTA-STS
   policy, are met too late. */
static bool is_own_host(const struct lane *lane)
{
    struct slice host = slice_of(lane->endpoint.host), domain = slice_of(lane->suite->domain);
    return lane->service != SERVICE_DNS && lane->service != SERVICE_MX &&
           lane->service != SERVICE_MTA_STS && host.len > domain.len &&
           host.at[host.len - domain.len - 1] == '.' &&
           slice_ends_nocase(host, lane->suite->domain);
}

static const char *list_records(struct arena *arena, const struct caa *caa)
{
    char room[WORDS_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    for (size_t i = 0; caa->state == CAA_SET && i < caa->answer->count; i++) {
        const struct record *record = &caa->answer->records[i];
        text_add_format(&text, "%s%s ", i > 0 ? ", " : "", record->name);
        text_add_printable(&text, record->text);
    }
    const char *list = text_copy(arena, text_slice(&text));
    return list == NULL ? "" : list;
}

/* Those of the hosts are judged at the end, when their certificates are known. */
static bool find_issuers(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct caa caa, of_host;
    bool known = caa_find(lookups_ask, &suite->lookups, suite->domain, &caa);
    for (size_t i = 0; i < suite->lane_count; i++)
        if (is_own_host(&suite->lanes[i]))
            known =
                caa_find(lookups_ask, &suite->lookups, suite->lanes[i].endpoint.host, &of_host) &&
                known;
    enum io domain = records_domain(lane);
    if (domain == IO_FAILED)
        return true;
    if (domain == IO_READ || !known)
        return false;
    if (caa.state == CAA_UNKNOWN)
        records_unknown(lane, REASON_NO_ANSWER);
    else
        ledger_fact(&suite->run->ledger, DNS_CAA, "record", "%s",
                    caa.state == CAA_SET ? list_records(suite->arena, &caa) : "none");
    return true;
}

/* ---- who issued ---- */

/* The names by which authorities go in CAA records, as their own documents give them. Of others
   nothing is said. */
static const struct {
    const char *issuer; /* a part of the issuer's name in certificates */
    const char *names[6];
} authorities[] = {
    { "O=Let's Encrypt", { "letsencrypt.org" } },
    { "O=Google Trust Services", { "pki.goog", "google.com" } },
    { "O=GlobalSign", { "globalsign.com" } },
    { "O=DigiCert",
      { "digicert.com", "www.digicert.com", "symantec.com", "thawte.com", "geotrust.com",
        "rapidssl.com" } },
    { "O=Sectigo",
      { "sectigo.com", "comodo.com", "comodoca.com", "usertrust.com", "trust-provider.com" } },
};

static bool allows_issuer(const struct caa *caa, struct slice issuer)
{
    for (size_t i = 0; i < sizeof authorities / sizeof *authorities; i++) {
        if (!slice_has_nocase(issuer, authorities[i].issuer))
            continue;
        for (size_t k = 0; k < 6 && authorities[i].names[k] != NULL; k++)
            if (caa_allows(caa, authorities[i].names[k], false) ||
                caa_allows(caa, authorities[i].names[k], true))
                return true;
        return false;
    }
    return true;
}

static void judge_host(struct lane *lane)
{
    struct suite *suite = lane->suite;
    const struct wire *wire = &lane->dialogue.wire;
    struct slice issuer = slice_of(wire->certificate.issuer);
    struct caa caa;
    if (!is_own_host(lane) || wire->verdict != TRUST_GOOD || issuer.len == 0 ||
        !caa_find(lookups_ask, &suite->lookups, lane->endpoint.host, &caa) ||
        caa.state != CAA_SET || allows_issuer(&caa, issuer))
        return;
    const char *found = list_records(suite->arena, &caa);
    struct raised *raised = lane_raise_for(lane, DNS_CAA_FORBIDS, DNS_CAA, slice_of(found));
    if (raised == NULL)
        return;
    raised->params.value[PARAM_ISSUER] = text_copy(suite->arena, issuer);
    raised->params.value[PARAM_FOUND] = found;
    raised->params.value[PARAM_NAME] = caa.where;
}

void policies_judge_issuers(struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++)
        if (ledger_passed(&suite->run->ledger, DNS_CAA) && !loan_has(suite, DNS_CAA))
            judge_host(&suite->lanes[i]);
}

/* clang-format off */
static const struct step issuers_enquiry[] = {
    ENQUIRE(find_issuers),
    END
};
/* clang-format on */

static const struct step *choose_issuers(struct lane *lane)
{
    return lane->notebook.round == 0 ? issuers_enquiry : NULL;
}

const struct part part_caa = { choose_issuers, NULL, NULL, SCRIPTS(issuers_enquiry) };
