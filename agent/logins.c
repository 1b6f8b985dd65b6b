/* SPDX-License-Identifier: MIT */
#include "logins.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Webmail is what people see. ActiveSync and EWS tell a mailbox that is closed from a password that
 * is wrong; IMAP and submission mostly do not, and are often switched off. */
/* clang-format off */
static const struct login logins[] = {
    { WEBMAIL_LOGIN,    WEBMAIL_LOGIN_REFUSED,    true },
    { ACTIVESYNC_LOGIN, ACTIVESYNC_LOGIN_REFUSED, true },
    { EWS_LOGIN,        EWS_LOGIN_REFUSED,        true },
    { IMAP_LOGIN,       IMAP_LOGIN_REFUSED,       true },
    { POP_LOGIN,        POP_LOGIN_REFUSED,        true },
    { SUBMISSION_LOGIN, SUBMISSION_LOGIN_REFUSED, false },
    { AUTODISCOVER_OUTLOOK, AUTODISCOVER_LOGIN_REFUSED, true },
};

/* It says nothing of the mailbox, so it is no row. */
static const struct login token = { OAUTH_TOKEN, OAUTH_REFUSED, false };

/* Those not named say nothing of the secret. */
static const struct {
    enum finding finding;
    enum login_outcome outcome;
} outcomes[] = {
    { OAUTH_REFUSED,               LOGIN_OUTCOME_REFUSED },
    { LOGIN_PASSWORD_EXPIRED,      LOGIN_OUTCOME_REFUSED },
    { LOGIN_CONTACT_ADMIN,         LOGIN_OUTCOME_REFUSED },
    { LOGIN_BASIC_DISABLED,        LOGIN_OUTCOME_REFUSED },
    { LOGIN_DISABLED,              LOGIN_OUTCOME_REFUSED },
    { LOGIN_APP_PASSWORD,          LOGIN_OUTCOME_REFUSED },
    { ACTIVESYNC_BLOCKED,          LOGIN_OUTCOME_REFUSED },
    { ACCOUNT_BLOCKED_FOR_SPAM,    LOGIN_OUTCOME_REFUSED },
    { ACCOUNT_LOCKED,              LOGIN_OUTCOME_REFUSED },
    { WEBMAIL_MAILBOX_UNAVAILABLE, LOGIN_OUTCOME_ACCEPTED },
    { EWS_MAILBOX_UNAVAILABLE,     LOGIN_OUTCOME_ACCEPTED },
    { LOGIN_MAILBOX_UNREACHABLE,   LOGIN_OUTCOME_ACCEPTED },
    { ACCOUNT_QUOTA_FULL,          LOGIN_OUTCOME_ACCEPTED },
    { POP_IN_USE,                  LOGIN_OUTCOME_ACCEPTED },
};
/* clang-format on */

const struct login *login_row(size_t index)
{
    return index < COUNT(logins) ? &logins[index] : NULL;
}

const struct login *login_of(enum check check)
{
    for (size_t i = 0; i < COUNT(logins); i++)
        if (logins[i].check == check)
            return &logins[i];
    return check == OAUTH_TOKEN ? &token : NULL;
}

enum login_outcome login_outcome(enum finding finding)
{
    for (size_t i = 0; i < COUNT(logins); i++)
        if (logins[i].refused == finding)
            return LOGIN_OUTCOME_REFUSED;
    for (size_t i = 0; i < COUNT(outcomes); i++)
        if (outcomes[i].finding == finding)
            return outcomes[i].outcome;
    return LOGIN_OUTCOME_NONE;
}
