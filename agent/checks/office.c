/* SPDX-License-Identifier: MIT */
/* The office's DNS resolvers: whether each answers by itself, and whether what they answer is what
   the zone's own servers say. */
#include "parts.h"

#include <string.h>

#define CLIMB_MAX   5 /* labels that are taken off a name on the way to its zone */
#define SERVERS_MAX 2 /* of a zone that are asked */
#define WORDS_MAX   200

/* An address of RFC 5737 at which nobody can be: whoever answers there is in between. */
static const struct address nobody = { .family = FAMILY_V4,
                                       .bytes = { 203, 0, 113, 53 },
                                       .port = 53 };

/* ---- each by itself ---- */

static bool has_answered(const struct suite *suite, size_t resolver)
{
    const struct answer *answer = suite->probes.single[resolver].answer;
    bool own =
        answer != NULL && answer->status != ANSWER_TIMED_OUT && answer->status != ANSWER_DEVICE;
    return own || resolve_heard(suite->lookups.resolve, resolver);
}

static bool is_dead(const struct suite *suite, size_t resolver)
{
    const struct answer *answer = suite->probes.single[resolver].answer;
    return !has_answered(suite, resolver) && answer != NULL && answer->status == ANSWER_TIMED_OUT;
}

static void tell_resolvers(struct lane *lane)
{
    struct suite *suite = lane->suite;
    size_t count = suite->probes.resolver_count, answering = 0;
    char room[RESOLVERS_MAX * (ADDRESS_TEXT_MAX + 2)], address[ADDRESS_TEXT_MAX];
    struct text dead;
    text_begin(&dead, room, sizeof room);
    for (size_t i = 0; i < count; i++) {
        answering += has_answered(suite, i) ? 1 : 0;
        if (!is_dead(suite, i))
            continue;
        port_address_text(&suite->probes.resolvers[i], address);
        text_add_format(&dead, "%s%s", dead.len > 0 ? ", " : "", address);
    }
    ledger_fact(&suite->run->ledger, OFFICE_RESOLVER, "answering", "%zu of %zu", answering, count);
    if (answering == 0 || dead.len == 0)
        return;
    struct raised *raised =
        lane_raise_for(lane, OFFICE_RESOLVER_PARTLY_DEAD, OFFICE_RESOLVER, SLICE(""));
    if (raised != NULL)
        raised->params.value[PARAM_HOST] = text_copy(suite->arena, text_slice(&dead));
}

static bool probe_resolver(struct suite *suite, size_t i)
{
    return probes_ask(&suite->probes, &suite->probes.single[i], &suite->probes.resolvers[i], 1,
                      suite->domain, RECORD_MX) != NULL;
}

/* The first of them is asked by everybody anyway: alone only where it has not answered. */
static bool each_resolver_answers(struct lane *lane)
{
    struct suite *suite = lane->suite;
    bool all = true;
    for (size_t i = 1; i < suite->probes.resolver_count; i++)
        all = probe_resolver(suite, i) && all;
    if (!all || lookups_ask(&suite->lookups, suite->domain, RECORD_MX) == NULL)
        return false;
    if (!resolve_heard(suite->lookups.resolve, 0) && !probe_resolver(suite, 0))
        return false;
    tell_resolvers(lane);
    return true;
}

/* ---- the zone's own servers ---- */

/* The NS records of the zone that the name is in: the next above it that has any. NULL while they
   are looked for; an answer without records where there are none. */
static const struct answer *ask_servers(struct suite *suite, const char *name)
{
    static const struct answer none = { .status = ANSWER_NODATA };
    const char *zone = name;
    for (size_t i = 0; i < CLIMB_MAX && strchr(zone, '.') != NULL; i++) {
        const struct answer *answer = lookups_ask(&suite->lookups, zone, RECORD_NS);
        if (answer == NULL || answer->status == ANSWER_RECORDS)
            return answer;
        zone = strchr(zone, '.') + 1;
    }
    return &none;
}

/* False while an address is on its way. */
static bool locate_servers(struct suite *suite, const struct answer *servers,
                           struct address into[SERVERS_MAX], size_t *into_count)
{
    bool v6 = !port_family_usable(FAMILY_V4);
    *into_count = 0;
    for (size_t i = 0; i < servers->count && i < SERVERS_MAX; i++) {
        const struct answer *answer =
            lookups_ask(&suite->lookups, servers->records[i].name, v6 ? RECORD_AAAA : RECORD_A);
        if (answer == NULL)
            return false;
        if (answer->status != ANSWER_RECORDS)
            continue;
        into[*into_count] = answer->records[0].address;
        into[(*into_count)++].port = 53;
    }
    return true;
}

/* ---- comparing ---- */

static void write_record(struct text *text, const struct record *record, enum record_type type)
{
    char address[ADDRESS_TEXT_MAX];
    if (type == RECORD_MX) {
        text_add_format(text, "%u %s", (unsigned)record->priority, record->name);
        return;
    }
    port_address_text(&record->address, address);
    text_add_string(text, address);
}

/* Its records, or "no such name". */
static const char *answer_words(struct arena *arena, const struct answer *answer,
                                enum record_type type)
{
    char room[WORDS_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    if (answer->status != ANSWER_RECORDS)
        text_add_string(&text, answer_status_name(answer->status));
    for (size_t i = 0; i < answer->count; i++) {
        text_add_string(&text, i > 0 ? ", " : "");
        write_record(&text, &answer->records[i], type);
    }
    return text_copy(arena, text_slice(&text));
}

static bool same_record(const struct record *a, const struct record *b, enum record_type type)
{
    if (type == RECORD_MX)
        return slice_is_nocase(slice_of(a->name), b->name);
    return memcmp(a->address.bytes, b->address.bytes, a->address.family == FAMILY_V4 ? 4 : 16) == 0;
}

static bool holds(const struct answer *answer, const struct record *record, enum record_type type)
{
    for (size_t i = 0; i < answer->count; i++)
        if (same_record(&answer->records[i], record, type))
            return true;
    return false;
}

static bool holds_all(const struct answer *answer, const struct answer *of, enum record_type type)
{
    for (size_t i = 0; i < of->count; i++)
        if (!holds(answer, &of->records[i], type))
            return false;
    return true;
}

static bool any_nowhere(const struct answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        if (!ground_is_public(&answer->records[i].address))
            return true;
    return false;
}

static bool is_telling(const struct answer *answer)
{
    return answer->status == ANSWER_RECORDS || answer->status == ANSWER_NODATA ||
           answer->status == ANSWER_NXDOMAIN;
}

/* MX records are the same for everybody. Addresses may depend on who asks: only one that can be no
   server's, or none at all, is a lie. */
static bool is_lie(const struct answer *told, const struct answer *true_one, enum record_type type)
{
    bool told_any = told->status == ANSWER_RECORDS, true_any = true_one->status == ANSWER_RECORDS;
    if (!is_telling(told) || !is_telling(true_one) || told->cut || true_one->cut)
        return false;
    if (told_any != true_any)
        return true;
    if (type == RECORD_MX)
        return !holds_all(told, true_one, type) || !holds_all(true_one, told, type);
    return any_nowhere(told) && !any_nowhere(true_one);
}

static void tell_lie(struct lane *lane, const struct answer *told, const struct answer *true_one)
{
    enum record_type type = lane->notebook.compared;
    struct arena *arena = lane->suite->arena;
    const char *found = answer_words(arena, told, type);
    struct raised *raised =
        lane_raise_for(lane, OFFICE_RESOLVER_LIES, OFFICE_RESOLVER, slice_of(found));
    if (raised == NULL)
        return;
    raised->params.value[PARAM_NAME] = lane->endpoint.host;
    raised->params.value[PARAM_FOUND] = found;
    raised->params.value[PARAM_EXPECTED] = answer_words(arena, true_one, type);
}

static void tell_interception(struct lane *lane, const struct address *asked)
{
    char address[ADDRESS_TEXT_MAX];
    port_address_text(asked, address);
    struct raised *raised =
        lane_raise_for(lane, OFFICE_DNS_INTERCEPTED, OFFICE_RESOLVER, SLICE(""));
    if (raised != NULL)
        raised->params.value[PARAM_HOST] = text_copy_string(lane->suite->arena, address);
}

/* A name that nobody can have (RFC 6761 section 6.4), and that no cache holds. */
static bool asks_for_the_impossible(struct lane *lane)
{
    struct suite *suite = lane->suite;
    char name[PARCEL_MARK_MAX + 16];
    text_put_format(name, sizeof name, "%s.invalid", suite->mark);
    const struct answer *answer = lookups_ask(&suite->lookups, name, RECORD_A);
    if (answer == NULL)
        return false;
    if (answer->status != ANSWER_RECORDS ||
        ledger_find(&suite->run->ledger, OFFICE_RESOLVER_INVENTS, OFFICE_RESOLVER) != NULL)
        return true;
    const char *found = answer_words(suite->arena, answer, RECORD_A);
    struct raised *raised =
        lane_raise_for(lane, OFFICE_RESOLVER_INVENTS, OFFICE_RESOLVER, slice_of(found));
    if (raised != NULL)
        raised->params.value[PARAM_FOUND] = found;
    return true;
}

/* Whose word an answer is that came in the name of a zone's own server, but does not say that it
   speaks for the zone. */
static bool looks_in_between(struct lane *lane, const struct answer *answer,
                             const struct address *server)
{
    struct suite *suite = lane->suite;
    const struct answer *from_nobody =
        probes_ask(&suite->probes, &suite->probes.nobody, &nobody, 1, suite->domain, RECORD_MX);
    if (from_nobody == NULL)
        return false;
    bool heard = from_nobody->status != ANSWER_TIMED_OUT && from_nobody->status != ANSWER_DEVICE;
    if (heard)
        tell_interception(lane, &nobody);
    else if (is_telling(answer))
        tell_interception(lane, server);
    return true;
}

/* The run's own resolvers, and the zone's servers: do they say the same? Servers that speak for the
   zone say so in their answers (AA, RFC 1035 section 4.1.1); the question is put as to a resolver,
   so that one in between gives itself away by answering it without. */
static bool zone_says_the_same(struct lane *lane)
{
    struct suite *suite = lane->suite;
    const char *name = lane->endpoint.host;
    enum record_type type = lane->notebook.compared;
    struct address servers[SERVERS_MAX];
    size_t count = 0;
    const struct answer *told = lookups_ask(&suite->lookups, name, type);
    const struct answer *names = ask_servers(suite, name);
    bool done = asks_for_the_impossible(lane);
    if (told == NULL || names == NULL || !done || !locate_servers(suite, names, servers, &count))
        return false;
    if (count == 0)
        return true; /* nobody to compare with */
    const struct answer *answer =
        probes_ask(&suite->probes, &suite->probes.zone, servers, count, name, type);
    if (answer == NULL)
        return false;
    if (!answer->authoritative)
        return looks_in_between(lane, answer, &servers[0]);
    ledger_fact(&suite->run->ledger, OFFICE_RESOLVER, "zone_says",
                is_lie(told, answer, type) ? "something else" : "the same");
    if (is_lie(told, answer, type))
        tell_lie(lane, told, answer);
    return true;
}

/* ---- parts ---- */

/* clang-format off */
static const struct step ask_each_resolver[] = {
    ENQUIRE(each_resolver_answers),
    END
};
static const struct step ask_zone[] = {
    ENQUIRE(zone_says_the_same),
    END
};
/* clang-format on */

/* Whether the resolvers are well is decided at the end, from all that was asked. */
static const struct step *choose_resolvers(struct lane *lane)
{
    lane->spoilt = true;
    return lane->notebook.round == 0 ? ask_each_resolver : NULL;
}

static const struct step *choose_zone(struct lane *lane)
{
    lane->spoilt = true;
    return lane->notebook.round == 0 ? ask_zone : NULL;
}

/* Silence here is no finding: it is judged with everything else. */
static bool recover_quietly(struct lane *lane, enum finding finding)
{
    (void)lane;
    (void)finding;
    return true;
}

const struct part part_resolvers = { choose_resolvers, NULL, recover_quietly,
                                     SCRIPTS(ask_each_resolver) };
const struct part part_zone = { choose_zone, NULL, recover_quietly, SCRIPTS(ask_zone) };
