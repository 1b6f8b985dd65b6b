/* SPDX-License-Identifier: MIT */
/* The mail domain's MX records and the SRV record that Outlook looks for, against the provider's
 * profile. */
#include "parts.h"

#include "../existence.h"

#include <string.h>

enum phase { MX_HOST_UNKNOWN, MX_HOST_FOUND, MX_SERVFAIL, MX_LOOKED_ABOVE };

static const struct answer *mx_of(const struct lane *lane)
{
    return lane->suite->mx;
}

/* ---- judges ---- */

static bool domain_exists(const struct lane *lane)
{
    return lane->dialogue.answer->status != ANSWER_NXDOMAIN;
}

/* A single MX with the root as its target says that the domain takes no mail (RFC 7505). */
static bool mx_exists(const struct lane *lane)
{
    const struct answer *answer = lane->dialogue.answer;
    return answer->status == ANSWER_RECORDS &&
           !(answer->count == 1 && answer->records[0].name[0] == '\0');
}

static bool some_mx_has_address(const struct lane *lane)
{
    return lane->notebook.hit_count > 0;
}

static bool best_mx_is_providers(const struct lane *lane)
{
    const struct answer *mx = mx_of(lane);
    for (size_t i = 0; i < mx->count && mx->records[i].priority == mx->records[0].priority; i++)
        if (profile_mx_kind(lane->suite->order->profile, mx->records[i].name) != MX_FOREIGN)
            return true;
    return false;
}

static bool every_mx_is_providers(const struct lane *lane)
{
    const struct answer *mx = mx_of(lane);
    for (size_t i = 0; i < mx->count; i++)
        if (profile_mx_kind(lane->suite->order->profile, mx->records[i].name) == MX_FOREIGN)
            return false;
    return true;
}

static bool has_first_expected(const struct lane *lane)
{
    const struct profile *profile = lane->suite->order->profile;
    const struct answer *mx = mx_of(lane);
    for (size_t i = 0; i < mx->count; i++)
        if (profile->mx_count == 0 ||
            profile_host_matches(profile->mx[0].host, mx->records[i].name))
            return true;
    return false;
}

static bool is_legacy(const struct profile *profile, const char *host)
{
    for (size_t i = 0; i < profile->mx_legacy_count; i++)
        if (profile_host_matches(profile->mx_legacy[i], host))
            return true;
    return false;
}

/* Records as an older guide of the provider gave them still work. */
static bool mx_is_up_to_date(const struct lane *lane)
{
    const struct profile *profile = lane->suite->order->profile;
    const struct answer *mx = mx_of(lane);
    if (has_first_expected(lane))
        return true;
    for (size_t i = 0; i < mx->count; i++)
        if (!is_legacy(profile, mx->records[i].name))
            return true;
    return false;
}

/* The most preferred host of the guide is there, and every host that is named exists. */
static bool mx_is_complete(const struct lane *lane)
{
    const struct answer *mx = mx_of(lane);
    size_t named = mx->count < SUITE_MX_MAX ? mx->count : SUITE_MX_MAX;
    return lane->notebook.hit_count == named &&
           (has_first_expected(lane) || !mx_is_up_to_date(lane) || !every_mx_is_providers(lane));
}

/* Clients of some providers find their way without it; one that is there must be right all the
   same. */
static bool srv_exists(const struct lane *lane)
{
    return lane->dialogue.answer->status == ANSWER_RECORDS ||
           !lane->suite->order->profile->srv.required;
}

static bool srv_is_right(const struct lane *lane)
{
    const struct answer *answer = lane->dialogue.answer;
    const struct profile *profile = lane->suite->order->profile;
    for (size_t i = 0; i < answer->count; i++) {
        const struct record *record = &answer->records[i];
        if (record->name[0] == '\0' || record->port != profile->srv.port)
            return false;
        if (profile->srv.target != NULL && !profile_host_matches(profile->srv.target, record->name))
            return false;
    }
    return true;
}

/* Of a zone that the level above names servers for. */
static bool zone_is_answered_for(const struct lane *lane)
{
    const struct existence *existence = lane->notebook.enquired;
    return existence == NULL || existence->state != EXISTENCE_BROKEN;
}

static bool srv_target_exists(const struct lane *lane)
{
    return lane->dialogue.answer->status == ANSWER_RECORDS;
}

/* ---- what is learned ---- */

static void keep_mx(struct lane *lane)
{
    lane->suite->mx = lane->dialogue.answer;
    lane->notebook.hit = lane->notebook.hit_count = 0;
}

/* Whichever family has an address: the host exists. */
static void count_host(struct lane *lane)
{
    if (lane->dialogue.answer->status == ANSWER_RECORDS)
        lane->notebook.phase = MX_HOST_FOUND;
}

static void close_host(struct lane *lane)
{
    count_host(lane);
    lane->notebook.hit_count += lane->notebook.phase == MX_HOST_FOUND ? 1 : 0;
    lane->notebook.phase = MX_HOST_UNKNOWN;
    lane->notebook.hit++;
}

/* Asked where the resolvers cannot find out: the level above tells whose fault that is. */
static bool look_above(struct lane *lane)
{
    struct suite *suite = lane->suite;
    struct existence existence;
    if (!existence_judge(lookups_ask, &suite->lookups, suite->domain, &existence))
        return false;
    records_keep(lane, &existence, sizeof existence);
    return true;
}

static void keep_srv_target(struct lane *lane)
{
    const struct answer *answer = lane->dialogue.answer;
    lane->dialogue.hole[HOLE_NAME] = answer->count > 0 ? answer->records[0].name : NULL;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step mx_records[] = {
    LOOKUP("{domain}",      RECORD_MX),
    JUDGE (domain_exists,   DNS_DOMAIN_MISSING),
    JUDGE (mx_exists,       DNS_MX_MISSING),
    LEARN (keep_mx),
    END
};
static const struct step mx_host[] = {
    LOOKUP("{name}",        RECORD_A),
    LEARN (count_host),
    LOOKUP("{name}",        RECORD_AAAA),
    LEARN (close_host),
    END
};
static const struct step mx_judgement[] = {
    JUDGE (some_mx_has_address,   DNS_MX_DANGLING),
    JUDGE (best_mx_is_providers,  DNS_MX_FOREIGN),
    NOTE  (every_mx_is_providers, DNS_MX_MIXED),
    NOTE  (mx_is_up_to_date,      DNS_MX_LEGACY),
    NOTE  (mx_is_complete,        DNS_MX_INCOMPLETE),
    END
};
static const struct step mx_unanswered[] = {
    ENQUIRE(look_above),
    JUDGE (zone_is_answered_for, DNS_ZONE_BROKEN),
    END
};
static const struct step srv_record[] = {
    LOOKUP("_autodiscover._tcp.{domain}", RECORD_SRV),
    JUDGE (srv_exists,      DNS_SRV_MISSING),
    JUDGE (srv_is_right,    DNS_SRV_WRONG),
    LEARN (keep_srv_target),
    END
};
static const struct step srv_target[] = {
    LOOKUP("{name}",          RECORD_A),
    JUDGE (srv_target_exists, DNS_SRV_WRONG),
    END
};
/* clang-format on */

/* ---- choosers ---- */

static bool recover_from_servfail(struct lane *lane, enum finding finding)
{
    if (finding != DNS_SERVFAIL || mx_of(lane) != NULL)
        return false;
    lane->notebook.phase = MX_SERVFAIL;
    return true;
}

/* The zone's servers are well, or nothing is known of them. */
static const struct step *give_up_mx(struct lane *lane)
{
    struct slice said = slice_of(answer_status_name(ANSWER_SERVFAIL));
    (void)lane_raise_for(lane, DNS_SERVFAIL, DNS_MX,
                         said); /* a full ledger counts what it dropped */
    return NULL;
}

static const struct step *choose_mx(struct lane *lane)
{
    const struct answer *mx = mx_of(lane);
    if (lane->notebook.phase == MX_LOOKED_ABOVE)
        return give_up_mx(lane);
    if (lane->notebook.phase == MX_SERVFAIL) {
        lane->notebook.phase = MX_LOOKED_ABOVE;
        return mx_unanswered;
    }
    if (lane->notebook.round == 0)
        return mx_records;
    if (lane->notebook.hit < mx->count && lane->notebook.hit < SUITE_MX_MAX) {
        lane->dialogue.hole[HOLE_NAME] = mx->records[lane->notebook.hit].name;
        return mx_host;
    }
    return lane->notebook.page++ == 0 ? mx_judgement : NULL;
}

/* Whether a profile's own target has an address shows when it is talked to. */
static const struct step *choose_srv(struct lane *lane)
{
    if (lane->notebook.round == 0)
        return srv_record;
    return lane->notebook.round == 1 && lane->suite->order->profile->srv.target == NULL &&
                   lane->dialogue.hole[HOLE_NAME] != NULL
               ? srv_target
               : NULL;
}

/* ---- what a finding needs to be acted upon ---- */

#define RECORDS_TEXT_MAX 480

static const char *list_found(struct lane *lane, const struct answer *answer)
{
    char buffer[RECORDS_TEXT_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    for (size_t i = 0; answer != NULL && answer->status == ANSWER_RECORDS && i < answer->count;
         i++) {
        const struct record *record = &answer->records[i];
        text_add_string(&text, i > 0 ? ", " : "");
        text_add_format(&text, "%u ", record->priority);
        if (lane->act == ACT_DNS_SRV)
            text_add_format(&text, "%u %u ", record->weight, record->port);
        text_add_string(&text, record->name[0] != '\0' ? record->name : ".");
    }
    return text_copy(lane->suite->arena, text_slice(&text));
}

static const char *list_expected_mx(struct lane *lane)
{
    const struct profile *profile = lane->suite->order->profile;
    char buffer[RECORDS_TEXT_MAX];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    for (size_t i = 0; i < profile->mx_count; i++)
        text_add_format(&text, "%s%u %s", i > 0 ? ", " : "", profile->mx[i].preference,
                        profile->mx[i].host);
    return text_copy(lane->suite->arena, text_slice(&text));
}

/* The records themselves are the evidence; where there are none, the kind of answer is. */
static void show_records(struct lane *lane, struct raised *raised, const struct answer *answer)
{
    const char *found = list_found(lane, answer);
    if (found == NULL || found[0] == '\0')
        return;
    raised->params.value[PARAM_FOUND] = found;
    raised->evidence.said = found;
    raised->params.value[PARAM_SAID] = found;
}

static void dress_mx(struct lane *lane, struct raised *raised)
{
    raised->params.value[PARAM_NAME] = lane->suite->domain;
    raised->params.value[PARAM_EXPECTED] = list_expected_mx(lane);
    raised->params.value[PARAM_FOUND] = raised->evidence.said;
    if (raised->finding == DNS_ZONE_BROKEN)
        raised->params.value[PARAM_NAME] =
            ((const struct existence *)lane->notebook.enquired)->where;
    show_records(lane, raised, mx_of(lane) != NULL ? mx_of(lane) : lane->dialogue.answer);
}

static void dress_srv(struct lane *lane, struct raised *raised)
{
    const struct profile *profile = lane->suite->order->profile;
    const char *target = profile->srv.target != NULL ? profile->srv.target : "?";
    raised->params.value[PARAM_NAME] =
        text_format(lane->suite->arena, "_autodiscover._tcp.%s", lane->suite->domain);
    raised->params.value[PARAM_EXPECTED] =
        text_format(lane->suite->arena, "%u %u %u %s", profile->srv.priority, profile->srv.weight,
                    profile->srv.port, target);
    raised->params.value[PARAM_FOUND] = raised->evidence.said;
    show_records(lane, raised, lane->dialogue.answer);
}

const struct part part_mx = { choose_mx, dress_mx, recover_from_servfail,
                              SCRIPTS(mx_records, mx_host, mx_judgement, mx_unanswered) };
const struct part part_srv = { choose_srv, dress_srv, NULL, SCRIPTS(srv_record, srv_target) };
