/* SPDX-License-Identifier: MIT */
#include "document.h"

#include "redaction.h"
#include "stamp.h"

#include <limits.h>

#define CLEAN_MAX 8192 /* bytes of a text from which addresses are taken; a longer one fails */

void document_begin(struct document *document)
{
    *document = (struct document){ .root = cJSON_CreateObject() };
    document->failed = document->root == NULL;
}

cJSON *document_add(struct document *document, cJSON *object, const char *name, cJSON *item)
{
    if (item == NULL || object == NULL || !cJSON_AddItemToObject(object, name, item)) {
        cJSON_Delete(item);
        document->failed = true;
        return NULL;
    }
    return item;
}

cJSON *document_object(struct document *document, cJSON *object, const char *name)
{
    return document_add(document, object, name, cJSON_CreateObject());
}

cJSON *document_array(struct document *document, cJSON *object, const char *name)
{
    return document_add(document, object, name, cJSON_CreateArray());
}

void document_text(struct document *document, cJSON *object, const char *name, const char *value)
{
    char room[CLEAN_MAX];
    struct text clean;
    if (document->keep != NULL) {
        text_begin(&clean, room, sizeof room);
        redaction_add(&clean, slice_of(value), document->keep);
        document->failed = document->failed || clean.overflow;
        value = room;
    }
    (void)document_add(document, object, name, cJSON_CreateString(value)); /* failed remembers */
}

void document_flag(struct document *document, cJSON *object, const char *name, bool value)
{
    (void)document_add(document, object, name, cJSON_CreateBool(value)); /* as above */
}

void document_null(struct document *document, cJSON *object, const char *name)
{
    (void)document_add(document, object, name, cJSON_CreateNull()); /* as above */
}

/* cJSON's own numbers are doubles, which it prints with fifteen digits. */
void document_number(struct document *document, cJSON *object, const char *name, int64_t value)
{
    char digits[24];
    text_put_format(digits, sizeof digits, "%lld", (long long)value);
    (void)document_add(document, object, name, cJSON_CreateRaw(digits)); /* as above */
}

void document_stamp(struct document *document, cJSON *object, const char *name, int64_t wall_ms)
{
    char stamp[STAMP_MAX];
    stamp_rfc3339(wall_ms, stamp);
    document_text(document, object, name, stamp);
}

void document_moment(struct document *document, cJSON *object, const char *name, int64_t wall_ms)
{
    if (wall_ms == 0)
        document_null(document, object, name);
    else
        document_stamp(document, object, name, wall_ms);
}

void document_dropped(struct document *document, cJSON *object, const struct dropped *dropped)
{
    cJSON *list = document_object(document, object, "dropped");
    for (enum message_kind i = 0; i < MESSAGE_KINDS; i++)
        document_number(document, list, message_kind_name(i), dropped->count[i]);
}

cJSON *document_append(struct document *document, cJSON *array)
{
    cJSON *item = cJSON_CreateObject();
    if (item == NULL || array == NULL || !cJSON_AddItemToArray(array, item)) {
        cJSON_Delete(item);
        document->failed = true;
        return NULL;
    }
    return item;
}

/* cJSON says nothing of how much it wrote, and wants five bytes more than that. */
bool document_print(struct document *document, bool indented, char *into, size_t size,
                    size_t *into_len)
{
    bool done = !document->failed && size >= 8 && size <= INT_MAX &&
                cJSON_PrintPreallocated(document->root, into, (int)size - 1, indented);
    cJSON_Delete(document->root);
    document->root = NULL;
    if (!done)
        return false;
    size_t len = slice_of(into).len;
    if (indented) {
        into[len++] = '\n';
        into[len] = '\0';
    }
    *into_len = len;
    return true;
}
