/* SPDX-License-Identifier: MIT */
/* IMAP (RFC 3501): reach it securely and log in. */
#include "parts.h"

/* ---- judges ---- */

/* Capabilities stand in an untagged response (RFC 3501 section 7.2.1). */
static bool offers(const struct lane *lane, const char *keyword)
{
    struct slice rest = lane->dialogue.reply.whole, line;
    while (slice_line(&rest, &line)) {
        struct slice words = line, word;
        if (!slice_starts_nocase(line, "* CAPABILITY "))
            continue;
        while (slice_cut(&words, ' ', &word))
            if (slice_equal_nocase(word, slice_of(keyword)))
                return true;
    }
    return false;
}

static bool allows_password_login(const struct lane *lane)
{
    return offers(lane, "AUTH=PLAIN") || !offers(lane, "LOGINDISABLED");
}

static void keep_capabilities(struct lane *lane)
{
    lane->notebook.removes_by_uid = offers(lane, "UIDPLUS");
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
static const struct step authenticate_plain[] = {
    SAY    ("AUTHENTICATE PLAIN"),
    HEAR   ("+",                    SERVICE_UNEXPECTED),
    SAY_SECRET_MORE("{plain}"),
    HEAR_AT(STAGE_AUTH, "OK", login_refusals, IMAP_LOGIN_REFUSED),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    LEARN  (keep_capabilities),
    END
};
static const struct step login_quoted[] = {
    SAY_SECRET("LOGIN {login-quoted} {secret-quoted}"),
    HEAR_AT(STAGE_AUTH, "OK", login_refusals, IMAP_LOGIN_REFUSED),
    SAY    ("CAPABILITY"),
    HEAR   ("OK",                   SERVICE_UNEXPECTED),
    LEARN  (keep_capabilities),
    END
};
static const struct step login_not_offered[] = {
    JUDGE  (allows_password_login,  LOGIN_BASIC_DISABLED),
    END
};
/* clang-format on */

static const struct step *choose_imap_secure(struct lane *lane)
{
    return lane->notebook.round == 0 ? imap_implicit : NULL;
}

static const struct step *choose_imap_login(struct lane *lane)
{
    if (lane->notebook.round > 0)
        return NULL;
    if (offers(lane, "AUTH=PLAIN"))
        return authenticate_plain;
    return offers(lane, "LOGINDISABLED") ? login_not_offered : login_quoted;
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

const struct part part_imap_secure = { choose_imap_secure, NULL, NULL, { imap_implicit } };
const struct part part_imap_login = {
    choose_imap_login, NULL, NULL, { authenticate_plain, login_quoted, login_not_offered }
};
const struct part part_peer_imap_login = { choose_peer_login,
                                           NULL,
                                           NULL,
                                           { imap_implicit, authenticate_plain, login_quoted,
                                             login_not_offered } };
