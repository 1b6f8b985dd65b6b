/* SPDX-License-Identifier: MIT */
/* Lists of NAME=VALUE separated by semicolons, as DKIM writes them in mails and in the DNS (RFC
   6376 section 3.2). */
#ifndef GATEPOST_TAGLIST_H
#define GATEPOST_TAGLIST_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAGLIST_MAX 32 /* tags of one list */

struct tag {
    struct slice name, value; /* without the blanks around them */
    struct slice room;        /* all between the equals sign and the semicolon */
};

struct taglist {
    struct tag tags[TAGLIST_MAX];
    size_t count;
};

/* False where the text is no such list: a part without a name or an equals sign, a name twice, more
   than TAGLIST_MAX; the list is then empty. A semicolon at the end is allowed. The slices are of
   the text. */
bool taglist_read(struct slice text, struct taglist *into_list) MUST_USE;

/* The tag of that name (upper and lower case differ); NULL where there is none. */
const struct tag *taglist_find(const struct taglist *list, const char *name);

/* The tag's value, or `otherwise` where there is no such tag. */
struct slice taglist_value(const struct taglist *list, const char *name, const char *otherwise);

/* Whether a value that is a list separated by colons holds the word, ASCII case ignored. */
bool taglist_has(struct slice value, const char *word);

/* Decodes base64 (RFC 4648 section 4) with blanks and folds anywhere (RFC 6376 section 2.4). False
   where it is none, or longer than size once decoded. */
bool taglist_base64(struct slice value, uint8_t *into, size_t size, size_t *into_len) MUST_USE;

#endif
