/* SPDX-License-Identifier: MIT */
#include "starter.h"

#include "inquiry.h"
#include "names.h"

#include <stdio.h>
#include <string.h>

#define SECRETS "/etc/gatepost/secrets/"

/* clang-format off */
enum word {
    HEAD, BECAUSE, MX_NAMES, SRV_NAMES, IS_ALIAS, NOTHING_FITS, RIVALS,
    SECRET, TOKEN, TENANT, HOST_LEARNED, HOST_WANTED, SERVERS_LEARNED, SERVERS_WANTED, INTERFACE,
    PEER, BROKER,
    NO_DOMAIN, UNANSWERED, IS_THERE, WRITTEN, STEPS, WORDS
};

/* Lines of comments; {a} and {b} are what the callers say. */
static const char *const word[WORDS][LANGUAGES] = {
    [HEAD] = {
        "A configuration for {a} to start with, by `gatepost init`.\n"
        "JSON, with comments from // to the end of the line. Judge it with `gatepost config check`.",
        "Une configuration de départ pour {a}, faite par `gatepost init`.\n"
        "Du JSON, avec des commentaires de // jusqu'à la fin de la ligne.\n"
        "`gatepost config check` la contrôle." },
    [BECAUSE] = { "Profile {a} ({b}), because", "Profil {a} ({b}), car" },
    [MX_NAMES] = {
        "  the most preferred MX record of {a} names {b}",
        "  l'enregistrement MX préféré de {a} désigne {b}" },
    [SRV_NAMES] = {
        "  the SRV record {a} names {b}",
        "  l'enregistrement SRV {a} désigne {b}" },
    [IS_ALIAS] = {
        "  {a} is an alias of {b}",
        "  {a} est un alias de {b}" },
    [NOTHING_FITS] = {
        "No profile fits the records of {a}: `gatepost list profiles` names them all.",
        "Aucun profil ne correspond aux enregistrements de {a} :\n"
        "`gatepost list profiles` les nomme tous." },
    [RIVALS] = {
        "The records fit as well:\n  {a}\nName the offer that was bought.",
        "Les enregistrements conviennent aussi à :\n  {a}\nNommez l'offre souscrite." },
    [SECRET] = {
        "The password stands alone in a file of its own:\n"
        "  install -m 600 /dev/null {a}\n"
        "Write it there with an editor, then take the // away. Without it nothing is logged in to.",
        "Le mot de passe est seul dans son propre fichier :\n"
        "  install -m 600 /dev/null {a}\n"
        "Écrivez-l'y avec un éditeur, puis retirez les //. Sans lui, aucune connexion au compte." },
    [TOKEN] = {
        "This provider gives tokens to applications (OAuth). Where it takes no password, register\n"
        "an application there; the file then holds its secret, or with \"oauth-refresh\" a token.",
        "Ce fournisseur donne des jetons aux applications (OAuth). S'il refuse les mots de passe,\n"
        "enregistrez-y une application ; le fichier contient alors son secret ou, avec\n"
        "\"oauth-refresh\", un jeton." },
    [TENANT] = {
        "The directory (tenant) of the organisation, its id or domain:",
        "L'annuaire (tenant) de l'organisation, son identifiant ou son domaine :" },
    [HOST_LEARNED] = {
        "The account's own server. The domain's records tell it: compare it with what the\n"
        "provider told you before you let a password go there.",
        "Le serveur du compte, d'après les enregistrements du domaine : comparez-le aux\n"
        "indications du fournisseur avant d'y envoyer un mot de passe." },
    [HOST_WANTED] = {
        "The account's own server stands in the provider's control panel. Without it only DNS and\n"
        "the MX hosts are checked.",
        "Le serveur du compte figure dans l'espace client du fournisseur. Sans lui, seuls le DNS\n"
        "et les serveurs MX sont contrôlés." },
    [SERVERS_LEARNED] = {
        "Servers, as the domain's SRV records tell them: compare them with what the provider told\n"
        "you before you let a password go there.",
        "Les serveurs d'après les enregistrements SRV du domaine : comparez-les aux indications\n"
        "du fournisseur avant d'y envoyer un mot de passe." },
    [SERVERS_WANTED] = {
        "Servers of the account, as the provider names them:",
        "Les serveurs du compte, selon le fournisseur :" },
    [INTERFACE] = {
        "With keys to the provider's own interface it tells itself whether the account is blocked,\n"
        "expired or locked: three lines, application key, application secret, consumer key.",
        "Avec des clés pour l'interface du fournisseur, celui-ci dit lui-même si le compte est\n"
        "bloqué, expiré ou verrouillé : trois lignes, application key, application secret,\n"
        "consumer key." },
    [PEER] = {
        "A second mailbox elsewhere, where the office's line closes port 25:",
        "Une seconde boîte ailleurs, si la ligne du bureau ferme le port 25 :" },
    [BROKER] = {
        "Where the agent reports to:",
        "À qui l'agent rend compte :" },
    [NO_DOMAIN] = {
        "there is no domain {a}: is it misspelt, or has it run out?",
        "le domaine {a} n'existe pas : est-il mal écrit, ou expiré ?" },
    [UNANSWERED] = {
        "no resolver told the records of {a}: nothing is written",
        "aucun résolveur n'a donné les enregistrements de {a} : rien n'est écrit" },
    [IS_THERE] = {
        "{a} is there already: nothing is written",
        "{a} existe déjà : rien n'est écrit" },
    [WRITTEN] = { "Written to {a}.", "Écrit dans {a}." },
    [STEPS] = {
        "Next: read what was written, put the password where it says, then\n"
        "  gatepost config check --config {b}\n"
        "  gatepost check {a} --config {b}\n",
        "Ensuite : lisez ce qui a été écrit, mettez le mot de passe où il est dit, puis\n"
        "  gatepost config check --config {b}\n"
        "  gatepost check {a} --config {b}\n" },
};
/* clang-format on */

struct draft {
    struct text *text;
    enum language language;
    int depth; /* of the comments and members that follow */
};

/* ---- lines ---- */

/* The words with their holes filled in. */
static void fill(struct text *text, enum word which, enum language language, const char *a,
                 const char *b)
{
    struct slice rest = slice_of(word[which][language]), part;
    while (slice_cut(&rest, '{', &part)) {
        text_add(text, part);
        if (slice_starts(rest, "a}") || slice_starts(rest, "b}")) {
            text_add_printable(text, slice_of(rest.at[0] == 'a' ? a : b));
            rest = slice_from(rest, 2);
        }
    }
}

static void indent(const struct draft *draft)
{
    text_add_format(draft->text, "%*s", 4 * draft->depth, "");
}

/* One comment line for each line of the words. */
static void comment(const struct draft *draft, enum word which, const char *a, const char *b)
{
    char room[1024];
    struct text words;
    struct slice rest, line;
    text_begin(&words, room, sizeof room);
    fill(&words, which, draft->language, a, b);
    rest = text_slice(&words);
    while (slice_line(&rest, &line)) {
        indent(draft);
        text_add_format(draft->text, "// %.*s\n", SLICE_ARG(line));
    }
}

/* Values are host names, addresses and paths: no quote and no backslash is in them. */
static void member(const struct draft *draft, const char *key, const char *value)
{
    indent(draft);
    text_add_format(draft->text, "\"%s\": \"%s\",\n", key, value);
}

/* A member for the person to fill in, and to take the // away. */
static void member_left_out(const struct draft *draft, const char *key, const char *value)
{
    indent(draft);
    text_add_format(draft->text, "// \"%s\": \"%s\",\n", key, value);
}

static void empty_line(const struct draft *draft)
{
    text_add_string(draft->text, "\n");
}

/* ---- parts ---- */

static const enum word clue_words[] = {
    [CLUE_MX] = MX_NAMES,
    [CLUE_SRV] = SRV_NAMES,
    [CLUE_ALIAS] = IS_ALIAS,
};

static void explain_choice(const struct draft *draft, const char *domain,
                           const struct detection *detection)
{
    char room[256];
    struct text rivals;
    if (detection->clue_count == 0)
        comment(draft, NOTHING_FITS, domain, "");
    else
        comment(draft, BECAUSE, detection->profile, detection->title);
    for (size_t i = 0; i < detection->clue_count; i++)
        comment(draft, clue_words[detection->clues[i].kind], detection->clues[i].name,
                detection->clues[i].host);
    text_begin(&rivals, room, sizeof room);
    for (size_t i = 0; i < detection->rival_count; i++)
        text_add_format(&rivals, "%s%s", i > 0 ? ", " : "", detection->rivals[i]);
    if (detection->rival_count > 0)
        comment(draft, RIVALS, room, "");
}

static void add_servers(const struct draft *draft, const struct detection *detection)
{
    bool learned = detection->imap_host != NULL || detection->submission_host != NULL;
    bool known = !detection->wants_host;
    if (known && !learned)
        return;
    empty_line(draft);
    if (detection->host != NULL) {
        comment(draft, HOST_LEARNED, "", "");
        member(draft, "host", detection->host);
    } else if (learned) {
        comment(draft, SERVERS_LEARNED, "", "");
        if (detection->imap_host != NULL)
            member(draft, "imap_host", detection->imap_host);
        if (detection->submission_host != NULL)
            member(draft, "submission_host", detection->submission_host);
    } else if (detection->clue_count > 0) {
        comment(draft, HOST_WANTED, "", "");
        member_left_out(draft, "host", "");
    } else {
        comment(draft, SERVERS_WANTED, "", "");
        member_left_out(draft, "imap_host", "");
        member_left_out(draft, "submission_host", "");
        member_left_out(draft, "webmail_host", "");
    }
}

/* A file name that needs no quotes in a shell: the local part's letters and digits. */
static void secret_path(const char *address, struct text *text)
{
    text_add_string(text, SECRETS);
    for (const char *at = address; *at != '@' && *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || *at == '.' || *at == '-' || *at == '_';
        text_add(text, plain ? (struct slice){ at, 1 } : SLICE("_"));
    }
}

static void add_secret(const struct draft *draft, const char *address,
                       const struct detection *detection)
{
    char path[sizeof SECRETS + NAMES_LOCAL_MAX];
    struct text text;
    text_begin(&text, path, sizeof path);
    secret_path(address, &text);
    empty_line(draft);
    comment(draft, SECRET, path, "");
    member_left_out(draft, "secret_file", path);
    if (!detection->by_token)
        return;
    empty_line(draft);
    comment(draft, TOKEN, "", "");
    member_left_out(draft, "auth", "oauth-client");
    member_left_out(draft, "oauth_client_id", "");
    if (detection->wants_tenant) {
        comment(draft, TENANT, "", "");
        member_left_out(draft, "oauth_tenant", "");
    }
}

static void add_more(const struct draft *draft, const struct detection *detection)
{
    if (detection->has_interface) {
        empty_line(draft);
        comment(draft, INTERFACE, "", "");
        member_left_out(draft, "api_key_file", SECRETS "interface");
        member_left_out(draft, "api_service", "");
    }
    empty_line(draft);
    comment(draft, PEER, "", "");
    member_left_out(draft, "peer_address", "");
    member_left_out(draft, "peer_secret_file", SECRETS "peer");
    member_left_out(draft, "peer_imap_host", "");
    member_left_out(draft, "peer_submission_host", "");
}

void starter_write(struct text *text, const char *address, const struct detection *detection,
                   enum language language)
{
    struct draft draft = { .text = text, .language = language };
    const char *at = strrchr(address, '@');
    comment(&draft, HEAD, address, "");
    text_add_string(text, "{\n");
    draft.depth = 1;
    comment(&draft, BROKER, "", "");
    member_left_out(&draft, "broker", "mqtts://");
    empty_line(&draft);
    indent(&draft);
    text_add_string(text, "\"accounts\": [\n        {\n");
    draft.depth = 3;
    explain_choice(&draft, at == NULL ? address : at + 1, detection);
    member(&draft, "profile", detection->profile);
    add_servers(&draft, detection);
    add_secret(&draft, address, detection);
    add_more(&draft, detection);
    empty_line(&draft);
    indent(&draft);
    text_add_format(text, "\"address\": \"%s\"\n        }\n    ]\n}\n", address);
}

/* ---- the command ---- */

static void say(const struct desk *desk, enum word which, const char *a, const char *b)
{
    char room[1024];
    struct text text;
    text_begin(&text, room, sizeof room);
    fill(&text, which, desk->language, a, b);
    (void)fprintf(stderr, "gatepost: %s\n", room); /* nowhere else to say it */
}

static bool is_free(const struct desk *desk, const char *file)
{
    struct file_facts facts;
    if (file == NULL || port_file_facts(file, &facts) == FILE_MISSING)
        return true;
    say(desk, IS_THERE, file, "");
    return false;
}

static enum exits put(const struct desk *desk, const struct command_line *line, struct slice bytes)
{
    if (line->output == NULL) {
        (void)fwrite(bytes.at, 1, bytes.len, stdout); /* looked at by main */
        return EXITS_DONE;
    }
    if (port_file_replace(line->output, bytes.at, bytes.len, 0600) != FILE_DONE) {
        (void)fprintf(stderr, "gatepost: %s cannot be written\n", line->output); /* as above */
        return EXITS_NO_FILE;
    }
    say(desk, WRITTEN, line->output, "");
    return EXITS_DONE;
}

enum exits starter_run(struct desk *desk, const struct command_line *line)
{
    static char room[STARTER_MAX];
    struct detection detection;
    struct text text;
    const char *address = line->argument;
    if (!names_is_mailbox(slice_of(address))) {
        desk_misused("ADDRESS is an e-mail address such as anna@example.com");
        return EXITS_USAGE;
    }
    if (!is_free(desk, line->output))
        return EXITS_NO_FILE;
    const char *domain = strrchr(address, '@') + 1;
    inquiry_make(domain, &desk->settings, &desk->work, &detection);
    if (detection.state != DETECTION_DONE) {
        say(desk, detection.state == DETECTION_NO_DOMAIN ? NO_DOMAIN : UNANSWERED, domain, "");
        return EXITS_UNKNOWN;
    }
    text_begin(&text, room, sizeof room);
    starter_write(&text, address, &detection, desk->language);
    enum exits exits = text.overflow ? EXITS_SYSTEM : put(desk, line, text_slice(&text));
    if (exits == EXITS_DONE)
        say(desk, STEPS, address, line->output != NULL ? line->output : "gatepost.json");
    return exits;
}
