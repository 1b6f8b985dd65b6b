/* SPDX-License-Identifier: MIT */
/* Where the provider's own word and what was seen from here differ. */
#include "judgement_office.h"

#include <stddef.h>

/* The provider's own checks, and the one here that asks the same. */
static const struct {
    size_t told; /* offset in struct provider_view */
    enum check check;
    const char *what;
    size_t expected; /* offset of the records that the provider would have; 0: there are none */
} compared[] = {
    { offsetof(struct provider_view, mx), DNS_MX, "MX",
      offsetof(struct provider_view, expected_mx) },
    { offsetof(struct provider_view, srv), DNS_SRV, "SRV",
      offsetof(struct provider_view, expected_srv) },
    { offsetof(struct provider_view, spf), DNS_SPF, "SPF",
      offsetof(struct provider_view, expected_spf) },
    { offsetof(struct provider_view, webmail), WEBMAIL_LOGIN, "webmail", 0 },
    { offsetof(struct provider_view, receiving), MAIL_RECEIVE, "receiving", 0 },
    { offsetof(struct provider_view, delivery), MAIL_SEND, "sending", 0 },
};

#define COMPARED (sizeof compared / sizeof *compared)

static bool differs(const struct ledger *ledger, size_t i)
{
    const char *view = (const char *)&ledger->provider;
    enum provider_told told = *(const enum provider_told *)(const void *)(view + compared[i].told);
    enum status status = ledger->checks[compared[i].check].status;
    return (told == TOLD_GOOD && status == STATUS_FAILED) ||
           (told == TOLD_BAD && status == STATUS_OK);
}

/* The records that the provider expects where its own check differs. */
static const char *expected(const struct ledger *ledger)
{
    const char *view = (const char *)&ledger->provider;
    const char *all = NULL;
    for (size_t i = 0; i < COMPARED; i++) {
        const char *records = NULL;
        if (compared[i].expected != 0 && differs(ledger, i))
            records = *(const char *const *)(const void *)(view + compared[i].expected);
        if (records != NULL)
            all = all == NULL ? records : text_format(ledger->arena, "%s; %s", all, records);
    }
    return all;
}

void judgement_provider(struct ledger *ledger, const char *domain)
{
    char room[64];
    struct text what;
    text_begin(&what, room, sizeof room);
    for (size_t i = 0; i < COMPARED; i++)
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
    raised->params.value[PARAM_EXPECTED] = expected(ledger);
}
