/* SPDX-License-Identifier: MIT */
/* The MX hosts, as any sender meets them: port 25, STARTTLS where offered, the account as recipient
 * (RFC 5321). */
#include "parts.h"

static bool offers_starttls(const struct lane *lane)
{
    return reply_offers(lane, "STARTTLS");
}

/* clang-format off */

/* This device's address, not the account, is refused: a blocklist, a dynamic range, a policy. */
static const struct meaning client_refusals[] = {
    { "5*",                          INBOUND_CLIENT_REFUSED },
    { NULL,                          NO_FINDING },
};
static const struct meaning recipient_refusals[] = {
    { "5?? 5.2.2*",                  ACCOUNT_QUOTA_FULL },
    { "4?? 4.2.2*",                  ACCOUNT_QUOTA_FULL },
    { "552 *",                       ACCOUNT_QUOTA_FULL },
    { "45? *greylist*",              INBOUND_GREYLISTED },
    { "45? *graylist*",              INBOUND_GREYLISTED },
    { "450 4.2.0 *",                 INBOUND_GREYLISTED },
    { "451 4.7.1 *",                 INBOUND_GREYLISTED },
    { "5?? 5.7.*",                   INBOUND_CLIENT_REFUSED },
    { "554 *",                       INBOUND_CLIENT_REFUSED },
    { "55? *",                       INBOUND_RCPT_REFUSED },
    { NULL,                          NO_FINDING },
};
static const struct meaning data_refusals[] = {
    { "5?? 5.2.2*",                  ACCOUNT_QUOTA_FULL },
    { "5?? 5.7.*",                   INBOUND_CLIENT_REFUSED },
    { NULL,                          NO_FINDING },
};

static const struct step mx_secured[] = {
    LOCATE (),
    DIAL   (),
    HEAR_AT(STAGE_GREETING, "220", client_refusals, INBOUND_CLIENT_REFUSED),
    SAY    ("EHLO {helo}"),
    HEAR_AT(STAGE_GREETING, "250", client_refusals, INBOUND_CLIENT_REFUSED),
    JUDGE  (offers_starttls,      INBOUND_NO_STARTTLS),
    SAY    ("STARTTLS"),
    HEAR   ("220",                SMTP_STARTTLS_REFUSED),
    SECURE (),
    NOTE   (certificate_lasts,    TLS_EXPIRES_SOON),
    LEARN  (keep_certificate),
    SAY    ("EHLO {helo}"),
    HEAR   ("250",                SMTP_EHLO_REFUSED),
    LEARN  (keep_public_address),
    END
};
static const struct step mx_without_tls[] = {
    DIAL   (),
    HEAR_AT(STAGE_GREETING, "220", client_refusals, INBOUND_CLIENT_REFUSED),
    SAY    ("EHLO {helo}"),
    HEAR_AT(STAGE_GREETING, "250", client_refusals, INBOUND_CLIENT_REFUSED),
    END
};
static const struct step mx_recipient[] = {
    SAY    ("MAIL FROM:<{from}>"),
    HEAR_AT(STAGE_SENDER,    "250", client_refusals,    INBOUND_CLIENT_REFUSED),
    SAY    ("RCPT TO:<{to}>"),
    HEAR_AT(STAGE_RECIPIENT, "25",  recipient_refusals, INBOUND_RCPT_REFUSED),
    END
};
static const struct step mx_deliver[] = {
    SAY    ("DATA"),
    HEAR_AT(STAGE_DATA, "354", data_refusals, MAIL_NOT_RECEIVED),
    SAY    ("{mail}\r\n."),
    HEAR_AT(STAGE_DATA, "250", data_refusals, MAIL_NOT_RECEIVED),
    LEARN  (incoming_is_sent),
    END
};
/* clang-format on */

enum phase { MX_SECURED, MX_UNVERIFIED, MX_PLAIN };

static const struct step *choose_secure(struct lane *lane)
{
    if (lane->notebook.round == 0)
        return mx_secured;
    if (lane->notebook.phase != MX_UNVERIFIED)
        return NULL;
    lane->notebook.phase = MX_PLAIN;
    return mx_without_tls;
}

/* Senders deliver in the clear where TLS is not offered or a certificate does not verify (RFC
   7435), so neither is a reason not to receive: it is told, and the questions that are left are
   asked in the clear. No secret is spoken to an MX host. */
static bool recover_without_tls(struct lane *lane, enum finding finding)
{
    bool not_trusted = lane->dialogue.wire.trouble == WIRE_TLS_NOT_TRUSTED &&
                       finding != DEVICE_CLOCK_UNSET && finding != TLS_BUNDLE_MISSING;
    if (lane->notebook.phase != MX_SECURED || !(not_trusted || finding == INBOUND_NO_STARTTLS))
        return false;
    (void)lane_raise(lane, not_trusted ? INBOUND_TLS_UNVERIFIED
                                       : finding); /* a full ledger counts what it dropped */
    lane->notebook.phase = not_trusted ? MX_UNVERIFIED : MX_PLAIN;
    return true;
}

static const struct step *choose_recipient(struct lane *lane)
{
    if (lane->notebook.round > 0)
        return NULL;
    lane->dialogue.hole[HOLE_FROM] = "";
    lane->dialogue.hole[HOLE_TO] = lane->suite->order->account->address;
    return mx_recipient;
}

static const struct step *choose_deliver(struct lane *lane)
{
    return lane->notebook.round == 0 && write_parcel(lane, PARCEL_IN) ? mx_deliver : NULL;
}

const struct part part_mx_secure = { choose_secure, NULL, recover_without_tls,
                                     SCRIPTS(mx_secured, mx_without_tls) };
const struct part part_mx_recipient = { choose_recipient, NULL, NULL, SCRIPTS(mx_recipient) };
const struct part part_mx_deliver = { choose_deliver, NULL, NULL, SCRIPTS(mx_deliver) };
