/* SPDX-License-Identifier: MIT */
/* The token server (RFC 6749), and what mail servers say of its tokens (SASL XOAUTH2, RFC 6750). */
#include "../compose.h"
#include "../oauth.h"
#include "parts.h"

/* ---- judges ---- */

static bool has_token(const struct lane *lane)
{
    return lane->suite->token.len > 0;
}

static bool keeps_refresh_token(const struct lane *lane)
{
    return !lane->notebook.renews_token;
}

/* ---- what is learned ---- */

/* "HTTP/1.1 400 Bad Request; invalid_grant; AADSTS50173": what is shown as the server's words. The
   answer itself, which may hold tokens, is forgotten. */
static void take_token(struct lane *lane)
{
    struct dialogue *dialogue = &lane->dialogue;
    struct oauth_answer answer;
    struct text said;
    struct slice line = dialogue->reply.said;
    if (line.len > 64)
        line.len = 12; /* "HTTP/1.1 400": what the server adds may repeat a secret */
    oauth_read(dialogue->reply.body, &lane->suite->token, &answer);
    lane->notebook.renews_token = answer.renews;
    text_begin(&said, lane->notebook.said, sizeof lane->notebook.said);
    text_add(&said, line);
    text_add_format(&said, "%s%s%s%s", answer.error[0] != '\0' ? "; " : "", answer.error,
                    answer.code[0] != '\0' ? "; " : "", answer.code);
    text_wipe(dialogue->in, dialogue->in_len);
    dialogue->reply.whole = dialogue->reply.said = text_slice(&said);
    dialogue->reply.body = SLICE("");
    if (has_token(lane) && answer.valid_s > 0)
        ledger_fact(&lane->suite->run->ledger, OAUTH_TOKEN, "valid", "%u s",
                    (unsigned)answer.valid_s);
}

/* ---- scripts ---- */

/* clang-format off */
static const struct meaning outages[] = {
    { "HTTP/1.? 429*",                        OAUTH_UNAVAILABLE },
    { "HTTP/1.? 5*",                          OAUTH_UNAVAILABLE },
    { NULL,                                   NO_FINDING },
};

/* Microsoft's codes say more than the words of RFC 6749 section 5.2, which come with them. */
static const struct meaning refusals[] = {
    { "*; AADSTS50053",                       ACCOUNT_LOCKED },
    { "*; AADSTS50055",                       LOGIN_PASSWORD_EXPIRED },
    { "*; AADSTS50057",                       LOGIN_CONTACT_ADMIN },
    { "*; AADSTS65001",                       OAUTH_CONSENT_MISSING },
    { "*; AADSTS50105",                       OAUTH_CONSENT_MISSING },
    { "*; AADSTS5300?",                       OAUTH_POLICY },
    { "*; AADSTS50076",                       OAUTH_POLICY },
    { "*; AADSTS50079",                       OAUTH_POLICY },
    { "*; AADSTS50158",                       OAUTH_POLICY },
    { "*; AADSTS700016",                      OAUTH_UNKNOWN_APPLICATION },
    { "*; AADSTS90002",                       OAUTH_UNKNOWN_APPLICATION },
    { "*; AADSTS900023",                      OAUTH_UNKNOWN_APPLICATION },
    { "*; temporarily_unavailable*",          OAUTH_UNAVAILABLE },
    { "*; server_error*",                     OAUTH_UNAVAILABLE },
    { "*; interaction_required*",             OAUTH_POLICY },
    { "*; admin_policy_enforced*",            OAUTH_POLICY },
    { "*; unauthorized_client*",              OAUTH_CONSENT_MISSING },
    { "*; consent_required*",                 OAUTH_CONSENT_MISSING },
    { "*; access_denied*",                    OAUTH_CONSENT_MISSING },
    { "*; invalid_scope*",                    OAUTH_CONSENT_MISSING },
    { "*; invalid_client*",                   OAUTH_REFUSED },
    { "*; invalid_grant*",                    OAUTH_REFUSED },
    { "*; deleted_client*",                   OAUTH_UNKNOWN_APPLICATION },
    { "*; unsupported_grant_type*",           OAUTH_UNKNOWN_APPLICATION },
    { "*; invalid_request*",                  OAUTH_UNKNOWN_APPLICATION },
    { NULL,                                   NO_FINDING },
};

#define ASK(form)                                                   \
    SAY_SECRET("POST {path}\n"                                      \
               "Content-Type: application/x-www-form-urlencoded\n"  \
               "\n"                                                 \
               "client_id={client-form}&" form)
#define HEAR_TOKEN                                                  \
    HEAR_AT(STAGE_AUTH, "200|400|401|403", outages, SERVICE_UNEXPECTED), \
    LEARN  (take_token),                                            \
    JUDGE_AT(STAGE_AUTH, has_token, refusals, SERVICE_UNEXPECTED),  \
    NOTE   (keeps_refresh_token,   OAUTH_REFRESH_TOKEN_CHANGES)

/* RFC 6749 section 4.4 */
static const struct step ask_as_application[] = {
    ASK("scope={scope-form}&client_secret={secret-form}&grant_type=client_credentials"),
    HEAR_TOKEN,
    END
};
/* RFC 6749 section 6: without a scope, the token is for all that was once granted. */
static const struct step ask_by_refresh_token[] = {
    ASK("refresh_token={secret-form}&grant_type=refresh_token"),
    HEAR_TOKEN,
    END
};
static const struct step ask_with_both[] = {
    ASK("client_secret={application-form}&refresh_token={secret-form}&grant_type=refresh_token"),
    HEAR_TOKEN,
    END
};
/* clang-format on */

/* ---- chooser ---- */

static const struct step *choose_token(struct lane *lane)
{
    const struct order *order = lane->suite->order;
    if (lane->notebook.round == 0)
        return web_secure;
    if (lane->notebook.round > 1)
        return NULL;
    if (order->account->auth == AUTH_OAUTH_CLIENT)
        return ask_as_application;
    bool both = order->application != NULL && order->application->len > 0;
    return both ? ask_with_both : ask_by_refresh_token;
}

const struct part part_token = { choose_token, NULL, NULL,
                                 SCRIPTS(web_secure, ask_as_application, ask_by_refresh_token,
                                         ask_with_both) };

/* ---- refusals of a token ---- */

bool logs_in_by_token(const struct lane *lane)
{
    return lane->dialogue.token != NULL;
}

void keep_token_challenge(struct lane *lane)
{
    char status[8];
    struct slice base64 = slice_trim(lane->dialogue.reply.said);
    if (slice_starts(base64, "334 ") || slice_starts(base64, "+ "))
        base64 = slice_from(base64, slice_starts(base64, "+") ? 2 : 4);
    if (oauth_challenge_status(base64, status, sizeof status))
        ledger_fact(&lane->suite->run->ledger, lane_check(lane), "token-status", "%s", status);
}

/* The header in which Exchange Online says why (MS-OAUTH2EX), and the one of RFC 6750 section 3. */
void dress_token_refusal(struct lane *lane, struct raised *raised)
{
    struct slice why = web_header(lane, "x-ms-diagnostics");
    if (why.len == 0)
        why = web_header(lane, "WWW-Authenticate");
    if (raised->finding != LOGIN_TOKEN_REFUSED || why.len == 0 ||
        compose_betrays(&lane->dialogue, why))
        return;
    char room[EVIDENCE_SAID_MAX];
    struct text said;
    text_begin(&said, room, sizeof room);
    text_add_printable(&said, slice_of(raised->evidence.said));
    text_add_string(&said, "; ");
    text_add_printable(&said, (struct slice){ why.at, why.len < 140 ? why.len : 140 });
    const char *kept = text_copy(lane->suite->arena, text_slice(&said));
    raised->evidence.said = kept != NULL ? kept : raised->evidence.said;
}
