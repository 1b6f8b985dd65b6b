/* SPDX-License-Identifier: MIT */
/* The rows of settings.def as data, for those who fill settings from them. */
#ifndef GATEPOST_SETTINGS_ROWS_H
#define GATEPOST_SETTINGS_ROWS_H

#include "settings.h"

enum setting_type {
    SETTING_IS_TEXT,
    SETTING_IS_NUMBER,
    SETTING_IS_LIST,
    SETTING_IS_CHOICE
} COMPACT;

/* What the members of a list are, named as in settings.def. */
enum setting_kind {
    SETTING_KIND_ADDRESS,
    SETTING_KIND_HOST,
    SETTING_KIND_TARGET,
    SETTING_KIND_SELECTOR
} COMPACT;

struct setting_row {
    const char *key;
    enum setting_type type;
    enum setting_kind kind; /* of a list */
    bool required;          /* texts */
    uint16_t offset;        /* in struct settings or struct account_settings */
    const char *text;       /* default of a text or a choice */
    int64_t number, minimum, maximum;
    const char *words;       /* of a choice, separated by '|' */
    const char *const *list; /* default of a list; NULL after the last */
};

struct setting_rows {
    const struct setting_row *row;
    size_t count;
};

extern const struct setting_rows settings_agent_rows, settings_account_rows;

/* The row of a key, or NULL. */
const struct setting_row *settings_row(const struct setting_rows *rows, const char *key);

/* Where the word stands among a choice's words, from 0; -1 where it does not. */
int settings_choice(const char *words, const char *word);

/* Sets every key of the rows to its default. */
void settings_fill(const struct setting_rows *rows, void *into_settings);

#endif
