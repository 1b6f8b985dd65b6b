/* SPDX-License-Identifier: MIT */
/* A JSON document that is being written (cJSON). Once something did not fit, it is worth nothing:
   failed remembers, document_print looks. Parents may be NULL, which is what a failed call gave. */
#ifndef GATEPOST_DOCUMENT_H
#define GATEPOST_DOCUMENT_H

#include "message.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document {
    cJSON *root; /* an object */
    bool failed;
    const char *keep; /* not NULL: of all e-mail addresses in texts only this one is written */
};

void document_begin(struct document *document);

/* Adds a member. What is given to document_add is owned by the document from then on, also when
   that failed. */
cJSON *document_add(struct document *document, cJSON *object, const char *name, cJSON *item);
cJSON *document_object(struct document *document, cJSON *object, const char *name);
cJSON *document_array(struct document *document, cJSON *object, const char *name);
void document_text(struct document *document, cJSON *object, const char *name, const char *value);
void document_flag(struct document *document, cJSON *object, const char *name, bool value);
void document_null(struct document *document, cJSON *object, const char *name);
void document_number(struct document *document, cJSON *object, const char *name, int64_t value);

/* RFC 3339; as moment, 0 is none and becomes null. */
void document_stamp(struct document *document, cJSON *object, const char *name, int64_t wall_ms);
void document_moment(struct document *document, cJSON *object, const char *name, int64_t wall_ms);

/* How many messages were lost, by kind. */
void document_dropped(struct document *document, cJSON *object, const struct dropped *dropped);

/* Adds an object to an array. */
cJSON *document_append(struct document *document, cJSON *array);

/* Prints it, terminated, and frees it. indented: for a person, with a newline at its end. False
   when it does not fit or anything before failed. */
bool document_print(struct document *document, bool indented, char *into, size_t size,
                    size_t *into_len) MUST_USE;

#endif
