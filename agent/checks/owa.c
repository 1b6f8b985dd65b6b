/* SPDX-License-Identifier: MIT */
/* Webmail: Outlook on the web's forms login as a browser does it, and Exchange's health pages.
   Facts: how its login form, cookies and redirections answer is observed behaviour of Exchange 2013
   to 2019. */
#include "parts.h"

#include <string.h>

#define REDIRECTS_MAX 5
#define START_PATH    "/owa/"

enum phase { OWA_BEGIN, OWA_LOOKED, OWA_LOGGED_IN, OWA_OPENED };

/* ---- where a reply leads ---- */

static bool leads_to(const struct lane *lane, const char *words)
{
    return web_redirects(lane) && slice_has_nocase(web_header(lane, "Location"), words);
}

/* ---- judges ---- */

static bool stays_on_host(const struct lane *lane)
{
    return !web_redirects(lane) || web_path_on_host(lane, web_header(lane, "Location")).len > 0;
}

static bool few_redirects(const struct lane *lane)
{
    return !web_redirects(lane) || lane->notebook.redirects < REDIRECTS_MAX;
}

static bool is_login_form(const struct lane *lane)
{
    struct slice body = lane->dialogue.reply.body;
    return web_redirects(lane) || slice_has_nocase(body, "auth.owa") ||
           slice_has_nocase(body, "owaauth.dll") ||
           slice_has_nocase(slice_of(lane->notebook.path), "/auth/logon.aspx");
}

/* reason=2: the name or the password is refused; 4: signed out after a change of password. */
static bool accepted_password(const struct lane *lane)
{
    return !leads_to(lane, "reason=2") && !leads_to(lane, "reason=4");
}

static bool password_is_current(const struct lane *lane)
{
    return !leads_to(lane, "expiredpassword");
}

static bool no_rule_forbids(const struct lane *lane)
{
    return !leads_to(lane, "reason=5") && !leads_to(lane, "reason=6");
}

/* The first login ever asks for a language: the password was right, and the mailbox has never been
 * opened. */
static bool asks_language(const struct lane *lane)
{
    return leads_to(lane, "languageselection");
}

static bool has_session(const struct lane *lane)
{
    static const char *const names[] = { "cadata=", "sessionid=", "UserContext=",
                                         "TimeWindowSig=" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_has_nocase(slice_of(lane->notebook.cookies), names[i]))
            return true;
    return asks_language(lane);
}

static bool mailbox_opens(const struct lane *lane)
{
    return !leads_to(lane, "errorfe") &&
           !slice_has_nocase(slice_of(lane->notebook.path), "errorfe");
}

/* A right password that leads neither into the mailbox nor to an error asks for a second factor. */
static bool asks_no_second_factor(const struct lane *lane)
{
    return !web_redirects(lane) || asks_language(lane) ||
           slice_starts_nocase(web_path_on_host(lane, web_header(lane, "Location")), START_PATH);
}

static bool session_holds(const struct lane *lane)
{
    return !leads_to(lane, "logon.aspx");
}

/* ---- what is learned ---- */

static void drop_cookie(char *jar, struct slice name)
{
    char kept[LANE_COOKIES_MAX];
    struct text text;
    struct slice rest = slice_of(jar), pair;
    text_begin(&text, kept, sizeof kept);
    while (slice_cut(&rest, ';', &pair)) {
        struct slice value = slice_trim(pair), pair_name;
        struct slice whole = value;
        if (!slice_cut(&value, '=', &pair_name) || slice_equal(pair_name, name))
            continue;
        text_add_string(&text, text.len > 0 ? "; " : "");
        text_add(&text, whole);
    }
    text_put(jar, LANE_COOKIES_MAX, text_slice(&text));
}

static void put_cookie(struct lane *lane, struct slice set)
{
    char *jar = lane->notebook.cookies;
    struct slice rest = set, pair, name;
    if (!slice_cut(&rest, ';', &pair))
        return;
    struct slice value = pair;
    if (!slice_cut(&value, '=', &name) || name.len == 0)
        return;
    drop_cookie(jar, name);
    size_t used = strlen(jar);
    if (value.len == 0 || slice_has_nocase(rest, "01-Jan-1970") ||
        slice_has_nocase(rest, "01 Jan 1970"))
        return; /* this is how a cookie is deleted */
    if (used + pair.len + 3 > LANE_COOKIES_MAX)
        return;
    struct text text;
    text_begin(&text, jar + used, LANE_COOKIES_MAX - used);
    text_add_format(&text, "%s%.*s", used > 0 ? "; " : "", SLICE_ARG(pair));
}

static void keep_cookies(struct lane *lane)
{
    struct slice set;
    size_t state = 0;
    while (dialect_header(lane->dialogue.reply.whole, "Set-Cookie", &state, &set))
        put_cookie(lane, set);
    lane->dialogue.cookies = lane->notebook.cookies;
}

static void follow(struct lane *lane)
{
    lane->notebook.redirected = web_redirects(lane);
    if (!lane->notebook.redirected)
        return;
    struct slice path = web_path_on_host(lane, web_header(lane, "Location"));
    if (path.len > 0 && path.len < LANE_PATH_MAX)
        text_put(lane->notebook.path, LANE_PATH_MAX, path);
    lane->notebook.redirects++;
}

/* The health page answers with its server's name; which pages answer at all is the provider's
 * choice. */
static void count_page(struct lane *lane)
{
    if (slice_starts(lane->dialogue.reply.code, "2"))
        lane->notebook.hit_count++;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct meaning page_refusals[] = {
    { "HTTP/1.? 401*",       WEBMAIL_NOT_RECOGNISED },
    { "HTTP/1.? 403*",       WEBMAIL_BLOCKED_BY_RULE },
    { "HTTP/1.? 404*",       WEBMAIL_NOT_RECOGNISED },
    { NULL,                  NO_FINDING },
};
static const struct meaning form_refusals[] = {
    { "HTTP/1.? 400*",       WEBMAIL_FORM_REFUSED },
    { "HTTP/1.? 440*",       WEBMAIL_FORM_REFUSED },
    { "HTTP/1.? 403*",       WEBMAIL_BLOCKED_BY_RULE },
    { NULL,                  NO_FINDING },
};
static const struct meaning health_refusals[] = {
    { "HTTP/1.? 5*",         PROVIDER_INCIDENT },
    { NULL,                  NO_FINDING },
};

static const struct step look_for_form[] = {
    SAY    ("GET {path}"),
    HEAR_AT(STAGE_GREETING, "200|30", page_refusals, SERVICE_UNEXPECTED),
    JUDGE  (stays_on_host,         WEBMAIL_REDIRECTED_AWAY),
    JUDGE  (few_redirects,         WEBMAIL_REDIRECT_LOOP),
    JUDGE  (is_login_form,         WEBMAIL_NOT_RECOGNISED),
    LEARN  (keep_cookies),
    LEARN  (follow),
    END
};
static const struct step log_in[] = {
    SAY_SECRET("POST /owa/auth.owa\nContent-Type: application/x-www-form-urlencoded\n\ndestination=https%3A%2F%2F{host}%2Fowa%2F&flags=0&forcedownlevel=0"
               "&username={login-form}&password={secret-form}&isUtf8=1"),
    HEAR_AT(STAGE_AUTH, "302", form_refusals, SERVICE_UNEXPECTED),
    LEARN  (keep_cookies),
    JUDGE  (accepted_password,     WEBMAIL_LOGIN_REFUSED),
    JUDGE  (password_is_current,   LOGIN_PASSWORD_EXPIRED),
    JUDGE  (no_rule_forbids,       WEBMAIL_BLOCKED_BY_RULE),
    JUDGE  (mailbox_opens,         WEBMAIL_MAILBOX_UNAVAILABLE),
    JUDGE  (asks_no_second_factor, WEBMAIL_MFA),
    JUDGE  (has_session,           WEBMAIL_NOT_RECOGNISED),
    LEARN  (follow),
    END
};
static const struct step open_mailbox[] = {
    SAY    ("GET {path}"),
    HEAR_AT(STAGE_DATA, "200|30", form_refusals, SERVICE_UNEXPECTED),
    LEARN  (keep_cookies),
    JUDGE  (mailbox_opens,         WEBMAIL_MAILBOX_UNAVAILABLE),
    JUDGE  (accepted_password,     WEBMAIL_LOGIN_REFUSED),
    JUDGE  (session_holds,         WEBMAIL_FORM_REFUSED),
    JUDGE  (asks_no_second_factor, WEBMAIL_MFA),
    END
};
static const struct step health_page[] = {
    SAY    ("GET {path}"),
    HEAR_AT(STAGE_DATA, "2|3|4", health_refusals, PROVIDER_INCIDENT),
    LEARN  (count_page),
    END
};
/* clang-format on */

/* ---- choosers ---- */

static const struct step *choose_login(struct lane *lane)
{
    if (lane->notebook.phase == OWA_BEGIN) {
        web_go_to(lane, START_PATH);
        lane->notebook.phase = OWA_LOOKED;
        return look_for_form;
    }
    bool never_opened = slice_has_nocase(slice_of(lane->notebook.path), "languageselection");
    if (lane->notebook.phase == OWA_OPENED ||
        (lane->notebook.phase == OWA_LOGGED_IN && never_opened))
        return NULL;
    if (!lane->dialogue.on_the_wire)
        return web_again;
    if (lane->notebook.phase == OWA_LOOKED && lane->notebook.redirected)
        return look_for_form;
    if (lane->notebook.phase == OWA_LOOKED) {
        put_cookie(
            lane,
            SLICE("PBack=0")); /* what the form's own script sets; Exchange 2010 insists on it */
        lane->dialogue.cookies = lane->notebook.cookies;
        lane->notebook.phase = OWA_LOGGED_IN;
        return log_in;
    }
    lane->notebook.phase = OWA_OPENED;
    return open_mailbox;
}

static const struct step *choose_health(struct lane *lane)
{
    const struct profile *profile = lane->dialogue.profile;
    struct notebook *notebook = &lane->notebook;
    if (notebook->round == 0) {
        notebook->page = 0;
        notebook->hit_count = 0;
    }
    if (notebook->page < profile->health_count && !lane->dialogue.on_the_wire)
        return web_again;
    if (notebook->page < profile->health_count) {
        web_go_to(lane, profile->health[notebook->page++]);
        return health_page;
    }
    if (notebook->hit_count == 0)
        ledger_unknown(&lane->suite->run->ledger, PROVIDER_HEALTH, REASON_TOO_LITTLE_EVIDENCE);
    else
        ledger_fact(&lane->suite->run->ledger, PROVIDER_HEALTH, "pages_up", "%zu of %zu",
                    notebook->hit_count, profile->health_count);
    return NULL;
}

const struct part part_owa = { choose_login, NULL, NULL,
                               SCRIPTS(look_for_form, log_in, open_mailbox, web_again) };
const struct part part_health = { choose_health, NULL, NULL, SCRIPTS(health_page, web_again) };
