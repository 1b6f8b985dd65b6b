/* SPDX-License-Identifier: MIT */
#include "policies.h"

#include "mta_sts.h"

static void open_names(struct suite *suite, enum act act, size_t rank)
{
    struct endpoint none = { suite->domain, 0, SECURITY_IMPLICIT };
    if (!(suite->asked & CHECK_BIT(act_row(act)->check)))
        return;
    struct lane *lane = suite_open(suite, SERVICE_DNS, none, FAMILY_V4, rank);
    if (lane != NULL)
        lane->act = act;
}

/* MTA-STS has a host of its own for its policy. */
static void open_mta_sts(struct suite *suite)
{
    enum family family = port_family_usable(FAMILY_V4) ? FAMILY_V4 : FAMILY_V6;
    struct endpoint host = { text_format(suite->arena, MTA_STS_HOST_PREFIX "%s", suite->domain),
                             443, SECURITY_IMPLICIT };
    if ((suite->asked & CHECK_BIT(DNS_MTA_STS)) && host.host != NULL)
        (void)suite_open(suite, SERVICE_MTA_STS, host, family, 0); /* too many are counted */
}

void policies_open(struct suite *suite)
{
    static const enum act acts[] = { ACT_DNS_MX,   ACT_DNS_SRV,     ACT_DNS_AUTODISCOVER,
                                     ACT_DNS_SPF,  ACT_DNS_DKIM,    ACT_DNS_DMARC,
                                     ACT_DNS_TLSA, ACT_DNS_TLS_RPT, ACT_DNS_CAA };
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        open_names(suite, acts[i], 0);
    if (suite->probes.resolver_count > 1)
        open_names(suite, ACT_RESOLVERS, 0);
    open_mta_sts(suite);
}

bool policies_open_lists(struct suite *suite)
{
    bool opened = false;
    for (size_t rank = 0; rank < sizeof suite->lists_open; rank++) {
        if (suite->lists_open[rank] || !policies_have_subject(suite, rank))
            continue;
        suite->lists_open[rank] = opened = true;
        open_names(suite, ACT_DNS_BLOCKLIST, rank);
    }
    return opened;
}
