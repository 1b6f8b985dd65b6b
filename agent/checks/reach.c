/* SPDX-License-Identifier: MIT */
/* Servers that have nothing to do with the account. They are asked when something failed, and tell
   whether the provider or the office is at fault: what is reached, by whom a certificate is signed,
   what time it is, and whether a sign-in page answers in place of everybody. */
#include "parts.h"

#define PORT_SMTP       25
#define PORT_SUBMISSION 587
#define PORT_HTTP       80

enum phase { REACH_BEGIN, REACH_OVER };

/* The host of an absolute Location ("https://portal.example/login"); empty for one on the same
 * host. */
static struct slice host_of_location(const struct lane *lane)
{
    struct slice location = { NULL, 0 }, authority = { NULL, 0 }, host;
    size_t state = 0;
    if (!slice_starts(lane->dialogue.reply.code, "30") ||
        !dialect_header(lane->dialogue.reply.whole, "Location", &state, &location))
        return SLICE("");
    size_t at = slice_find_nocase(location, "://");
    struct slice rest = slice_from(location, at + 3);
    if (at == location.len || !slice_cut(&rest, '/', &authority))
        return SLICE("");
    return slice_cut(&authority, ':', &host) ? host : SLICE(""); /* without its port */
}

/* RFC 6585 section 6 has a status for such pages; most redirect to themselves or show a form. This
   is asked only where no certificate of a public authority was seen. */
static bool is_the_server(const struct lane *lane)
{
    struct slice elsewhere = host_of_location(lane), body = lane->dialogue.reply.body;
    if (slice_is(lane->dialogue.reply.code, "511"))
        return false;
    if (elsewhere.len > 0 && !slice_ends_nocase(elsewhere, lane->endpoint.host))
        return false;
    return !slice_has_nocase(body, "WISPAccessGatewayParam") &&
           !slice_has_nocase(body, "type=\"password\"");
}

/* clang-format off */
static const struct step connect_only[] = {
    LOCATE (),
    DIAL   (),
    END
};
static const struct step connect_securely[] = {
    LOCATE (),
    DIAL   (),
    SECURE (),
    END
};
static const struct step connect_to_mail[] = {
    LOCATE (),
    DIAL   (),
    HEAR   ("",             SERVICE_UNEXPECTED),
    END
};
static const struct step ask_plainly[] = {
    LOCATE (),
    DIAL   (),
    SAY    ("GET /"),
    HEAR   ("",             SERVICE_UNEXPECTED),
    JUDGE  (is_the_server,  OFFICE_CAPTIVE_PORTAL),
    END
};
/* clang-format on */

static const struct step *talk(const struct lane *lane)
{
    switch (lane->endpoint.port) {
    case PORT_HTTP:
        return ask_plainly;
    case PORT_SMTP:
    case PORT_SUBMISSION:
        return connect_to_mail;
    case 443:
    case 465:
    case 993:
    case 995:
        return connect_securely;
    }
    return connect_only;
}

/* What a control came to is judged with everything else, at the end. */
static const struct step *choose_control(struct lane *lane)
{
    lane->spoilt = true;
    if (lane->notebook.phase == REACH_OVER)
        return NULL;
    lane->notebook.phase = REACH_OVER;
    return talk(lane);
}

/* That a control cannot be reached is no fault of anybody by itself. */
static bool recover_quietly(struct lane *lane, enum finding finding)
{
    lane->notebook.phase = REACH_OVER;
    return finding != OFFICE_CAPTIVE_PORTAL;
}

const struct part part_target = { choose_control, NULL, recover_quietly,
                                  SCRIPTS(connect_securely, connect_to_mail, connect_only) };
const struct part part_port_control = { choose_control, NULL, recover_quietly,
                                        SCRIPTS(connect_to_mail, connect_securely) };
const struct part part_plain = { choose_control, NULL, recover_quietly, SCRIPTS(ask_plainly) };
