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
    { "lookups",               { "%s look-ups", "%s requêtes" } },
    { "others",                { "ends in %s",  "se termine par %s" } },
    { "policy",                { "policy %s",   "règle %s" } },
    { "selector",              { "selector %s", "sélecteur %s" } },
    { "signed_with",           { "mail signed with %s", "courriel signé avec %s" } },
    { "hops",                  { "%s hops", "%s relais" } },
    { "slowest_hop",           { "longest at %s", "le plus longtemps chez %s" } },
    { "slowest_seconds",       { "%s s there", "%s s là-bas" } },
    { "receiver_says",         { "the receiver says %s", "le destinataire dit %s" } },
    { "lists",                 { "%s lists answered", "%s listes ont répondu" } },
    { "refused",               { "%s refused to answer", "%s refus de répondre" } },
    { "remembered",            { "from an earlier run", "lors d'un contrôle antérieur" } },
};
static const char *const sure_word[][LANGUAGES] = {
    [CONFIDENCE_POSSIBLE] = { "possible: other causes fit as well", "possible : d'autres causes conviennent aussi" },
    [CONFIDENCE_LIKELY]   = { "likely: it fits all that was seen",  "probable : cela concorde avec tout le reste" },
    [CONFIDENCE_CERTAIN]  = { "certain",                            "certain" },
};
static const char *const but[LANGUAGES]   = { ", but: ", ", mais : " };
static const char *const colon[LANGUAGES] = { ": ", " : " };
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

static const struct raised *first_at(const struct ledger *ledger, enum check check,
                                     enum status status)
{
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->check == check && finding_row(raised->finding)->status == status)
            return raised;
    }
    return NULL;
}

/* Where it is not known whether good or bad holds, the check's name says what is not known. */
static const char *result_words(const struct result_row *row, enum status status,
                                enum language language)
{
    if (status == STATUS_FAILED)
        return row->bad[language];
    bool known = status == STATUS_OK || status == STATUS_WARNING;
    return known ? row->good[language] : check_row(row->check)->title[language];
}

void wording_result(struct text *text, const struct ledger *ledger, enum result result,
                    enum language language)
{
    const struct result_row *row = result_row(result);
    const struct entry *entry = &ledger->checks[row->check];
    const struct raised *raised = first_at(ledger, row->check, entry->status);
    bool bad = entry->status == STATUS_FAILED;
    text_add_string(text, result_words(row, entry->status, language));
    if (entry->status == STATUS_WARNING)
        text_add_string(text, but[language]);
    else if (entry->status != STATUS_OK && !bad)
        text_add_string(text, colon[language]);
    if (raised != NULL && !bad)
        wording_fill(text, finding_row(raised->finding)->title[language], &raised->params,
                     language);
    else
        wording_why(text, entry, false, language);
}

const char *wording_sure(enum confidence confidence, enum language language)
{
    return sure_word[confidence][language];
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
