/* SPDX-License-Identifier: MIT */
#include "checks.h"

#include <assert.h>

/* The parts are at home in checks/, beside their scripts. */
#define CHECK(...)
#define SERVICE(...)
#define ACT(symbol, check, service, part_, speaks) extern const struct part part_;
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT

static_assert(CHECK_COUNT <= CHECK_SET_BITS, "every check has its bit");

static const struct check_row checks[CHECK_COUNT] = {
#define CHECK(symbol, slug_, layer_, about_, cost_, needs_, en, fr)                                \
    [symbol] = { .slug = slug_,                                                                    \
                 .layer = layer_,                                                                  \
                 .about = about_,                                                                  \
                 .cost = cost_,                                                                    \
                 .needs = needs_,                                                                  \
                 .title = { en, fr } },
#define SERVICE(...)
#define ACT(...)
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
};

static const struct service_row services[SERVICE_COUNT] = {
#define CHECK(...)
#define SERVICE(symbol, slug_, dialect_, en, fr)                                                   \
    [symbol] = { .slug = slug_, .dialect = dialect_, .title = { en, fr } },
#define ACT(...)
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
};

static const struct act_row acts[ACT_COUNT] = {
#define CHECK(...)
#define SERVICE(...)
#define ACT(symbol, check_, service_, part_, speaks_)                                              \
    [symbol] = { .check = check_, .service = service_, .part = &part_, .speaks = speaks_ },
#define RESULT(...)
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
};

static const struct result_row results[RESULT_COUNT] = {
#define CHECK(...)
#define SERVICE(...)
#define ACT(...)
#define RESULT(symbol, slug_, check_, good_en, bad_en, good_fr, bad_fr)                            \
    [symbol] = {                                                                                   \
        .slug = slug_, .check = check_, .good = { good_en, good_fr }, .bad = { bad_en, bad_fr }    \
    },
#include "checks.def"
#undef CHECK
#undef SERVICE
#undef ACT
#undef RESULT
};

static const char *const costs[] = {
    [COST_LIGHT] = "light",
    [COST_LOGIN] = "login",
    [COST_LOOP] = "loop",
};

const struct check_row *check_row(enum check check)
{
    assert(check < CHECK_COUNT);
    return &checks[check];
}

const struct service_row *service_row(enum service service)
{
    assert(service < SERVICE_COUNT);
    return &services[service];
}

const struct act_row *act_row(enum act act)
{
    assert(act < ACT_COUNT);
    return &acts[act];
}

const struct result_row *result_row(enum result result)
{
    assert(result < RESULT_COUNT);
    return &results[result];
}

check_set check_evidence(enum check check)
{
    const check_set logins =
        CHECK_BIT(WEBMAIL_LOGIN) | CHECK_BIT(IMAP_LOGIN) | CHECK_BIT(SUBMISSION_LOGIN);
    if (check == ACCOUNT_SENDING)
        return CHECK_BIT(MAIL_SEND) | CHECK_BIT(WEBMAIL_LOGIN) | CHECK_BIT(PROVIDER_ACCOUNT);
    if (check == ACCOUNT_SUBSCRIPTION || check == ACCOUNT_LOCK)
        return CHECK_BIT(INBOUND_SMTP) | CHECK_BIT(PROVIDER_ACCOUNT) | logins;
    return 0;
}

enum check check_find(struct slice slug)
{
    enum check i = 0;
    while (i < CHECK_COUNT && !slice_is(slug, checks[i].slug))
        i++;
    return i;
}

const char *cost_name(enum cost cost)
{
    return costs[cost];
}
