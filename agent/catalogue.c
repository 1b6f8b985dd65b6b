/* SPDX-License-Identifier: MIT */
#include "catalogue.h"

#include <assert.h>

static const struct finding_row findings[FINDING_COUNT] = {
    [NO_FINDING] = { .slug = "", .title = { "", "" }, .cause = { "", "" } },
#define FINDING(symbol, slug_, status_, layer_, who_, remedy_, title_en, cause_en, title_fr,       \
                cause_fr)                                                                          \
    [symbol] = { .slug = slug_,                                                                    \
                 .status = status_,                                                                \
                 .layer = layer_,                                                                  \
                 .who = who_,                                                                      \
                 .remedy = remedy_,                                                                \
                 .title = { title_en, title_fr },                                                  \
                 .cause = { cause_en, cause_fr } },
#define REMEDY(...)
#define REASON(...)
#define PARAM(...)
#include "catalogue.def"
#undef FINDING
#undef REMEDY
#undef REASON
#undef PARAM
};

static const struct remedy_row remedies[REMEDY_COUNT] = {
#define REMEDY(symbol, slug_, en, fr) [symbol] = { .slug = slug_, .words = { en, fr } },
#define FINDING(...)
#define REASON(...)
#define PARAM(...)
#include "catalogue.def"
#undef FINDING
#undef REMEDY
#undef REASON
#undef PARAM
};

static const struct reason_row reasons[REASON_COUNT] = {
#define REASON(symbol, slug_, en, fr) [symbol] = { .slug = slug_, .words = { en, fr } },
#define FINDING(...)
#define REMEDY(...)
#define PARAM(...)
#include "catalogue.def"
#undef FINDING
#undef REMEDY
#undef REASON
#undef PARAM
};

static const char *const params[PARAM_COUNT] = {
#define PARAM(symbol, name) [symbol] = name,
#define FINDING(...)
#define REMEDY(...)
#define REASON(...)
#include "catalogue.def"
#undef FINDING
#undef REMEDY
#undef REASON
#undef PARAM
};

/* clang-format off */
static const struct {
    const char *name, *words[LANGUAGES];
} statuses[] = {
    [STATUS_PENDING] = { "pending", { "pending",   "en cours" } },
    [STATUS_OK]      = { "ok",      { "healthy",   "en bon état" } },
    [STATUS_WARNING] = { "warning", { "works, with a warning", "fonctionne, avec une réserve" } },
    [STATUS_FAILED]  = { "failed",  { "failed",    "en défaut" } },
    [STATUS_UNKNOWN] = { "unknown", { "not known", "indéterminé" } },
    [STATUS_SKIPPED] = { "skipped", { "not asked", "pas demandé" } },
};

static const struct {
    const char *name, *words[LANGUAGES];
} whos[] = {
    [WHO_NOBODY]        = { "nobody",        { "nobody needs to",             "personne, ce n'est pas utile" } },
    [WHO_DEVICE]        = { "device",        { "whoever runs this device",    "le responsable de cet appareil" } },
    [WHO_OFFICE]        = { "office",        { "whoever runs the office network", "le responsable du réseau du bureau" } },
    [WHO_ISP]           = { "isp",           { "the internet provider",       "le fournisseur d'accès à Internet" } },
    [WHO_DOMAIN_OWNER]  = { "domain-owner",  { "whoever manages the domain",  "le gestionnaire du domaine" } },
    [WHO_PROVIDER]      = { "provider",      { "the mail provider",           "le fournisseur de messagerie" } },
    [WHO_ACCOUNT_OWNER] = { "account-owner", { "whoever manages the account", "le gestionnaire du compte" } },
};

static const struct {
    const char *name, *words[LANGUAGES];
} layers[] = {
    [LAYER_DEVICE]   = { "device",   { "device",   "appareil" } },
    [LAYER_OFFICE]   = { "office",   { "office",   "bureau" } },
    [LAYER_ISP]      = { "isp",      { "internet", "internet" } },
    [LAYER_DOMAIN]   = { "domain",   { "domain",   "domaine" } },
    [LAYER_PROVIDER] = { "provider", { "provider", "fournisseur" } },
    [LAYER_ACCOUNT]  = { "account",  { "account",  "compte" } },
    [LAYER_MAIL]     = { "mail",     { "mail",     "courrier" } },
};

static const char *const confidences[] = {
    [CONFIDENCE_POSSIBLE] = "possible",
    [CONFIDENCE_LIKELY]   = "likely",
    [CONFIDENCE_CERTAIN]  = "certain",
};
/* clang-format on */

const struct finding_row *finding_row(enum finding finding)
{
    assert(finding < FINDING_COUNT);
    return &findings[finding];
}

const struct remedy_row *remedy_row(enum remedy remedy)
{
    assert(remedy < REMEDY_COUNT);
    return &remedies[remedy];
}

const struct reason_row *reason_row(enum reason reason)
{
    assert(reason < REASON_COUNT);
    return &reasons[reason];
}

const char *param_name(enum param param)
{
    assert(param < PARAM_COUNT);
    return params[param];
}

enum finding finding_find(struct slice slug)
{
    for (enum finding i = NO_FINDING + 1; i < FINDING_COUNT; i++)
        if (slice_is(slug, findings[i].slug))
            return i;
    return NO_FINDING;
}

enum remedy remedy_find(struct slice slug)
{
    enum remedy i = 0;
    while (i < REMEDY_COUNT && !slice_is(slug, remedies[i].slug))
        i++;
    return i;
}

const char *status_name(enum status status)
{
    return statuses[status].name;
}

const char *layer_name(enum layer layer)
{
    return layers[layer].name;
}

const char *who_name(enum who who)
{
    return whos[who].name;
}

const char *confidence_name(enum confidence confidence)
{
    return confidences[confidence];
}

const char *status_words(enum status status, enum language language)
{
    return statuses[status].words[language];
}

const char *who_words(enum who who, enum language language)
{
    return whos[who].words[language];
}

const char *layer_words(enum layer layer, enum language language)
{
    return layers[layer].words[language];
}

/* The value for a hole, or NULL. Where no name was given, the host is the name in question. */
static const char *value_of(const struct params *values, struct slice hole)
{
    enum param param = 0;
    while (param < PARAM_COUNT && !slice_is(hole, params[param]))
        param++;
    if (param == PARAM_COUNT)
        return NULL;
    if (param == PARAM_NAME && values->value[PARAM_NAME] == NULL)
        return values->value[PARAM_HOST];
    return values->value[param];
}

/* Cuts the words before the next opening mark off, and what stands between it and its closing mark.
   False when there is no such pair: then everything is plain. */
static bool cut_pair(struct slice *words, char opening, char closing, struct slice *into_plain,
                     struct slice *into_inner)
{
    struct slice rest = *words, plain, inner;
    if (!slice_cut(&rest, opening, &plain))
        return false;
    size_t len = rest.len;
    if (!slice_cut(&rest, closing, &inner) || inner.len == len)
        return false;
    *words = rest;
    *into_plain = plain;
    *into_inner = inner;
    return true;
}

/* Appends with holes filled. False when a hole had no value. */
static bool fill_holes(struct text *text, struct slice words, const struct params *values)
{
    bool all = true;
    struct slice plain, hole;
    while (cut_pair(&words, '{', '}', &plain, &hole)) {
        const char *value = value_of(values, hole);
        text_add(text, plain);
        text_add_printable(text, slice_of(value != NULL ? value : "?"));
        all = all && value != NULL;
    }
    text_add(text, words);
    return all;
}

void catalogue_fill(struct text *text, const char *words, const struct params *values)
{
    struct slice rest = slice_of(words), plain, optional;
    while (cut_pair(&rest, '[', ']', &plain, &optional)) {
        (void)fill_holes(text, plain, values); /* "?" stands where a value is absent */
        size_t before = text->len;
        if (!fill_holes(text, optional, values)) {
            text->len = before;
            text->at[before] = '\0';
        }
    }
    (void)fill_holes(text, rest, values); /* as above */
}
