/* SPDX-License-Identifier: MIT */
/* What the office's address can reach, port by port and family by family. */
#include "judgement_office.h"

#include <string.h>

#define PORTS_MAX      8 /* different ones of a run */
#define PORTS_TEXT_MAX 48
#define WEB_PORT       443

/* ---- findings of connections that never came to be ---- */

static bool never_reached(const struct raised *raised)
{
    return raised->finding == SERVICE_TIMED_OUT || raised->finding == SERVICE_UNREACHABLE ||
           raised->finding == SERVICE_REFUSED || raised->finding == SERVICE_CLOSED;
}

/* The checks that connect. */
static bool connects(enum check check)
{
    return slice_starts(slice_of(check_row(check)->slug), "tls.") || check == AUTODISCOVER_OUTLOOK;
}

static bool has_param(const struct raised *raised, enum param param, const char *value)
{
    return raised->params.value[param] != NULL && strcmp(raised->params.value[param], value) == 0;
}

static bool is_missed(const struct raised *raised)
{
    return connects(raised->check) && never_reached(raised);
}

static bool same_host(const struct raised *a, const struct raised *b)
{
    const char *host = a->params.value[PARAM_HOST];
    return host != NULL && has_param(b, PARAM_HOST, host);
}

static bool down_on_v4_too(const struct ledger *ledger, const struct raised *raised)
{
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *other = &ledger->raised[i];
        if (other->family == FAMILY_V4 && other->check == raised->check && never_reached(other) &&
            same_host(raised, other))
            return true;
    }
    return false;
}

/* What a failure to connect means where another family, or another MX host, did connect. */
static enum finding lesser_meaning(const struct ledger *ledger, const struct raised *raised,
                                   enum family family)
{
    if (!is_missed(raised) || raised->family != family || !ledger->checks[raised->check].passed)
        return NO_FINDING;
    if (family == FAMILY_V6 && !down_on_v4_too(ledger, raised))
        return OFFICE_IPV6_BROKEN;
    return raised->check == TLS_MX ? INBOUND_HOST_DOWN : NO_FINDING;
}

static void soften(struct ledger *ledger, enum family family)
{
    size_t i = 0;
    while (i < ledger->raised_count) {
        const struct raised *raised = &ledger->raised[i];
        enum finding meaning = lesser_meaning(ledger, raised, family);
        if (meaning == NO_FINDING)
            i++;
        else
            ledger_replace(ledger, raised, meaning); /* another one is at i now */
    }
}

void judgement_families(struct ledger *ledger)
{
    soften(ledger, FAMILY_V6); /* first: it looks at what failed over IPv4 */
    soften(ledger, FAMILY_V4);
}

/* ---- what was tried ---- */

struct tally {
    size_t tried, reached;
};

static bool is_control(const struct attempt *attempt)
{
    return attempt->service == SERVICE_REACH;
}

static struct tally tally_of(const struct ground *ground, enum family family, uint16_t port,
                             bool controls)
{
    struct tally tally = { 0, 0 };
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        if (attempt->end == ATTEMPT_NONE || is_control(attempt) != controls ||
            attempt->family != family || attempt->port != port)
            continue;
        tally.tried++;
        tally.reached += attempt->end == ATTEMPT_REACHED ? 1 : 0;
    }
    return tally;
}

/* Something that was reached and that `host` may be compared with; NULL: anybody. */
static const struct attempt *reached_beside(const struct ground *ground, enum family family,
                                            uint16_t port)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        if (attempt->end == ATTEMPT_REACHED && attempt->family == family && attempt->port != port)
            return attempt;
    }
    return NULL;
}

/* The account's ports, each once, in the order in which they were tried. */
static size_t list_ports(const struct ground *ground, uint16_t into[PORTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        size_t k = 0;
        while (k < count && into[k] != attempt->port)
            k++;
        if (k == count && count < PORTS_MAX && !is_control(attempt) && attempt->end != ATTEMPT_NONE)
            into[count++] = attempt->port;
    }
    return count;
}

static void tell_ports(struct ledger *ledger, const struct ground *ground)
{
    static const char *const names[FAMILIES] = { "ipv4", "ipv6" };
    uint16_t ports[PORTS_MAX];
    size_t count = list_ports(ground, ports);
    for (enum family family = FAMILY_V4; family <= FAMILY_V6; family++) {
        char room[PORTS_MAX * 20];
        struct text text;
        text_begin(&text, room, sizeof room);
        for (size_t i = 0; i < count; i++) {
            struct tally tally = tally_of(ground, family, ports[i], false);
            if (tally.tried > 0)
                text_add_format(&text, "%s%u %s", text.len > 0 ? ", " : "", (unsigned)ports[i],
                                tally.reached > 0 ? "open" : "no answer");
        }
        if (text.len > 0)
            ledger_fact(ledger, OFFICE_EGRESS, names[family], "%s", room);
    }
}

/* ---- ports that are closed on the way out ---- */

/* Nobody answers on it, an unrelated server neither, while another port lets us out. */
static bool is_closed_for(const struct ground *ground, enum family family, uint16_t port)
{
    struct tally own = tally_of(ground, family, port, false);
    struct tally control = tally_of(ground, family, port, true);
    return own.reached == 0 && control.tried > 0 && control.reached == 0 &&
           reached_beside(ground, family, port) != NULL;
}

static bool is_closed(const struct ground *ground, uint16_t port)
{
    bool any = false;
    for (enum family family = FAMILY_V4; family <= FAMILY_V6; family++) {
        if (tally_of(ground, family, port, false).tried == 0)
            continue;
        if (!is_closed_for(ground, family, port))
            return false;
        any = true;
    }
    return any;
}

static const struct raised *missed_at(const struct ledger *ledger, const char *port)
{
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (is_missed(&ledger->raised[i]) && has_param(&ledger->raised[i], PARAM_PORT, port))
            return &ledger->raised[i];
    return NULL;
}

/* The finding that is the root: on office.egress, with all ports. Those of the checks follow. */
static void raise_blocked(struct ledger *ledger, const struct raised *source, const char *ports)
{
    if (!ledger->checks[OFFICE_EGRESS].asked)
        return;
    struct raised *raised = ledger_conclude(ledger, OFFICE_PORT_BLOCKED, OFFICE_EGRESS, source);
    if (raised != NULL)
        raised->params.value[PARAM_PORT] = text_copy_string(ledger->arena, ports);
}

static void judge_closed_ports(struct ledger *ledger, const struct ground *ground)
{
    uint16_t ports[PORTS_MAX];
    char names[PORTS_TEXT_MAX], one[8];
    struct text all;
    size_t count = list_ports(ground, ports);
    const struct raised *missed = NULL;
    text_begin(&all, names, sizeof names);
    for (size_t i = 0; i < count; i++) {
        if (!is_closed(ground, ports[i]))
            continue;
        text_add_format(&all, "%s%u", all.len > 0 ? ", " : "", (unsigned)ports[i]);
        text_put_format(one, sizeof one, "%u", (unsigned)ports[i]);
        missed = missed != NULL ? missed : missed_at(ledger, one);
    }
    if (missed == NULL)
        return;
    raise_blocked(ledger, missed, names);
    for (size_t i = 0; i < count; i++) {
        text_put_format(one, sizeof one, "%u", (unsigned)ports[i]);
        while (is_closed(ground, ports[i]) && (missed = missed_at(ledger, one)) != NULL)
            ledger_replace(ledger, missed, OFFICE_PORT_BLOCKED);
    }
}

/* Without a control the same is concluded for port 25 alone, which many internet providers close:
   several hosts of a provider at once are rarely down while its other services answer. */
static bool every_mx_silent(const struct ledger *ledger)
{
    bool any = false;
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->check != TLS_MX)
            continue;
        if (!never_reached(raised) || raised->finding == SERVICE_CLOSED)
            return false;
        any = true;
    }
    return any && !ledger->checks[TLS_MX].passed;
}

static bool any_other_connected(const struct ledger *ledger)
{
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check != TLS_MX && connects(check) && ledger->checks[check].passed)
            return true;
    return false;
}

static const struct raised *first_at(const struct ledger *ledger, enum check check)
{
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].check == check)
            return &ledger->raised[i];
    return NULL;
}

static bool any_control_at(const struct ground *ground, uint16_t port)
{
    return tally_of(ground, FAMILY_V4, port, true).tried > 0 ||
           tally_of(ground, FAMILY_V6, port, true).tried > 0;
}

static void judge_mail_port(struct ledger *ledger, const struct ground *ground)
{
    if (!ledger_passed(ledger, DNS_MX) || !any_other_connected(ledger) ||
        !every_mx_silent(ledger) || any_control_at(ground, 25))
        return;
    const struct raised source = *first_at(ledger, TLS_MX), *silent;
    raise_blocked(ledger, &source, "25");
    while ((silent = first_at(ledger, TLS_MX)) != NULL)
        ledger_withdraw(ledger, silent);
    struct raised *raised = ledger_conclude(ledger, OFFICE_PORT_BLOCKED, TLS_MX, &source);
    if (raised != NULL)
        raised->params.value[PARAM_PORT] = "25";
}

/* ---- a host that has shut this address out ---- */

struct host_view {
    size_t tried, missed, turned_away; /* ports of one host over one family */
    size_t web;                        /* of them, those to the web port that were reached */
    bool controls_reached;             /* every port that was missed, at an unrelated server */
};

static bool is_at(const struct attempt *attempt, const char *host, enum family family)
{
    return attempt->end != ATTEMPT_NONE && !is_control(attempt) && attempt->family == family &&
           strcmp(attempt->host, host) == 0;
}

static struct host_view view_of(const struct ground *ground, const char *host, enum family family)
{
    struct host_view view = { .controls_reached = true };
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        if (!is_at(attempt, host, family))
            continue;
        view.tried++;
        bool reached = attempt->end == ATTEMPT_REACHED;
        view.web += reached && attempt->port == WEB_PORT ? 1 : 0;
        if (reached)
            continue;
        view.missed++;
        view.turned_away += attempt->end == ATTEMPT_REFUSED ? 1 : 0;
        view.controls_reached =
            view.controls_reached && tally_of(ground, family, attempt->port, true).reached > 0;
    }
    return view;
}

static bool answers_over(const struct ground *ground, const char *host, enum family family)
{
    for (size_t i = 0; i < ground->attempt_count; i++)
        if (is_at(&ground->attempts[i], host, family) && ground->attempts[i].end == ATTEMPT_REACHED)
            return true;
    return false;
}

/* Another host of the same owner that answers: the provider is there, if not this machine. */
static const char *sister_of(const struct ground *ground, const char *host)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        if (!is_control(attempt) && attempt->end == ATTEMPT_REACHED &&
            strcmp(attempt->host, host) != 0 && !ground_unrelated(attempt->host, host))
            return attempt->host;
    }
    return NULL;
}

/* True where the host lives, and only this address gets no answer from it. One port that is refused
   is a service that is switched off. into_sister: the weaker sign of life, else NULL. */
static bool is_banned(const struct ground *ground, const char *host, enum family family,
                      const char **into_sister)
{
    struct host_view view = view_of(ground, host, family);
    bool all = view.missed == view.tried;
    *into_sister = NULL;
    if (view.missed == 0 || !view.controls_reached || (view.missed == 1 && view.turned_away == 1))
        return false;
    if (all && answers_over(ground, host, family == FAMILY_V4 ? FAMILY_V6 : FAMILY_V4))
        return true;
    if (view.missed < 2)
        return false;
    if (view.web > 0 && view.missed + view.web == view.tried)
        return true;
    *into_sister = sister_of(ground, host);
    return all && *into_sister != NULL;
}

static const struct raised *missed_host(const struct ledger *ledger, const char *host,
                                        enum family family)
{
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (is_missed(raised) && raised->family == family && has_param(raised, PARAM_HOST, host))
            return raised;
    }
    return NULL;
}

static void judge_bans(struct ledger *ledger, const struct ground *ground)
{
    for (size_t i = 0; i < ground->attempt_count; i++) {
        const struct attempt *attempt = &ground->attempts[i];
        const char *sister = NULL;
        if (is_control(attempt) || attempt->end == ATTEMPT_NONE ||
            !is_banned(ground, attempt->host, attempt->family, &sister))
            continue;
        const struct raised *missed = missed_host(ledger, attempt->host, attempt->family);
        if (missed == NULL)
            continue;
        struct raised *raised = NULL;
        if (ledger->checks[OFFICE_EGRESS].asked)
            raised = ledger_conclude(ledger, OFFICE_BANNED, OFFICE_EGRESS, missed);
        if (raised != NULL)
            raised->params.value[PARAM_OTHER] = sister;
        while ((missed = missed_host(ledger, attempt->host, attempt->family)) != NULL)
            ledger_replace(ledger, missed, OFFICE_BANNED);
    }
}

/* ---- in order ---- */

void judgement_egress(struct ledger *ledger, const struct ground *ground)
{
    tell_ports(ledger, ground);
    judge_closed_ports(ledger, ground);
    judge_mail_port(ledger, ground);
    judge_bans(ledger, ground);
    if (ground_reached_any(ground) && ledger->checks[OFFICE_EGRESS].asked &&
        ledger->checks[OFFICE_EGRESS].status == STATUS_PENDING)
        ledger_ok(ledger, OFFICE_EGRESS);
}
