/* SPDX-License-Identifier: MIT */
/* What the text of a key must be, beyond what its row says: names, paths, addresses. For
 * settings_value.c. */
#ifndef GATEPOST_SETTINGS_FORM_H
#define GATEPOST_SETTINGS_FORM_H

#include "settings_rows.h"

enum form {
    FORM_PLAIN,
    FORM_MAILBOX,
    FORM_HOST,
    FORM_PATH,
    FORM_SECRET_PATH,
    FORM_ACCOUNT_SECRET_PATH, /* its file is judged when the account is known */
    FORM_KEY_PATH,
    FORM_API_KEY_PATH,
    FORM_PROFILE,
    FORM_BROKER,
    FORM_PIN,
    FORM_TOPIC,
    FORM_TENANT,
    FORM_API_SERVICE,
    FORM_COUNT,
} COMPACT;

/* The form of a key; FORM_PLAIN where it may be any text. */
enum form form_of(const char *key);

bool form_fits(enum form form, struct slice text);

/* "a host name such as ...", and the edit that mends one that does not fit. */
const char *form_words(enum form form);
const char *form_mend(enum form form);

/* The same for each text of a list. */
bool form_fits_kind(enum setting_kind kind, const char *text);
const char *form_kind_words(enum setting_kind kind);

#endif
