/* SPDX-License-Identifier: MIT */
#include "explanation.h"

#include "../port/port.h"
#include "checks.h"
#include "conversation.h"
#include "desk.h"
#include "names.h"
#include "rules.h"

#include <stdio.h>

#define LABEL_COLUMN 16

#define LINE_ROOM 2048 /* bytes: the longest words of the catalogue, or all slugs of findings */

enum label {
    LABEL_CAUSE,
    LABEL_WHO,
    LABEL_STATUS,
    LABEL_LAYER,
    LABEL_REMEDY,
    LABEL_WHAT_TO_DO,
    LABEL_RAISED_BY,
    LABEL_DECIDED,
    LABEL_ADVISED_FOR,
    LABEL_NEEDS,
    LABEL_COST,
    LABEL_FINDINGS,
    LABEL_NO_CONVERSATION,
    LABEL_COUNT,
};

/* clang-format off */
static const char *const labels[LABEL_COUNT][LANGUAGES] = {
    [LABEL_CAUSE]     = { "Cause",       "Cause" },
    [LABEL_WHO]       = { "Who mends",   "Qui agit" },
    [LABEL_STATUS]    = { "Makes it",    "Résultat" },
    [LABEL_LAYER]     = { "Layer",       "Couche" },
    [LABEL_REMEDY]    = { "Remedy",      "Remède" },
    [LABEL_WHAT_TO_DO] = { "What to do", "Que faire" },
    [LABEL_RAISED_BY] = { "Seen by",     "Vu par" },
    [LABEL_DECIDED]   = { "decided from the findings of several checks",
                          "déduit des constats de plusieurs contrôles" },
    [LABEL_ADVISED_FOR] = { "Advised for", "Conseillé pour" },
    [LABEL_NEEDS]     = { "Needs",       "Nécessite" },
    [LABEL_COST]      = { "Cost",        "Coût" },
    [LABEL_FINDINGS]  = { "May find",    "Constats" },
    [LABEL_NO_CONVERSATION] = {
        "It asks nothing itself: it is decided from what the other checks found.",
        "Ne pose aucune question : déduit de ce que les autres contrôles ont constaté." },
};

static const char *const cost_words[][LANGUAGES] = {
    [COST_LIGHT] = { "light: no password, no mail", "léger : ni mot de passe, ni courriel" },
    [COST_LOGIN] = { "login: speaks the password",  "connexion : utilise le mot de passe" },
    [COST_LOOP]  = { "loop: sends a test mail",     "boucle : envoie un courriel de test" },
};
/* clang-format on */

/* Whether standard output could be written is looked at once, by main. */

/* What printf counts in bytes, a reader counts in characters. */
static size_t width_of(struct slice words)
{
    size_t width = 0;
    for (size_t i = 0; i < words.len; i++)
        width += ((unsigned char)words.at[i] & 0xC0) != 0x80;
    return width;
}

/* Prints words from the column `indent` on, the following lines indented as far. */
static void print_wrapped(const char *words, size_t indent)
{
    const size_t columns = (size_t)port_terminal_columns();
    struct slice rest = slice_of(words), word;
    size_t column = indent;
    while (slice_cut(&rest, ' ', &word)) {
        size_t width = width_of(word);
        if (column > indent && column + 1 + width > columns) {
            (void)printf("\n%*s", (int)indent, "");
            column = indent;
        }
        (void)printf("%s%.*s", column > indent ? " " : "", SLICE_ARG(word));
        column += (column > indent) + width;
    }
    (void)putchar('\n');
}

static void print_field(enum label label, enum language language, const char *words)
{
    const char *name = labels[label][language];
    const size_t width = width_of(slice_of(name));
    (void)printf("  %s%*s", name, (int)(width < LABEL_COLUMN ? LABEL_COLUMN - width : 1), "");
    print_wrapped(words, 2 + LABEL_COLUMN);
}

static bool check_raises(enum check check, enum finding finding)
{
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (act_row(act)->check == check && conversation_raises(act, finding))
            return true;
    return false;
}

static void add_item(struct text *list, const char *item)
{
    if (list->len > 0)
        text_add_string(list, ", ");
    text_add_string(list, item);
}

/* ---- findings and remedies ---- */

void explanation_words(const char *words, struct text *text)
{
    struct params params;
    char names[PARAM_COUNT][24];
    for (enum param param = 0; param < PARAM_COUNT; param++) {
        text_put_format(names[param], sizeof names[param], "<%s>", param_name(param));
        params.value[param] = names[param];
    }
    catalogue_fill(text, words, &params);
}

static void print_words(enum label label, enum language language, const char *words)
{
    char room[LINE_ROOM];
    struct text text;
    text_begin(&text, room, sizeof room);
    explanation_words(words, &text);
    if (label == LABEL_COUNT)
        print_wrapped(room, 0);
    else
        print_field(label, language, room);
}

static void print_finding(enum finding finding, enum language language)
{
    const struct finding_row *row = finding_row(finding);
    char room[LINE_ROOM];
    struct text checks;
    (void)printf("%s\n", row->slug);
    print_words(LABEL_COUNT, language, row->title[language]);
    print_words(LABEL_CAUSE, language, row->cause[language]);
    print_field(LABEL_STATUS, language, status_words(row->status, language));
    print_field(LABEL_LAYER, language, layer_name(row->layer));
    print_field(LABEL_WHO, language, who_words(row->who, language));
    if (row->remedy != NO_REMEDY) {
        print_field(LABEL_REMEDY, language, remedy_row(row->remedy)->slug);
        print_words(LABEL_WHAT_TO_DO, language, remedy_row(row->remedy)->words[language]);
    }
    text_begin(&checks, room, sizeof room);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check_raises(check, finding))
            add_item(&checks, check_row(check)->slug);
    if (checks.len == 0)
        text_add_string(&checks, labels[LABEL_DECIDED][language]);
    print_field(LABEL_RAISED_BY, language, room);
}

static void print_remedy(enum remedy remedy, enum language language)
{
    char room[LINE_ROOM];
    struct text findings;
    (void)printf("%s\n", remedy_row(remedy)->slug);
    print_words(LABEL_COUNT, language, remedy_row(remedy)->words[language]);
    text_begin(&findings, room, sizeof room);
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        if (finding_row(finding)->remedy == remedy)
            add_item(&findings, finding_row(finding)->slug);
    if (findings.len > 0)
        print_field(LABEL_ADVISED_FOR, language, room);
}

static void print_rule(enum rule rule, enum language language)
{
    (void)printf("%s\n", rule_row(rule)->slug);
    print_wrapped(rule_row(rule)->words[language], 0);
}

/* ---- checks ---- */

static void print_check(enum check check, enum language language)
{
    const struct check_row *row = check_row(check);
    char room[LINE_ROOM];
    struct text list;
    bool asks = false;
    (void)printf("%s\n%s\n", row->slug, row->title[language]);
    print_field(LABEL_LAYER, language, layer_name(row->layer));
    print_field(LABEL_COST, language, cost_words[row->cost][language]);
    text_begin(&list, room, sizeof room);
    for (enum check other = 0; other < CHECK_COUNT; other++)
        if ((row->needs & CHECK_BIT(other)) != 0)
            add_item(&list, check_row(other)->slug);
    if (list.len > 0)
        print_field(LABEL_NEEDS, language, room);
    text_begin(&list, room, sizeof room);
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        if (check_raises(check, finding))
            add_item(&list, finding_row(finding)->slug);
    if (list.len > 0)
        print_field(LABEL_FINDINGS, language, room);
    for (enum act act = 0; act < ACT_COUNT; act++)
        if (act_row(act)->check == check) {
            asks = true;
            conversation_print(act, language);
        }
    if (!asks)
        (void)printf("\n  %s\n", labels[LABEL_NO_CONVERSATION][language]);
}

static enum exits misnamed(const char *slug)
{
    char room[200];
    struct text text;
    struct nearest nearest;
    nearest_begin(&nearest, slug);
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        nearest_offer(&nearest, finding_row(finding)->slug);
    for (enum remedy remedy = 0; remedy < REMEDY_COUNT; remedy++)
        nearest_offer(&nearest, remedy_row(remedy)->slug);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        nearest_offer(&nearest, check_row(check)->slug);
    for (enum rule rule = NO_RULE + 1; rule < RULE_COUNT; rule++)
        nearest_offer(&nearest, rule_row(rule)->slug);
    text_begin(&text, room, sizeof room);
    text_add_string(&text, "there is no such code, see gatepost list findings");
    if (nearest_word(&nearest) != NULL)
        text_add_format(&text, "; did you mean %s?", nearest_word(&nearest));
    desk_misused(room);
    return EXITS_USAGE;
}

bool explanation_knows(const char *slug)
{
    return finding_find(slice_of(slug)) != NO_FINDING ||
           check_find(slice_of(slug)) != CHECK_COUNT || remedy_find(slice_of(slug)) != REMEDY_COUNT;
}

enum exits explanation_print(const char *slug, enum language language)
{
    enum finding finding = finding_find(slice_of(slug));
    enum remedy remedy = remedy_find(slice_of(slug));
    enum check check = check_find(slice_of(slug));
    enum rule rule = rule_find(slice_of(slug));
    if (check != CHECK_COUNT)
        print_check(check, language);
    else if (finding != NO_FINDING)
        print_finding(finding, language);
    else if (remedy != REMEDY_COUNT)
        print_remedy(remedy, language);
    else if (rule != NO_RULE)
        print_rule(rule, language);
    else
        return misnamed(slug);
    return EXITS_DONE;
}
