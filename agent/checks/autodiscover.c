/* SPDX-License-Identifier: MIT */
/* Autodiscover as Outlook asks for it on a computer outside a Windows domain: one place after the
   other until one answers. A password is spoken only to hosts that the profile names; what others
   would do with it shows in what they say without. */
#include "walk.h"

#include "../compose.h"

#include <string.h>

/* ---- what an answer says ---- */

static void show(struct lane *lane, const char *what, const char *more)
{
    struct text said;
    struct slice status_line = lane->dialogue.reply.said;
    if (status_line.len > 64)
        status_line.len = 12; /* "HTTP/1.1 200": what the server adds may repeat a secret */
    text_begin(&said, lane->notebook.said, sizeof lane->notebook.said);
    text_add(&said, status_line);
    text_add_format(&said, "; %s %s", what, more);
    lane->dialogue.reply.said = slice_trim(text_slice(&said));
}

static void weigh_settings(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    show(lane, walk->pox.type, walk->pox.server);
    bool is_kin = walk->kinship == KIN_NAMED || walk->kinship == KIN_ALIAS;
    if (is_kin || autodiscover_is_right(walk_profile(lane), &walk->pox))
        walk_win(lane);
    else
        walk->todo = COMPARE;
}

static void weigh_answer(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    struct slice body = lane->dialogue.reply.body;
    bool secret = lane->dialogue.spoke_secret && compose_betrays(&lane->dialogue, body);
    pox_read(secret ? SLICE("") : body, &walk->pox);
    walk->let_in = walk->let_in || (walk->todo == LOG_IN && walk->pox.kind != POX_NOTHING);
    walk->todo = MOVE_ON;
    switch (walk->pox.kind) {
    case POX_SETTINGS:
        weigh_settings(lane);
        break;
    case POX_REDIRECT_URL:
        walk_follow(lane, slice_of(walk->pox.redirect));
        break;
    case POX_REDIRECT_ADDRESS:
        walk_begin_again(lane);
        break;
    case POX_ERROR:
        show(lane, "ErrorCode", walk->pox.error);
        break;
    case POX_NOTHING:
        break;
    }
}

/* Which way leads in: only to hosts of the profile, and only where a password is taken. */
static enum todo way_in(const struct lane *lane)
{
    const struct dialogue *dialogue = &lane->dialogue;
    bool has_password = lane->suite->order->account->auth == AUTH_PASSWORD &&
                        dialogue->secret != NULL && dialogue->secret->len > 0;
    if (walk_of(lane)->kinship == KIN_NAMED && has_password && (lane->notebook.offers & WEB_BASIC))
        return LOG_IN;
    return walk_of(lane)->kinship == KIN_STRANGER ? COMPARE : PROVE;
}

static void weigh(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    struct slice code = lane->dialogue.reply.code;
    if (walk->place.secure && slice_starts(code, "2")) {
        weigh_answer(lane);
        return;
    }
    walk->todo = MOVE_ON;
    walk->pox = (struct pox){ .kind = POX_NOTHING };
    if (web_redirects(lane)) {
        walk_follow(lane, web_header(lane, "Location"));
    } else if (walk->place.secure && slice_is(code, "401")) {
        keep_offers(lane);
        text_put(lane->notebook.said, sizeof lane->notebook.said, lane->dialogue.reply.said);
        walk->todo = way_in(lane);
    }
}

/* The newer service tells without a password where the mailbox is. */
static void weigh_proof(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    char host[NAMES_HOST_MAX + 1] = "";
    bool told = slice_starts(lane->dialogue.reply.code, "2") &&
                !compose_betrays(&lane->dialogue, lane->dialogue.reply.body) &&
                autodiscover_json_host(lane->dialogue.reply.body, host);
    bool is_kin = walk->kinship == KIN_NAMED || walk->kinship == KIN_ALIAS;
    if (told && (is_kin || autodiscover_is_providers(walk_profile(lane), host)))
        autodiscover_put_host(walk->pox.ews, slice_of(host));
    if (is_kin || walk->pox.ews[0] != '\0')
        walk_win(lane);
    else
        walk_accuse(lane);
}

/* ---- whose host it is ---- */

/* Where the provider wants `autodiscover` to be an alias, one that is right is its own doing. */
static bool learn_alias(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    const struct profile *profile = walk_profile(lane);
    if (walk->kinship != KIN_STRANGER || profile->autodiscover_cname == NULL ||
        walk->redirects > 0 || walk->candidate < SUBDOMAIN || walk->candidate > PLAIN)
        return true;
    const struct answer *answer =
        lookups_ask(&lane->suite->lookups, lane->endpoint.host, RECORD_CNAME);
    if (answer == NULL)
        return false;
    if (answer->status == ANSWER_RECORDS &&
        profile_host_matches(profile->autodiscover_cname, answer->records[0].name))
        walk->kinship = KIN_ALIAS;
    else if (!autodiscover_is_told(answer))
        walk->kinship = KIN_UNCLEAR;
    return true;
}

static bool compare_address(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    if (walk->kinship == KIN_UNCLEAR)
        return true;
    return autodiscover_kinship(lane, lane->endpoint.host, lane->family, &walk->kinship);
}

static void act_on_kinship(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    if (walk->pox.kind != POX_SETTINGS)
        walk->todo = PROVE;
    else if (walk->kinship == KIN_ALIAS)
        walk_win(lane);
    else
        walk_accuse(lane);
}

/* ---- judges ---- */

/* The provider's own host is expected to know what Autodiscover is. */
static bool is_an_answer(const struct lane *lane)
{
    const struct walk *walk = walk_of(lane);
    bool good = slice_starts(lane->dialogue.reply.code, "2");
    return walk->kinship != KIN_NAMED || !good || walk->pox.kind == POX_SETTINGS ||
           walk->pox.kind == POX_REDIRECT_URL || walk->pox.kind == POX_REDIRECT_ADDRESS;
}

/* ---- scripts ---- */

#define ANSWERS "2|30|40|41|44|501" /* also those by which web servers say that it is not there */

#define QUESTION                                                                                   \
    "Content-Type: text/xml; charset=utf-8\n"                                                      \
    "X-MapiHttpCapability: 1\n"                                                                    \
    "\n"                                                                                           \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>"                                                   \
    "<Autodiscover"                                                                                \
    " xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\">"    \
    "<Request><EMailAddress>{address-xml}</EMailAddress><AcceptableResponseSchema>"                \
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"              \
    "</AcceptableResponseSchema></Request></Autodiscover>"

/* clang-format off */
static const struct meaning refusals[] = {
    { "HTTP/1.? 401*",       AUTODISCOVER_LOGIN_REFUSED },
    { "HTTP/1.? 456*",       ACTIVESYNC_BLOCKED },
    { "HTTP/1.? 457*",       LOGIN_PASSWORD_EXPIRED },
    { NULL,                  NO_FINDING },
};

static const struct step reach_securely[] = {
    LOCATE (),
    ENQUIRE(learn_alias),
    DIAL   (),
    SECURE (),
    END
};
static const struct step ask[] = {
    SAY    ("POST {path}\n" QUESTION),
    HEAR   (ANSWERS,               SERVICE_UNEXPECTED),
    LEARN  (weigh),
    JUDGE  (is_an_answer,          SERVICE_UNEXPECTED),
    END
};
/* Nothing is said here that others may not hear: the answer is only where to ask. */
static const struct step ask_in_the_clear[] = {
    LOCATE (),
    ENQUIRE(learn_alias),
    DIAL   (),
    SAY    ("GET {path}"),
    HEAR   (ANSWERS,               SERVICE_UNEXPECTED),
    LEARN  (weigh),
    END
};
static const struct step srv_record[] = {
    LOOKUP ("_autodiscover._tcp.{name}", RECORD_SRV),
    LEARN  (walk_take_srv),
    END
};
static const struct step compare[] = {
    ENQUIRE(compare_address),
    LEARN  (act_on_kinship),
    END
};
static const struct step ask_newer[] = {
    SAY    ("GET /autodiscover/autodiscover.json/v1.0/{address}?Protocol=EWS"),
    HEAR   (ANSWERS,               SERVICE_UNEXPECTED),
    LEARN  (weigh_proof),
    END
};
static const struct step log_in[] = {
    SAY_SECRET("POST {path}\nAuthorization: Basic {basic}\n" QUESTION),
    HEAR_AT(STAGE_AUTH, "2|30",    refusals, SERVICE_UNEXPECTED),
    LEARN  (weigh),
    JUDGE  (is_an_answer,          SERVICE_UNEXPECTED),
    END
};
/* clang-format on */

/* ---- chooser ---- */

/* The next of Outlook's places; the SRV record has to be looked up first. */
static const struct step *move_on(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    while (walk->todo == MOVE_ON && walk->candidate < SRV_TARGET) {
        walk->candidate++;
        if (walk->candidate == SRV_TARGET) {
            walk_to_srv(lane);
            return srv_record;
        }
        walk_to_candidate(lane);
    }
    if (walk->todo == MOVE_ON)
        walk_give_up(lane);
    return NULL;
}

/* Addresses with signs that mean something in a URL are not asked for in one. */
static bool fits_into_path(const char *address)
{
    return strpbrk(address, "#?%/&{}") == NULL;
}

static const struct step *script_for(struct lane *lane)
{
    struct walk *walk = walk_of(lane);
    switch (walk->todo) {
    case CONNECT:
        if (!walk->place.secure)
            return ask_in_the_clear;
        walk->todo = ASK;
        return reach_securely;
    case COMPARE:
        return compare;
    case ASK:
        return lane->dialogue.on_the_wire ? ask : web_again;
    case PROVE:
        return lane->dialogue.on_the_wire ? ask_newer : web_again;
    case LOG_IN:
        return lane->dialogue.on_the_wire ? log_in : web_again;
    case MOVE_ON:
    case STOP:
        break;
    }
    return NULL;
}

static const struct step *choose(struct lane *lane)
{
    if (!autodiscover_is_expected(walk_profile(lane))) {
        ledger_unknown(&lane->suite->run->ledger, lane_check(lane), REASON_NOT_CONFIGURED);
        return NULL;
    }
    struct walk *walk = lane->notebook.round == 0 ? walk_begin(lane) : walk_of(lane);
    if (walk == NULL)
        return NULL;
    if (walk->todo == MOVE_ON) {
        const struct step *lookup = move_on(lane);
        if (lookup != NULL)
            return lookup;
    }
    if (walk->todo == PROVE && !fits_into_path(walk->address)) {
        lane->dialogue.reply.body = SLICE("");
        weigh_proof(lane);
    }
    return script_for(lane);
}

/* ---- what goes wrong on the way ---- */

static bool is_own_trouble(enum finding finding)
{
    return finding == DEVICE_EXHAUSTED || finding == DEVICE_CLOCK_UNSET ||
           finding == TLS_BUNDLE_MISSING;
}

/* A server of the domain, not of the provider: that it is busy is no incident of the provider, and
   that it is not there is no fault. */
static enum finding as_stranger(enum finding finding)
{
    bool of_provider = finding == SERVICE_BUSY || finding == PROVIDER_INCIDENT;
    return of_provider || finding_row(finding)->status != STATUS_UNKNOWN ? SERVICE_UNEXPECTED
                                                                         : finding;
}

/* Outlook passes by a place that does not answer, and so does this; it shows a certificate that is
   not right to the person in front of it. What goes wrong at the provider's own host is told as it
   is. */
static bool recover(struct lane *lane, enum finding finding)
{
    struct walk *walk = walk_of(lane);
    bool knows = walk->kinship == KIN_NAMED || walk->kinship == KIN_ALIAS;
    if (is_own_trouble(finding))
        return false;
    if (walk->todo == PROVE && knows) {
        walk_win(lane);
        return true;
    }
    if (walk->kinship == KIN_NAMED && finding != DNS_HOST_MISSING)
        return false;
    if (lane->dialogue.wire.trouble == WIRE_TLS_NOT_TRUSTED && walk->kinship == KIN_STRANGER)
        (void)lane_raise(lane, AUTODISCOVER_CERTIFICATE); /* a full ledger counts what it dropped */
    bool stops = walk->todo == PROVE || walk->todo == COMPARE;
    if (stops || finding_row(finding)->status == STATUS_UNKNOWN)
        walk_doubt(lane, as_stranger(finding));
    if (stops)
        walk_give_up(lane); /* Outlook would have stopped here, and why cannot be told */
    else
        walk->todo = MOVE_ON;
    return true;
}

/* ---- what a finding needs to be acted upon ---- */

static void dress(struct lane *lane, struct raised *raised)
{
    const struct walk *walk = walk_of(lane);
    const struct profile *profile = walk_profile(lane);
    raised->params.value[PARAM_NAME] = lane->endpoint.host;
    raised->params.value[PARAM_EXPECTED] = profile->exchange.host;
    if (walk != NULL && walk->pox.kind == POX_SETTINGS)
        raised->params.value[PARAM_FOUND] =
            text_format(lane->suite->arena, "%s %s", walk->pox.type, walk->pox.server);
}

const struct part part_autodiscover = { choose, dress, recover,
                                        SCRIPTS(reach_securely, ask, ask_in_the_clear, srv_record,
                                                compare, ask_newer, log_in, web_again) };
