/* SPDX-License-Identifier: MIT */
/* IMAP (RFC 3501): reach it securely and log in. */
#include "../compose.h"
#include "../pattern.h"
#include "parts.h"

/* ---- judges ---- */

/* Capabilities stand in an untagged response (RFC 3501 section 7.2.1). */
bool imap_offers(const struct lane *lane, const char *keyword)
{
    struct slice rest = lane->dialogue.reply.whole, line;
    while (slice_line(&rest, &line))
        if (slice_starts_nocase(line, "* CAPABILITY ") && slice_lists_nocase(line, ' ', keyword))
            return true;
    return false;
}

static bool offers_mechanism(const struct lane *lane, const char *mechanism)
{
    char keyword[40];
    text_put_format(keyword, sizeof keyword, "AUTH=%s", mechanism);
    bool command = slice_is(slice_of(mechanism), "LOGIN") && !imap_offers(lane, "LOGINDISABLED");
    return command || imap_offers(lane, keyword);
}

static bool offers_starttls(const struct lane *lane)
{
    return imap_offers(lane, "STARTTLS");
}

static bool allows_password_login(const struct lane *lane)
{
    return imap_offers(lane, "AUTH=PLAIN") || !imap_offers(lane, "LOGINDISABLED");
}

static bool allows_token_login(const struct lane *lane)
{
    return imap_offers(lane, "AUTH=XOAUTH2");
}

/* ---- what is learned ---- */

static void keep_login_offers(struct lane *lane)
{
    keep_mechanisms(lane, offers_mechanism);
}

static void keep_capabilities(struct lane *lane)
{
    lane->notebook.removes_by_uid = imap_offers(lane, "UIDPLUS");
}

/* RFC 3501 section 7.1: such words must reach a person. */
static bool find_alert(const struct lane *lane, struct slice *into_words)
{
    struct slice rest = lane->dialogue.reply.whole, line, tag, status;
    while (slice_line(&rest, &line)) {
        if (!slice_cut(&line, ' ', &tag) || !slice_cut(&line, ' ', &status) ||
            !slice_starts_nocase(line, "[ALERT]"))
            continue;
        *into_words = slice_from(line, sizeof "[ALERT]" - 1);
        return true;
    }
    return false;
}

static bool is_about_expiry(struct slice words)
{
    return pattern_matches("*password*expir*", words) ||
           pattern_matches("*mot de passe*expir*", words);
}

/* The second mailbox's are no matter of this report. */
static void heed_alert(struct lane *lane)
{
    struct slice words;
    if (lane->service != SERVICE_IMAP || !find_alert(lane, &words) ||
        compose_betrays(&lane->dialogue, lane->dialogue.reply.whole))
        return;
    enum finding finding = is_about_expiry(words) ? LOGIN_PASSWORD_EXPIRES_SOON : IMAP_ALERT;
    (void)lane_raise_for(lane, finding, lane_check(lane),
                         words); /* a full ledger counts what it dropped */
}

/* ---- what refusals mean: RFC 5530; Exchange says "NO LOGIN failed." for every reason ---- */

/* clang-format off */
static const struct meaning login_refusals[] = {
    { "NO [AUTHENTICATIONFAILED]*",                IMAP_LOGIN_REFUSED },
    { "NO [EXPIRED]*",                             LOGIN_PASSWORD_EXPIRED },
    { "NO [CONTACTADMIN]*",                        LOGIN_CONTACT_ADMIN },
    { "NO [AUTHORIZATIONFAILED]*",                 LOGIN_CONTACT_ADMIN },
    { "NO [SERVERBUG]*",                           SERVICE_BUSY },
    { "BAD *authenticated but not connected*",     LOGIN_MAILBOX_UNREACHABLE },
    { "BAD *",                                     SERVICE_UNEXPECTED },
    { NULL,                                        NO_FINDING },
};

static const struct meaning token_refusals[] = {
    { "NO [CONTACTADMIN]*",                        LOGIN_CONTACT_ADMIN },
    { "NO [SERVERBUG]*",                           SERVICE_BUSY },
    { "BAD *authenticated but not connected*",     LOGIN_MAILBOX_UNREACHABLE },
    { "BAD *",                                     SERVICE_UNEXPECTED },
    { NULL,                                        NO_FINDING },
};

/* ---- scripts ---- */

static const struct step imap_implicit[] = {
    LOCATE (),
    DIAL   (),
    SECURE (),
    NOTE   (certificate_lasts,      TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    HEAR_AT(STAGE_GREETING, "OK", NULL, SERVICE_UNEXPECTED),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    END
};
/* RFC 3501 section 6.2.1: what was offered before TLS is forgotten. */
static const struct step imap_starttls[] = {
    LOCATE (),
    DIAL   (),
    HEAR_AT(STAGE_GREETING, "OK", NULL, SERVICE_UNEXPECTED),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    JUDGE  (offers_starttls,        SMTP_NO_STARTTLS),
    SAY    ("STARTTLS"),
    HEAR   ("OK",                   SMTP_STARTTLS_REFUSED),
    SECURE (),
    NOTE   (certificate_lasts,      TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    END
};
static const struct step authenticate_plain[] = {
    LEARN  (keep_login_offers),
    SAY    ("AUTHENTICATE PLAIN"),
    HEAR   ("+",                    SERVICE_UNEXPECTED),
    SAY_SECRET_MORE("{plain}"),
    HEAR_AT(STAGE_AUTH, "OK", login_refusals, IMAP_LOGIN_REFUSED),
    LEARN  (heed_alert),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    LEARN  (keep_capabilities),
    END
};
/* SASL XOAUTH2. A server that refuses says why in a challenge, and gives its NO for the empty line. */
static const struct step authenticate_token[] = {
    LEARN  (keep_login_offers),
    SAY    ("AUTHENTICATE XOAUTH2"),
    HEAR   ("+",                    SERVICE_UNEXPECTED),
    SAY_SECRET_MORE("{xoauth2}"),
    HEAR_AT(STAGE_TOKEN, "OK|+", token_refusals, LOGIN_TOKEN_REFUSED),
    END
};
static const struct step token_accepted[] = {
    LEARN  (heed_alert),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    LEARN  (keep_capabilities),
    END
};
static const struct step token_refused[] = {
    LEARN  (keep_token_challenge),
    SAY_MORE(""),
    HEAR_AT(STAGE_TOKEN, "OK", token_refusals, LOGIN_TOKEN_REFUSED),
    END
};
static const struct step token_not_offered[] = {
    LEARN  (keep_login_offers),
    JUDGE  (allows_token_login,     LOGIN_TOKEN_NOT_OFFERED),
    END
};
static const struct step login_quoted[] = {
    LEARN  (keep_login_offers),
    SAY_SECRET("LOGIN {login-quoted} {secret-quoted}"),
    HEAR_AT(STAGE_AUTH, "OK", login_refusals, IMAP_LOGIN_REFUSED),
    LEARN  (heed_alert),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    LEARN  (keep_capabilities),
    END
};
static const struct step login_not_offered[] = {
    LEARN  (keep_login_offers),
    JUDGE  (allows_password_login,  LOGIN_BASIC_DISABLED),
    END
};
/* clang-format on */

static const struct step *secure_script(const struct lane *lane)
{
    return lane->endpoint.security == SECURITY_IMPLICIT ? imap_implicit : imap_starttls;
}

static const struct step *choose_imap_secure(struct lane *lane)
{
    return lane->notebook.round == 0 ? secure_script(lane) : NULL;
}

static const struct step *choose_token_login(struct lane *lane)
{
    bool challenged = slice_is(lane->dialogue.reply.code, "+");
    if (lane->notebook.round == 0)
        return allows_token_login(lane) ? authenticate_token : token_not_offered;
    if (lane->notebook.round > 1)
        return NULL;
    return challenged ? token_refused : token_accepted;
}

static const struct step *choose_imap_login(struct lane *lane)
{
    if (logs_in_by_token(lane))
        return choose_token_login(lane);
    if (lane->notebook.round > 0)
        return NULL;
    if (imap_offers(lane, "AUTH=PLAIN"))
        return authenticate_plain;
    return imap_offers(lane, "LOGINDISABLED") ? login_not_offered : login_quoted;
}

/* The second mailbox: what takes two acts for the account is one for it. */
static const struct step *choose_peer_login(struct lane *lane)
{
    if (lane->notebook.round == 0)
        return imap_implicit;
    lane->notebook.round--;
    const struct step *script = choose_imap_login(lane);
    lane->notebook.round++;
    return script;
}

const struct part part_imap_secure = { choose_imap_secure, NULL, NULL,
                                       SCRIPTS(imap_implicit, imap_starttls) };
const struct part part_imap_login = { choose_imap_login, NULL, NULL,
                                      SCRIPTS(authenticate_plain, login_quoted, login_not_offered,
                                              authenticate_token, token_accepted, token_refused,
                                              token_not_offered) };
const struct part part_peer_imap_login = { choose_peer_login, NULL, NULL,
                                           SCRIPTS(imap_implicit, authenticate_plain, login_quoted,
                                                   login_not_offered) };
