/* SPDX-License-Identifier: MIT */
#include "scope.h"

#include "autodiscover.h"
#include "logins.h"

/* Services that many providers do not have, and where the profile places them. */
static const struct {
    enum service service;
    size_t endpoint; /* offset in struct profile */
} optional[] = {
    { SERVICE_EXCHANGE, offsetof(struct profile, exchange) },
    { SERVICE_POP, offsetof(struct profile, pop) },
};

static bool is_missing(const struct profile *profile, enum service service)
{
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        const struct endpoint *endpoint =
            (const struct endpoint *)(const void *)((const char *)profile + optional[i].endpoint);
        if (optional[i].service == service)
            return endpoint->host == NULL || endpoint->host[0] == '\0';
    }
    return false;
}

/* Checks that only a missing service could answer. */
static check_set without_service(const struct profile *profile)
{
    check_set missing = 0, there = 0;
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (is_missing(profile, act_row(act)->service))
            missing |= CHECK_BIT(act_row(act)->check);
        else
            there |= CHECK_BIT(act_row(act)->check);
    if (!autodiscover_is_expected(profile))
        missing |= CHECK_BIT(DNS_AUTODISCOVER) | CHECK_BIT(AUTODISCOVER_OUTLOOK);
    return missing & ~there;
}

/* The services that gatepost can log in to with a token, and the scope that says whether the
   provider gives one for it. */
static const struct {
    enum check check;
    size_t scope; /* offset in struct profile */
    bool as_application;
} by_token[] = {
    { ACTIVESYNC_LOGIN, offsetof(struct profile, oauth.http_scope), false },
    { EWS_LOGIN, offsetof(struct profile, oauth.http_scope), true },
    { IMAP_LOGIN, offsetof(struct profile, oauth.imap_scope), true },
    { POP_LOGIN, offsetof(struct profile, oauth.imap_scope), true },
    { SUBMISSION_LOGIN, offsetof(struct profile, oauth.smtp_scope), true },
};

static bool takes_token(const struct order *order, enum check login)
{
    for (size_t i = 0; i < sizeof by_token / sizeof *by_token; i++) {
        const char *at = (const char *)order->profile + by_token[i].scope;
        const char *scope = *(const char *const *)(const void *)at;
        if (by_token[i].check == login && scope != NULL)
            return by_token[i].as_application || order->account->auth != AUTH_OAUTH_CLIENT;
    }
    return false;
}

/* Logins by password of an account that has none: its secret is never spoken where it is no
   password. Autodiscover is asked without a login then. */
static check_set without_password(const struct order *order)
{
    const struct login *login;
    check_set without = 0;
    for (size_t i = 0; (login = login_row(i)) != NULL; i++)
        if (login->check != AUTODISCOVER_OUTLOOK && !takes_token(order, login->check))
            without |= CHECK_BIT(login->check);
    return without;
}

static bool has_api_key(const struct order *order)
{
    return order->profile->api != API_NONE && order->account->api_service[0] != '\0' &&
           order->api_key != NULL && order->api_key->application.len > 0;
}

/* Checks for which the account has no secret of their sort. */
static check_set without_secret(const struct order *order)
{
    bool by_password = order->account->auth == AUTH_PASSWORD;
    check_set without = by_password ? CHECK_BIT(OAUTH_TOKEN) : without_password(order);
    if (!has_api_key(order))
        without |= CHECK_BIT(PROVIDER_ACCOUNT);
    if (!has_api_key(order) || order->ticket == NULL)
        without |= CHECK_BIT(PROVIDER_TICKET);
    if (!has_api_key(order) || !by_password || order->account->api_diagnostic == 0)
        without |= CHECK_BIT(PROVIDER_DIAGNOSIS);
    return without;
}

check_set scope_needs(const struct order *order, enum check check)
{
    bool speaks_token = order->account->auth != AUTH_PASSWORD && check != OAUTH_TOKEN &&
                        check != AUTODISCOVER_OUTLOOK && login_of(check) != NULL;
    return check_row(check)->needs | (speaks_token ? CHECK_BIT(OAUTH_TOKEN) : 0);
}

static check_set with_needs(const struct order *order, check_set wanted)
{
    for (enum check check = CHECK_COUNT; check > 0;
         check--) /* a check needs only earlier ones: one walk down is enough */
        if (wanted & CHECK_BIT(check - 1))
            wanted |= scope_needs(order, check - 1);
    return wanted;
}

check_set scope_up_to(enum cost cost)
{
    check_set checks = 0;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check_row(check)->cost <= cost)
            checks |= CHECK_BIT(check);
    return checks;
}

/* What the settings leave nothing to find out about. */
static check_set without_settings(const struct settings *settings)
{
    check_set without = settings->resolver_validates == 1 ? 0 : CHECK_BIT(DNS_TLSA);
    return settings->blocklists.count > 0 ? without : without | CHECK_BIT(DNS_BLOCKLIST);
}

check_set scope_of(const struct order *order)
{
    enum cost cost = order->secret->len == 0 ? COST_LIGHT : order->cost;
    check_set without = without_secret(order);
    check_set idle = without_service(order->profile) | without_settings(order->settings);
    check_set wanted = order->only == 0 ? ~idle : with_needs(order, order->only & ~without);
    return scope_up_to(cost) & wanted & ~without;
}

void scope_mark(const struct order *order, struct ledger *ledger)
{
    check_set missing =
        without_service(order->profile) | without_settings(order->settings) | without_secret(order);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if ((missing & CHECK_BIT(check)) != 0 && !ledger->checks[check].asked)
            ledger_unknown(ledger, check, REASON_NOT_CONFIGURED);
}
