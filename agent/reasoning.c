/* SPDX-License-Identifier: MIT */
#include "reasoning.h"

#include "../port/port.h"
#include "outline.h"
#include "page.h"
#include "report.h"
#include "rules.h"
#include "told.h"
#include "wording.h"

#include <stdio.h>

#define LABEL  18 /* columns of the labels under a root */
#define SCHEMA "gatepost-report-"

/* clang-format off */
enum word {
    FOLLOWS, EXPLAINS, TO_DO, NOTHING, FINDING, SAID, SEEN_AT, CONCLUDED, DRAWN_FROM, SURE,
    AGAINST, BECAUSE, DISMISSED, WELL, SAMPLE, OLDER, PROFILE, COLON, WORDS
};
static const char *const word[WORDS][LANGUAGES] = {
    [FOLLOWS]    = { "2. What follows from it",     "2. Ce qui s'ensuit" },
    [EXPLAINS]   = { "3. What that explains",       "3. Ce que cela explique" },
    [TO_DO]      = { "4. What to do",               "4. Que faire" },
    [NOTHING]    = { "Nothing.",                    "Rien." },
    [FINDING]    = { "Finding",                     "Constat" },
    [SAID]       = { "It said",                     "Réponse" },
    [SEEN_AT]    = { "Seen at",                     "Constaté sur" },
    [CONCLUDED]  = { "How it is known",             "D'où on le sait" },
    [DRAWN_FROM] = { "Drawn from",                  "Déduit de" },
    [SURE]       = { "How sure it is",              "Certitude" },
    [AGAINST]    = { "Against it",                  "À l'encontre" },
    [BECAUSE]    = { "because of %s",               "à cause de %s" },
    [DISMISSED]  = { "nobody's trouble",            "sans conséquence" },
    [WELL]       = { "well",                        "en bon état" },
    [SAMPLE]     = { "This is a rehearsal: nothing of it was found.",
                     "Ceci est un exercice : rien de cela n'a été constaté." },
    [OLDER]      = { "The report does not say by which rules: an older gatepost wrote it.",
                     "Le rapport ne dit pas selon quelles règles : un gatepost plus ancien l'a écrit." },
    [PROFILE]    = { ", profile ",                  ", profil " },
    [COLON]      = { ": ",                          " : " },
};
static const char *const sure_word[][LANGUAGES] = {
    [CONFIDENCE_POSSIBLE] = { "possible", "possible" },
    [CONFIDENCE_LIKELY]   = { "likely",   "probable" },
    [CONFIDENCE_CERTAIN]  = { "certain",  "certain" },
};
/* clang-format on */

static const char *words_of(const struct told *told, enum word which)
{
    return word[which][told->language];
}

static void show_labelled(const struct told *told, enum word label, const struct text *text)
{
    page_spaces(2);
    page_padded(slice_of(words_of(told, label)), LABEL);
    told_show(told, 2 + LABEL, text);
}

static void show_heading(const struct told *told, enum word heading)
{
    (void)printf("\n%s\n\n", words_of(told, heading)); /* main looks whether it could be written */
}

static void show_nothing(const struct told *told)
{
    (void)puts(words_of(told, NOTHING)); /* as above */
}

/* ---- 2: what follows ---- */

static void show_text(const struct told *told, enum word label, const char *words)
{
    char room[WORDING_MAX];
    struct text text;
    if (words[0] == '\0')
        return;
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(words));
    show_labelled(told, label, &text);
}

/* "submission.login: submission.login-refused; webmail.login: well" */
static void add_origins(const struct told *told, struct text *text, const cJSON *rule)
{
    size_t before = text->len;
    for (const cJSON *item = told_first(rule, "from"); item != NULL; item = item->next) {
        const char *finding = told_code(item, "finding");
        text_add_format(text, "%s%s%s%s", text->len > before ? "; " : "", told_code(item, "check"),
                        words_of(told, COLON), finding[0] != '\0' ? finding : words_of(told, WELL));
    }
}

static void show_rule(const struct told *told, enum word label, const cJSON *rule)
{
    char room[WORDING_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    told_add_rule(told, &text, told_code(rule, "rule"));
    show_labelled(told, label, &text);
    text_begin(&text, room, sizeof room);
    add_origins(told, &text, rule);
    if (text.len > 0)
        show_labelled(told, DRAWN_FROM, &text);
}

static bool rates(const cJSON *rule)
{
    return rule_row(rule_find(slice_of(told_code(rule, "rule"))))->kind == RULE_RATES;
}

/* In one word where a rule tells the rest. */
static void show_sureness(const struct told *told, const cJSON *root)
{
    char room[WORDING_MAX];
    struct text text;
    enum confidence confidence = CONFIDENCE_POSSIBLE;
    const cJSON *rule = told_first(root, "reasoning");
    while (confidence < CONFIDENCE_CERTAIN &&
           !slice_is(slice_of(told_code(root, "confidence")), confidence_name(confidence)))
        confidence++;
    while (rule != NULL && !rates(rule))
        rule = rule->next;
    text_begin(&text, room, sizeof room);
    if (rule == NULL) {
        text_add_string(&text, wording_sure(confidence, told->language));
    } else {
        text_add_format(&text, "%s. ", sure_word[confidence][told->language]);
        told_add_rule(told, &text, told_code(rule, "rule"));
    }
    show_labelled(told, SURE, &text);
}

static void show_conclusion(const struct told *told, const cJSON *root)
{
    for (const cJSON *rule = told_first(root, "reasoning"); rule != NULL; rule = rule->next)
        if (!rates(rule))
            show_rule(told, CONCLUDED, rule);
}

static void show_root(const struct told *told, const cJSON *root)
{
    char room[WORDING_MAX];
    struct text text;
    const cJSON *evidence = told_member(root, "evidence"), *rule;
    enum finding known = finding_find(slice_of(told_code(root, "finding")));
    enum status status = known != NO_FINDING ? finding_row(known)->status : STATUS_UNKNOWN;
    text_begin(&text, room, sizeof room);
    told_add_title(told, &text, root);
    page_tint(&told->page, status, page_mark(status));
    (void)putchar(' '); /* as above */
    told_show(told, 2, &text);
    show_text(told, FINDING, told_code(root, "finding"));
    text_begin(&text, room, sizeof room);
    told_add_evidence(&text, evidence);
    show_labelled(told, SEEN_AT, &text);
    show_text(told, SAID, told_text(evidence, "said"));
    show_conclusion(told, root);
    show_sureness(told, root);
    for (rule = told_first(root, "against"); rule != NULL; rule = rule->next)
        show_rule(told, AGAINST, rule);
}

static void show_roots(const struct told *told)
{
    const cJSON *root = told_first(told->report, "root");
    show_heading(told, FOLLOWS);
    if (root == NULL)
        show_nothing(told);
    for (; root != NULL; root = root->next) {
        show_root(told, root);
        (void)printf("%s", root->next != NULL ? "\n" : ""); /* as above */
    }
    if (!told_has_rules(told))
        (void)printf("\n%s\n", words_of(told, OLDER)); /* as above */
}

/* ---- 3: what that explains ---- */

static void show_explained(const struct told *told, const cJSON *check, const cJSON *finding)
{
    char room[WORDING_MAX];
    struct text text;
    const cJSON *explained = told_member(finding, "explained");
    const char *by = told_code(explained, "by");
    text_begin(&text, room, sizeof room);
    text_add_format(&text, "%s%s%s, ", told_code(check, "check"), words_of(told, COLON),
                    told_code(finding, "finding"));
    if (by[0] != '\0')
        text_add_format(&text, words_of(told, BECAUSE), by);
    else
        text_add_string(&text, words_of(told, DISMISSED));
    page_spaces(2);
    told_show(told, 2, &text);
    text_begin(&text, room, sizeof room);
    told_add_rule(told, &text, told_code(explained, "rule"));
    page_spaces(4);
    told_show(told, 4, &text);
}

static void show_explanations(const struct told *told)
{
    bool any = false;
    show_heading(told, EXPLAINS);
    for (const cJSON *check = told_first(told->report, "checks"); check != NULL;
         check = check->next)
        for (const cJSON *item = told_first(check, "findings"); item != NULL; item = item->next)
            if (told_member(item, "explained") != NULL) {
                show_explained(told, check, item);
                any = true;
            }
    if (!any)
        show_nothing(told);
}

/* ---- 4: what to do ---- */

static void show_remedies(const struct told *told)
{
    char room[WORDING_MAX];
    struct text text;
    size_t number = 0;
    show_heading(told, TO_DO);
    for (const cJSON *item = told_first(told->report, "remedies"); item != NULL;
         item = item->next) {
        enum remedy remedy = remedy_find(slice_of(told_code(item, "code")));
        struct params params = { { NULL } };
        told_params(item, &params);
        text_begin(&text, room, sizeof room);
        if (remedy == REMEDY_COUNT)
            text_add_string(&text, told_code(item, "code"));
        else
            wording_fill(&text, remedy_row(remedy)->words[told->language], &params, told->language);
        (void)printf("%zu. ", ++number); /* as above */
        told_show(told, 3, &text);
    }
    if (number == 0)
        show_nothing(told);
}

/* ---- the whole ---- */

static void show_head(const struct told *told)
{
    char room[WORDING_MAX];
    struct text text;
    const char *account = told_text(told->report, "account");
    const cJSON *run = told_member(told->report, "run");
    enum status verdict = STATUS_OK;
    while (verdict < STATUS_UNKNOWN &&
           !slice_is(slice_of(told_code(told->report, "verdict")), status_name(verdict)))
        verdict++;
    text_begin(&text, room, sizeof room);
    text_add_printable(&text,
                       slice_of(account[0] != '\0' ? account : told_text(told->report, "domain")));
    text_add_format(&text, "%s%s", words_of(told, COLON), status_words(verdict, told->language));
    told_show(told, 0, &text);
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(told_text(run, "started")));
    text_add_string(&text, words_of(told, PROFILE));
    text_add_printable(&text, slice_of(told_text(told->report, "profile")));
    told_show(told, 0, &text);
    if (cJSON_IsTrue(told_member(told->report, "sample")))
        (void)puts(words_of(told, SAMPLE)); /* as above */
}

static void tell(const struct told *told)
{
    show_head(told);
    reasoning_checks(told);
    show_roots(told);
    show_explanations(told);
    show_remedies(told);
}

/* ---- the file ---- */

static enum exits refuse(const char *file, const char *words)
{
    (void)fprintf(stderr, "gatepost: %s %s\n", file, words); /* nowhere else to say it */
    return EXITS_DATA;
}

static enum exits unreadable(const char *file, const char *words)
{
    (void)refuse(file, words); /* it is no question of what the file holds */
    return EXITS_NO_INPUT;
}

static enum exits tell_text(const struct desk *desk, const char *file, struct slice text)
{
    struct outline_fault fault;
    const char *end = NULL;
    if (!outline_check(text, &fault)) {
        (void)fprintf(stderr, "gatepost: %s:%d:%d: no JSON: %s\n", file, fault.line, fault.column,
                      fault.words); /* as above */
        return EXITS_DATA;
    }
    cJSON *report = cJSON_ParseWithLengthOpts(text.at, text.len, &end, false);
    const struct told told = { report, desk->language, page_of_output() };
    if (report == NULL)
        return EXITS_SYSTEM;
    bool is_report = slice_starts(slice_of(told_text(report, "schema")), SCHEMA);
    if (is_report)
        tell(&told);
    cJSON_Delete(report);
    return is_report ? EXITS_DONE : refuse(file, "is JSON, but no report of gatepost's");
}

bool reasoning_is_file(const char *name)
{
    struct file_facts facts;
    struct slice bytes = slice_of(name);
    return slice_ends_nocase(bytes, ".json") || slice_has_nocase(bytes, "/") ||
           port_file_facts(name, &facts) != FILE_MISSING;
}

enum exits reasoning_print(struct desk *desk, const char *file)
{
    char *bytes = arena_take(&desk->work, REPORT_MAX);
    size_t len = 0;
    if (bytes == NULL)
        return EXITS_SYSTEM;
    switch (port_file_read(file, bytes, REPORT_MAX, &len)) {
    case FILE_DONE:
        return tell_text(desk, file, (struct slice){ bytes, len });
    case FILE_MISSING:
        return unreadable(file, "is not there");
    case FILE_DENIED:
        return unreadable(file, "may not be read");
    case FILE_TOO_LONG:
        return refuse(file, "is longer than any report of gatepost's");
    case FILE_FULL:
    case FILE_TROUBLE:
        break;
    }
    return unreadable(file, port_trouble());
}
