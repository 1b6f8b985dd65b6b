/* SPDX-License-Identifier: MIT */
#include "command_line.h"

#include "names.h"

#include <stdio.h>

#define BIT(command) (1u << (command))
#define ALL_COMMANDS (BIT(COMMAND_COUNT) * 2 - 1)

struct command_row {
    const char *word;
    const char *argument; /* the one that it takes, as in its help; NULL: none */
    const char *choices;  /* '|' between them; NULL: anything */
    const char *summary;
    const char *more;
};

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_ONLY };

struct option_row {
    const char *word;  /* without its two hyphens */
    const char *value; /* as in its help; NULL for a flag */
    enum option_kind kind;
    size_t offset; /* in struct command_line */
    unsigned commands;
    const char *help;
};

/* clang-format off */
static const struct command_row commands[] = {
    [COMMAND_CHECK] = { "check", "ADDRESS", NULL,
        "Check a mailbox, or a domain: what is wrong, and who can mend it.",
        "ADDRESS is a mailbox (anna@example.com), or a domain alone (example.com): then the records\n"
        "and the servers are checked, and the profile is the one that the records fit best.\n"
        "\n"
        "The password comes from the account's secret_file, or is asked for on the terminal;\n"
        "without either, only the checks that need none are made. A password that was refused\n"
        "is not tried again until it changes (see forget-refusal).\n"
        "\n"
        "Exit status: 0 healthy, 1 warning, 2 failed, 3 unknown; 64 and above: not checked.\n" },
    [COMMAND_INIT] = { "init", "ADDRESS", NULL,
        "Write a configuration to start with, for a mailbox.",
        "The domain's MX, SRV and CNAME records tell the profile and, where they can, the servers.\n"
        "What is written has comments that say why, and what to fill in; it holds no secret.\n" },
    [COMMAND_SUPPORT] = { "support", "ADDRESS", NULL,
        "Check a mailbox and write a support request about it.",
        "Markdown, ready to paste into the provider's form: what is wrong, the eight results, and\n"
        "what the servers said. It holds no password, no mail content, and no address but the\n"
        "mailbox's own. The mailbox is checked first, as by `gatepost check`; the exit status is\n"
        "the same.\n"
        "\n"
        "With --open-ticket the request also becomes a ticket at the provider, where the account's\n"
        "open_ticket is \"on-command\"; exit status 69 where none was opened.\n" },
    [COMMAND_DOCTOR] = { "doctor", NULL, NULL,
        "Judge gatepost's own surroundings: can it do its work here?",
        "Looks at the configuration, the modes of its files, the clock, each resolver, and the\n"
        "broker: connects, subscribes and publishes once. Each fault comes with what mends it.\n"
        "\n"
        "Exit status: 0 all is well, 1 warning, 2 something fails, 3 something is unknown.\n" },
    [COMMAND_AGENT] = { "agent", NULL, NULL,
        "Check all configured mailboxes on a schedule and report to an MQTT broker.",
        "Runs until SIGTERM or SIGINT; SIGHUP reads the configuration anew. Started by root it\n"
        "becomes the configured `user`, who must be able to read the configuration and the\n"
        "passwords' files. Without a broker, changes are told in the log alone.\n"
        "\n"
        "Exit status: 0 stopped as asked; with --once that of the worst check: 0 healthy,\n"
        "1 warning, 2 failed, 3 unknown; 64 and above: not begun, 69 for a sample that the broker\n"
        "did not take.\n" },
    [COMMAND_EXPLAIN] = { "explain", "CODE", NULL,
        "Explain a finding, a remedy, a check, or a whole report.",
        "CODE is one of those that `gatepost list` names. Of a check, the conversation that it\n"
        "holds is shown: C> what gatepost says, S> what it hopes to hear.\n"
        "\n"
        "Instead of a code, the file of a report (gatepost check --output FILE, or one from the\n"
        "broker): what was asked and answered, what follows from it and why, and what to do.\n"
        "\n"
        "Exit status: 0 explained, 64 no such code, 65 no report, 66 a file that cannot be read.\n" },
    [COMMAND_LIST] = { "list", "WHAT", "checks|findings|remedies|profiles",
        "List checks, findings, remedies or profiles.",
        "WHAT is one of checks, findings, remedies, profiles.\n" },
    [COMMAND_CONFIG] = { "config", "check", "check",
        "Judge the configuration file.",
        "Tells all that is wrong with it and how to mend it. Nothing is asked of the network.\n" },
    [COMMAND_FORGET_REFUSAL] = { "forget-refusal", "ADDRESS", NULL,
        "Let a refused password be tried once more.",
        "For when the password was right and the account has been unlocked or renewed since.\n" },
};

#define FIELD(name) offsetof(struct command_line, name)

static const struct option_row options[] = {
    { "config", "FILE", OPTION_VALUE, FIELD(config),
      BIT(COMMAND_CHECK) | BIT(COMMAND_INIT) | BIT(COMMAND_SUPPORT) | BIT(COMMAND_DOCTOR) |
          BIT(COMMAND_AGENT) | BIT(COMMAND_LIST) | BIT(COMMAND_CONFIG) | BIT(COMMAND_FORGET_REFUSAL),
      "configuration file; /etc/gatepost/gatepost.json where it exists" },
    { "json", NULL, OPTION_FLAG, FIELD(json),
      BIT(COMMAND_CHECK) | BIT(COMMAND_SUPPORT) | BIT(COMMAND_LIST),
      "write JSON on standard output, and nothing else there" },
    { "output", "FILE", OPTION_VALUE, FIELD(output),
      BIT(COMMAND_CHECK) | BIT(COMMAND_INIT) | BIT(COMMAND_SUPPORT),
      "write the JSON report, the support request or the configuration to this file, mode 0600" },
    { "profile", "NAME", OPTION_VALUE, FIELD(profile), BIT(COMMAND_CHECK),
      "compare with this profile, see gatepost list profiles" },
    { "light", NULL, OPTION_FLAG, FIELD(light), BIT(COMMAND_CHECK),
      "neither log in nor send mail" },
    { "once", NULL, OPTION_FLAG, FIELD(once), BIT(COMMAND_AGENT),
      "check every mailbox once, deliver within a minute, and end" },
    { "simulate", "FINDING", OPTION_VALUE, FIELD(simulate), BIT(COMMAND_AGENT),
      "publish a marked sample of this finding and end" },
    { "only", "CHECK", OPTION_ONLY, 0, BIT(COMMAND_CHECK),
      "this check alone and what it needs; may be repeated" },
    { "open-ticket", NULL, OPTION_FLAG, FIELD(open_ticket), BIT(COMMAND_SUPPORT),
      "also open a ticket at the provider with it, where open_ticket allows that" },
    { "lang", "en|fr", OPTION_VALUE, FIELD(language),
      BIT(COMMAND_CHECK) | BIT(COMMAND_INIT) | BIT(COMMAND_SUPPORT) | BIT(COMMAND_DOCTOR) |
          BIT(COMMAND_EXPLAIN) | BIT(COMMAND_LIST),
      "language; else the configuration's, else the environment's" },
    { "help", NULL, OPTION_FLAG, FIELD(help), ALL_COMMANDS, "this help" },
    { "version", NULL, OPTION_FLAG, FIELD(version), ALL_COMMANDS, "the program's version" },
};
/* clang-format on */

#define OPTIONS (sizeof options / sizeof *options)

struct parser {
    char *const *words;
    size_t count, at;
    struct command_line *line;
    unsigned seen; /* bits of options */
    struct text *complaint;
};

static bool complain(struct parser *parser, const char *words, const char *typed, const char *near)
{
    struct text *complaint = parser->complaint;
    text_add_string(complaint, words);
    if (typed != NULL) {
        char cut[81];
        text_put_string(cut, sizeof cut, typed);
        text_add_string(complaint, " ");
        text_add_printable(complaint, slice_of(cut));
    }
    if (near != NULL)
        text_add_format(complaint, "; did you mean %s?", near);
    return false;
}

/* ---- options ---- */

static const struct option_row *find_option(struct slice word)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (slice_is(word, options[i].word))
            return &options[i];
    return NULL;
}

static bool unknown_option(struct parser *parser, const char *typed, struct slice word)
{
    char name[41], near[48];
    struct nearest nearest;
    text_put(name, sizeof name, word);
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < OPTIONS; i++)
        nearest_offer(&nearest, options[i].word);
    if (nearest_word(&nearest) == NULL)
        return complain(parser, "there is no option", typed, NULL);
    text_put_format(near, sizeof near, "--%s", nearest_word(&nearest));
    return complain(parser, "there is no option", typed, near);
}

static bool store_value(struct parser *parser, const struct option_row *row, const char *value)
{
    struct command_line *line = parser->line;
    switch (row->kind) {
    case OPTION_FLAG:
        break;
    case OPTION_VALUE:
        *(const char **)(void *)((char *)line + row->offset) = value;
        break;
    case OPTION_ONLY:
        if (line->only_count == COMMAND_LINE_ONLY_MAX)
            return complain(parser, "too often: --only", NULL, NULL);
        line->only[line->only_count++] = value;
        break;
    }
    return true;
}

/* A word that begins with a hyphen: --option, --option=value, or --option and the next word. */
static bool read_option(struct parser *parser)
{
    const char *typed = parser->words[parser->at++];
    if (slice_is(slice_of(typed), "-h"))
        typed = "--help";
    struct slice rest = slice_from(slice_of(typed), 2), word = { NULL, 0 };
    (void)slice_cut(&rest, '=', &word); /* an empty word is no option's */
    bool joined = word.len + 2 < slice_of(typed).len;
    const struct option_row *row = slice_starts(slice_of(typed), "--") ? find_option(word) : NULL;
    if (row == NULL)
        return unknown_option(parser, typed, word);
    parser->seen |= 1u << (row - options);
    if (row->kind == OPTION_FLAG) {
        if (joined)
            return complain(parser, "no value belongs to --", row->word, NULL);
        *(bool *)((char *)parser->line + row->offset) = true;
        return true;
    }
    const char *value = joined ? typed + 2 + word.len + 1 : NULL;
    if (!joined && parser->at < parser->count &&
        !slice_starts(slice_of(parser->words[parser->at]), "-"))
        value = parser->words[parser->at++];
    if (value == NULL || value[0] == '\0') {
        text_add_format(parser->complaint, "--%s wants %s", row->word, row->value);
        return false;
    }
    return store_value(parser, row, value);
}

/* ---- commands ---- */

static bool read_command(struct parser *parser, const char *word)
{
    struct nearest nearest;
    nearest_begin(&nearest, word);
    for (enum command command = 0; command < COMMAND_COUNT; command++) {
        if (slice_is(slice_of(word), commands[command].word)) {
            parser->line->command = command;
            return true;
        }
        nearest_offer(&nearest, commands[command].word);
    }
    return complain(parser, "there is no command", word, nearest_word(&nearest));
}

static bool read_argument(struct parser *parser, const char *word)
{
    struct command_line *line = parser->line;
    const struct command_row *row = &commands[line->command];
    if (line->argument != NULL || row->argument == NULL)
        return complain(parser, "one word too many:", word, NULL);
    line->argument = word;
    if (row->choices == NULL)
        return true;
    struct slice rest = slice_of(row->choices), choice;
    char names[8][24];
    struct nearest nearest;
    nearest_begin(&nearest, word);
    for (size_t i = 0; i < 8 && slice_cut(&rest, '|', &choice); i++) {
        if (slice_is(choice, word))
            return true;
        text_put(names[i], sizeof names[i], choice);
        nearest_offer(&nearest, names[i]);
    }
    text_add_format(parser->complaint, "%s wants one of %s, not", row->word, row->choices);
    return complain(parser, "", word, nearest_word(&nearest));
}

static bool read_word(struct parser *parser)
{
    const char *word = parser->words[parser->at++];
    return parser->line->command == COMMAND_COUNT ? read_command(parser, word)
                                                  : read_argument(parser, word);
}

/* Options may come before the command, so that whose they are shows at the end. */
static bool belongs_together(struct parser *parser)
{
    struct command_line *line = parser->line;
    if (line->help || line->version)
        return true;
    if (line->command == COMMAND_COUNT)
        return complain(parser, "a command is missing", NULL, NULL);
    const struct command_row *command = &commands[line->command];
    for (size_t i = 0; i < OPTIONS; i++)
        if ((parser->seen & 1u << i) != 0 && (options[i].commands & BIT(line->command)) == 0) {
            text_add_format(parser->complaint, "%s has no option --%s", command->word,
                            options[i].word);
            return false;
        }
    if (line->argument != NULL || command->argument == NULL)
        return true;
    text_add_format(parser->complaint, "%s wants %s", command->word,
                    command->choices != NULL ? command->choices : command->argument);
    return false;
}

bool command_line_read(size_t count, char *const *words, struct command_line *into_line,
                       struct text *into_complaint)
{
    *into_line = (struct command_line){ .command = COMMAND_COUNT };
    struct parser parser = {
        .words = words,
        .count = count,
        .line = into_line,
        .complaint = into_complaint,
    };
    bool options_end = false;
    while (parser.at < count) {
        struct slice word = slice_of(words[parser.at]);
        bool is_option = !options_end && word.len > 1 && word.at[0] == '-';
        if (is_option && slice_is(word, "--")) {
            options_end = true;
            parser.at++;
        } else if (!(is_option ? read_option(&parser) : read_word(&parser))) {
            return false;
        }
    }
    return belongs_together(&parser);
}

/* ---- help ---- */

static void print_option(const struct option_row *row)
{
    char left[32];
    text_put_format(left, sizeof left, "--%s%s%s", row->word, row->value == NULL ? "" : " ",
                    row->value == NULL ? "" : row->value);
    (void)printf("  %-16s %s\n", left, row->help); /* main looks whether output can be written */
}

static void print_command(const struct command_row *row)
{
    char left[40];
    text_put_format(left, sizeof left, "%s %s", row->word,
                    row->argument == NULL ? "" : row->argument);
    (void)printf("  %-24s %s\n", left, row->summary); /* as above */
}

void command_line_help(enum command command)
{
    if (command == COMMAND_COUNT)
        (void)puts("gatepost finds out what is wrong with a mailbox, and who can mend it.\n\n"
                   "Usage: gatepost COMMAND [ARGUMENT] [OPTION...]\n"); /* as above */
    else
        (void)printf("%s\n\nUsage: gatepost %s%s%s [OPTION...]\n\n%s\n", commands[command].summary,
                     commands[command].word, commands[command].argument == NULL ? "" : " ",
                     commands[command].argument == NULL ? "" : commands[command].argument,
                     commands[command].more); /* as above */
    for (enum command each = 0; command == COMMAND_COUNT && each < COMMAND_COUNT; each++)
        print_command(&commands[each]);
    (void)puts(command == COMMAND_COUNT
                   ? "\nOptions of a command are told by gatepost COMMAND --help; of all:"
                   : "Options:"); /* as above */
    for (size_t i = 0; i < OPTIONS; i++)
        if (command == COMMAND_COUNT ? options[i].commands == ALL_COMMANDS
                                     : (options[i].commands & BIT(command)) != 0)
            print_option(&options[i]);
}
