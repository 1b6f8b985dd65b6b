/* SPDX-License-Identifier: MIT */
/* Everything gatepost can find and advise, from catalogue.def. The slug is the identity on the wire
   and never changes; the enumerations are internal. */
#ifndef GATEPOST_CATALOGUE_H
#define GATEPOST_CATALOGUE_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

/* What a check, a result or a whole report comes to. Unknown is not bad: it never counts as failed.
 */
enum status {
    STATUS_PENDING,
    STATUS_OK,
    STATUS_WARNING,
    STATUS_FAILED,
    STATUS_UNKNOWN,
    STATUS_SKIPPED
} COMPACT;

/* The blame ladder, lowest first: what is broken below explains what fails above. */
enum layer {
    LAYER_DEVICE,
    LAYER_OFFICE,
    LAYER_ISP,
    LAYER_DOMAIN,
    LAYER_PROVIDER,
    LAYER_ACCOUNT,
    LAYER_MAIL
} COMPACT;

/* Who can mend it. */
enum who {
    WHO_NOBODY,
    WHO_DEVICE,
    WHO_OFFICE,
    WHO_ISP,
    WHO_DOMAIN_OWNER,
    WHO_PROVIDER,
    WHO_ACCOUNT_OWNER
} COMPACT;

enum confidence { CONFIDENCE_POSSIBLE, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN } COMPACT;

enum language { LANGUAGE_EN, LANGUAGE_FR } COMPACT;
#define LANGUAGES 2

enum remedy {
#define REMEDY(symbol, ...) symbol,
#define FINDING(...)
#define REASON(...)
#define PARAM(...)
#include "catalogue.def"
#undef REMEDY
#undef FINDING
#undef REASON
#undef PARAM
    REMEDY_COUNT
} COMPACT;

enum finding {
    NO_FINDING,
#define REMEDY(...)
#define FINDING(symbol, ...) symbol,
#define REASON(...)
#define PARAM(...)
#include "catalogue.def"
#undef REMEDY
#undef FINDING
#undef REASON
#undef PARAM
    FINDING_COUNT
} COMPACT;

/* Why a status is unknown or skipped, where no finding says it. */
enum reason {
#define REMEDY(...)
#define FINDING(...)
#define REASON(symbol, ...) symbol,
#define PARAM(...)
#include "catalogue.def"
#undef REMEDY
#undef FINDING
#undef REASON
#undef PARAM
    REASON_COUNT
} COMPACT;

/* The facts that may fill the holes of a finding's or remedy's words: {host} and so on. */
enum param {
#define REMEDY(...)
#define FINDING(...)
#define REASON(...)
#define PARAM(symbol, ...) symbol,
#include "catalogue.def"
#undef REMEDY
#undef FINDING
#undef REASON
#undef PARAM
    PARAM_COUNT
} COMPACT;

struct finding_row {
    const char *slug;
    enum status status; /* what it makes of its check: WARNING, FAILED or UNKNOWN */
    enum layer layer;
    enum who who;
    enum remedy remedy;
    const char *title[LANGUAGES]; /* the symptom, without a full stop; may have holes */
    const char *cause[LANGUAGES]; /* one or two sentences; may have holes */
};

struct remedy_row {
    const char *slug;
    const char *words[LANGUAGES]; /* imperative; may have holes */
};

struct reason_row {
    const char *slug;
    const char *words[LANGUAGES];
};

const struct finding_row *finding_row(enum finding finding);
const struct remedy_row *remedy_row(enum remedy remedy);
const struct reason_row *reason_row(enum reason reason);
const char *param_name(enum param param);

/* By slug; NO_FINDING or REMEDY_COUNT where there is none. */
enum finding finding_find(struct slice slug);
enum remedy remedy_find(struct slice slug);

const char *status_name(enum status status); /* "ok" */
const char *layer_name(enum layer layer);    /* "office" */
const char *who_name(enum who who);          /* "domain-owner" */
const char *confidence_name(enum confidence confidence);

/* Words for a person, for headings and lists. */
const char *status_words(enum status status, enum language language);
const char *who_words(enum who who, enum language language);
const char *layer_words(enum layer layer, enum language language);

/* A value for each param, NULL where there is none. */
struct params {
    const char *value[PARAM_COUNT];
};

/* Fills the holes of words from params and appends to text. A hole without a value becomes "?"; a
   part in [brackets] is left out as a whole when one of its holes has none. {name} without a value
   is {host}. Values are made printable. */
void catalogue_fill(struct text *text, const char *words, const struct params *params);

#endif
