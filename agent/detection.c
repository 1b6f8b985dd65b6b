/* SPDX-License-Identifier: MIT */
#include "detection.h"

#include "names.h"

#include <string.h>

#define PROFILES_MAX 32
#define NONE         "generic"

/* MX says where the mail goes; SRV tells apart the offers that share MX hosts; an alias outlives
   many moves. */
enum { MX_POINTS = 5, MX_LEGACY_POINTS = 4, SRV_POINTS = 3, ALIAS_POINTS = 2, ANY_SRV_POINTS = 1 };

struct records {
    const struct answer *mx, *srv, *alias, *imap, *submission;
    const char *srv_name, *alias_name;
};

/* ---- records ---- */

/* The most preferred host, or NULL where it is none: a lone dot says so (RFC 7505), and a zone may
   hold any bytes. */
static const char *first_host(const struct answer *answer)
{
    if (answer->status != ANSWER_RECORDS)
        return NULL;
    const char *host = answer->records[0].name;
    return names_is_host(slice_of(host)) ? host : NULL;
}

static const char *host_at_port(const struct answer *answer, uint16_t port)
{
    return first_host(answer) != NULL && answer->records[0].port == port ? first_host(answer)
                                                                         : NULL;
}

static const struct answer *ask_below(const char *label, const char *domain, struct arena *arena,
                                      enum record_type type, ask_fn *ask, void *asker,
                                      const char **into_name)
{
    static const struct answer too_long = { .status = ANSWER_DEVICE };
    const char *name = text_format(arena, "%s.%s", label, domain);
    *into_name = name == NULL ? "" : name;
    return name == NULL ? &too_long : ask(asker, name, type);
}

/* All are asked before the first is waited for. */
static bool gather(const char *domain, struct arena *arena, ask_fn *ask, void *asker,
                   struct records *into)
{
    const char *name;
    into->mx = ask(asker, domain, RECORD_MX);
    into->srv =
        ask_below("_autodiscover._tcp", domain, arena, RECORD_SRV, ask, asker, &into->srv_name);
    into->alias =
        ask_below("autodiscover", domain, arena, RECORD_CNAME, ask, asker, &into->alias_name);
    into->imap = ask_below("_imaps._tcp", domain, arena, RECORD_SRV, ask, asker, &name);
    into->submission = ask_below("_submission._tcp", domain, arena, RECORD_SRV, ask, asker, &name);
    return into->mx != NULL && into->srv != NULL && into->alias != NULL && into->imap != NULL &&
           into->submission != NULL;
}

/* ---- how well a profile fits ---- */

static bool answers_autodiscover(const struct profile *profile, const char *host)
{
    for (size_t i = 0; i < profile->autodiscover_host_count; i++)
        if (profile_host_matches(profile->autodiscover_hosts[i], host))
            return true;
    return profile->host_pattern != NULL && profile_host_matches(profile->host_pattern, host);
}

static void add_clue(struct detection *detection, enum clue_kind kind, const char *name,
                     const char *host)
{
    if (detection->clue_count < DETECTION_CLUES_MAX)
        detection->clues[detection->clue_count++] = (struct clue){ kind, name, host };
}

static unsigned mx_points(const struct profile *profile, const char *host)
{
    if (host == NULL || profile->mx_count == 0)
        return 0;
    if (profile->host_pattern != NULL && profile_host_matches(profile->host_pattern, host))
        return MX_POINTS;
    switch (profile_mx_kind(profile, host)) {
    case MX_CURRENT:
        return MX_POINTS;
    case MX_LEGACY:
        return MX_LEGACY_POINTS;
    case MX_FOREIGN:
        break;
    }
    return 0;
}

static unsigned srv_points(const struct profile *profile, const char *host)
{
    if (host == NULL)
        return 0;
    if (profile->srv.target != NULL && profile_host_matches(profile->srv.target, host))
        return SRV_POINTS;
    if (answers_autodiscover(profile, host))
        return SRV_POINTS;
    return profile->srv.required && profile->srv.target == NULL ? ANY_SRV_POINTS : 0;
}

static unsigned alias_points(const struct profile *profile, const char *host)
{
    bool fits = host != NULL && ((profile->autodiscover_cname != NULL &&
                                  profile_host_matches(profile->autodiscover_cname, host)) ||
                                 answers_autodiscover(profile, host));
    return fits ? ALIAS_POINTS : 0;
}

/* The points of a profile, and what they are for. */
static unsigned fit(const struct profile *profile, const char *domain,
                    const struct records *records, struct detection *into)
{
    unsigned mx = mx_points(profile, first_host(records->mx));
    unsigned srv = srv_points(profile, first_host(records->srv));
    unsigned alias = alias_points(profile, first_host(records->alias));
    into->clue_count = 0;
    if (mx > 0)
        add_clue(into, CLUE_MX, domain, first_host(records->mx));
    if (srv > 0)
        add_clue(into, CLUE_SRV, records->srv_name, first_host(records->srv));
    if (alias > 0)
        add_clue(into, CLUE_ALIAS, records->alias_name, first_host(records->alias));
    return mx + srv + alias < ALIAS_POINTS ? 0 : mx + srv + alias;
}

/* What an account may add to its profile: nothing, or all that there is. */
static const struct help {
    const char *host, *tenant;
} no_help = { "", "" }, all_help = { "host.invalid", "tenant" };

static bool load(const struct settings *settings, const char *domain, const char *name,
                 const struct help *help, struct arena *arena, struct profile *into_profile)
{
    struct account_settings account;
    struct settings_trouble trouble;
    settings_bare_domain(&account, domain);
    account.profile = name;
    account.host = help->host;
    account.oauth_tenant = help->tenant;
    return profile_load(settings, &account, arena, into_profile, &trouble);
}

/* ---- which it is ---- */

/* A profile that knows its servers without the account's help can be used at once. */
static bool goes_before(const struct profile *profile, const struct profile *best)
{
    return best == NULL || (profile->imap.host != NULL && best->imap.host == NULL);
}

static void choose(const char *domain, const struct settings *settings, struct arena *arena,
                   const struct records *records, struct detection *into)
{
    const char *names[PROFILES_MAX];
    size_t count = profile_names(settings, arena, names, PROFILES_MAX);
    struct profile profile, best = { .name = NULL };
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        struct detection candidate = { .state = DETECTION_DONE };
        if (strcmp(names[i], NONE) == 0 ||
            !load(settings, domain, names[i], &no_help, arena, &profile))
            continue; /* one that is broken is told when it is used */
        unsigned points = fit(&profile, domain, records, &candidate);
        if (points == 0 || points < most)
            continue;
        if (points > most)
            into->rival_count = 0;
        bool first = points > most || goes_before(&profile, &best);
        const char *rival = first ? best.name : names[i];
        if (points == most && into->rival_count < DETECTION_RIVALS_MAX)
            into->rivals[into->rival_count++] = rival;
        most = points;
        if (!first)
            continue;
        best = profile;
        into->clue_count = candidate.clue_count;
        memcpy(into->clues, candidate.clues, sizeof into->clues);
    }
    into->profile = most > 0 ? best.name : NONE;
}

/* ---- the servers ---- */

/* The host of a record, or what stands after its first label, where the profile's pattern knows it.
 */
static const char *own_host_in(const char *pattern, const char *host)
{
    if (host == NULL || profile_host_matches(pattern, host))
        return host;
    const char *dot = strchr(host, '.');
    return dot != NULL && profile_host_matches(pattern, dot + 1) ? dot + 1 : NULL;
}

static const char *learn_host(const struct profile *profile, const struct records *records)
{
    const char *srv = first_host(records->srv), *mx = first_host(records->mx);
    if (profile->host_pattern == NULL)
        return profile->srv.required ? srv : NULL;
    const char *host = own_host_in(profile->host_pattern, srv);
    return host != NULL ? host : own_host_in(profile->host_pattern, mx);
}

static void find_servers(const char *domain, const struct settings *settings, struct arena *arena,
                         const struct records *records, struct detection *into)
{
    struct profile alone, helped;
    into->title = into->profile;
    if (!load(settings, domain, into->profile, &no_help, arena, &alone) ||
        !load(settings, domain, into->profile, &all_help, arena, &helped))
        return;
    into->title = alone.title;
    into->by_token = helped.oauth.host != NULL;
    into->wants_tenant = into->by_token && alone.oauth.host == NULL;
    into->has_interface = alone.api != API_NONE;
    into->wants_host = alone.imap.host == NULL && helped.imap.host != NULL;
    if (into->wants_host)
        into->host = learn_host(&alone, records);
    if (alone.imap.host != NULL || into->host != NULL)
        return;
    into->imap_host = host_at_port(records->imap, alone.imap.port);
    into->submission_host = host_at_port(records->submission, alone.submission.port);
}

bool detection_make(const char *domain, const struct settings *settings, struct arena *arena,
                    ask_fn *ask, void *asker, struct detection *into_detection)
{
    struct records records;
    struct detection detection = { .state = DETECTION_DONE, .profile = NONE };
    if (!gather(domain, arena, ask, asker, &records))
        return false;
    if (records.mx->status == ANSWER_NXDOMAIN)
        detection.state = DETECTION_NO_DOMAIN;
    else if (records.mx->status != ANSWER_RECORDS && records.mx->status != ANSWER_NODATA)
        detection.state = DETECTION_UNANSWERED;
    else
        choose(domain, settings, arena, &records, &detection);
    find_servers(domain, settings, arena, &records, &detection);
    *into_detection = detection;
    return true;
}
