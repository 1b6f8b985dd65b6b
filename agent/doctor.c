/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include "diagnosis.h"
#include "log.h"
#include "profile.h"
#include "stamp.h"

#include <stdio.h>

#define LABEL      14 /* columns */
#define INDENT     (2 + LABEL)
#define WORDS_MAX  1400
#define PROBE_FILE "doctor"
#define UNBROKEN   4096

#define STANDARD_OUTPUT 1

/* clang-format off */
enum word {
    CONFIGURATION, STATE, PASSWORDS, AUTHORITIES, CLOCK, FINE_FILE, NO_FILE, NO_FILE_MEND, NO_ACCOUNTS,
    NO_ACCOUNTS_MEND, FAULT, STATE_FINE, STATE_ABSENT, STATE_NOWHERE, STATE_NOWHERE_MEND, STATE_LOOSE, STATE_LOOSE_MEND,
    STATE_CLOSED, STATE_CLOSED_MEND, SECRET_FINE, SECRET_NONE, SECRET_NONE_MEND, AUTHORITIES_FINE,
    AUTHORITIES_GONE, AUTHORITIES_MEND, CLOCK_FINE, CLOCK_UNSET, CLOCK_MEND, WORDS
};
static const char *const word[WORDS][LANGUAGES] = {
    [CONFIGURATION]    = { "configuration", "configuration" },
    [STATE]            = { "state",         "état" },
    [PASSWORDS]        = { "password",      "mot de passe" },
    [AUTHORITIES]      = { "authorities",   "autorités" },
    [CLOCK]            = { "clock",         "horloge" },
    [FINE_FILE]        = { "%s, accounts: %zu", "%s, comptes : %zu" },
    [NO_FILE]          = { SETTINGS_DEFAULT_FILE " is not there", SETTINGS_DEFAULT_FILE " n'existe pas" },
    [NO_FILE_MEND]     = { "write one, see config/gatepost.example.json, or name it with --config",
                           "créez-le d'après config/gatepost.example.json, ou nommez-le avec --config" },
    [NO_ACCOUNTS]      = { "%s names no account", "%s ne nomme aucun compte" },
    [NO_ACCOUNTS_MEND] = { "add the mailboxes to \"accounts\"", "ajoutez les boîtes à \"accounts\"" },
    [FAULT]            = { "%s%s%s: found %s", "%s%s%s : trouvé %s" },
    [STATE_FINE]       = { "%s can be written", "%s est accessible en écriture" },
    [STATE_ABSENT]     = { "%s is not there yet; the first run makes it", "%s n'existe pas encore ; le premier contrôle le crée" },
    [STATE_NOWHERE]    = { "there is no place for what must outlive a run", "aucun endroit pour ce qui doit durer" },
    [STATE_NOWHERE_MEND] = { "set \"state_directory\"", "réglez \"state_directory\"" },
    [STATE_LOOSE]      = { "%s is open to other users, mode %04o", "%s est ouvert à d'autres utilisateurs, mode %04o" },
    [STATE_LOOSE_MEND] = { "chmod 700 %s", "chmod 700 %s" },
    [STATE_CLOSED]     = { "%s cannot be written: %s", "%s n'est pas accessible en écriture : %s" },
    [STATE_CLOSED_MEND] = { "run the doctor as root or as the agent's user, or: chown %s %s",
                            "lancez-le en tant que root ou utilisateur de l'agent, ou : chown %s %s" },
    [SECRET_FINE]      = { "%s can be read, and only by its owner", "%s est lisible, et par son seul propriétaire" },
    [SECRET_NONE]      = { "none for %s: only light checks are made", "aucun pour %s : contrôles légers seulement" },
    [SECRET_NONE_MEND] = { "set \"secret_file\" to a file of mode 0600", "réglez \"secret_file\" : un fichier de mode 0600" },
    [AUTHORITIES_FINE] = { "%s can be read", "%s est lisible" },
    [AUTHORITIES_GONE] = { "%s cannot be read", "%s n'est pas lisible" },
    [AUTHORITIES_MEND] = { "install the package ca-certificates, or correct the configuration",
                           "installez le paquet ca-certificates, ou corrigez la configuration" },
    [CLOCK_FINE]       = { "%s", "%s" },
    [CLOCK_UNSET]      = { "%s: before this program was built", "%s : avant la compilation de ce programme" },
    [CLOCK_MEND]       = { "turn on time synchronisation: timedatectl set-ntp true", "activez la synchronisation : timedatectl set-ntp true" },
};
/* clang-format on */

static const char *words_of(const struct doctor *doctor, enum word which)
{
    return word[which][doctor->desk->language];
}

/* UNKNOWN is worse than a warning, and never hides what fails. */
static int badness(enum status status)
{
    switch (status) {
    case STATUS_FAILED:
        return 3;
    case STATUS_UNKNOWN:
        return 2;
    case STATUS_WARNING:
        return 1;
    case STATUS_PENDING:
    case STATUS_OK:
    case STATUS_SKIPPED:
        break;
    }
    return 0;
}

void doctor_say(struct doctor *doctor, enum status status, const char *label, const char *words,
                const char *mend)
{
    char room[WORDS_MAX];
    struct text text;
    if (badness(status) > badness(doctor->worst))
        doctor->worst = status;
    page_tint(&doctor->page, status, page_mark(status));
    (void)putchar(' '); /* main looks whether output can be written */
    page_padded(slice_of(label), LABEL);
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(words));
    page_flow(&doctor->page, INDENT, text_slice(&text));
    if (mend[0] == '\0')
        return;
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(mend));
    page_spaces(INDENT);
    (void)printf("→ %s\n", room); /* as above; on one line, so that it can be copied */
}

/* ---- configuration ---- */

static void say_fault(struct doctor *doctor, const struct settings_trouble *trouble)
{
    char room[WORDS_MAX], place[32] = "";
    struct text text;
    text_begin(&text, place, sizeof place);
    if (trouble->line > 0)
        text_add_format(&text, ":%d", trouble->line);
    if (trouble->key[0] != '\0')
        text_add_string(&text, ": ");
    text_begin(&text, room, sizeof room);
    text_add_format(&text, "%s%s", trouble->file, place);
    text_add_string(&text, trouble->key);
    text_add_string(&text, ": ");
    text_add_string(&text, trouble->found);
    doctor_say(doctor, STATUS_FAILED, words_of(doctor, CONFIGURATION), room,
               trouble->mend[0] != '\0' ? trouble->mend : trouble->wanted);
}

static void judge_profiles(struct doctor *doctor)
{
    struct desk *desk = doctor->desk;
    for (size_t i = 0; i < desk->settings.account_count; i++) {
        struct settings_trouble trouble;
        struct profile *profile = ARENA_NEW(&desk->work, struct profile);
        if (profile != NULL && !profile_load(&desk->settings, &desk->settings.accounts[i],
                                             &desk->work, profile, &trouble))
            say_fault(doctor, &trouble);
        arena_reset(&desk->work);
    }
}

/* False when the settings are not to be used. */
static bool judge_configuration(struct doctor *doctor, const char *file)
{
    struct desk *desk = doctor->desk;
    struct settings_troubles troubles;
    char room[WORDS_MAX];
    if (file == NULL) {
        doctor_say(doctor, STATUS_WARNING, words_of(doctor, CONFIGURATION),
                   words_of(doctor, NO_FILE), words_of(doctor, NO_FILE_MEND));
        return true;
    }
    if (!settings_read(file, &desk->kept, &desk->settings, &troubles)) {
        for (size_t i = 0; i < troubles.count && i < SETTINGS_TROUBLES_MAX; i++)
            say_fault(doctor, &troubles.trouble[i]);
        return false;
    }
    bool empty = desk->settings.account_count == 0;
    text_put_format(room, sizeof room, words_of(doctor, empty ? NO_ACCOUNTS : FINE_FILE), file,
                    desk->settings.account_count);
    doctor_say(doctor, empty ? STATUS_WARNING : STATUS_OK, words_of(doctor, CONFIGURATION), room,
               empty ? words_of(doctor, NO_ACCOUNTS_MEND) : "");
    judge_profiles(doctor);
    return true;
}

/* ---- files ---- */

/* Words with one name in them. */
static void say_of(struct doctor *doctor, enum status status, enum word label, enum word words,
                   const char *name, const char *mend)
{
    char room[WORDS_MAX];
    text_put_format(room, sizeof room, words_of(doctor, words), name);
    doctor_say(doctor, status, words_of(doctor, label), room, mend);
}

static const char *why_not(enum file_result result)
{
    switch (result) {
    case FILE_DENIED:
        return "permission denied, or read-only";
    case FILE_FULL:
        return "no space left";
    case FILE_TROUBLE:
        return port_trouble();
    case FILE_DONE:
    case FILE_MISSING:
    case FILE_TOO_LONG:
        break;
    }
    return "?";
}

static void try_state(struct doctor *doctor, const char *directory)
{
    struct arena *arena = &doctor->desk->work;
    const char *probe = text_format(arena, "%s/" PROBE_FILE, directory);
    enum file_result result = probe == NULL ? FILE_TROUBLE : port_file_replace(probe, "", 0, 0600);
    if (result == FILE_DONE)
        result = port_file_remove(probe);
    if (result == FILE_DONE) {
        say_of(doctor, STATUS_OK, STATE, STATE_FINE, directory, "");
        return;
    }
    const char *user = doctor->desk->settings.user;
    const char *words =
        text_format(arena, words_of(doctor, STATE_CLOSED), directory, why_not(result));
    const char *mend = text_format(arena, words_of(doctor, STATE_CLOSED_MEND), user, directory);
    doctor_say(doctor, STATUS_FAILED, words_of(doctor, STATE), words == NULL ? directory : words,
               mend == NULL ? "" : mend);
}

static void judge_state(struct doctor *doctor)
{
    struct desk *desk = doctor->desk;
    const char *directory = settings_state_directory(&desk->settings, &desk->kept);
    struct file_facts facts;
    if (directory == NULL) {
        doctor_say(doctor, STATUS_FAILED, words_of(doctor, STATE), words_of(doctor, STATE_NOWHERE),
                   words_of(doctor, STATE_NOWHERE_MEND));
        return;
    }
    enum file_result result = port_file_facts(directory, &facts);
    if (result == FILE_MISSING) {
        say_of(doctor, STATUS_OK, STATE, STATE_ABSENT, directory, "");
        return;
    }
    if (result == FILE_DONE && facts.directory && (facts.mode & 077) != 0) {
        const char *words = text_format(&desk->work, words_of(doctor, STATE_LOOSE), directory,
                                        (unsigned)facts.mode & 07777);
        const char *mend = text_format(&desk->work, words_of(doctor, STATE_LOOSE_MEND), directory);
        doctor_say(doctor, STATUS_WARNING, words_of(doctor, STATE),
                   words == NULL ? directory : words, mend == NULL ? "" : mend);
    }
    try_state(doctor, directory);
}

static void judge_secret(struct doctor *doctor, const char *file, settings_secret_fn *read)
{
    struct settings_trouble trouble;
    struct secret secret;
    if (read(file, &doctor->desk->work, &secret, &trouble))
        say_of(doctor, STATUS_OK, PASSWORDS, SECRET_FINE, file, "");
    else
        say_fault(doctor, &trouble);
    text_wipe(&secret, sizeof secret);
}

static void judge_secrets(struct doctor *doctor)
{
    const struct settings *settings = &doctor->desk->settings;
    for (size_t i = 0; i < settings->account_count; i++) {
        const struct account_settings *account = &settings->accounts[i];
        if (account->secret_file[0] != '\0')
            judge_secret(doctor, account->secret_file, settings_secret_reader(account));
        else
            say_of(doctor, STATUS_WARNING, PASSWORDS, SECRET_NONE, account->address,
                   words_of(doctor, SECRET_NONE_MEND));
        if (account->peer_secret_file[0] != '\0')
            judge_secret(doctor, account->peer_secret_file, settings_secret);
        if (account->oauth_secret_file[0] != '\0')
            judge_secret(doctor, account->oauth_secret_file, settings_secret);
    }
    if (settings->broker_password_file[0] != '\0')
        judge_secret(doctor, settings->broker_password_file, settings_secret);
}

static void judge_authorities(struct doctor *doctor, const char *file)
{
    char byte;
    size_t got = 0;
    if (file[0] == '\0')
        return;
    if (port_file_read_at(file, 0, &byte, 1, &got) == FILE_DONE && got == 1)
        say_of(doctor, STATUS_OK, AUTHORITIES, AUTHORITIES_FINE, file, "");
    else
        say_of(doctor, STATUS_FAILED, AUTHORITIES, AUTHORITIES_GONE, file,
               words_of(doctor, AUTHORITIES_MEND));
}

/* ---- all of it ---- */

static void judge_clock(struct doctor *doctor)
{
    char stamp[STAMP_MAX];
    bool trusted = port_wall_trusted();
    stamp_rfc3339(port_wall_ms(), stamp);
    say_of(doctor, trusted ? STATUS_OK : STATUS_FAILED, CLOCK, trusted ? CLOCK_FINE : CLOCK_UNSET,
           stamp, trusted ? "" : words_of(doctor, CLOCK_MEND));
}

/* Without settings only the clock can be looked at. */
static void examine(struct doctor *doctor, const char *file)
{
    bool usable = judge_configuration(doctor, file);
    if (usable) {
        judge_state(doctor);
        judge_secrets(doctor);
        judge_authorities(doctor, doctor->desk->settings.ca_file);
        judge_authorities(doctor, doctor->desk->settings.broker_ca_file);
    }
    judge_clock(doctor);
    if (usable)
        doctor_resolvers(doctor);
    if (usable)
        doctor_broker(doctor);
}

int doctor_run(struct desk *desk, const struct command_line *line)
{
    struct doctor doctor = { .desk = desk, .page = page_of_output(), .worst = STATUS_OK };
    log_set_level(LEVEL_ERROR); /* what the log would warn of is said here, with what mends it */
    settings_defaults(&desk->settings, &desk->kept);
    if (!settings_language(&desk->settings, line->language, &desk->language)) {
        desk_misused("--lang wants en or fr");
        return EXITS_USAGE;
    }
    if (!port_is_terminal(STANDARD_OUTPUT))
        doctor.page.columns = UNBROKEN; /* for programs that look for words */
    examine(&doctor, desk_settings_file(line));
    return diagnosis_exit_status(doctor.worst);
}
