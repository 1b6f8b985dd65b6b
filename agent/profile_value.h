/* SPDX-License-Identifier: MIT */
/* One value of a profile: judged, stored, or complained of. For profile_read.c. */
#ifndef GATEPOST_PROFILE_VALUE_H
#define GATEPOST_PROFILE_VALUE_H

#include "profile.h"
#include "settings_value.h"

#include <cjson/cJSON.h>

struct loading {
    struct reader reader;
    const struct account_settings *account;
    const char *host_pattern; /* what stands for {host} in records where the account names none */
    const char *dashed; /* what stands for {domain-dashed}: "*" where providers' rules differ */
};

struct member;

/* Stores a value, or complains. into_count is there for lists. */
typedef void member_fn(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count);

/* What an object may have within it, and where that goes in the structure of the object. */
struct member {
    const char *key;
    member_fn *read;
    uint16_t offset, count_offset;
    uint16_t least, most;         /* of a number */
    const char *words;            /* of a choice */
    const struct members *within; /* of a group */
    bool is_required;
};

struct members {
    const struct member *row;
    size_t count;
};

#define MEMBERS(rows) ((struct members){ rows, sizeof rows / sizeof *rows })

/* Notes what is wrong. found and wanted may be NULL, as a full arena gives them. */
void profile_complain(struct loading *loading, const struct spot *spot, const char *found,
                      const char *wanted);

/* Reads an object; what is within it goes to its offset from `into`. */
void profile_read_members(struct loading *loading, const struct spot *spot, const cJSON *object,
                          struct members members, void *into);

/* The position of a text among words separated by '|', or -1 after a complaint. */
int profile_word_at(struct loading *loading, const struct spot *spot, const cJSON *value,
                    const char *words);

/* How many elements of a list are to be read: 0 after a complaint, where it is none or too long. */
size_t profile_length_at(struct loading *loading, const struct spot *spot, const cJSON *value,
                         size_t most);

/* Into a const char *: text that may be shown and spoken; the host of a server that is talked to;
   one that records name, in which '*' is allowed; a path of a web server. {host} in them is filled
   in by the account's host - in records also by the profile's host_pattern -, {domain-dashed} by
   its domain, {tenant} by its tenant; where nothing stands for a hole they stay away. */
void profile_read_text(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count);
void profile_read_host(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count);
void profile_read_target(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count);

void profile_read_path(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count);

/* Into a const char *, one of the member's words; into a bool. */
void profile_read_choice(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count);
void profile_read_flag(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count);

/* Into a uint16_t, an int, an enum security. */
void profile_read_small(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count);
void profile_read_count(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count);
void profile_read_security(struct loading *loading, const struct spot *spot, const cJSON *value,
                           const struct member *member, void *into, size_t *into_count);

/* Into an array of PROFILE_NAMES_MAX const char * and its count: hosts that records name, paths of
   a web server, DKIM selectors, texts. */
void profile_read_selectors(struct loading *loading, const struct spot *spot, const cJSON *value,
                            const struct member *member, void *into, size_t *into_count);
void profile_read_hosts(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count);
void profile_read_paths(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count);
void profile_read_texts(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count);

#endif
