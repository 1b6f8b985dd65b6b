/* SPDX-License-Identifier: MIT */
/* POP (RFC 1939): reach it securely and log in. No message is listed, fetched or removed, and the
   good-bye follows at once: a mailbox is open to one POP program at a time. */
#include "parts.h"

/* ---- judges ---- */

/* RFC 2449 section 5: one capability a line, its parameters behind it. */
static bool offers(const struct lane *lane, const char *capability, const char *parameter)
{
    struct slice rest = lane->dialogue.reply.whole, line, word;
    while (slice_line(&rest, &line)) {
        if (!slice_cut(&line, ' ', &word) || !slice_is_nocase(word, capability))
            continue;
        if (parameter == NULL || slice_lists_nocase(line, ' ', parameter))
            return true;
    }
    return false;
}

/* "USER" is POP's own way. A server that knows no CAPA has no other. */
static bool offers_mechanism(const struct lane *lane, const char *mechanism)
{
    if (!slice_is(slice_of(mechanism), "USER"))
        return offers(lane, "SASL", mechanism);
    return offers(lane, "USER", NULL) || slice_is(lane->dialogue.reply.code, "ERR");
}

static bool offers_stls(const struct lane *lane)
{
    return offers(lane, "STLS", NULL);
}

static bool offers_password_login(const struct lane *lane)
{
    return offers_mechanism(lane, "PLAIN") || offers_mechanism(lane, "USER");
}

static bool offers_token_login(const struct lane *lane)
{
    return offers_mechanism(lane, "XOAUTH2");
}

static void keep_login_offers(struct lane *lane)
{
    keep_mechanisms(lane, offers_mechanism);
}

/* ---- what refusals mean: RFC 2449 section 8, RFC 3206; Exchange gives every reason the same words
 * ---- */

/* clang-format off */
static const struct meaning turned_away[] = {
    { "-ERR [SYS/TEMP]*",     SERVICE_BUSY },
    { "-ERR*",                SMTP_GREETING_REFUSED },
    { NULL,                   NO_FINDING },
};
static const struct meaning login_refusals[] = {
    { "-ERR [AUTH]*",         POP_LOGIN_REFUSED },
    { "-ERR [SYS/TEMP]*",     SERVICE_BUSY },
    { "-ERR [LOGIN-DELAY]*",  SERVICE_BUSY },
    { "-ERR [SYS/PERM]*",     LOGIN_CONTACT_ADMIN },
    { "-ERR [IN-USE]*",       POP_IN_USE },
    { NULL,                   NO_FINDING },
};

static const struct meaning token_refusals[] = {
    { "-ERR [SYS/TEMP]*",     SERVICE_BUSY },
    { "-ERR [LOGIN-DELAY]*",  SERVICE_BUSY },
    { "-ERR [SYS/PERM]*",     LOGIN_CONTACT_ADMIN },
    { "-ERR [IN-USE]*",       POP_IN_USE },
    { NULL,                   NO_FINDING },
};

/* ---- scripts ---- */

static const struct step pop_implicit[] = {
    LOCATE (),
    DIAL   (),
    SECURE (),
    NOTE   (certificate_lasts,      TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    HEAR_AT(STAGE_GREETING, "OK", turned_away, SERVICE_UNEXPECTED),
    SAY    ("CAPA"),
    HEAR   ("OK|ERR",               SERVICE_UNEXPECTED),
    END
};
static const struct step pop_stls[] = {
    LOCATE (),
    DIAL   (),
    HEAR_AT(STAGE_GREETING, "OK", turned_away, SERVICE_UNEXPECTED),
    SAY    ("CAPA"),
    HEAR   ("OK|ERR",               SERVICE_UNEXPECTED),
    JUDGE  (offers_stls,            SMTP_NO_STARTTLS),
    SAY    ("STLS"),
    HEAR   ("OK",                   SMTP_STARTTLS_REFUSED),
    SECURE (),
    NOTE   (certificate_lasts,      TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    SAY    ("CAPA"),
    HEAR   ("OK|ERR",               SERVICE_UNEXPECTED),
    END
};
/* In two parts: with the name and a long password one line would be too long (RFC 5034 section 4). */
static const struct step auth_plain[] = {
    LEARN  (keep_login_offers),
    SAY    ("AUTH PLAIN"),
    HEAR   ("+",                    SERVICE_UNEXPECTED),
    SAY_SECRET_MORE("{plain}"),
    HEAR_AT(STAGE_AUTH, "OK", login_refusals, POP_LOGIN_REFUSED),
    END
};
static const struct step user_pass[] = {
    LEARN  (keep_login_offers),
    SAY_SECRET("USER {login}"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    SAY_SECRET("PASS {secret}"),
    HEAR_AT(STAGE_AUTH, "OK", login_refusals, POP_LOGIN_REFUSED),
    END
};
/* SASL XOAUTH2: see imap.c. */
static const struct step auth_token[] = {
    LEARN  (keep_login_offers),
    SAY    ("AUTH XOAUTH2"),
    HEAR   ("+",                    SERVICE_UNEXPECTED),
    SAY_SECRET_MORE("{xoauth2}"),
    HEAR_AT(STAGE_AUTH, "OK|+", token_refusals, LOGIN_TOKEN_REFUSED),
    END
};
static const struct step token_refused[] = {
    LEARN  (keep_token_challenge),
    SAY_MORE(""),
    HEAR_AT(STAGE_AUTH, "OK", token_refusals, LOGIN_TOKEN_REFUSED),
    END
};
static const struct step token_not_offered[] = {
    LEARN  (keep_login_offers),
    JUDGE  (offers_token_login,     LOGIN_TOKEN_NOT_OFFERED),
    END
};
static const struct step login_not_offered[] = {
    LEARN  (keep_login_offers),
    JUDGE  (offers_password_login,  LOGIN_BASIC_DISABLED),
    END
};
/* clang-format on */

/* ---- choosers ---- */

static const struct step *choose_secure(struct lane *lane)
{
    if (lane->notebook.round > 0)
        return NULL;
    return lane->endpoint.security == SECURITY_IMPLICIT ? pop_implicit : pop_stls;
}

static const struct step *choose_token_login(struct lane *lane)
{
    bool challenged = slice_is(lane->dialogue.reply.code, "+");
    if (lane->notebook.round == 0)
        return offers_token_login(lane) ? auth_token : token_not_offered;
    return lane->notebook.round == 1 && challenged ? token_refused : NULL;
}

/* One mechanism, one try. */
static const struct step *choose_login(struct lane *lane)
{
    if (logs_in_by_token(lane))
        return choose_token_login(lane);
    if (lane->notebook.round > 0)
        return NULL;
    if (offers_mechanism(lane, "PLAIN"))
        return auth_plain;
    return offers_mechanism(lane, "USER") ? user_pass : login_not_offered;
}

const struct part part_pop_secure = { choose_secure, NULL, NULL, SCRIPTS(pop_implicit, pop_stls) };
const struct part part_pop_login = { choose_login, NULL, NULL,
                                     SCRIPTS(auth_plain, user_pass, login_not_offered, auth_token,
                                             token_refused, token_not_offered) };
