/* SPDX-License-Identifier: MIT */
#include "reasoning.h"

#include "../port/port.h"
#include "outline.h"
#include "page.h"
#include "report.h"
#include "wording.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define LABEL       18 /* columns of the labels under a root */
#define LAYER_WIDTH 12 /* columns of the tree */
#define SLUG_WIDTH  23
#define CODE_MAX    63 /* bytes of a code */
#define SCHEMA      "gatepost-report-"

/* clang-format off */
enum word {
    ASKED, FOLLOWS, EXPLAINS, TO_DO, NOTHING, FINDING, SAID, SEEN_AT, CONCLUDED, DRAWN_FROM, SURE,
    WHY_SURE, AGAINST, BECAUSE, DISMISSED, SKIPPED_FOR, WELL, SAMPLE, OLDER, PROFILE, COLON, WORDS
};
static const char *const word[WORDS][LANGUAGES] = {
    [ASKED]      = { "1. What was asked and answered, lowest layer first",
                     "1. Ce qui a été demandé et répondu, couche la plus basse d'abord" },
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
    [WHY_SURE]   = { "Why that sure",               "Pourquoi" },
    [AGAINST]    = { "Against it",                  "À l'encontre" },
    [BECAUSE]    = { "because of %s",               "à cause de %s" },
    [DISMISSED]  = { "nobody's trouble",            "sans conséquence" },
    [SKIPPED_FOR] = { "not asked because of %s",    "pas demandé à cause de %s" },
    [WELL]       = { "well",                        "en bon état" },
    [SAMPLE]     = { "This is a rehearsal: nothing of it was found.",
                     "Ceci est un exercice : rien de cela n'a été constaté." },
    [OLDER]      = { "The report does not say by which rules: an older gatepost wrote it.",
                     "Le rapport ne dit pas selon quelles règles : un gatepost plus ancien l'a écrit." },
    [PROFILE]    = { ", profile ",                  ", profil " },
    [COLON]      = { ": ",                          " : " },
};
static const char *const layer_word[][LANGUAGES] = {
    [LAYER_DEVICE]   = { "device",   "appareil" },
    [LAYER_OFFICE]   = { "office",   "bureau" },
    [LAYER_ISP]      = { "internet", "internet" },
    [LAYER_DOMAIN]   = { "domain",   "domaine" },
    [LAYER_PROVIDER] = { "provider", "fournisseur" },
    [LAYER_ACCOUNT]  = { "account",  "compte" },
    [LAYER_MAIL]     = { "mail",     "courrier" },
};
/* clang-format on */

/* A report that is being told. */
struct told {
    const cJSON *report;
    enum language language;
    struct page page;
};

static const char *words_of(const struct told *told, enum word which)
{
    return word[which][told->language];
}

static void show(const struct told *told, size_t indent, const struct text *text)
{
    page_flow(&told->page, indent, text_slice(text));
}

static void show_labelled(const struct told *told, enum word label, const struct text *text)
{
    page_spaces(2);
    page_padded(slice_of(words_of(told, label)), LABEL);
    show(told, 2 + LABEL, text);
}

static void show_heading(const struct told *told, enum word heading)
{
    (void)printf("\n%s\n\n", words_of(told, heading)); /* main looks whether it could be written */
}

static void show_nothing(const struct told *told)
{
    (void)puts(words_of(told, NOTHING)); /* as above */
}

/* ---- 1: what was asked ---- */

static void add_evidence(struct text *text, const cJSON *evidence)
{
    static const char *const parts[] = { "peer", "at", "step" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *part = told_text_at(evidence, parts[i]);
        if (part[0] == '\0')
            continue;
        text_add_string(text, text->len > 0 ? ", " : "");
        text_add_printable(text, slice_of(part));
    }
}

static void show_finding(const struct told *told, const cJSON *finding)
{
    char room[WORDING_MAX];
    struct text text;
    const cJSON *evidence = told_member(finding, "evidence");
    const char *said = told_text_at(evidence, "said");
    text_begin(&text, room, sizeof room);
    told_add_title(told, &text, finding);
    page_spaces(LAYER_WIDTH + 2);
    show(told, LAYER_WIDTH + 2, &text);
    text_begin(&text, room, sizeof room);
    add_evidence(&text, evidence);
    if (said[0] != '\0') {
        text_add_string(&text, words_of(told, COLON));
        text_add_printable(&text, slice_of(said));
    }
    page_spaces(LAYER_WIDTH + 4);
    show(told, LAYER_WIDTH + 4, &text);
}

/* Why it stands as it does, where no finding says it. */
static void add_why(const struct told *told, struct text *text, const cJSON *check)
{
    const char *because = told_code_at(check, "because"), *reason = told_code_at(check, "reason");
    if (because[0] != '\0') {
        text_add_format(text, words_of(told, SKIPPED_FOR), because);
        return;
    }
    if (told_code_at(check, "rule")[0] != '\0')
        told_add_rule(told, text, told_code_at(check, "rule"));
    for (enum reason i = 0; i < REASON_COUNT; i++)
        if (slice_is(slice_of(reason), reason_row(i)->slug))
            text_add_string(text, reason_row(i)->words[told->language]);
}

static bool is_plainly_well(const cJSON *check)
{
    return told_status_at(check) == STATUS_OK && told_member(check, "rule") == NULL &&
           told_first(check, "findings") == NULL;
}

/* CHECK_COUNT of them has no layer: a newer gatepost has asked more. */
static bool is_of_layer(const cJSON *check, enum layer layer)
{
    enum check known = check_find(slice_of(told_code_at(check, "check")));
    enum layer own = known == CHECK_COUNT ? LAYER_MAIL : check_row(known)->layer;
    bool asked = !slice_is(slice_of(told_code_at(check, "reason")), reason_row(REASON_NOT_ASKED)->slug) &&
                 !slice_is(slice_of(told_code_at(check, "reason")),
                           reason_row(REASON_NOT_CONFIGURED)->slug);
    return own == layer && asked;
}

static bool show_well(const struct told *told, enum layer layer)
{
    char room[WORDING_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    for (const cJSON *check = told_first(told->report, "checks"); check != NULL; check = check->next)
        if (is_of_layer(check, layer) && is_plainly_well(check))
            text_add_format(&text, "%s%s", text.len > 0 ? ", " : "", told_code_at(check, "check"));
    if (text.len == 0)
        return false;
    page_padded(slice_of(layer_word[layer][told->language]), LAYER_WIDTH);
    page_tint(&told->page, STATUS_OK, page_mark(STATUS_OK));
    (void)putchar(' '); /* as above */
    show(told, LAYER_WIDTH + 2, &text);
    return true;
}

static void show_check(const struct told *told, const cJSON *check, const char *layer)
{
    char room[WORDING_MAX];
    struct text text;
    enum status status = told_status_at(check);
    text_begin(&text, room, sizeof room);
    add_why(told, &text, check);
    page_padded(slice_of(layer), LAYER_WIDTH);
    page_tint(&told->page, status, page_mark(status));
    (void)putchar(' '); /* as above */
    if (text.len == 0)
        (void)puts(told_code_at(check, "check")); /* as above */
    else
        page_padded(slice_of(told_code_at(check, "check")), SLUG_WIDTH);
    if (text.len > 0)
        show(told, LAYER_WIDTH + 2 + SLUG_WIDTH, &text);
    for (const cJSON *item = told_first(check, "findings"); item != NULL; item = item->next)
        show_finding(told, item);
}

static void show_asked(const struct told *told)
{
    show_heading(told, ASKED);
    for (enum layer layer = LAYER_DEVICE; layer <= LAYER_MAIL; layer++) {
        const char *label = show_well(told, layer) ? "" : layer_word[layer][told->language];
        for (const cJSON *check = told_first(told->report, "checks"); check != NULL;
             check = check->next) {
            if (!is_of_layer(check, layer) || is_plainly_well(check))
                continue;
            show_check(told, check, label);
            label = "";
        }
    }
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
        const char *finding = told_code_at(item, "finding");
        text_add_format(text, "%s%s%s%s", text->len > before ? "; " : "", told_code_at(item, "check"),
                        words_of(told, COLON),
                        finding[0] != '\0' ? finding : words_of(told, WELL));
    }
}

static void show_rule(const struct told *told, enum word label, const cJSON *rule)
{
    char room[WORDING_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    told_add_rule(told, &text, told_code_at(rule, "rule"));
    show_labelled(told, label, &text);
    text_begin(&text, room, sizeof room);
    add_origins(told, &text, rule);
    if (text.len > 0)
        show_labelled(told, DRAWN_FROM, &text);
}

static void show_sureness(const struct told *told, const cJSON *root)
{
    char room[WORDING_MAX];
    struct text text;
    enum confidence confidence = CONFIDENCE_POSSIBLE;
    while (confidence < CONFIDENCE_CERTAIN &&
           !slice_is(slice_of(told_code_at(root, "confidence")), confidence_name(confidence)))
        confidence++;
    text_begin(&text, room, sizeof room);
    text_add_string(&text, wording_sure(confidence, told->language));
    show_labelled(told, SURE, &text);
}

/* The first tells how it was concluded, unless it only tells how sure it is. */
static void show_root(const struct told *told, const cJSON *root)
{
    char room[WORDING_MAX];
    struct text text;
    const cJSON *evidence = told_member(root, "evidence"), *rule;
    enum finding known = finding_find(slice_of(told_code_at(root, "finding")));
    enum status status = known != NO_FINDING ? finding_row(known)->status : STATUS_UNKNOWN;
    text_begin(&text, room, sizeof room);
    told_add_title(told, &text, root);
    page_tint(&told->page, status, page_mark(status));
    (void)putchar(' '); /* as above */
    show(told, 2, &text);
    show_text(told, FINDING, told_code_at(root, "finding"));
    text_begin(&text, room, sizeof room);
    add_evidence(&text, evidence);
    show_labelled(told, SEEN_AT, &text);
    show_text(told, SAID, told_text_at(evidence, "said"));
    for (rule = told_first(root, "reasoning"); rule != NULL; rule = rule->next)
        show_rule(told, rule->next == NULL ? WHY_SURE : CONCLUDED, rule);
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
    if (!has_rules(told))
        (void)printf("\n%s\n", words_of(told, OLDER)); /* as above */
}

/* ---- 3: what that explains ---- */

static void show_explained(const struct told *told, const cJSON *check, const cJSON *finding)
{
    char room[WORDING_MAX];
    struct text text;
    const cJSON *explained = told_member(finding, "explained");
    const char *by = told_code_at(explained, "by");
    text_begin(&text, room, sizeof room);
    text_add_format(&text, "%s%s%s, ", told_code_at(check, "check"), words_of(told, COLON),
                    told_code_at(finding, "finding"));
    if (by[0] != '\0')
        text_add_format(&text, words_of(told, BECAUSE), by);
    else
        text_add_string(&text, words_of(told, DISMISSED));
    page_spaces(2);
    show(told, 2, &text);
    text_begin(&text, room, sizeof room);
    told_add_rule(told, &text, told_code_at(explained, "rule"));
    page_spaces(4);
    show(told, 4, &text);
}

static void show_explanations(const struct told *told)
{
    bool any = false;
    show_heading(told, EXPLAINS);
    for (const cJSON *check = told_first(told->report, "checks"); check != NULL; check = check->next)
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
    for (const cJSON *item = told_first(told->report, "remedies"); item != NULL; item = item->next) {
        enum remedy remedy = remedy_find(slice_of(told_code_at(item, "code")));
        struct params params = { { NULL } };
        read_params(item, &params);
        text_begin(&text, room, sizeof room);
        if (remedy == REMEDY_COUNT)
            text_add_string(&text, told_code_at(item, "code"));
        else
            wording_fill(&text, remedy_row(remedy)->words[told->language], &params, told->language);
        (void)printf("%zu. ", ++number); /* as above */
        show(told, 3, &text);
    }
    if (number == 0)
        show_nothing(told);
}

/* ---- the whole ---- */

static void show_head(const struct told *told)
{
    char room[WORDING_MAX];
    struct text text;
    const char *account = told_text_at(told->report, "account");
    const cJSON *run = told_member(told->report, "run");
    enum status verdict = STATUS_OK;
    while (verdict < STATUS_UNKNOWN &&
           !slice_is(slice_of(told_code_at(told->report, "verdict")), status_name(verdict)))
        verdict++;
    text_begin(&text, room, sizeof room);
    text_add_printable(&text,
                       slice_of(account[0] != '\0' ? account : told_text_at(told->report, "domain")));
    text_add_format(&text, "%s%s", words_of(told, COLON), status_words(verdict, told->language));
    show(told, 0, &text);
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(told_text_at(run, "started")));
    text_add_string(&text, words_of(told, PROFILE));
    text_add_printable(&text, slice_of(told_text_at(told->report, "profile")));
    show(told, 0, &text);
    if (cJSON_IsTrue(told_member(told->report, "sample")))
        (void)puts(words_of(told, SAMPLE)); /* as above */
}

static void tell(const struct told *told)
{
    show_head(told);
    show_asked(told);
    show_roots(told);
    show_explanations(told);
    show_remedies(told);
}

