/* SPDX-License-Identifier: MIT */
#include "taglist.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (!is_letter(c) && (i == 0 || (c != '_' && (c < '0' || c > '9'))))
            return false;
    }
    return name.len > 0;
}

static bool read_tag(struct slice part, struct tag *into_tag)
{
    struct slice name;
    const char *equals = part.len > 0 ? memchr(part.at, '=', part.len) : NULL;
    if (equals == NULL)
        return false;
    name = slice_trim((struct slice){ part.at, (size_t)(equals - part.at) });
    struct slice room = { equals + 1, part.len - (size_t)(equals - part.at) - 1 };
    *into_tag = (struct tag){ .name = name, .value = slice_trim(room), .room = room };
    return is_name(name);
}

static bool holds_name(const struct taglist *list, struct slice name)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->tags[i].name, name))
            return true;
    return false;
}

static bool read_tags(struct slice text, struct taglist *list)
{
    struct slice rest = text, part;
    while (slice_cut(&rest, ';', &part)) {
        struct tag tag;
        bool last = part.at + part.len == text.at + text.len;
        if (last && slice_trim(part).len == 0)
            break;
        if (list->count == TAGLIST_MAX || !read_tag(part, &tag) || holds_name(list, tag.name))
            return false;
        list->tags[list->count++] = tag;
    }
    return list->count > 0;
}

bool taglist_read(struct slice text, struct taglist *into_list)
{
    into_list->count = 0;
    bool readable = read_tags(text, into_list);
    if (!readable)
        into_list->count = 0;
    return readable;
}

const struct tag *taglist_find(const struct taglist *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_is(list->tags[i].name, name))
            return &list->tags[i];
    return NULL;
}

struct slice taglist_value(const struct taglist *list, const char *name, const char *otherwise)
{
    const struct tag *tag = taglist_find(list, name);
    return tag == NULL ? slice_of(otherwise) : tag->value;
}

bool taglist_has(struct slice value, const char *word)
{
    struct slice part;
    while (slice_cut(&value, ':', &part))
        if (slice_is_nocase(slice_trim(part), word))
            return true;
    return false;
}

static bool read_digit(char c, uint32_t *into_digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = memchr(digits, c, sizeof digits - 1);
    if (found != NULL)
        *into_digit = (uint32_t)(found - digits);
    return found != NULL;
}

bool taglist_base64(struct slice value, uint8_t *into, size_t size, size_t *into_len)
{
    uint32_t bits = 0, digit = 0;
    size_t digits = 0, padding = 0, len = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (c == '=') {
            padding++;
            continue;
        }
        if (padding > 0 || !read_digit(c, &digit))
            return false;
        bits = bits << 6 | digit;
        digits++;
        if (digits % 4 == 1)
            continue;
        if (len == size)
            return false;
        into[len++] = (uint8_t)(bits >> (2 * (3 - (digits - 1) % 4)));
    }
    if ((digits + padding) % 4 != 0 || digits % 4 == 1 || padding > 2)
        return false;
    *into_len = len;
    return true;
}
