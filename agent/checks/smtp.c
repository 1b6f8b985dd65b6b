/* SPDX-License-Identifier: MIT */
/* Submission (RFC 6409): reach it securely, log in, send. */
#include "../pattern.h"
#include "parts.h"

/* RFC 5321 section 4.1.1.1: one keyword a line, after "250-" or "250 ". */
bool reply_offers(const struct lane *lane, const char *keyword)
{
    struct slice rest = lane->dialogue.reply.whole, line;
    while (slice_line(&rest, &line))
        if (slice_lists_nocase(slice_from(line, 4), ' ', keyword))
            return true;
    return false;
}

/* ---- judges ---- */

static bool offers_starttls(const struct lane *lane)
{
    return reply_offers(lane, "STARTTLS");
}

/* Firewalls that inspect SMTP write X over the keywords that they do not let through:
 * "250-XXXXXXXA" where STARTTLS was. */
static bool masked_line(const struct lane *lane, struct slice *into_line)
{
    struct slice rest = lane->dialogue.reply.whole;
    while (slice_line(&rest, into_line))
        if (slice_has_nocase(slice_from(*into_line, 4), "XXXX"))
            return true;
    return false;
}

static bool is_not_masked(const struct lane *lane)
{
    struct slice line;
    return offers_starttls(lane) || !masked_line(lane, &line);
}

/* The line that gives it away is the evidence, not the last one. */
static void dress_masked(struct lane *lane, struct raised *raised)
{
    struct slice line;
    if (raised->finding != OFFICE_SMTP_INSPECTION || !masked_line(lane, &line))
        return;
    const char *said = text_copy(lane->suite->arena, slice_trim(line));
    raised->evidence.said = said != NULL ? said : raised->evidence.said;
}

/* AUTH lists its mechanisms on its own line (RFC 4954 section 3); some servers also write
 * "AUTH=PLAIN". */
static bool offers_mechanism(const struct lane *lane, const char *mechanism)
{
    struct slice rest = lane->dialogue.reply.whole, line;
    while (slice_line(&rest, &line)) {
        struct slice words = slice_from(line, 4);
        bool lists = slice_starts_nocase(words, "AUTH ") || slice_starts_nocase(words, "AUTH=");
        if (lists && slice_lists_nocase(slice_from(words, 5), ' ', mechanism))
            return true;
    }
    return false;
}

static bool offers_password_login(const struct lane *lane)
{
    return offers_mechanism(lane, "PLAIN") || offers_mechanism(lane, "LOGIN");
}

static void keep_login_offers(struct lane *lane)
{
    keep_mechanisms(lane, offers_mechanism);
}

static bool offers_token_login(const struct lane *lane)
{
    return offers_mechanism(lane, "XOAUTH2");
}

/* ---- what refusals mean: exchange.md 3.1 to 3.3, RFC 4954 section 6, RFC 3463 ---- */

/* clang-format off */
static const struct meaning login_refusals[] = {
    { "535 5.7.139 *SmtpClientAuthentication is disabled*",  LOGIN_DISABLED },
    { "535 5.7.139 *basic authentication is disabled*",      LOGIN_BASIC_DISABLED },
    { "535 5.7.139 *security defaults*",                     LOGIN_BASIC_DISABLED },
    { "535 5.7.139 *credentials were incorrect*",            SUBMISSION_LOGIN_REFUSED },
    { "535 5.7.139 *STS*",                                   SERVICE_BUSY },
    { "535 5.7.139 *",                                       LOGIN_CONTACT_ADMIN },
    { "535 5.7.3 *unable to proxy*",                         LOGIN_MAILBOX_UNREACHABLE },
    { "535 5.7.3 *permanent server error*",                  LOGIN_MAILBOX_UNREACHABLE },
    { "535 5.7.3 *tenant locked out*",                       LOGIN_CONTACT_ADMIN },
    { "525 *",                                               LOGIN_CONTACT_ADMIN },
    { "534?5.7.9 *application-specific password*",           LOGIN_APP_PASSWORD },
    { "534 *",                                               LOGIN_BASIC_DISABLED },
    { "504 *",                                               LOGIN_BASIC_DISABLED },
    { "432 4.7.12 *",                                        LOGIN_PASSWORD_EXPIRED },
    { "454?4.7.0 *too many*",                                SERVICE_BUSY },
    { "454 4.7.0 *",                                         PROVIDER_INCIDENT },
    { "451 4.7.3 *",                                         PROVIDER_INCIDENT },
    { "535*",                                                SUBMISSION_LOGIN_REFUSED },
    { "5*",                                                  SERVICE_UNEXPECTED },
    { NULL,                                                  NO_FINDING },
};
static const struct meaning token_refusals[] = {
    { "535 5.7.139 *SmtpClientAuthentication is disabled*",  LOGIN_DISABLED },
    { "535 5.7.139 *user is locked*",                        ACCOUNT_LOCKED },
    { "535 5.7.139 *STS*",                                   SERVICE_BUSY },
    { "535 5.7.3 *unable to proxy*",                         LOGIN_MAILBOX_UNREACHABLE },
    { "535 5.7.3 *permanent server error*",                  LOGIN_MAILBOX_UNREACHABLE },
    { "454 4.7.0 *too many*",                                SERVICE_BUSY },
    { "454 4.7.0 *",                                         PROVIDER_INCIDENT },
    { "451 4.7.3 *",                                         PROVIDER_INCIDENT },
    { "53*",                                                 LOGIN_TOKEN_REFUSED },
    { "5*",                                                  SERVICE_UNEXPECTED },
    { NULL,                                                  NO_FINDING },
};
static const struct meaning send_refusals[] = {
    { "550 5.7.1 *submission has been disabled*",            ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.1.8 *",                                         ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.7.501*",                                        ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.7.502*",                                        ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.7.503*",                                        ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.7.511*",                                        ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.7.705*",                                        ACCOUNT_BLOCKED_FOR_SPAM },
    { "5?? 5.2.2 *submission quota*",                        ACCOUNT_SENDING_LIMIT },
    { "421 4.4.2 *rate*",                                    ACCOUNT_SENDING_LIMIT },
    { "5?? 5.7.60 *",                                        MAIL_SENDER_REFUSED },
    { "5?? *send as*",                                       MAIL_SENDER_REFUSED },
    { "553 5.7.1 *",                                         MAIL_SENDER_REFUSED },
    { "5?? 5.2.2*",                                          ACCOUNT_QUOTA_FULL },
    { "4?? 4.2.2*",                                          ACCOUNT_QUOTA_FULL },
    { NULL,                                                  NO_FINDING },
};

/* ---- scripts ---- */

static const struct step submission_starttls[] = {
    LOCATE (),
    DIAL   (),
    HEAR_AT(STAGE_GREETING, "220", NULL, SMTP_GREETING_REFUSED),
    SAY    ("EHLO {helo}"),
    HEAR   ("250",               SMTP_EHLO_REFUSED),
    JUDGE  (is_not_masked,       OFFICE_SMTP_INSPECTION),
    JUDGE  (offers_starttls,     SMTP_NO_STARTTLS),
    SAY    ("STARTTLS"),
    HEAR   ("220",               SMTP_STARTTLS_REFUSED),
    SECURE (),
    NOTE   (certificate_lasts,   TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    SAY    ("EHLO {helo}"),
    HEAR   ("250",               SMTP_EHLO_REFUSED),
    LEARN  (keep_public_address),
    END
};
static const struct step submission_implicit[] = {
    LOCATE (),
    DIAL   (),
    SECURE (),
    NOTE   (certificate_lasts,   TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    HEAR_AT(STAGE_GREETING, "220", NULL, SMTP_GREETING_REFUSED),
    SAY    ("EHLO {helo}"),
    HEAR   ("250",               SMTP_EHLO_REFUSED),
    LEARN  (keep_public_address),
    END
};
static const struct step auth_plain[] = {
    LEARN  (keep_login_offers),
    SAY_SECRET("AUTH PLAIN {plain}"),
    HEAR_AT(STAGE_AUTH, "235", login_refusals, SUBMISSION_LOGIN_REFUSED),
    END
};
static const struct step auth_login[] = {
    LEARN     (keep_login_offers),
    SAY       ("AUTH LOGIN"),
    HEAR_AT   (STAGE_AUTH, "334", login_refusals, SERVICE_UNEXPECTED),
    SAY_SECRET("{login64}"),
    HEAR_AT   (STAGE_AUTH, "334", login_refusals, SERVICE_UNEXPECTED),
    SAY_SECRET("{secret64}"),
    HEAR_AT   (STAGE_AUTH, "235", login_refusals, SUBMISSION_LOGIN_REFUSED),
    END
};
static const struct step auth_not_offered[] = {
    LEARN  (keep_login_offers),
    JUDGE  (offers_password_login, LOGIN_BASIC_DISABLED),
    END
};
/* SASL XOAUTH2, the token on a line of its own: the command's is too short for it (RFC 4954
   section 4). A server that refuses says why in a challenge, and gives its 535 for the empty line. */
static const struct step auth_token[] = {
    SAY       ("AUTH XOAUTH2"),
    HEAR_AT   (STAGE_TOKEN, "334", token_refusals, SERVICE_UNEXPECTED),
    SAY_SECRET("{xoauth2}"),
    HEAR_AT   (STAGE_TOKEN, "235|334", token_refusals, LOGIN_TOKEN_REFUSED),
    END
};
static const struct step token_refused[] = {
    LEARN     (keep_token_challenge),
    SAY       (""),
    HEAR_AT   (STAGE_TOKEN, "235", token_refusals, LOGIN_TOKEN_REFUSED),
    END
};
static const struct step token_not_offered[] = {
    JUDGE     (offers_token_login, LOGIN_TOKEN_NOT_OFFERED),
    END
};
static const struct step send_outgoing[] = {
    SAY    ("MAIL FROM:<{from}>"),
    HEAR_AT(STAGE_SENDER,    "250", send_refusals, MAIL_NOT_SENT),
    SAY    ("RCPT TO:<{to}>"),
    HEAR_AT(STAGE_RECIPIENT, "25",  send_refusals, MAIL_NOT_SENT),
    SAY    ("DATA"),
    HEAR_AT(STAGE_DATA,      "354", send_refusals, MAIL_NOT_SENT),
    SAY    ("{mail}\r\n."),
    HEAR_AT(STAGE_DATA,      "250", send_refusals, MAIL_NOT_SENT),
    LEARN  (outgoing_is_sent),
    END
};
static const struct step send_incoming[] = {
    SAY    ("MAIL FROM:<{from}>"),
    HEAR_AT(STAGE_SENDER,    "250", NULL, PEER_UNUSABLE),
    SAY    ("RCPT TO:<{to}>"),
    HEAR_AT(STAGE_RECIPIENT, "25",  NULL, PEER_UNUSABLE),
    SAY    ("DATA"),
    HEAR_AT(STAGE_DATA,      "354", NULL, PEER_UNUSABLE),
    SAY    ("{mail}\r\n."),
    HEAR_AT(STAGE_DATA,      "250", NULL, PEER_UNUSABLE),
    LEARN  (incoming_is_sent),
    END
};
/* clang-format on */

/* A report may give only the status (RFC 3463), or a whole reply with it. */
enum finding bounce_means(const struct profile *profile, struct slice said)
{
    enum finding finding = profile_reply_means(profile, SERVICE_SUBMISSION, STAGE_BOUNCE, said);
    char reply[EVIDENCE_SAID_MAX];
    struct text text;
    text_begin(&text, reply, sizeof reply);
    text_add_format(&text, "%s%.*s ", slice_starts(said, "5.") ? "550 " : "", SLICE_ARG(said));
    for (const struct meaning *row = send_refusals; row->pattern != NULL && finding == NO_FINDING;
         row++)
        if (pattern_matches(row->pattern, text_slice(&text)))
            finding = row->finding;
    return finding == NO_FINDING ? MAIL_BOUNCED : finding;
}

/* ---- choosers ---- */

static const struct step *choose_submission_secure(struct lane *lane)
{
    if (lane->notebook.round > 0)
        return NULL;
    return lane->endpoint.security == SECURITY_IMPLICIT ? submission_implicit : submission_starttls;
}

/* One mechanism, one try. Exchange on premises offers LOGIN and no PLAIN. */
static const struct step *choose_token_login(struct lane *lane)
{
    bool challenged = slice_is(lane->dialogue.reply.code, "334");
    if (lane->notebook.round == 0)
        return offers_token_login(lane) ? auth_token : token_not_offered;
    return lane->notebook.round == 1 && challenged ? token_refused : NULL;
}

static const struct step *choose_submission_login(struct lane *lane)
{
    if (logs_in_by_token(lane))
        return choose_token_login(lane);
    if (lane->notebook.round > 0)
        return NULL;
    if (offers_mechanism(lane, "PLAIN"))
        return auth_plain;
    return offers_mechanism(lane, "LOGIN") ? auth_login : auth_not_offered;
}

static const struct step *choose_send(struct lane *lane)
{
    return lane->notebook.round == 0 && write_parcel(lane, PARCEL_OUT) ? send_outgoing : NULL;
}

/* The second mailbox: what takes two acts for the account is one for it. */
static const struct step *choose_peer_login(struct lane *lane)
{
    if (lane->notebook.round == 0)
        return submission_starttls;
    lane->notebook.round--;
    const struct step *script = choose_submission_login(lane);
    lane->notebook.round++;
    return script;
}

static const struct step *choose_peer_send(struct lane *lane)
{
    struct parcel *parcel = &lane->suite->parcels[PARCEL_IN];
    if (lane->notebook.round > 0 || parcel->state != PARCEL_EXPECTED)
        return NULL;
    parcel->from = lane->suite->order->account->peer_address;
    return write_parcel(lane, PARCEL_IN) ? send_incoming : NULL;
}

const struct part part_submission_secure = { choose_submission_secure, dress_masked, NULL,
                                             SCRIPTS(submission_starttls, submission_implicit) };
const struct part part_submission_login = { choose_submission_login, NULL, NULL,
                                            SCRIPTS(auth_plain, auth_login, auth_not_offered,
                                                    auth_token, token_refused, token_not_offered) };
const struct part part_send = { choose_send, NULL, NULL, SCRIPTS(send_outgoing) };
const struct part part_peer_submission_login = { choose_peer_login, NULL, NULL,
                                                 SCRIPTS(submission_starttls, auth_plain,
                                                         auth_login, auth_not_offered) };
const struct part part_peer_send = { choose_peer_send, NULL, NULL, SCRIPTS(send_incoming) };
