/* SPDX-License-Identifier: MIT */
/* Exchange's own services over HTTP: what they have in common, and MAPI, which Outlook for Windows
   speaks (MS-OXCMAPIHTTP). */
#include "parts.h"

#define SERVICES                                                                                   \
    (CHECK_BIT(MAPI_REACH) | CHECK_BIT(ACTIVESYNC_LOGIN) | CHECK_BIT(EWS_LOGIN)) /* of Exchange */

enum phase { EXCHANGE_BEGIN, EXCHANGE_ASKED, EXCHANGE_TRIED };

/* ---- what is there ---- */

/* Which of its services an Exchange offers is the provider's choice. That none is there means that
 * it is no Exchange. */
static void tell_absence(struct lane *lane)
{
    check_set looked_for = lane->ended | CHECK_BIT(lane_check(lane));
    if (!lane->notebook.met_exchange && (looked_for & SERVICES) == SERVICES)
        (void)lane_raise(lane, EXCHANGE_NOT_FOUND); /* a full ledger counts what it dropped */
    else
        ledger_unknown(&lane->suite->run->ledger, lane_check(lane), REASON_NOT_OFFERED);
}

static bool is_there(struct lane *lane)
{
    bool there = (lane->notebook.offers & WEB_LOGIN) != 0;
    lane->notebook.met_exchange = lane->notebook.met_exchange || there;
    if (!there)
        tell_absence(lane);
    return there;
}

/* ---- no password can be given ---- */

static bool names_a_way(const struct lane *lane)
{
    return lane->notebook.offers != WEB_LOGIN;
}

/* Negotiate, NTLM and Digest take passwords too, only not from us. */
static bool takes_passwords(const struct lane *lane)
{
    return lane->notebook.offers != (WEB_LOGIN | WEB_BEARER);
}

/* clang-format off */
const struct step exchange_without_login[] = {
    JUDGE  (names_a_way,           SERVICE_UNEXPECTED),
    JUDGE  (takes_passwords,       LOGIN_BASIC_DISABLED),
    END
};
/* clang-format on */

/* ---- no token can be given ---- */

static bool takes_tokens(const struct lane *lane)
{
    return (lane->notebook.offers & WEB_BEARER) != 0;
}

/* clang-format off */
const struct step exchange_without_token[] = {
    JUDGE  (takes_tokens,          LOGIN_TOKEN_NOT_OFFERED),
    END
};

/* ---- MAPI ---- */

/* Nobody logs in: that the server asks who it is proves that it is there. */
static const struct step ping_mapi[] = {
    SAY    ("POST /mapi/emsmdb/\n"
            "Content-Type: application/mapi-http\n"
            "X-RequestType: PING"),
    HEAR   (EXCHANGE_ANSWERS,      SERVICE_UNEXPECTED),
    LEARN  (keep_offers),
    END
};
/* clang-format on */

/* ---- choosers ---- */

const struct step *exchange_choose(struct lane *lane, const struct step *ask,
                                   const struct step *by_password, const struct step *by_token)
{
    struct notebook *notebook = &lane->notebook;
    bool token = logs_in_by_token(lane);
    if (notebook->phase == EXCHANGE_TRIED)
        return NULL;
    if (notebook->phase == EXCHANGE_ASKED && !is_there(lane))
        return NULL;
    unsigned wanted = token ? WEB_BEARER : WEB_BASIC;
    if (notebook->phase == EXCHANGE_ASKED && (notebook->offers & wanted) == 0) {
        notebook->phase = EXCHANGE_TRIED;
        return token ? exchange_without_token : exchange_without_login;
    }
    if (!lane->dialogue.on_the_wire)
        return web_again;
    if (notebook->phase++ == EXCHANGE_BEGIN)
        return ask;
    return token ? by_token : by_password;
}

static const struct step *choose_mapi(struct lane *lane)
{
    if (lane->notebook.phase == EXCHANGE_BEGIN)
        return exchange_choose(lane, ping_mapi, NULL, NULL);
    (void)is_there(lane); /* what there is to record it has recorded */
    return NULL;
}

static void dress_mapi(struct lane *lane, struct raised *raised)
{
    (void)lane; /* as every dress_fn */
    raised->params.value[PARAM_SERVICE] = "MAPI";
}

const struct part part_mapi = { choose_mapi, dress_mapi, NULL, SCRIPTS(ping_mapi, web_again) };
