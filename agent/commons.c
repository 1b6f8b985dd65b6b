/* SPDX-License-Identifier: MIT */
#include "commons.h"

#include <string.h>

void commons_forget(struct commons *commons, const struct settings *settings)
{
    memset(commons->accounts, 0, settings->account_count * sizeof *commons->accounts);
}

static size_t place_of(const struct order *order)
{
    return (size_t)(order->account - order->settings->accounts);
}

/* ---- who has what in common ---- */

static void add_endpoint(struct digest *digest, const struct endpoint *endpoint)
{
    const char *host = endpoint->host == NULL ? "" : endpoint->host;
    struct slice port = { (const char *)&endpoint->port, sizeof endpoint->port };
    digest_add(digest, (struct slice){ host, strlen(host) + 1 });
    digest_add(digest, port);
}

static void add_provider(struct digest *digest, const void *what)
{
    const struct profile *profile = what;
    digest_add(digest, (struct slice){ profile->name, strlen(profile->name) + 1 });
    add_endpoint(digest, &profile->webmail);
    add_endpoint(digest, &profile->exchange);
    add_endpoint(digest, &profile->imap);
    add_endpoint(digest, &profile->pop);
    add_endpoint(digest, &profile->submission);
}

static bool same_list(const struct setting_list *a, const struct setting_list *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (strcmp(a->value[i], b->value[i]) != 0)
            return false;
    return a->count == b->count;
}

/* The same domain, and the same records are expected of it. */
static bool same_domain(const struct account_settings *a, const struct account_settings *b)
{
    struct slice domain = slice_of(settings_domain(a));
    return slice_equal_nocase(domain, slice_of(settings_domain(b))) && a->mx_mode == b->mx_mode &&
           strcmp(a->host, b->host) == 0 && same_list(&a->expected_mx, &b->expected_mx) &&
           same_list(&a->dkim_selectors, &b->dkim_selectors);
}

/* Whether what a check tells of one account, at the given place, it tells of the order's, too. */
static bool tells_of(const struct commons *commons, const struct order *order, enum about about,
                     const uint8_t provider[DIGEST_SIZE], size_t place)
{
    const struct commons_account *other = &commons->accounts[place];
    switch (about) {
    case ABOUT_OFFICE:
        return true;
    case ABOUT_PROVIDER:
        return digest_equal(provider, other->provider);
    case ABOUT_DOMAIN:
        return digest_equal(provider, other->provider) &&
               same_domain(order->account, &order->settings->accounts[place]);
    case ABOUT_ACCOUNT:
        break;
    }
    return false;
}

/* ---- lending ---- */

static void lend(const struct commons_account *account, enum check check, struct loan *loan)
{
    if (loan->seen_ms[check] >= account->seen_ms[check])
        return;
    loan->checks |= CHECK_BIT(check);
    loan->seen_ms[check] = account->seen_ms[check];
    if (check == DNS_MX) {
        loan->mx = account->mx;
        loan->mx_authenticated = account->mx_authenticated;
    }
}

bool commons_lend(const struct commons *commons, const struct order *order, int64_t since_ms,
                  struct loan *into_loan)
{
    uint8_t provider[DIGEST_SIZE];
    struct loan loan = { .mx = "" };
    if (!digest_hash(add_provider, order->profile, provider))
        return false;
    for (size_t place = 0; place < order->settings->account_count; place++)
        for (enum check check = 0; check < CHECK_COUNT; check++) {
            const struct commons_account *account = &commons->accounts[place];
            bool fresh = account->seen_ms[check] > 0 && account->seen_ms[check] >= since_ms;
            if (fresh && place != place_of(order) &&
                tells_of(commons, order, check_row(check)->about, provider, place))
                lend(account, check, &loan);
        }
    *into_loan = loan;
    return loan.checks != 0;
}

/* ---- learning ---- */

static void learn_mx(struct commons_account *account, const struct answer *mx)
{
    struct text text;
    text_begin(&text, account->mx, sizeof account->mx);
    for (size_t i = 0; mx != NULL && i < mx->count; i++)
        text_add_format(&text, "%s%s", i > 0 ? " " : "", mx->records[i].name);
    if (mx == NULL || text.overflow || mx->count > LOAN_MX_MAX)
        account->mx[0] = '\0';
    account->mx_authenticated = mx != NULL && mx->authenticated;
}

static void unlearn(struct commons *commons, const struct order *order, enum check check,
                    const uint8_t provider[DIGEST_SIZE])
{
    for (size_t place = 0; place < order->settings->account_count; place++)
        if (tells_of(commons, order, check_row(check)->about, provider, place))
            commons->accounts[place].seen_ms[check] = 0;
}

void commons_learn(struct commons *commons, const struct suite *suite)
{
    const struct order *order = suite->order;
    struct commons_account *account = &commons->accounts[place_of(order)];
    uint8_t provider[DIGEST_SIZE];
    if (!digest_hash(add_provider, order->profile, provider)) {
        commons_forget(commons, order->settings);
        return;
    }
    if (!digest_equal(provider, account->provider))
        *account = (struct commons_account){ .mx = "" };
    memcpy(account->provider, provider, sizeof provider);
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        const struct entry *entry = &suite->run->ledger.checks[check];
        if (!entry->asked || check_row(check)->about == ABOUT_ACCOUNT)
            continue;
        if (entry->status != STATUS_OK)
            unlearn(commons, order, check, provider);
        else if (entry->seen_wall_ms == 0)
            account->seen_ms[check] = suite->started_ms;
    }
    if (account->seen_ms[DNS_MX] == suite->started_ms)
        learn_mx(account, suite->mx);
}
