/* SPDX-License-Identifier: MIT */
/* Where the provider's own word and what was seen from here differ. */
#include "judgement_office.h"

#include <string.h>

/* The provider's own checks, and the one here that asks the same. */
static const struct {
    size_t told; /* offset in struct provider_view */
    enum check check;
    const char *what;
} compared[] = {
    { offsetof(struct provider_view, mx), DNS_MX, "MX" },
    { offsetof(struct provider_view, srv), DNS_SRV, "SRV" },
    { offsetof(struct provider_view, spf), DNS_SPF, "SPF" },
    { offsetof(struct provider_view, webmail), WEBMAIL_LOGIN, "webmail" },
};

static bool differs(const struct ledger *ledger, size_t i)
{
    const char *view = (const char *)&ledger->provider;
    enum provider_told told = *(const enum provider_told *)(const void *)(view + compared[i].told);
    enum status status = ledger->checks[compared[i].check].status;
    return (told == TOLD_GOOD && status == STATUS_FAILED) ||
           (told == TOLD_BAD && status == STATUS_OK);
}

void judgement_provider(struct ledger *ledger, const char *domain)
{
    char room[64];
    struct text what;
    text_begin(&what, room, sizeof room);
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++)
        if (differs(ledger, i))
            text_add_format(&what, "%s%s", what.len > 0 ? ", " : "", compared[i].what);
    if (what.len == 0)
        return;
    const struct entry *entry = &ledger->checks[PROVIDER_ACCOUNT];
    struct raised *raised =
        ledger_raise(ledger, PROVIDER_DISAGREES, PROVIDER_ACCOUNT, SERVICE_PROVIDER_API, "",
                     entry->peer, entry->family, text_slice(&what));
    if (raised == NULL)
        return;
    raised->params.value[PARAM_DOMAIN] = domain;
    raised->params.value[PARAM_FOUND] = raised->evidence.said;
}
