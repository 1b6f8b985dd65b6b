/* SPDX-License-Identifier: MIT */
/* The provider's own interface (OVH): what it knows of the account, its service and its domain, and
   what its own last diagnostic came to. Everything is only read. */
#include "api.h"

#include "../compose.h"
#include "../stamp.h"

#define WORD_MAX      64               /* bytes of a value that is shown, terminator included */
#define DIAGNOSED_MS  INT64_C(3600000) /* a lock may last no longer: what is older is history */
#define SERVER_TIME_S INT64_C(100000000000)
#define EXPECTED_MAX  400 /* bytes of the records that the provider expects */
#define RECORDS_MAX   8
#define BODY_MAX      10240 /* bytes of a request's body: that of a ticket */

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
        ledger_fact(&lane->suite->run->ledger, lane_check(lane), name, "%.*s", SLICE_ARG(word));
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

/* "IN MX 1 mx0.mail.ovh.net., IN MX 5 mx1.mail.ovh.net.": what the provider would have, as it says
   it. NULL where it says nothing that may be shown. */
static const char *expected_of(struct lane *lane, const struct json *json, const char *name)
{
    char room[EXPECTED_MAX], path[40];
    struct text all;
    text_begin(&all, room, sizeof room);
    for (unsigned i = 0; i <= RECORDS_MAX; i++) {
        text_put_format(path, sizeof path, i == 0 ? "%s" : "%s/%u", name, i - 1);
        struct slice record = json_text(json, path);
        if (record.len == 0 || compose_betrays(&lane->dialogue, record))
            continue;
        text_add_string(&all, all.len > 0 ? ", " : "");
        text_add_printable(&all, record);
    }
    return all.len > 0 && !all.overflow ? text_copy(lane->suite->arena, text_slice(&all)) : NULL;
}

static void take_domain(struct lane *lane, const struct json *json)
{
    struct provider_view *view = view_of(lane);
    view->expected_mx = expected_of(lane, json, "expectedMX");
    view->expected_srv = expected_of(lane, json, "expectedAutodiscoverSRV");
    view->expected_spf = expected_of(lane, json, "expectedSPF");
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

/* Of one that this run has not begun, the password may have been another one, and the account's own
   state is newer. */
void api_take_diagnosis(struct lane *lane, const struct json *json)
{
    struct provider_view *view = view_of(lane);
    bool own = lane_check(lane) == PROVIDER_DIAGNOSIS;
    struct slice at = json_text(json, "lastCheck");
    keep_fact(lane, "diagnosed", at);
    if (!is_recent(lane, at))
        return;
    if (own || view->sending == UNTOLD)
        hear_flag(json, "isSpammer", false, &view->sending);
    if (own || view->subscription == UNTOLD)
        hear_flag(json, "isSuspended", false, &view->subscription);
    hear_flag(json, "isLocked", false, &view->lock);
    if (!own)
        return;
    hear_flag(json, "connectiveOWA", true, &view->webmail);
    hear_flag(json, "canReceiveEmail", true, &view->receiving);
    hear_flag(json, "canSendEmail", true, &view->delivery);
}

void api_take(struct lane *lane, api_take_fn *take)
{
    struct json json;
    lane->notebook.answered = json_begin(&json, lane->dialogue.reply.body);
    retell(lane, lane->notebook.answered ? &json : NULL);
    if (!lane->notebook.answered)
        return;
    if (slice_is(lane->dialogue.reply.code, "200"))
        take(lane, &json);
    json_end(&json);
}

static void take_answer(struct lane *lane)
{
    static api_take_fn *const takes[] = {
        [API_ASKS_ACCOUNT] = take_account,
        [API_ASKS_SERVICE] = take_service,
        [API_ASKS_DOMAIN] = take_domain,
        [API_ASKS_DIAGNOSTICS] = api_take_diagnosis,
    };
    api_take(lane, takes[lane->notebook.phase - 1]);
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

bool account_may_send(const struct lane *lane)
{
    return view_of(lane)->sending != TOLD_BAD;
}

bool account_is_subscribed(const struct lane *lane)
{
    return view_of(lane)->subscription != TOLD_BAD;
}

bool account_is_not_locked(const struct lane *lane)
{
    return view_of(lane)->lock != TOLD_BAD;
}

static bool is_in_service(const struct lane *lane)
{
    return !lane->notebook.in_maintenance;
}

/* ---- scripts ---- */

/* clang-format off */
const struct meaning api_outages[] = {
    { "HTTP/1.? 429*",              API_UNAVAILABLE },
    { "HTTP/1.? 5*",                API_UNAVAILABLE },
    { NULL,                         NO_FINDING },
};
const struct meaning api_refusals[] = {
    { "*; NOT_GRANTED_CALL*",       API_NOT_GRANTED },
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
    HEAR_AT(STAGE_AUTH, "200", api_outages, API_UNAVAILABLE),
    LEARN  (take_time),
    JUDGE  (tells_time,             API_UNAVAILABLE),
    END
};
static const struct step ask_signed[] = {
    SAY_SECRET("GET {path}\n" API_FIELDS),
    HEAR_AT(STAGE_AUTH, API_ANSWERS, api_outages, API_UNAVAILABLE),
    LEARN  (take_answer),
    JUDGE_AT(STAGE_DATA, is_answered, api_refusals, API_UNAVAILABLE),
    NOTE   (is_granted,             API_NOT_GRANTED),
    NOTE   (account_may_send,               ACCOUNT_BLOCKED_FOR_SPAM),
    NOTE   (account_is_subscribed,          ACCOUNT_SUBSCRIPTION_EXPIRED),
    NOTE   (account_is_not_locked,          ACCOUNT_LOCKED),
    NOTE   (is_in_service,          PROVIDER_INCIDENT),
    END
};
/* clang-format on */

/* ---- chooser ---- */

/* The body, as compose_http will make it of its template, is signed too. */
static bool sign(struct lane *lane, const char *template, int64_t time_s)
{
    char room[BODY_MAX];
    struct text body;
    text_begin(&body, room, sizeof room);
    compose_fill(&lane->dialogue, slice_of(template), true, &body);
    const struct api_request request = { .method = body.len > 0 ? "POST" : "GET",
                                         .host = lane->endpoint.host,
                                         .path = lane->notebook.path,
                                         .body = text_slice(&body),
                                         .time_s = time_s };
    bool done = !body.overflow &&
                provider_api_sign(lane->suite->order->api_key, &request, lane->notebook.signature);
    text_wipe(room, sizeof room);
    return done;
}

bool api_prepare(struct lane *lane, enum api_question question, int64_t task, const char *body)
{
    const struct order *order = lane->suite->order;
    struct notebook *notebook = &lane->notebook;
    struct text text;
    text_begin(&text, notebook->path, sizeof notebook->path);
    provider_api_path(order->account, order->profile, question, &text);
    if (task > 0)
        text_add_format(&text, "%lld", (long long)task);
    lane->dialogue.hole[HOLE_PATH] = notebook->path;
    if (text.overflow || question == API_ASKS_TIME)
        return !text.overflow;
    int64_t time_s = (port_wall_ms() + notebook->ahead_ms) / 1000;
    text_put_format(notebook->time, sizeof notebook->time, "%lld", (long long)time_s);
    lane->dialogue.hole[HOLE_TIME] = notebook->time;
    lane->dialogue.hole[HOLE_SIGNATURE] = notebook->signature;
    return sign(lane, body, time_s);
}

static const struct step *choose_account(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    bool opens_ticket = lane->suite->order->ticket != NULL; /* it needs the clock alone */
    if (notebook->phase > (opens_ticket ? API_ASKS_TIME : API_ASKS_DIAGNOSTICS))
        return NULL;
    if (notebook->round == 0)
        return api_secure;
    if (!lane->dialogue.on_the_wire)
        return web_again;
    if (!api_prepare(lane, notebook->phase, 0, "")) {
        (void)lane_raise(lane, API_SERVICE_UNKNOWN); /* a full ledger counts what it dropped */
        return NULL;
    }
    return notebook->phase++ == API_ASKS_TIME ? ask_time : ask_signed;
}

bool api_recover(struct lane *lane, enum finding finding)
{
    if (finding == DEVICE_EXHAUSTED || finding == ACCOUNT_SUBSCRIPTION_EXPIRED ||
        slice_starts(slice_of(finding_row(finding)->slug), "api."))
        return false;
    (void)lane_raise(lane, API_UNAVAILABLE); /* as above */
    lane->spoilt = true;                     /* what needs the interface is not asked */
    lane->notebook.phase = API_ENDED;
    return true;
}

void api_dress(struct lane *lane, struct raised *raised)
{
    char room[LANE_PATH_MAX];
    struct text rights;
    if (raised->finding != API_NOT_GRANTED)
        return;
    text_begin(&rights, room, sizeof room);
    text_add_string(&rights, raised->check == PROVIDER_TICKET ? PROVIDER_API_TICKET_RIGHT : "GET ");
    if (raised->check != PROVIDER_TICKET)
        provider_api_rights(lane->suite->order->account, lane->suite->order->profile, &rights);
    raised->params.value[PARAM_EXPECTED] = text_copy(lane->suite->arena, text_slice(&rights));
}

const struct part part_provider_account = { choose_account, api_dress, api_recover,
                                            SCRIPTS(api_secure, ask_time, ask_signed, web_again) };
