/* SPDX-License-Identifier: MIT */
#include "wording.h"

#include <string.h>

/* clang-format off */
static const char *const because[][LANGUAGES] = {
    { "not asked because of %s", "pas demandé à cause de %s" },
    { "because of %s",           "à cause de %s" },
};

/* Facts that read better than as name and value. */
static const struct {
    const char *name, *words[LANGUAGES];
} facts[] = {
    { "protocol",              { "%s",           "%s" } },
    { "certificate_days_left", { "%s days left", "encore %s jours" } },
    { "certificate_issuer",    { "issued by %s", "émis par %s" } },
    { "seconds",               { "after %s s",   "après %s s" } },
    { "folder",                { "in %s",        "dans %s" } },
    { "to",                    { "to %s",        "vers %s" } },
    { "pages_up",              { "%s pages up",  "%s pages en service" } },
    { "remembered",            { "from an earlier run", "lors d'un contrôle antérieur" } },
};
/* clang-format on */

void wording_fill(struct text *text, const char *words, const struct params *params,
                  enum language language)
{
    struct params copy = *params;
    const char *service = copy.value[PARAM_SERVICE];
    for (enum service i = 0; service != NULL && i < SERVICE_COUNT; i++)
        if (strcmp(service, service_row(i)->title[LANGUAGE_EN]) == 0)
            copy.value[PARAM_SERVICE] = service_row(i)->title[language];
    catalogue_fill(text, words, &copy);
}

void wording_why(struct text *text, const struct entry *entry, bool brief, enum language language)
{
    if (entry->status == STATUS_SKIPPED && entry->because != CHECK_COUNT)
        text_add_format(text, because[brief ? 1 : 0][language], check_row(entry->because)->slug);
    else if (entry->reason != REASON_NONE)
        text_add_string(text, reason_row(entry->reason)->words[language]);
}

static void add_fact(struct text *text, const struct fact *fact, enum language language)
{
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (strcmp(facts[i].name, fact->name) == 0) {
            text_add_format(text, facts[i].words[language], fact->value);
            return;
        }
    text_add_format(text, "%s %s", fact->name, fact->value);
}

void wording_facts(struct text *text, const struct entry *entry, enum language language)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        text_add_string(text, text->len > 0 ? ", " : "");
        add_fact(text, &entry->facts[i], language);
    }
}
