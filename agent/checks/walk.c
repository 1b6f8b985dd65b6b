/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "../compose.h"

#include <string.h>

static const char *const ways[] = {
    [NOBODY_YET] = "",       [ROOT] = "domain",           [SUBDOMAIN] = "autodiscover name",
    [PLAIN] = "redirection", [SRV_TARGET] = "SRV record",
};

struct walk *walk_of(const struct lane *lane)
{
    return lane->notebook.walk;
}

const struct profile *walk_profile(const struct lane *lane)
{
    return lane->suite->order->profile;
}

static void out_of_memory(struct lane *lane)
{
    (void)lane_raise(lane, DEVICE_EXHAUSTED); /* a full ledger counts what it dropped */
    if (walk_of(lane) != NULL)
        walk_of(lane)->todo = STOP;
}

struct walk *walk_begin(struct lane *lane)
{
    struct walk *walk = ARENA_NEW(lane->suite->arena, struct walk);
    lane->notebook.walk = walk;
    if (walk == NULL) {
        out_of_memory(lane);
        return NULL;
    }
    walk->domain = lane->suite->domain;
    walk->address = lane->suite->order->account->address;
    walk->visits[walk->visit_count++] = walk->address;
    walk->doubt = NO_FINDING;
    return walk;
}

/* ---- the end of the search ---- */

/* What was spoken on the way and came to nothing says nothing of the password. */
static void settle_secret(struct lane *lane)
{
    if (!walk_of(lane)->let_in)
        lane->dialogue.spoke_secret = false;
}

static void tell_fact(struct lane *lane, const char *name, const char *value)
{
    if (value[0] != '\0')
        ledger_fact(&lane->suite->run->ledger, lane_check(lane), name, "%s", value);
}

/* What Outlook would end up with. */
void walk_win(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    tell_fact(lane, "by", ways[walk->candidate]);
    tell_fact(lane, "host", walk->place.host);
    tell_fact(lane, "protocol", walk->pox.type);
    tell_fact(lane, "server", walk->pox.server);
    tell_fact(lane, "ews", walk->pox.ews);
    settle_secret(lane);
    walk->todo = STOP;
}

static void raise_at(struct lane *lane, enum finding finding, const char *host, const char *said)
{
    if (host != NULL && strcmp(host, lane->endpoint.host) != 0) {
        lane->endpoint.host = host;
        lane->peer[0] = '\0';
        lane->dialogue.located = false;
    }
    (void)lane_raise_for(lane, finding, lane_check(lane),
                         slice_of(said)); /* a full ledger counts what it dropped */
}

/* A place that did not answer may be the right one: then nothing can be said of the others. */
void walk_give_up(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    if (walk->doubt != NO_FINDING)
        raise_at(lane, walk->doubt, walk->doubtful, walk->doubt_said);
    else if (walk->circle != NULL)
        raise_at(lane, AUTODISCOVER_REDIRECT_LOOP, walk->circle, walk->circle_said);
    else
        raise_at(lane, AUTODISCOVER_NOT_FOUND, NULL, "");
    settle_secret(lane);
    lane->spoilt = true; /* also by a warning: nobody was found */
    walk->todo = STOP;
}

void walk_doubt(struct lane *lane, enum finding finding)
{
    struct walk *walk = walk_of(lane);
    if (walk->doubt != NO_FINDING)
        return;
    walk->doubt = finding;
    walk->doubtful = lane->endpoint.host;
    walk->doubt_said = text_copy(lane->suite->arena, dialogue_said(&lane->dialogue));
}

/* Outlook stops here: whoever answers before the provider keeps it from being asked. */
void walk_accuse(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    bool on_website = walk->candidate == ROOT;
    walk->todo = STOP;
    lane->spoilt = true;
    if (walk->kinship == KIN_UNCLEAR)
        ledger_unknown(&lane->suite->run->ledger, lane_check(lane), REASON_TOO_LITTLE_EVIDENCE);
    else
        raise_at(lane, on_website ? AUTODISCOVER_ON_WEBSITE : AUTODISCOVER_WRONG_SERVICE, NULL,
                 lane->notebook.said);
}

/* ---- from place to place ---- */

static bool was_visited(const struct walk *walk, const char *visit, size_t since)
{
    for (size_t i = since; i < walk->visit_count; i++)
        if (strcmp(walk->visits[i], visit) == 0)
            return true;
    return false;
}

static const char *visit_text(struct lane *lane, const struct place *place)
{
    const struct walk *walk = walk_of(lane);
    return text_format(lane->suite->arena, "%s %s:%u%s %s", place->secure ? "https" : "http",
                       place->host, (unsigned)place->port, place->path, walk->address);
}

/* The next place; a connection to the same server serves on. */
static void go_to(struct lane *lane, const struct place *place, const char *visit)
{
    struct walk *walk = walk_of(lane);
    bool stays = lane->dialogue.on_the_wire && lane->dialogue.wire.secured &&
                 autodiscover_same_server(&walk->place, place);
    const char *host = text_copy_string(lane->suite->arena, place->host);
    if (host == NULL) {
        out_of_memory(lane);
        return;
    }
    walk->visits[walk->visit_count++] = visit;
    walk->place = *place;
    web_go_to(lane, walk->place.path);
    walk->todo = stays ? ASK : CONNECT;
    if (stays)
        return;
    walk->kinship = autodiscover_is_named(walk_profile(lane), host) ? KIN_NAMED : KIN_STRANGER;
    web_move_to(lane, host, place->port);
}

/* A place of Outlook's list, unless it was asked already. */
static void try_candidate(struct lane *lane, const struct place *place)
{
    struct walk *walk = walk_of(lane);
    const char *visit = visit_text(lane, place);
    walk->chain = walk->visit_count;
    walk->redirects = 0;
    if (visit == NULL)
        out_of_memory(lane);
    else if (!was_visited(walk, visit, 0) && walk->visit_count < WALK_VISITS_MAX)
        go_to(lane, place, visit);
}

/* True when another step of the way may be taken. */
static bool may_follow(struct lane *lane, const char *visit)
{
    struct walk *walk = walk_of(lane);
    if (visit == NULL) {
        out_of_memory(lane);
        return false;
    }
    bool circle = was_visited(walk, visit, walk->chain) || ++walk->redirects > WALK_REDIRECTS_MAX ||
                  walk->visit_count == WALK_VISITS_MAX;
    if (circle && walk->circle == NULL) {
        walk->circle = lane->endpoint.host;
        walk->circle_said = text_copy(lane->suite->arena, dialogue_said(&lane->dialogue));
    }
    return !circle && !was_visited(walk, visit, 0);
}

/* Outlook follows to https only. */
void walk_follow(struct lane *lane, struct slice location)
{
    struct walk *walk = walk_of(lane);
    struct place place;
    if (compose_betrays(&lane->dialogue, location) ||
        !autodiscover_follow(&walk->place, location, &place) || !place.secure)
        return;
    const char *visit = visit_text(lane, &place);
    if (may_follow(lane, visit))
        go_to(lane, &place, visit);
}

/* "Ask for this address": the search begins again, in its domain. */
void walk_begin_again(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    struct slice address = slice_of(walk->pox.redirect);
    if (!names_is_mailbox(address))
        return;
    const char *kept = text_copy(lane->suite->arena, address);
    walk->chain = 0;
    if (!may_follow(lane, kept))
        return;
    walk->visits[walk->visit_count++] = walk->address = kept;
    walk->domain = strrchr(kept, '@') + 1; /* a mailbox has one */
    walk->candidate = NOBODY_YET;
    lane->dialogue.hole[HOLE_ADDRESS] = kept;
}

void walk_to_srv(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    web_move_to(lane, walk->domain, 443);
    walk->kinship = KIN_STRANGER;
    lane->dialogue.hole[HOLE_NAME] = walk->domain;
}

/* Only a target that is reached by TLS, and the first of them. */
void walk_take_srv(struct lane *lane)
{
    const struct answer *answer = lane->dialogue.answer;
    struct place place;
    for (size_t i = 0; answer->status == ANSWER_RECORDS && i < answer->count; i++)
        if (answer->records[i].port == 443 && answer->records[i].name[0] != '\0' &&
            autodiscover_at("", answer->records[i].name, true, &place)) {
            try_candidate(lane, &place);
            return;
        }
}

static bool place_of(const struct walk *walk, struct place *into_place)
{
    const char *prefix = walk->candidate == ROOT ? "" : "autodiscover.";
    return autodiscover_at(prefix, walk->domain, walk->candidate != PLAIN, into_place);
}

void walk_to_candidate(struct lane *lane)
{
    struct place place;
    if (place_of(walk_of(lane), &place))
        try_candidate(lane, &place);
}
