/* SPDX-License-Identifier: MIT */
/* What an Autodiscover service answers, old and new, and where it leads. */
#include "../../agent/autodiscover.h"

#include "target.h"

static void holds_host(const char *host)
{
    HOLDS(host[0] == '\0' || names_is_host(slice_of(host)));
    for (; *host != '\0'; host++)
        HOLDS(*host < 'A' || *host > 'Z');
}

static void holds_place(const struct place *place)
{
    holds_host(place->host);
    HOLDS(place->host[0] != '\0' && place->port > 0 && place->path[0] == '/');
    for (const char *at = place->path; *at != '\0'; at++)
        HOLDS(*at > ' ' && *at <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pox pox;
    struct place place;
    struct slice bytes = { (const char *)data, size };
    char host[NAMES_HOST_MAX + 1] = "";
    pox_read(bytes, &pox);
    holds_host(pox.server);
    holds_host(pox.ews);
    HOLDS(pox.kind != POX_SETTINGS || pox.type[0] != '\0');
    HOLDS(pox.kind != POX_REDIRECT_URL || pox.redirect[0] != '\0');
    if (autodiscover_json_host(bytes, host))
        HOLDS(host[0] != '\0');
    holds_host(host);
    HOLDS(autodiscover_at("", "example.com", true, &place));
    if (autodiscover_follow(&place, bytes, &place))
        holds_place(&place);
    if (autodiscover_follow(&place, slice_of(pox.redirect), &place))
        holds_place(&place);
    return 0;
}
