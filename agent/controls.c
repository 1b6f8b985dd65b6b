/* SPDX-License-Identifier: MIT */
#include "controls.h"

#include "judgement_office.h"
#include "target.h"

#include <string.h>

#define WEB_PORT   443
#define PLAIN_PORT 80

/* Who is asked on the ports of mail, which the usual targets do not serve: two large providers, of
   which one is not the account's. */
static const struct {
    uint16_t port;
    const char *host;
} mail_servers[] = {
    { 25, "gmail-smtp-in.l.google.com" },
    { 25, "outlook-com.olc.protection.outlook.com" },
    { 465, "smtp.gmail.com" },
    { 587, "smtp.gmail.com" },
    { 587, "smtp.office365.com" },
    { 993, "imap.gmail.com" },
    { 993, "outlook.office365.com" },
    { 995, "pop.gmail.com" },
    { 995, "outlook.office365.com" },
};

/* ---- what became of the connections ---- */

static bool is_control(const struct lane *lane)
{
    return lane->service == SERVICE_REACH;
}

static bool is_connection(const struct lane *lane)
{
    bool strays = lane->service == SERVICE_AUTODISCOVER ||
                  lane->service == SERVICE_MTA_STS; /* to hosts that are not the provider's */
    return is_control(lane) || (!strays && service_row(lane->service)->dialect != DIALECT_NONE);
}

static enum attempt_end end_of(const struct lane *lane)
{
    const struct dialogue *dialogue = &lane->dialogue;
    bool mute = dialogue->finding == SERVICE_CLOSED && !dialogue->heard_any && lane->passed == 0;
    if (dialogue->dials > 0)
        return mute ? ATTEMPT_DROPPED : ATTEMPT_REACHED;
    if (dialogue->finding == SERVICE_TIMED_OUT)
        return ATTEMPT_SILENT;
    if (dialogue->finding == SERVICE_REFUSED)
        return ATTEMPT_REFUSED;
    if (dialogue->finding == SERVICE_UNREACHABLE)
        return ATTEMPT_UNREACHABLE;
    return dialogue->finding == SERVICE_CLOSED ? ATTEMPT_DROPPED : ATTEMPT_NONE;
}

static struct attempt attempt_of(const struct lane *lane)
{
    const struct wire *wire = &lane->dialogue.wire;
    struct attempt attempt = {
        .service = lane->service,
        .family = lane->family,
        .host = lane->endpoint.host,
        .port = lane->endpoint.port,
        .end = end_of(lane),
        .shown = wire->certificate.not_after_ms != 0,
        .verdict = wire->verdict,
        .certificate = &wire->certificate,
    };
    attempt.proven =
        attempt.shown && (wire->verdict == TRUST_GOOD || wire->verdict == TRUST_CLOCK_UNSET ||
                          wire->verdict == TRUST_NAME_MISMATCH);
    return attempt;
}

void controls_gather(struct suite *suite)
{
    struct ground *ground = &suite->ground;
    ground->attempt_count = 0;
    for (size_t i = 0; i < suite->lane_count && ground->attempt_count < GROUND_ATTEMPTS_MAX; i++)
        if (is_connection(&suite->lanes[i]))
            ground->attempts[ground->attempt_count++] = attempt_of(&suite->lanes[i]);
}

/* ---- opening ---- */

static bool is_asked(const struct suite *suite, enum check check)
{
    return (suite->asked & CHECK_BIT(check)) != 0;
}

static bool has_control(const struct suite *suite, uint16_t port, enum family family)
{
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *lane = &suite->lanes[i];
        if (is_control(lane) && lane->endpoint.port == port && lane->family == family)
            return true;
    }
    return false;
}

static enum dialect dialect_of(uint16_t port)
{
    if (port == 25 || port == 587)
        return DIALECT_SMTP;
    return port == PLAIN_PORT ? DIALECT_HTTP : DIALECT_NONE;
}

/* Each is a conversation of its own rank, so that none waits for another. */
static bool open_control(struct suite *suite, enum act act, const char *host, uint16_t port,
                         enum family family)
{
    struct address address;
    struct endpoint endpoint = { text_copy(suite->arena, slice_of(host)), port, SECURITY_IMPLICIT };
    bool literal = port_address_read(host, &address);
    if (!is_asked(suite, act_row(act)->check) || endpoint.host == NULL ||
        suite->lane_count == SUITE_LANES_MAX || (literal && address.family != family))
        return false;
    struct lane *lane =
        suite_open(suite, SERVICE_REACH, endpoint, family, suite->lane_count); /* there is room */
    lane->act = act;
    lane->dialogue.dialect = dialect_of(port);
    return true;
}

static bool is_mail_port(uint16_t port)
{
    for (size_t i = 0; i < sizeof mail_servers / sizeof *mail_servers; i++)
        if (mail_servers[i].port == port)
            return true;
    return false;
}

static enum family usual_family(void)
{
    return port_family_usable(FAMILY_V6) && !port_family_usable(FAMILY_V4) ? FAMILY_V6 : FAMILY_V4;
}

/* A name is asked over one family, an address over its own. */
static enum family family_for(const char *host)
{
    struct address address;
    return port_address_read(host, &address) ? address.family : usual_family();
}

static bool open_targets(struct suite *suite)
{
    const struct setting_list *list = &suite->order->settings->reach_targets;
    struct target target;
    bool opened = false;
    for (size_t i = 0; i < list->count; i++) {
        if (!target_read(slice_of(list->value[i]), 0, &target))
            continue;
        enum family family = family_for(target.host);
        if (family == FAMILY_V4 || port_family_usable(family))
            opened =
                open_control(suite, ACT_REACH_TARGET, target.host, target.port, family) || opened;
    }
    return opened;
}

/* A sign-in page lives on the plain web; a plain reply also tells the time. */
static bool open_plain(struct suite *suite)
{
    const struct setting_list *list = &suite->order->settings->reach_targets;
    struct target target;
    if (!target_read(slice_of(list->value[0]), 0, &target))
        return false;
    enum family family = family_for(target.host);
    return !has_control(suite, PLAIN_PORT, family) &&
           open_control(suite, ACT_REACH_PLAIN, target.host, PLAIN_PORT, family);
}

/* The first that is not the account's own provider: of the settings, else of the usual ones. */
static bool open_port(struct suite *suite, const struct attempt *missed)
{
    const struct setting_list *list = &suite->order->settings->reach_targets;
    struct target target;
    if (has_control(suite, missed->port, missed->family))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (target_read(slice_of(list->value[i]), 0, &target) && target.port == missed->port &&
            ground_unrelated(target.host, missed->host))
            return open_control(suite, ACT_REACH_PORT, target.host, target.port, missed->family);
    for (size_t i = 0; i < sizeof mail_servers / sizeof *mail_servers; i++)
        if (mail_servers[i].port == missed->port &&
            ground_unrelated(mail_servers[i].host, missed->host))
            return open_control(suite, ACT_REACH_PORT, mail_servers[i].host, missed->port,
                                missed->family);
    return false;
}

/* ---- when ---- */

/* Every connection of the account has stood once, or never will. The second mailbox has its own
 * time. */
static bool is_settled(const struct suite *suite)
{
    if (is_asked(suite, TLS_MX) && !suite->mx_lanes_open)
        return false;
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *lane = &suite->lanes[i];
        bool peer = lane->service == SERVICE_PEER_IMAP || lane->service == SERVICE_PEER_SUBMISSION;
        if (is_connection(lane) && !is_control(lane) && !peer && lane->state != LANE_OVER &&
            lane->dialogue.dials == 0)
            return false;
    }
    return true;
}

static bool is_missed(const struct attempt *attempt)
{
    return attempt->end != ATTEMPT_NONE && attempt->end != ATTEMPT_REACHED;
}

/* Something in between may have signed it. */
static bool is_foreign(const struct attempt *attempt)
{
    return attempt->shown &&
           (attempt->verdict == TRUST_UNKNOWN_ROOT || attempt->verdict == TRUST_SELF_SIGNED);
}

/* The same host answered on that port over IPv4, or another host over the same family: no question
 * of the port. */
static bool is_reached_otherwise(const struct ground *ground, const struct attempt *missed)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *other = &ground->attempts[i];
        if (other->end != ATTEMPT_REACHED || other->port != missed->port ||
            other->service == SERVICE_REACH)
            continue;
        bool by_v4 = missed->family == FAMILY_V6 && other->family == FAMILY_V4 &&
                     strcmp(other->host, missed->host) == 0;
        if (by_v4 || (other->family == missed->family && !is_foreign(missed)))
            return true;
    }
    return false;
}

static bool is_in_doubt(const struct ground *ground, const struct attempt *attempt)
{
    if (attempt->service == SERVICE_REACH)
        return false;
    return is_foreign(attempt) || (is_missed(attempt) && !is_reached_otherwise(ground, attempt));
}

static bool is_certificate_trouble(const struct attempt *attempt)
{
    return attempt->service != SERVICE_REACH && attempt->shown && !attempt->proven &&
           attempt->verdict != TRUST_BUNDLE_TROUBLE;
}

/* Nothing was reached, or what should be a web server was not; or nobody showed a certificate that
 * is good, and somebody one that is not. */
static bool wants_targets(const struct suite *suite)
{
    const struct ground *ground = &suite->ground;
    bool bad = false;
    if (!ground_reached_any(ground))
        return judgement_missed_any(&suite->run->ledger, ground);
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        bad = bad || is_certificate_trouble(attempt);
        if (attempt->port == WEB_PORT && is_in_doubt(ground, attempt))
            return true;
    }
    return bad && !ground_proven_any(ground);
}

/* Whoever asks for these checks alone wants to see them asked. */
static bool is_wanted_alone(const struct suite *suite, enum check check)
{
    check_set only = suite->order->only;
    return only != 0 && only < CHECK_BIT(DNS_MX) && (only & CHECK_BIT(check)) != 0;
}

static bool all_controls_over(const struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++)
        if (is_control(&suite->lanes[i]) && suite->lanes[i].state != LANE_OVER)
            return false;
    return true;
}

/* One peer alone has another time than ours: a second one decides. */
static bool is_time_disputed(const struct suite *suite)
{
    const struct time_witness *witness;
    return timepiece_judge(&suite->ground.timepiece, &witness) == CLOCK_DISPUTED;
}

static bool open_for_doubts(struct suite *suite)
{
    const struct ground *ground = &suite->ground;
    bool opened = false;
    if (!suite->targets_open && (wants_targets(suite) || is_wanted_alone(suite, ISP_REACH))) {
        suite->targets_open = true;
        opened = open_targets(suite);
    }
    if (!ground_reached_any(ground))
        return (suite->targets_open && open_plain(suite)) || opened;
    if (suite->targets_open && all_controls_over(suite) && !ground_proven_any(ground))
        opened = open_plain(suite) || opened;
    for (size_t i = 0; i < ground->attempt_count; i++)
        if (is_mail_port(ground->attempts[i].port) && is_in_doubt(ground, &ground->attempts[i]))
            opened = open_port(suite, &ground->attempts[i]) || opened;
    return opened;
}

/* ---- the zone's own servers ---- */

static const enum finding doubtful_mx[] = { DNS_MX_FOREIGN, DNS_MX_MISSING, DNS_MX_DANGLING,
                                            DNS_DOMAIN_MISSING };

static bool is_mx_doubtful(const struct suite *suite)
{
    for (size_t i = 0; i < sizeof doubtful_mx / sizeof *doubtful_mx; i++)
        if (ledger_find(&suite->run->ledger, doubtful_mx[i], DNS_MX) != NULL)
            return true;
    return false;
}

/* A host of the account that was not secured at an address that can be nobody's, or has none. */
static const char *doubtful_host(const struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++) {
        const struct lane *lane = &suite->lanes[i];
        if (!is_connection(lane) || is_control(lane) || lane->state != LANE_OVER ||
            lane->passed != 0 || lane->family == FAMILY_V6)
            continue;
        if (lane->no_address ||
            (lane->dialogue.located && !ground_is_public(&lane->dialogue.address)))
            return lane->endpoint.host;
    }
    return NULL;
}

static bool has_zone_lane(const struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++)
        if (suite->lanes[i].service == SERVICE_DNS && suite->lanes[i].notebook.compares)
            return true;
    return false;
}

static bool open_zone(struct suite *suite)
{
    const char *host = doubtful_host(suite);
    bool mx = is_mx_doubtful(suite) || is_wanted_alone(suite, OFFICE_RESOLVER);
    struct endpoint name = { mx ? suite->domain : host, 0, SECURITY_IMPLICIT };
    if (!is_asked(suite, OFFICE_RESOLVER) || !(mx || host != NULL) || has_zone_lane(suite) ||
        suite->lane_count == SUITE_LANES_MAX)
        return false;
    struct lane *lane =
        suite_open(suite, SERVICE_DNS, name, FAMILY_V4, suite->lane_count); /* there is room */
    lane->act = ACT_ZONE;
    lane->notebook.compares = true;
    lane->notebook.compared = mx ? RECORD_MX : RECORD_A;
    return true;
}

bool controls_open(struct suite *suite)
{
    if (port_now_ms() >= suite->deadline_ms)
        return false;
    bool opened = open_zone(suite);
    if (suite->order->settings->reach_targets.count == 0)
        return opened;
    controls_gather(suite);
    if (is_settled(suite))
        opened = open_for_doubts(suite) || opened;
    if (is_time_disputed(suite))
        opened = open_plain(suite) || opened;
    return opened;
}
