/* SPDX-License-Identifier: MIT */
#include "checks.h"
#include "told.h"
#include "wording.h"

#include <stdio.h>

#define LAYER_WIDTH 12 /* columns of the tree */
#define SLUG_WIDTH  23

/* clang-format off */
static const char *const heading[LANGUAGES] = {
    "1. What was asked and answered, lowest layer first",
    "1. Ce qui a été demandé et répondu, couche la plus basse d'abord",
};
static const char *const skipped_for[LANGUAGES] = { "not asked because of %s", "pas demandé à cause de %s" };
static const char *const colon[LANGUAGES] = { ": ", " : " };
/* clang-format on */

static void show_finding(const struct told *told, const cJSON *finding)
{
    char room[WORDING_MAX];
    struct text text;
    const cJSON *evidence = told_member(finding, "evidence");
    const char *said = told_text(evidence, "said");
    text_begin(&text, room, sizeof room);
    told_add_title(told, &text, finding);
    page_spaces(LAYER_WIDTH + 2);
    told_show(told, LAYER_WIDTH + 2, &text);
    text_begin(&text, room, sizeof room);
    told_add_evidence(&text, evidence);
    if (said[0] != '\0') {
        text_add_string(&text, colon[told->language]);
        text_add_printable(&text, slice_of(said));
    }
    page_spaces(LAYER_WIDTH + 4);
    told_show(told, LAYER_WIDTH + 4, &text);
}

/* Why it stands as it does, where no finding says it. */
static void add_why(const struct told *told, struct text *text, const cJSON *check)
{
    const char *because = told_code(check, "because"), *reason = told_code(check, "reason");
    if (because[0] != '\0') {
        text_add_format(text, skipped_for[told->language], because);
        return;
    }
    if (told_code(check, "rule")[0] != '\0')
        told_add_rule(told, text, told_code(check, "rule"));
    for (enum reason i = 0; i < REASON_COUNT; i++)
        if (slice_is(slice_of(reason), reason_row(i)->slug))
            text_add_string(text, reason_row(i)->words[told->language]);
}

static bool is_plainly_well(const cJSON *check)
{
    return told_status(check) == STATUS_OK && told_member(check, "rule") == NULL &&
           told_first(check, "findings") == NULL;
}

/* CHECK_COUNT of them has no layer: a newer gatepost has asked more. */
static bool is_of_layer(const cJSON *check, enum layer layer)
{
    enum check known = check_find(slice_of(told_code(check, "check")));
    enum layer own = known == CHECK_COUNT ? LAYER_MAIL : check_row(known)->layer;
    bool asked =
        !slice_is(slice_of(told_code(check, "reason")), reason_row(REASON_NOT_ASKED)->slug) &&
        !slice_is(slice_of(told_code(check, "reason")), reason_row(REASON_NOT_CONFIGURED)->slug);
    return own == layer && asked;
}

static bool show_well(const struct told *told, enum layer layer)
{
    char room[WORDING_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    for (const cJSON *check = told_first(told->report, "checks"); check != NULL;
         check = check->next)
        if (is_of_layer(check, layer) && is_plainly_well(check))
            text_add_format(&text, "%s%s", text.len > 0 ? ", " : "", told_code(check, "check"));
    if (text.len == 0)
        return false;
    page_padded(slice_of(layer_words(layer, told->language)), LAYER_WIDTH);
    page_tint(&told->page, STATUS_OK, page_mark(STATUS_OK));
    (void)putchar(' '); /* as above */
    told_show(told, LAYER_WIDTH + 2, &text);
    return true;
}

static void show_check(const struct told *told, const cJSON *check, const char *layer)
{
    char room[WORDING_MAX];
    struct text text;
    enum status status = told_status(check);
    text_begin(&text, room, sizeof room);
    add_why(told, &text, check);
    page_padded(slice_of(layer), LAYER_WIDTH);
    page_tint(&told->page, status, page_mark(status));
    (void)putchar(' '); /* as above */
    if (text.len == 0)
        (void)puts(told_code(check, "check")); /* as above */
    else
        page_padded(slice_of(told_code(check, "check")), SLUG_WIDTH);
    if (text.len > 0)
        told_show(told, LAYER_WIDTH + 2 + SLUG_WIDTH, &text);
    for (const cJSON *item = told_first(check, "findings"); item != NULL; item = item->next)
        show_finding(told, item);
}

void reasoning_checks(const struct told *told)
{
    (void)printf("\n%s\n\n", heading[told->language]); /* main looks whether it could be written */
    for (enum layer layer = LAYER_DEVICE; layer <= LAYER_MAIL; layer++) {
        const char *label = show_well(told, layer) ? "" : layer_words(layer, told->language);
        for (const cJSON *check = told_first(told->report, "checks"); check != NULL;
             check = check->next) {
            if (!is_of_layer(check, layer) || is_plainly_well(check))
                continue;
            show_check(told, check, label);
            label = "";
        }
    }
}
