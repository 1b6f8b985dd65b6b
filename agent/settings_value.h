/* SPDX-License-Identifier: MIT */
/* One value of the configuration file: judged by its row, stored, or complained of. For
 * settings_read.c. */
#ifndef GATEPOST_SETTINGS_VALUE_H
#define GATEPOST_SETTINGS_VALUE_H

#include "settings.h"
#include "settings_rows.h"

#include <cjson/cJSON.h>

/* What is being read, and what the troubles found in it need. */
struct reader {
    struct arena *arena;
    const char *file;
    struct slice text;
    struct settings_troubles *troubles;
};

#define SPOT_DEPTH_MAX 4 /* accounts, account, key, element */

/* Where a value stands in the file, and what a person calls it. */
struct spot {
    size_t ordinals[SPOT_DEPTH_MAX];
    size_t depth;
    const char *key; /* accounts[2].secret_file */
};

/* The spot of a member (key NULL: an element) within another's. */
struct spot spot_within(struct reader *reader, const struct spot *outer, size_t ordinal,
                        const char *key);

/* Notes a trouble, at a spot or at a line of its own. The texts live in the arena or for ever;
   NULL, as a full arena gives it, becomes "". */
void value_complain(struct reader *reader, const struct spot *spot, const char *found,
                    const char *wanted, const char *mend);
void value_complain_at(struct reader *reader, int line, const char *key, const char *found,
                       const char *wanted, const char *mend);

/* Bytes of the file as they can be shown: bounded, without control characters. */
const char *value_shown(struct reader *reader, const char *bytes);

/* "a text", "a list": what kind of value it is, which says nothing of its content. */
const char *value_type(const cJSON *value);

/* Judges a file that holds a secret, by reading it. */
void value_judge_secret_file(struct reader *reader, const struct spot *spot,
                             settings_secret_fn *read, const char *path);

/* Stores the value in its field, or complains. */
void value_read(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                const cJSON *value, void *into_settings);

#endif
