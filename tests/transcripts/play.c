/* SPDX-License-Identifier: MIT */
/* One run of the suite in the fake world. */
#include "../../agent/rota.h"
#include "../../agent/settings_rows.h"

#include "play.h"

#include "read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_SIZE  1048576
#define DAY_MS      INT64_C(86400000)
#define FAREWELL_MS INT64_C(60000) /* what a good-bye may take after all is known */

static char prepared_memory[262144], run_memory[ARENA_SIZE], report[REPORT_MAX];
static struct arena prepared;
static struct settings settings;
static struct account_settings account;
static struct profile profile;

bool play_found[FINDING_COUNT];

int64_t play_deadline_ms(void)
{
    return (settings.suite_deadline_s + account.patience_s) * 1000 + FAREWELL_MS;
}

/* ---- settings ---- */

static bool set_list(struct setting_list *list, struct slice value)
{
    struct slice word;
    list->count = 0;
    while ((word = reader_word(&value)).len > 0 && list->count < SETTINGS_LIST_MAX)
        list->value[list->count++] = text_copy(&prepared, word);
    return value.len == 0;
}

static bool set_number(int64_t *field, struct slice value)
{
    uint64_t number = 0;
    if (!slice_number(value, INT32_MAX, &number))
        return false;
    *field = (int64_t)number;
    return true;
}

static bool set_row(const struct setting_row *row, void *structure, struct slice value)
{
    void *field = (char *)structure + row->offset;
    switch (row->type) {
    case SETTING_IS_TEXT:
        *(const char **)field = value.at;
        return true;
    case SETTING_IS_NUMBER:
        return set_number(field, value);
    case SETTING_IS_LIST:
        return set_list(field, value);
    case SETTING_IS_CHOICE:
        *(int *)field = settings_choice(row->words, value.at);
        return *(int *)field >= 0;
    }
    return false;
}

/* Settings of the agent are found in one structure, those of the account in the other. */
static bool set(struct slice key, struct slice value)
{
    const struct setting_row *of_agent = settings_row(&settings_agent_rows, key.at);
    const struct setting_row *of_account = settings_row(&settings_account_rows, key.at);
    if (of_agent != NULL)
        return set_row(of_agent, &settings, value);
    return of_account != NULL && set_row(of_account, &account, value);
}

/* What a transcript does not play is not there. */
static void leave_out(const struct transcript *transcript)
{
    bool finds = transcript->plays[SERVICE_AUTODISCOVER];
    if (!transcript->plays[SERVICE_EXCHANGE] && !finds)
        profile.exchange.host = NULL; /* few suites have it: "play: suite exchange" */
    if (transcript->plays_suite && !finds)
        profile.autodiscover_host_count = 0; /* likewise */
    if (!transcript->plays[SERVICE_POP])
        profile.pop.host = NULL;
    if (transcript->plays_suite)
        return;
    if (!transcript->plays[SERVICE_WEBMAIL])
        profile.webmail.host = NULL;
    if (!transcript->plays[SERVICE_IMAP])
        profile.imap.host = NULL;
    if (!transcript->plays[SERVICE_SUBMISSION])
        profile.submission.host = NULL;
}

static bool move(const struct transcript *transcript)
{
    static const struct {
        enum service service;
        struct endpoint *endpoint;
    } places[] = {
        { SERVICE_IMAP, &profile.imap },
        { SERVICE_POP, &profile.pop },
        { SERVICE_SUBMISSION, &profile.submission },
    };
    if (transcript->at.port == 0)
        return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i].service != transcript->at.service)
            continue;
        places[i].endpoint->port = transcript->at.port;
        places[i].endpoint->security = transcript->at.security;
        return true;
    }
    return false;
}

bool play_prepare(const struct transcript *transcript)
{
    struct settings_trouble trouble = { 0 };
    arena_begin(&prepared, prepared_memory, sizeof prepared_memory);
    settings_defaults(&settings, &prepared);
    settings.state_directory = "/state";
    settings.reach_targets.count = 0; /* controls are asked where a transcript names them */
    if (!settings_bare_account(&account, &prepared, transcript->account))
        return false;
    account.profile = transcript->profile;
    account.host = "ex4.mail.ovh.net";
    for (size_t i = 0; i < transcript->setting_count; i++)
        if (!set(transcript->settings[i].key, transcript->settings[i].value)) {
            (void)fprintf(stderr, "%s: no such setting, or not so: %s\n", transcript->path,
                          transcript->settings[i].key.at);
            return false;
        }
    if (!profile_load(&settings, &account, &prepared, &profile, &trouble)) {
        (void)fprintf(stderr, "%s: the profile: %s: found %s, wanted %s\n", transcript->path,
                      trouble.key, trouble.found, trouble.wanted);
        return false;
    }
    leave_out(transcript);
    return move(transcript);
}

/* ---- the past ---- */

static struct secret new_secret(const char *words)
{
    struct secret secret = { 0 };
    secret.len = strlen(words);
    memcpy(secret.bytes, words, secret.len);
    return secret;
}

/* given: accepted 3 days ago by imap.login; given: refused 1 days ago by webmail.login as
 * login.password-expired said reason=2 ("as": not in what an older version left behind); given:
 * selector ovhex123-selector1 */
static void give(const struct transcript *transcript, struct slice words)
{
    static struct budget budget;
    struct secret secret = new_secret(TRANSCRIPT_SECRET);
    struct slice what = reader_word(&words), count = reader_word(&words);
    uint64_t days = 0;
    if (slice_is(what, "selector")) {
        if (!selectors_remember(settings.state_directory, settings_domain(&account), count))
            fake_complain("%s: the selector is none", transcript->path);
        return;
    }
    if (slice_is(what, "swept")) { /* a mailbox that is not known yet is never due */
        if (!slice_number(count, 1000, &days) ||
            rota_is_due(settings.state_directory, account.address,
                        port_wall_ms() - (int64_t)days * DAY_MS))
            fake_complain("%s: when it was swept cannot be given", transcript->path);
        return;
    }
    bool good = slice_number(count, 1000, &days) && slice_starts(words, "days ago by ");
    words = slice_from(words, sizeof "days ago by " - 1);
    enum check check = check_find(reader_word(&words));
    enum finding finding = NO_FINDING;
    if (slice_starts(words, "as ")) {
        words = slice_from(words, 3);
        finding = finding_find(reader_word(&words));
        good = good && finding != NO_FINDING;
    }
    const char *said = slice_starts(words, "said ") ? words.at + 5 : "";
    fake.wall_offset_ms = -(int64_t)days * DAY_MS;
    good = good && check != CHECK_COUNT &&
           budget_begin(&budget, settings.state_directory, account.address, &secret) &&
           budget_may_speak(&budget, check) == BUDGET_SPEAK;
    if (good && slice_is(what, "accepted"))
        budget_accepted(&budget, check);
    else if (good && slice_is(what, "refused"))
        budget_refused(&budget, check, finding, said);
    else
        fake_complain("%s: what is given cannot be understood", transcript->path);
    budget_end(&budget);
    fake.wall_offset_ms = 0;
}

/* ---- the run ---- */

static check_set checks_of_services(const struct transcript *transcript)
{
    check_set only = 0;
    for (enum act act = 0; act < ACT_COUNT; act++) {
        enum check check = act_row(act)->check;
        if (transcript->plays[act_row(act)->service] && check_row(check)->cost <= transcript->allow)
            only |= CHECK_BIT(check);
    }
    return transcript->plays_suite ? 0 : only;
}

static void begin_world(const struct transcript *transcript)
{
    fake_forget_files();
    fake_begin();
    fake.stop_after_turns = 0;
    bool full = fake.file_system_full;
    fake.file_system_full = false;
    for (size_t i = 0; i < transcript->given_count; i++)
        give(transcript, transcript->given[i].words);
    fake.file_system_full = full;
    fake.stop_after_turns = transcript->stop_after_turns;
}

void play(const struct transcript *transcript, long fail_take, struct played *into_played)
{
    static struct secret secret, peer_secret, application;
    static struct api_key api_key;
    struct loan loan = { .checks = transcript->lent, .mx = "mx0.mail.ovh.net" };
    for (enum check check = 0; check < CHECK_COUNT; check++)
        loan.seen_ms[check] = FAKE_START_MS - PLAY_LENT_MS;
    struct order order = { .settings = &settings,
                           .account = &account,
                           .profile = &profile,
                           .secret = &secret,
                           .peer_secret = &peer_secret,
                           .application = &application,
                           .api_key = &api_key,
                           .ticket = transcript->ticket.body != NULL ? &transcript->ticket : NULL,
                           .cost = transcript->allow,
                           .only = transcript->only != 0 ? transcript->only
                                                         : checks_of_services(transcript),
                           .loan = transcript->lent != 0 ? &loan : NULL,
                           .trigger = "person" };
    begin_world(transcript);
    secret = new_secret(transcript->no_secret ? "" : TRANSCRIPT_SECRET);
    peer_secret = new_secret(account.peer_address[0] != '\0' ? TRANSCRIPT_PEER_SECRET : "");
    api_key.application = new_secret(account.api_key_file[0] != '\0' ? TRANSCRIPT_API_KEY : "");
    api_key.secret = new_secret(TRANSCRIPT_API_SECRET);
    api_key.consumer = new_secret(TRANSCRIPT_CONSUMER);
    application = new_secret(account.oauth_secret_file[0] != '\0' ? TRANSCRIPT_APPLICATION : "");
    memset(into_played, 0, sizeof *into_played);
    arena_begin(&into_played->arena, run_memory, sizeof run_memory);
    into_played->arena.fail_at = fail_take;
    suite_run(&order, &into_played->arena, NULL, &into_played->run);
    into_played->takes = into_played->arena.takes;
    into_played->took_ms = fake.now_ms - FAKE_START_MS;
    into_played->arena.fail_at = 0;
    for (size_t i = 0; i < into_played->run.ledger.raised_count; i++)
        play_found[into_played->run.ledger.raised[i].finding] = true;
    if (report_write(&order, &into_played->run, NULL, false, report, sizeof report,
                     &into_played->report_len))
        into_played->report = report;
    else
        fake_complain("the report cannot be written");
    if (secret.len > 0 || peer_secret.len > 0 || application.len > 0 || api_key.secret.len > 0 ||
        api_key.consumer.len > 0)
        fake_complain("the secret was not wiped");
}
