/* SPDX-License-Identifier: MIT */
/* The provider's own interface (OVH): what it knows of the account, its service and its domain, and
   what its own last diagnostic came to. Everything is only read. */
#include "../compose.h"
#include "../json.h"
#include "../provider_api.h"
#include "../stamp.h"
#include "parts.h"

#define WORD_MAX      64                /* bytes of a value that is shown, terminator included */
#define DIAGNOSED_MS  INT64_C(86400000) /* what an older diagnostic said is history */
#define SERVER_TIME_S INT64_C(100000000000)

static struct provider_view *view_of(const struct lane *lane)
{
    return &lane->suite->run->ledger.provider;
}

/* ---- words ---- */

static bool is_word(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '_' || c == '-' || c == '.' || c == ':' || c == '+';
        if (!plain)
            return false;
    }
    return text.len > 0;
}

/* A value that may be shown, or the empty slice. */
static struct slice word_of(const struct lane *lane, struct slice text)
{
    bool good = is_word(text) && text.len < WORD_MAX && !compose_betrays(&lane->dialogue, text);
    return good ? text : SLICE("");
}

static void keep_fact(struct lane *lane, const char *name, struct slice value)
{
    struct slice word = word_of(lane, value);
    if (word.len > 0)
        ledger_fact(&lane->suite->run->ledger, PROVIDER_ACCOUNT, name, "%.*s", SLICE_ARG(word));
}

static void add_word(struct text *said, const char *mark, const char *name, struct slice word)
{
    if (word.len > 0)
        text_add_format(said, "%s%s%.*s", mark, name, SLICE_ARG(word));
}

/* "HTTP/1.1 403 Forbidden; NOT_GRANTED_CALL; query EU.ext-1.23": what is shown as the server's
   words from here on. */
static void retell(struct lane *lane, const struct json *json)
{
    struct dialogue *dialogue = &lane->dialogue;
    struct text said;
    struct slice line = dialogue->reply.said;
    if (line.len > 40)
        line.len = 12; /* "HTTP/1.1 403": what the server adds may repeat a secret */
    text_begin(&said, lane->notebook.said, sizeof lane->notebook.said);
    text_add(&said, line);
    if (json != NULL) {
        add_word(&said, "; ", "", word_of(lane, json_text(json, "errorCode")));
        add_word(&said, "; ", "state ", word_of(lane, json_text(json, "state")));
    }
    add_word(&said, "; ", "query ", word_of(lane, web_header(lane, "X-Ovh-QueryID")));
    dialogue->reply.said = text_slice(&said);
}

/* ---- what is learned ---- */

/* The later word counts, except that good news does not take bad news back. */
static void hear_told(enum provider_told *into, bool known, bool good)
{
    if (known && *into != TOLD_BAD)
        *into = good ? TOLD_GOOD : TOLD_BAD;
}

static void hear_flag(const struct json *json, const char *name, bool good,
                      enum provider_told *into)
{
    bool flag = false;
    bool known = json_flag(json, name, &flag);
    hear_told(into, known, flag == good);
}

static void take_account(struct lane *lane, const struct json *json)
{
    struct provider_view *view = view_of(lane);
    struct slice state = json_text(json, "state");
    int64_t ticket = 0;
    bool over = slice_is(state, "suspended") || slice_is(state, "suspending");
    hear_told(&view->subscription, over || slice_is(state, "ok"), !over);
    hear_flag(json, "spamDetected", false, &view->sending);
    keep_fact(lane, "state", state);
    keep_fact(lane, "expires", json_text(json, "expirationDate"));
    keep_fact(lane, "password-changed", json_text(json, "passwordLastUpdate"));
    if (view->sending == TOLD_BAD && json_number(json, "spamTicketNumber", &ticket))
        ledger_fact(&lane->suite->run->ledger, PROVIDER_ACCOUNT, "spam-ticket", "%lld",
                    (long long)ticket);
}

static void take_service(struct lane *lane, const struct json *json)
{
    struct provider_view *view = view_of(lane);
    struct slice state = json_text(json, "state");
    int64_t tries = 0, minutes = 0;
    hear_told(&view->subscription, slice_is(state, "suspended"), false);
    lane->notebook.in_maintenance = slice_is(state, "inMaintenance");
    bool told = json_number(json, "lockoutThreshold", &tries) &&
                json_number(json, "lockoutDuration", &minutes);
    if (!told || tries < 0 || tries > 1000 || minutes < 0 || minutes > 10000)
        return;
    view->lockout_minutes = (int)minutes;
    ledger_fact(&lane->suite->run->ledger, PROVIDER_ACCOUNT, "lockout", "%d tries, %d minutes",
                (int)tries, (int)minutes);
}

static void take_domain(struct lane *lane, const struct json *json)
{
    struct provider_view *view = view_of(lane);
    hear_flag(json, "mxIsValid", true, &view->mx);
    hear_flag(json, "srvIsValid", true, &view->srv);
    hear_flag(json, "spfIsValid", true, &view->spf);
    keep_fact(lane, "dkim", json_text(json, "dkimDiagnostics/state"));
}

/* By the interface's own clock. */
static bool is_recent(const struct lane *lane, struct slice stamp)
{
    int64_t at_ms = 0;
    int64_t now_ms = port_wall_ms() + lane->notebook.ahead_ms;
    return stamp_read_rfc3339(stamp, &at_ms) && at_ms <= now_ms && now_ms - at_ms < DIAGNOSED_MS;
}

static void take_diagnosis(struct lane *lane, const struct json *json)
{
    struct provider_view *view = view_of(lane);
    struct slice at = json_text(json, "lastCheck");
    keep_fact(lane, "diagnosed", at);
    if (!is_recent(lane, at))
        return;
    if (view->sending == UNTOLD)
        hear_flag(json, "isSpammer", false, &view->sending);
    if (view->subscription == UNTOLD)
        hear_flag(json, "isSuspended", false, &view->subscription);
    hear_flag(json, "isLocked", false, &view->lock);
    hear_flag(json, "connectiveOWA", true, &view->webmail);
}

static void take_answer(struct lane *lane)
{
    static void (*const takes[API_QUESTIONS])(struct lane *, const struct json *) = {
        [API_ASKS_ACCOUNT] = take_account,
        [API_ASKS_SERVICE] = take_service,
        [API_ASKS_DOMAIN] = take_domain,
        [API_ASKS_DIAGNOSTICS] = take_diagnosis,
    };
    struct json json;
    lane->notebook.answered = json_begin(&json, lane->dialogue.reply.body);
    retell(lane, lane->notebook.answered ? &json : NULL);
    if (!lane->notebook.answered)
        return;
    if (slice_is(lane->dialogue.reply.code, "200"))
        takes[lane->notebook.phase - 1](lane, &json);
    json_end(&json);
}

/* Seconds since 1970, alone in the body. */
static void take_time(struct lane *lane)
{
    uint64_t seconds = 0;
    lane->notebook.answered =
        slice_number(slice_trim(lane->dialogue.reply.body), SERVER_TIME_S, &seconds);
    if (lane->notebook.answered)
        lane->notebook.ahead_ms = (int64_t)seconds * 1000 - port_wall_ms();
}

/* ---- judges ---- */

static bool tells_time(const struct lane *lane)
{
    return lane->notebook.answered;
}

static bool is_granted(const struct lane *lane)
{
    return !slice_has_nocase(slice_of(lane->notebook.said), "; NOT_GRANTED_CALL");
}

/* Of a domain that is not the service's, and a diagnostic that was never made, nothing is known:
 * that is an answer too. */
static bool is_answered(const struct lane *lane)
{
    struct slice code = lane->dialogue.reply.code;
    enum api_question asked = lane->notebook.phase - 1;
    bool may_lack = asked == API_ASKS_DOMAIN || asked == API_ASKS_DIAGNOSTICS;
    if (slice_is(code, "200"))
        return lane->notebook.answered;
    return !is_granted(lane) || (may_lack && slice_is(code, "404"));
}

static bool may_send(const struct lane *lane)
{
    return view_of(lane)->sending != TOLD_BAD;
}

static bool is_subscribed(const struct lane *lane)
{
    return view_of(lane)->subscription != TOLD_BAD;
}

static bool is_not_locked(const struct lane *lane)
{
    return view_of(lane)->lock != TOLD_BAD;
}

static bool is_in_service(const struct lane *lane)
{
    return !lane->notebook.in_maintenance;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct meaning outages[] = {
    { "HTTP/1.? 429*",              API_UNAVAILABLE },
    { "HTTP/1.? 5*",                API_UNAVAILABLE },
    { NULL,                         NO_FINDING },
};
static const struct meaning refusals[] = {
    { "*; INVALID_KEY*",            API_KEY_REFUSED },
    { "*; INVALID_CREDENTIAL*",     API_KEY_REFUSED },
    { "*; NOT_CREDENTIAL*",         API_KEY_REFUSED },
    { "*; INVALID_SIGNATURE*",      API_KEY_REFUSED },
    { "*; FORBIDDEN*",              API_KEY_REFUSED },
    { "HTTP/1.? 403*",              API_KEY_REFUSED },
    { "HTTP/1.? 404*",              API_SERVICE_UNKNOWN },
    { "HTTP/1.? 460*",              ACCOUNT_SUBSCRIPTION_EXPIRED },
    { NULL,                         NO_FINDING },
};

static const struct step api_secure[] = {
    LOCATE (),
    DIAL   (),
    SECURE (),
    END
};
static const struct step ask_time[] = {
    SAY    ("GET {path}"),
    HEAR_AT(STAGE_AUTH, "200", outages, API_UNAVAILABLE),
    LEARN  (take_time),
    JUDGE  (tells_time,             API_UNAVAILABLE),
    END
};
static const struct step ask_signed[] = {
    SAY_SECRET("GET {path}\n"
               "X-Ovh-Application: {client}\n"
               "X-Ovh-Consumer: {secret}\n"
               "X-Ovh-Timestamp: {time}\n"
               "X-Ovh-Signature: {signature}"),
    HEAR_AT(STAGE_AUTH, "200|400|401|403|404|460", outages, API_UNAVAILABLE),
    LEARN  (take_answer),
    JUDGE_AT(STAGE_DATA, is_answered, refusals, API_UNAVAILABLE),
    NOTE   (is_granted,             API_NOT_GRANTED),
    NOTE   (may_send,               ACCOUNT_BLOCKED_FOR_SPAM),
    NOTE   (is_subscribed,          ACCOUNT_SUBSCRIPTION_EXPIRED),
    NOTE   (is_not_locked,          ACCOUNT_LOCKED),
    NOTE   (is_in_service,          PROVIDER_INCIDENT),
    END
};
/* clang-format on */

/* ---- chooser ---- */

/* Fills the holes of the next request. */
static bool prepare(struct lane *lane, enum api_question question)
{
    const struct order *order = lane->suite->order;
    struct notebook *notebook = &lane->notebook;
    struct text path;
    text_begin(&path, notebook->path, sizeof notebook->path);
    provider_api_path(order->account, order->profile, question, &path);
    lane->dialogue.hole[HOLE_PATH] = notebook->path;
    if (path.overflow || question == API_ASKS_TIME)
        return !path.overflow;
    int64_t time_s = (port_wall_ms() + notebook->ahead_ms) / 1000;
    struct text time;
    text_begin(&time, notebook->time, sizeof notebook->time);
    text_add_format(&time, "%lld", (long long)time_s);
    lane->dialogue.hole[HOLE_TIME] = notebook->time;
    lane->dialogue.hole[HOLE_SIGNATURE] = notebook->signature;
    return provider_api_sign(order->api_key, lane->endpoint.host, notebook->path, time_s,
                             notebook->signature);
}

static const struct step *choose_account(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    if (notebook->phase == API_QUESTIONS)
        return NULL;
    if (notebook->round == 0)
        return api_secure;
    if (!lane->dialogue.on_the_wire)
        return web_again;
    if (!prepare(lane, notebook->phase)) {
        (void)lane_raise(lane, API_SERVICE_UNKNOWN); /* a full ledger counts what it dropped */
        return NULL;
    }
    return notebook->phase++ == API_ASKS_TIME ? ask_time : ask_signed;
}

/* Mail goes on without the interface: whatever keeps it from answering is no more than a warning.
 */
static bool recover(struct lane *lane, enum finding finding)
{
    if (finding == DEVICE_EXHAUSTED || finding == ACCOUNT_SUBSCRIPTION_EXPIRED ||
        slice_starts(slice_of(finding_row(finding)->slug), "api."))
        return false;
    (void)lane_raise(lane, API_UNAVAILABLE); /* as above */
    lane->notebook.phase = API_QUESTIONS;
    return true;
}

static void dress(struct lane *lane, struct raised *raised)
{
    char room[LANE_PATH_MAX];
    struct text rights;
    if (raised->finding != API_NOT_GRANTED)
        return;
    text_begin(&rights, room, sizeof room);
    provider_api_rights(lane->suite->order->account, lane->suite->order->profile, &rights);
    raised->params.value[PARAM_EXPECTED] = text_copy(lane->suite->arena, text_slice(&rights));
}

const struct part part_provider_account = {
    choose_account, dress, recover, { api_secure, ask_time, ask_signed, web_again }
};
