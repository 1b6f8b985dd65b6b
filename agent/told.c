/* SPDX-License-Identifier: MIT */
#include "told.h"

#include "checks.h"
#include "rules.h"
#include "wording.h"

#define CODE_MAX 63 /* bytes of a code */

/* ---- what is in it ---- */

const cJSON *told_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* "" where it is absent or no text. */
const char *told_text(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(told_member(object, name));
    return text != NULL ? text : "";
}

/* A code of gatepost's own notation, which may be printed as it is; "?" for anything else. */
const char *told_code(const cJSON *object, const char *name)
{
    const char *code = told_text(object, name);
    for (size_t i = 0; code[i] != '\0'; i++) {
        char c = code[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (!plain || i >= CODE_MAX)
            return "?";
    }
    return code;
}

const cJSON *told_first(const cJSON *object, const char *name)
{
    const cJSON *list = told_member(object, name);
    return cJSON_IsArray(list) ? list->child : NULL;
}

enum status told_status(const cJSON *check)
{
    enum status status = STATUS_OK;
    while (status < STATUS_SKIPPED &&
           !slice_is(slice_of(told_code(check, "status")), status_name(status)))
        status++;
    return status;
}

static const cJSON *root_with(const struct told *told, const char *finding)
{
    for (const cJSON *root = told_first(told->report, "root"); root != NULL; root = root->next)
        if (slice_is(slice_of(told_code(root, "finding")), finding))
            return root;
    return NULL;
}

/* Older reports carry none. */
bool told_has_rules(const struct told *told)
{
    for (const cJSON *root = told_first(told->report, "root"); root != NULL; root = root->next)
        if (told_member(root, "reasoning") != NULL)
            return true;
    return told_first(told->report, "root") == NULL;
}

/* ---- its words ---- */

static const char *some(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

void told_params(const cJSON *object, struct params *into_params)
{
    const cJSON *list = told_member(object, "params");
    for (enum param i = 0; i < PARAM_COUNT; i++) {
        const char *value = told_text(list, param_name(i));
        if (value[0] != '\0')
            into_params->value[i] = value;
    }
}

/* What a finding that is no root says of itself: where it was seen. */
static void guess_params(const struct told *told, const cJSON *finding, struct params *params,
                         char room[], size_t size)
{
    struct slice peer = slice_of(told_text(told_member(finding, "evidence"), "peer")), host = peer;
    const char *service = told_code(finding, "service");
    (void)slice_cut(&peer, ' ', &host); /* a peer without a space is a host already */
    text_put(room, size, host);
    params->value[PARAM_DOMAIN] = some(told_text(told->report, "domain"));
    params->value[PARAM_ADDRESS] = some(told_text(told->report, "account"));
    params->value[PARAM_HOST] = some(room);
    for (enum service i = 0; i < SERVICE_COUNT; i++)
        if (slice_is(slice_of(service), service_row(i)->slug))
            params->value[PARAM_SERVICE] = service_row(i)->title[LANGUAGE_EN];
}

/* The title of a finding, or its code where this gatepost does not know it. */
void told_add_title(const struct told *told, struct text *text, const cJSON *finding)
{
    const char *slug = told_code(finding, "finding");
    const cJSON *root = root_with(told, slug);
    enum finding known = finding_find(slice_of(slug));
    struct params params = { { NULL } };
    char host[256];
    if (known == NO_FINDING) {
        text_add_printable(text, slice_of(slug));
        return;
    }
    guess_params(told, finding, &params, host, sizeof host);
    told_params(root, &params);
    params.value[PARAM_SAID] = some(told_text(told_member(finding, "evidence"), "said"));
    wording_fill(text, finding_row(known)->title[told->language], &params, told->language);
}

/* A rule in words, or its code. */
void told_add_rule(const struct told *told, struct text *text, const char *slug)
{
    enum rule rule = rule_find(slice_of(slug));
    if (rule == NO_RULE)
        text_add_printable(text, slice_of(slug));
    else
        text_add_string(text, rule_row(rule)->words[told->language]);
}

/* ---- what shows it ---- */

void told_add_evidence(struct text *text, const cJSON *evidence)
{
    static const char *const parts[] = { "peer", "at", "step" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *part = told_text(evidence, parts[i]);
        if (part[0] == '\0')
            continue;
        text_add_string(text, text->len > 0 ? ", " : "");
        text_add_printable(text, slice_of(part));
    }
}

void told_show(const struct told *told, size_t indent, const struct text *text)
{
    page_flow(&told->page, indent, text_slice(text));
}
