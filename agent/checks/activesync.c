/* SPDX-License-Identifier: MIT */
/* ActiveSync, which telephones speak (MS-ASHTTP). OPTIONS logs in and changes nothing: no device is
   made known to the server. */
#include "../compose.h"
#include "parts.h"

#define WARNING_DAYS 14 /* a password that ends within them is warned of */

/* ---- judges ---- */

/* 449: the server would like to see the device first. It says so to those who are logged in. */
static bool speaks_activesync(const struct lane *lane)
{
    return slice_is(lane->dialogue.reply.code, "449") ||
           web_header(lane, "MS-ASProtocolVersions").len > 0;
}

/* Days until the password runs out; WARNING_DAYS + 1 for more, or when the server says nothing. */
static uint64_t password_days(const struct lane *lane)
{
    uint64_t days = 0;
    bool told = slice_number(web_header(lane, "X-MS-Credentials-Expire"), WARNING_DAYS, &days);
    return told ? days : WARNING_DAYS + 1;
}

static bool password_lasts(const struct lane *lane)
{
    return password_days(lane) > WARNING_DAYS;
}

/* ---- what is learned ---- */

static void keep_versions(struct lane *lane)
{
    struct slice versions = web_header(lane, "MS-ASProtocolVersions");
    if (versions.len > 0 && versions.len < 80 && !compose_betrays(&lane->dialogue, versions))
        ledger_fact(&lane->suite->run->ledger, lane_check(lane), "versions", "%.*s",
                    SLICE_ARG(versions));
}

/* ---- scripts ---- */

/* clang-format off */
/* MS-ASHTTP section 2.2.2.1.1 */
static const struct meaning refusals[] = {
    { "HTTP/1.? 401*",             ACTIVESYNC_LOGIN_REFUSED },
    { "HTTP/1.? 403*",             ACTIVESYNC_NOT_ENABLED },
    { "HTTP/1.? 451*",             EXCHANGE_REDIRECTED_AWAY },
    { "HTTP/1.? 456*",             ACTIVESYNC_BLOCKED },
    { "HTTP/1.? 457*",             LOGIN_PASSWORD_EXPIRED },
    { NULL,                        NO_FINDING },
};

static const struct meaning token_refusals[] = {
    { "HTTP/1.? 401*",             LOGIN_TOKEN_REFUSED },
    { "HTTP/1.? 403*",             ACTIVESYNC_NOT_ENABLED },
    { "HTTP/1.? 451*",             EXCHANGE_REDIRECTED_AWAY },
    { "HTTP/1.? 456*",             ACTIVESYNC_BLOCKED },
    { NULL,                        NO_FINDING },
};

/* A password for Basic is spoken only where Basic is offered: elsewhere it would be refused whatever
 * it is. */
static const struct step ask_activesync[] = {
    SAY    ("OPTIONS /Microsoft-Server-ActiveSync"),
    HEAR   (EXCHANGE_ANSWERS,      SERVICE_UNEXPECTED),
    LEARN  (keep_offers),
    END
};
static const struct step activesync_basic[] = {
    SAY_SECRET("OPTIONS /Microsoft-Server-ActiveSync\n"
               "Authorization: Basic {basic}"),
    HEAR_AT(STAGE_AUTH, "200|449", refusals, SERVICE_UNEXPECTED),
    JUDGE  (speaks_activesync,     SERVICE_UNEXPECTED),
    LEARN  (keep_versions),
    NOTE   (password_lasts,        LOGIN_PASSWORD_EXPIRES_SOON),
    END
};
static const struct step activesync_bearer[] = {
    SAY_SECRET("OPTIONS /Microsoft-Server-ActiveSync\n"
               "Authorization: Bearer {bearer}"),
    HEAR_AT(STAGE_AUTH, "200|449", token_refusals, SERVICE_UNEXPECTED),
    JUDGE  (speaks_activesync,     SERVICE_UNEXPECTED),
    LEARN  (keep_versions),
    END
};
/* clang-format on */

/* ---- chooser ---- */

static const struct step *choose_activesync(struct lane *lane)
{
    return exchange_choose(lane, ask_activesync, activesync_basic, activesync_bearer);
}

/* Where the mailbox is: the host of a URL that may not be one. */
static const char *host_of(struct lane *lane, struct slice url)
{
    struct slice host = url;
    if (slice_starts_nocase(url, "https://"))
        url = slice_from(url, 8);
    if (!slice_cut(&url, '/', &host) || host.len == 0 || host.len > 253 ||
        compose_betrays(&lane->dialogue, host))
        return NULL;
    return text_copy(lane->suite->arena, host);
}

static void dress_activesync(struct lane *lane, struct raised *raised)
{
    raised->params.value[PARAM_SERVICE] = "ActiveSync";
    dress_token_refusal(lane, raised);
    if (raised->finding == LOGIN_PASSWORD_EXPIRES_SOON)
        raised->params.value[PARAM_DAYS] =
            text_format(lane->suite->arena, "%u", (unsigned)password_days(lane));
    if (raised->finding == EXCHANGE_REDIRECTED_AWAY)
        raised->params.value[PARAM_FOUND] = host_of(lane, web_header(lane, "X-MS-Location"));
}

const struct part part_activesync = { choose_activesync, dress_activesync, NULL,
                                      SCRIPTS(ask_activesync, activesync_basic, activesync_bearer,
                                              exchange_without_login, exchange_without_token,
                                              web_again) };
