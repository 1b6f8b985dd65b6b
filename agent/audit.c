/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include "delivery.h"
#include "inquiry.h"
#include "names.h"
#include "page.h"
#include "suite.h"
#include "ticketing.h"
#include "view.h"
#include "wire.h"

#include <stdio.h>
#include <string.h>

#define HOLD_WAIT_MS 900000 /* a run with its test mails ends sooner */

#define STANDARD_ERROR 2

/* One run, and all that it is told. */
struct audit {
    struct desk *desk;
    const struct command_line *line;
    const char *state;            /* directory */
    struct account_settings bare; /* of an address that no file names, or a domain */
    struct inquiry inquiry;       /* about the domain */
    struct profile profile;
    struct secret secret, peer_secret, application;
    struct api_key api_key;
    struct order order;
    struct view view;
    struct run run;
};

/* ---- what is said beside the report ---- */

enum note {
    NOTE_NOT_IN_FILE,
    NOTE_PROFILE,
    NOTE_NO_PROFILE,
    NOTE_RIVALS,
    NOTE_NO_SERVER,
    NOTE_NO_SECRET,
    NOTE_PROMPT,
    NOTE_WAITING,
    NOTE_STILL_BUSY,
    NOTE_COUNT
};

/* clang-format off */
static const char *const notes[NOTE_COUNT][LANGUAGES] = {
    [NOTE_NOT_IN_FILE] = {
        "{address} is not in {name}: it is checked with the generic profile.",
        "{address} ne figure pas dans {name} : contrôle avec le profil générique." },
    [NOTE_NO_SERVER] = {
        "No server of {address} is known, so only DNS and the MX hosts are checked. "
        "`gatepost init {address}` begins a configuration file by which more can be checked.",
        "Aucun serveur de {address} n'est connu : seuls le DNS et les serveurs MX sont contrôlés. "
        "`gatepost init {address}` commence un fichier de configuration qui permet d'en contrôler plus." },
    [NOTE_PROFILE] = {
        "{domain} is compared with the profile {name}, which its records fit best; "
        "--profile NAME names another.",
        "{domain} est comparé au profil {name}, le plus proche de ses enregistrements ; "
        "--profile NOM en nomme un autre." },
    [NOTE_NO_PROFILE] = {
        "The records of {domain} fit no profile: only general rules apply; --profile NAME names one.",
        "Les enregistrements de {domain} ne correspondent à aucun profil : seules les règles "
        "générales s'appliquent ; --profile NOM en nomme un." },
    [NOTE_RIVALS] = {
        "These profiles fit as well: {found}.",
        "Ces profils conviennent aussi bien : {found}." },
    [NOTE_NO_SECRET] = {
        "No password for {address}: only the checks that need none are made.",
        "Pas de mot de passe pour {address} : "
        "seuls les contrôles qui n'en ont pas besoin sont faits." },
    [NOTE_PROMPT] = {
        "Password of {address}: ",
        "Mot de passe de {address} : " },
    [NOTE_WAITING] = {
        "Another gatepost is at work in {name}: waiting for it.",
        "Un autre gatepost travaille dans {name} : attente de sa fin." },
    [NOTE_STILL_BUSY] = {
        "The other gatepost has not come to its end: nothing was checked.",
        "L'autre gatepost n'a pas fini : rien n'a été contrôlé." },
};
/* clang-format on */

#define NOTE_MAX 2600 /* bytes: an address and a path */

static void word(const struct audit *audit, enum note note, struct text *text)
{
    struct params params = { .value[PARAM_ADDRESS] = audit->order.account->address };
    params.value[PARAM_NAME] = note == NOTE_NOT_IN_FILE ? audit->desk->settings.file
                               : note == NOTE_PROFILE   ? audit->order.account->profile
                                                        : audit->state;
    params.value[PARAM_DOMAIN] = settings_domain(audit->order.account);
    params.value[PARAM_FOUND] = audit->inquiry.rivals;
    catalogue_fill(text, notes[note][audit->desk->language], &params);
}

static void say(const struct audit *audit, enum note note)
{
    char room[NOTE_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    word(audit, note, &text);
    (void)fprintf(stderr, "gatepost: %s\n", room); /* nowhere else to say it */
}

/* ---- the order ---- */

static bool is_domain(const struct command_line *line)
{
    struct slice argument = slice_of(line->argument);
    return line->command == COMMAND_CHECK && names_is_host(argument) &&
           slice_has_nocase(argument, ".");
}

static void take_domain(struct audit *audit)
{
    settings_bare_domain(&audit->bare, audit->line->argument);
    audit->order.account = &audit->bare;
    audit->order.cost = COST_LIGHT;
    if (audit->line->profile != NULL)
        return;
    inquiry_settle(&audit->bare, &audit->desk->settings, &audit->desk->kept, &audit->desk->work,
                   &audit->inquiry);
    if (audit->inquiry.state != DETECTION_DONE)
        return; /* the report tells that, too */
    say(audit, audit->inquiry.fits ? NOTE_PROFILE : NOTE_NO_PROFILE);
    if (audit->inquiry.rivals[0] != '\0')
        say(audit, NOTE_RIVALS);
}

static bool take_mailbox(struct audit *audit)
{
    const struct settings *settings = &audit->desk->settings;
    const char *address = audit->line->argument;
    const struct account_settings *account = settings_account(settings, address);
    audit->order.account = &audit->bare;
    if (account != NULL) {
        audit->bare = *account;
        return true;
    }
    if (!settings_bare_account(&audit->bare, &audit->desk->kept, address)) {
        desk_misused(audit->line->command == COMMAND_CHECK
                         ? "ADDRESS is an e-mail address such as anna@example.com, or a domain"
                         : "ADDRESS is an e-mail address such as anna@example.com");
        return false;
    }
    if (settings->file != NULL)
        say(audit, NOTE_NOT_IN_FILE);
    return true;
}

static bool take_account(struct audit *audit)
{
    if (is_domain(audit->line))
        take_domain(audit);
    else if (!take_mailbox(audit))
        return false;
    if (audit->line->profile != NULL)
        audit->bare.profile = audit->line->profile;
    return true;
}

static void misnamed_check(const char *typed)
{
    char room[300];
    struct text text;
    struct nearest nearest;
    nearest_begin(&nearest, typed);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        nearest_offer(&nearest, check_row(check)->slug);
    text_begin(&text, room, sizeof room);
    text_add_string(&text, "there is no such check, see gatepost list checks");
    if (nearest_word(&nearest) != NULL)
        text_add_format(&text, "; did you mean %s?", nearest_word(&nearest));
    desk_misused(room);
}

static bool take_only(struct audit *audit)
{
    for (size_t i = 0; i < audit->line->only_count; i++) {
        enum check check = check_find(slice_of(audit->line->only[i]));
        if (check == CHECK_COUNT) {
            misnamed_check(audit->line->only[i]);
            return false;
        }
        audit->order.only |= CHECK_BIT(check) | check_evidence(check);
    }
    return true;
}

/* Of a domain alone, what is below its accounts is asked. */
static bool take_domain_checks(struct audit *audit)
{
    check_set all = 0;
    if (settings_has_mailbox(audit->order.account))
        return true;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check_row(check)->layer < LAYER_ACCOUNT && check_row(check)->cost == COST_LIGHT)
            all |= CHECK_BIT(check);
    if ((audit->order.only & ~all) != 0) {
        desk_misused("--only names a check of a mailbox, and ADDRESS is a domain alone");
        return false;
    }
    if (audit->order.only == 0)
        audit->order.only = all;
    return true;
}

/* Is there anything to ask that speaks the secret? A check needs only earlier ones. */
static bool needs_secret(const struct order *order)
{
    check_set asked = order->only;
    if (order->cost == COST_LIGHT || order->only == 0)
        return order->cost != COST_LIGHT;
    bool needed = false;
    for (enum check check = CHECK_COUNT; check-- > 0;) {
        if ((asked & CHECK_BIT(check)) == 0)
            continue;
        asked |= check_row(check)->needs;
        needed = needed || check_row(check)->cost != COST_LIGHT;
    }
    return needed;
}

/* ---- secrets ---- */

static bool read_secret(struct audit *audit, const char *file, settings_secret_fn *read,
                        struct secret *into_secret)
{
    struct settings_trouble trouble;
    if (file[0] == '\0' || read(file, &audit->desk->kept, into_secret, &trouble))
        return true;
    desk_complain(&trouble);
    return false;
}

static bool read_api_key(struct audit *audit, const char *file)
{
    struct settings_trouble trouble;
    if (file[0] == '\0' || settings_api_key(file, &audit->desk->kept, &audit->api_key, &trouble))
        return true;
    desk_complain(&trouble);
    return false;
}

static void ask_secret(struct audit *audit)
{
    char room[NOTE_MAX];
    struct text prompt;
    struct secret *secret = &audit->secret;
    text_begin(&prompt, room, sizeof room);
    word(audit, NOTE_PROMPT, &prompt);
    if (port_ask_secret(room, secret->bytes, SECRET_MAX + 1))
        secret->len = strlen(secret->bytes);
    else if (!port_asked_to_stop())
        say(audit, NOTE_NO_SECRET);
}

/* A password is of no use where nobody is known who could be told it. */
static bool has_server(const struct profile *profile)
{
    return profile->webmail.host != NULL || profile->imap.host != NULL ||
           profile->submission.host != NULL;
}

static enum exits take_secrets(struct audit *audit)
{
    const struct account_settings *account = audit->order.account;
    audit->order.secret = &audit->secret;
    audit->order.peer_secret = &audit->peer_secret;
    audit->order.application = &audit->application;
    audit->order.api_key = &audit->api_key;
    if (!read_api_key(audit, account->api_key_file))
        return EXITS_CONFIG;
    if (!needs_secret(&audit->order))
        return EXITS_DONE;
    if (!has_server(audit->order.profile)) {
        say(audit, NOTE_NO_SERVER);
        return EXITS_DONE;
    }
    if (!read_secret(audit, account->secret_file, settings_secret_reader(account),
                     &audit->secret) ||
        !read_secret(audit, account->peer_secret_file, settings_secret, &audit->peer_secret) ||
        !read_secret(audit, account->oauth_secret_file, settings_secret, &audit->application))
        return EXITS_CONFIG;
    if (account->secret_file[0] == '\0')
        ask_secret(audit);
    return port_asked_to_stop() ? EXITS_UNKNOWN : EXITS_DONE;
}

/* Two runs at once could each have a wrong password refused. */
static enum exits hold_state(struct audit *audit)
{
    if (audit->secret.len == 0 || audit->state == NULL)
        return EXITS_DONE;
    if (budget_hold(audit->state, 0) != BUDGET_BUSY)
        return EXITS_DONE; /* one that cannot be written is the budget's to tell */
    say(audit, NOTE_WAITING);
    if (budget_hold(audit->state, HOLD_WAIT_MS) != BUDGET_BUSY)
        return EXITS_DONE;
    if (port_asked_to_stop())
        return EXITS_UNKNOWN;
    say(audit, NOTE_STILL_BUSY);
    return EXITS_BUSY;
}

/* ---- what comes out ---- */

/* progress_fn has no room for it. */
static const struct view *watched;

static void show_progress(const struct progress *progress, const struct ledger *ledger)
{
    (void)ledger; /* the line tells what goes on, not what was found */
    view_progress(watched, progress);
}

/* ---- all of it ---- */

static enum exits prepare(struct audit *audit)
{
    struct desk *desk = audit->desk;
    struct settings_trouble trouble;
    audit->order.settings = &desk->settings;
    audit->order.trigger = "person";
    audit->order.cost = audit->line->light ? COST_LIGHT : COST_LOOP;
    audit->state = settings_state_directory(&desk->settings, &desk->kept);
    if (!take_account(audit) || !take_only(audit) || !take_domain_checks(audit))
        return EXITS_USAGE;
    if (audit->line->open_ticket && !ticketing_is_allowed(desk, audit->order.account))
        return EXITS_CONFIG;
    if (!profile_load(&desk->settings, audit->order.account, &desk->kept, &audit->profile,
                      &trouble)) {
        desk_complain(&trouble);
        return EXITS_CONFIG;
    }
    audit->order.profile = &audit->profile;
    return take_secrets(audit);
}

static int perform(struct audit *audit)
{
    bool watching = port_is_terminal(STANDARD_ERROR);
    const struct page page = page_of_output();
    audit->view = (struct view){
        .language = audit->desk->language,
        .colour = page.colour,
        .columns = page.columns,
    };
    watched = &audit->view;
    suite_run(&audit->order, &audit->desk->work, watching ? show_progress : NULL, &audit->run);
    if (watching)
        view_progress_end(&audit->view);
    enum exits published =
        delivery_publish(audit->desk, audit->line, &audit->view, &audit->order, &audit->run);
    if (published != EXITS_DONE)
        return (int)published;
    if (audit->run.interrupted)
        return EXITS_UNKNOWN;
    int status = diagnosis_exit_status(audit->run.diagnosis.verdict);
    if (!audit->line->open_ticket)
        return status;
    enum exits opened = ticketing_open(audit->desk, &audit->order, &audit->run);
    return opened == EXITS_DONE ? status : (int)opened;
}

int audit_run(struct desk *desk, const struct command_line *line)
{
    struct audit *audit = ARENA_NEW(&desk->kept, struct audit);
    if (audit == NULL || !wire_start()) {
        (void)fputs("gatepost: no memory to begin with\n", stderr); /* nowhere else to say it */
        return EXITS_SYSTEM;
    }
    audit->desk = desk;
    audit->line = line;
    int status = (int)prepare(audit);
    if (status == EXITS_DONE)
        status = (int)hold_state(audit);
    if (status == EXITS_DONE)
        status = perform(audit);
    text_wipe(&audit->secret, sizeof audit->secret);
    text_wipe(&audit->peer_secret, sizeof audit->peer_secret);
    text_wipe(&audit->application, sizeof audit->application);
    text_wipe(&audit->api_key, sizeof audit->api_key);
    wire_finish();
    return status;
}
