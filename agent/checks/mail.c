/* SPDX-License-Identifier: MIT */
/* What the protocols of mail have in common: the test mail on its way out of a lane, and the ways
 * to log in. */
#include "parts.h"

void keep_mechanisms(struct lane *lane, offers_fn *offers)
{
    static const char *const names[] = {
        "PLAIN",         "LOGIN",    "USER",       "XOAUTH2",  "OAUTHBEARER",
        "NTLM",          "GSSAPI",   "GSS-SPNEGO", "EXTERNAL", "SCRAM-SHA-1",
        "SCRAM-SHA-256", "CRAM-MD5", "DIGEST-MD5",
    };
    char words[120];
    struct text text;
    text_begin(&text, words, sizeof words);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (offers(lane, names[i]))
            text_add_format(&text, "%s%s", text.len > 0 ? " " : "", names[i]);
    if (text.len > 0)
        ledger_fact(&lane->suite->run->ledger, lane_check(lane), "offers", "%s", words);
}

bool write_parcel(struct lane *lane, enum direction direction)
{
    struct suite *suite = lane->suite;
    const struct parcel *parcel = &suite->parcels[direction];
    const char *mail = parcel_write(parcel, suite->arena, suite->helo, port_wall_ms());
    lane->dialogue.hole[HOLE_FROM] = parcel->from;
    lane->dialogue.hole[HOLE_TO] = parcel->to;
    lane->dialogue.hole[HOLE_MAIL] = mail;
    return mail != NULL;
}

static void is_sent(struct lane *lane, enum direction direction)
{
    struct parcel *parcel = &lane->suite->parcels[direction];
    parcel->state = PARCEL_SENT;
    parcel->sent_ms = port_now_ms();
}

void outgoing_is_sent(struct lane *lane)
{
    is_sent(lane, PARCEL_OUT);
}

void incoming_is_sent(struct lane *lane)
{
    is_sent(lane, PARCEL_IN);
}
