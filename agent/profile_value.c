/* SPDX-License-Identifier: MIT */
#include "profile_value.h"

#include "names.h"

#include <string.h>

#define HOLES_MAX 4 /* in one text */
#define STARS_MAX 2

void profile_complain(struct loading *loading, const struct spot *spot, const char *found,
                      const char *wanted)
{
    value_complain(&loading->reader, spot, found, wanted,
                   "correct the profile, or remove its file to use the one inside the program");
}

/* ---- objects ---- */

static const struct member *find_member(struct members members, const char *key)
{
    for (size_t i = 0; i < members.count; i++)
        if (strcmp(members.row[i].key, key) == 0)
            return &members.row[i];
    return NULL;
}

static bool is_first(const cJSON *object, const cJSON *child)
{
    const cJSON *other = object->child;
    while (strcmp(other->string, child->string) != 0)
        other = other->next;
    return other == child;
}

void profile_read_members(struct loading *loading, const struct spot *spot, const cJSON *object,
                          struct members members, void *into)
{
    if (!cJSON_IsObject(object)) {
        profile_complain(loading, spot, value_type(object), "an object");
        return;
    }
    size_t ordinal = 0;
    for (const cJSON *child = object->child; child != NULL; child = child->next, ordinal++) {
        struct spot place = spot_within(&loading->reader, spot, ordinal, child->string);
        const struct member *member = find_member(members, child->string);
        if (member == NULL)
            profile_complain(loading, &place, "a key that gatepost does not know",
                             "a key of profiles");
        else if (!is_first(object, child))
            profile_complain(loading, &place, "this key a second time", "each key once");
        else
            member->read(loading, &place, child, member, (char *)into + member->offset,
                         (size_t *)(void *)((char *)into + member->count_offset));
    }
    for (size_t i = 0; i < members.count; i++)
        if (members.row[i].is_required &&
            cJSON_GetObjectItemCaseSensitive(object, members.row[i].key) == NULL)
            profile_complain(
                loading, spot, "nothing",
                text_format(loading->reader.arena, "the key \"%s\"", members.row[i].key));
}

/* ---- texts ---- */

/* NULL, with a complaint, where the value is no text that may be shown and spoken. */
static const char *text_at(struct loading *loading, const struct spot *spot, const cJSON *value)
{
    struct slice text = slice_of(cJSON_GetStringValue(value));
    if (text.len == 0 || text.len > SETTINGS_TEXT_MAX || !names_is_plain(text)) {
        profile_complain(loading, spot, value_type(value),
                         "a text, not empty and without control characters");
        return NULL;
    }
    const char *copy = text_copy(loading->reader.arena, text);
    if (copy == NULL)
        profile_complain(loading, spot, "more text than this device has room for", "less of it");
    return copy;
}

void profile_read_text(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    const char *text = text_at(loading, spot, value);
    if (text != NULL)
        *(const char **)into = text;
}

static const char *lower(struct arena *arena, struct slice text)
{
    char *copy = arena_take(arena, text.len + 1);
    for (size_t i = 0; copy != NULL && i < text.len; i++)
        copy[i] =
            text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] - 'A' + 'a') : text.at[i];
    return copy;
}

/* A name of a DNS record, in which a '*' may stand for letters of a label. */
static bool is_host_pattern(const char *text)
{
    char name[NAMES_HOST_MAX + 1];
    size_t len = strlen(text), stars = 0;
    if (len >= sizeof name)
        return false;
    for (size_t i = 0; i <= len; i++) {
        name[i] = text[i] == '*' || text[i] == '_' ? 'x' : text[i];
        stars += text[i] == '*';
    }
    return stars <= STARS_MAX && names_is_host(slice_of(name));
}

/* What stands for a hole: NULL where nothing does, "{" for one that there is not. */
static const char *stands_for(const struct loading *loading, struct slice hole, bool in_record)
{
    const struct account_settings *account = loading->account;
    if (slice_is(hole, "host"))
        return account->host[0] != '\0' ? account->host : in_record ? loading->host_pattern : NULL;
    if (slice_is(hole, "tenant"))
        return account->oauth_tenant[0] != '\0' ? account->oauth_tenant : NULL;
    if (!slice_is(hole, "domain-dashed"))
        return "{";
    return in_record || loading->dashed == NULL || loading->dashed[0] != '*' ? loading->dashed
                                                                             : NULL;
}

/* The text with its holes filled in, or NULL where nothing stands for one. */
static const char *filled(struct loading *loading, const struct spot *spot, const char *text,
                          bool in_record)
{
    char room[SETTINGS_TEXT_MAX + 1];
    struct text out;
    struct slice rest = slice_of(text), part;
    text_begin(&out, room, sizeof room);
    for (size_t i = 0; i < HOLES_MAX && slice_has_nocase(rest, "}"); i++) {
        (void)slice_cut(&rest, '{', &part); /* it is not empty */
        text_add(&out, part);
        (void)slice_cut(&rest, '}', &part); /* where it is empty, the hole has no name */
        const char *value = stands_for(loading, part, in_record);
        if (value == NULL)
            return NULL;
        text_add_string(&out, value);
    }
    text_add(&out, rest);
    const char *copy = out.overflow ? NULL : text_copy(loading->reader.arena, text_slice(&out));
    if (copy == NULL)
        profile_complain(loading, spot, "more text than this device has room for", "less of it");
    return copy;
}

/* Host names with a hole for which nothing stands are left away. */
static const char *host_at(struct loading *loading, const struct spot *spot, const cJSON *value,
                           bool in_record)
{
    const char *text = text_at(loading, spot, value);
    struct arena *arena = loading->reader.arena;
    if (text != NULL && strchr(text, '{') != NULL)
        text = filled(loading, spot, text, in_record);
    if (text == NULL)
        return NULL;
    bool is_good = is_host_pattern(text) && (in_record || strpbrk(text, "*_") == NULL);
    text = is_good ? lower(arena, slice_of(text)) : NULL;
    if (text == NULL)
        profile_complain(loading, spot, value_shown(&loading->reader, value->valuestring),
                         in_record ? "a host name, with at most two '*' in it" : "a host name");
    return text;
}

/* Of a server that is talked to. */
void profile_read_host(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    *(const char **)into = host_at(loading, spot, value, false);
}

/* Of a server that records name. */
void profile_read_target(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    *(const char **)into = host_at(loading, spot, value, true);
}

/* ---- numbers and words ---- */

static bool number_at(struct loading *loading, const struct spot *spot, const cJSON *value,
                      const struct member *member, size_t *into_number)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : -1;
    bool is_within = number >= (double)member->least && number <= (double)member->most;
    if (!is_within || number != (double)(size_t)number) {
        profile_complain(loading, spot,
                         cJSON_IsNumber(value) ? "another number" : value_type(value),
                         text_format(loading->reader.arena, "a whole number from %d to %d",
                                     member->least, member->most));
        return false;
    }
    *into_number = (size_t)number;
    return true;
}

/* One of the words, as text. */
void profile_read_choice(struct loading *loading, const struct spot *spot, const cJSON *value,
                         const struct member *member, void *into, size_t *into_count)
{
    (void)into_count;
    if (profile_word_at(loading, spot, value, member->words) >= 0)
        profile_read_text(loading, spot, value, member, into, into_count);
}

void profile_read_flag(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    if (cJSON_IsBool(value))
        *(bool *)into = cJSON_IsTrue(value);
    else
        profile_complain(loading, spot, value_type(value), "true or false");
}

void profile_read_small(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count)
{
    (void)into_count;
    size_t number = 0;
    if (number_at(loading, spot, value, member, &number))
        *(uint16_t *)into = (uint16_t)number;
}

void profile_read_count(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count)
{
    (void)into_count;
    size_t number = 0;
    if (number_at(loading, spot, value, member, &number))
        *(int *)into = (int)number;
}

/* The position of the value among words, or -1 with a complaint. */
int profile_word_at(struct loading *loading, const struct spot *spot, const cJSON *value,
                    const char *words)
{
    const char *word = cJSON_GetStringValue(value);
    int position = word == NULL ? -1 : settings_choice(words, word);
    if (position < 0)
        profile_complain(loading, spot,
                         word == NULL ? value_type(value) : value_shown(&loading->reader, word),
                         text_format(loading->reader.arena, "one of %s", words));
    return position;
}

void profile_read_security(struct loading *loading, const struct spot *spot, const cJSON *value,
                           const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    static const enum security securities[] = { SECURITY_IMPLICIT, SECURITY_STARTTLS };
    int position = profile_word_at(loading, spot, value, "implicit|starttls");
    if (position >= 0)
        *(enum security *)into = securities[position];
}

/* ---- lists ---- */

/* How many of the list are to be read: 0, with a complaint, where it is none or too long. */
size_t profile_length_at(struct loading *loading, const struct spot *spot, const cJSON *value,
                         size_t most)
{
    size_t length = cJSON_IsArray(value) ? (size_t)cJSON_GetArraySize(value) : most + 1;
    if (length <= most)
        return length;
    profile_complain(loading, spot, cJSON_IsArray(value) ? "a longer list" : value_type(value),
                     text_format(loading->reader.arena, "a list of at most %zu", most));
    return 0;
}

typedef const char *element_fn(struct loading *loading, const struct spot *spot,
                               const cJSON *value);

static void read_list(struct loading *loading, const struct spot *spot, const cJSON *value,
                      element_fn *read, void *into, size_t *into_count)
{
    const char **texts = into;
    size_t length = profile_length_at(loading, spot, value, PROFILE_NAMES_MAX);
    const cJSON *element = length > 0 ? value->child : NULL;
    for (size_t i = 0; element != NULL; element = element->next, i++) {
        struct spot place = spot_within(&loading->reader, spot, i, NULL);
        const char *text = read(loading, &place, element);
        if (text != NULL)
            texts[(*into_count)++] = text;
    }
}

static const char *record_host(struct loading *loading, const struct spot *spot, const cJSON *value)
{
    return host_at(loading, spot, value, true);
}

/* It becomes part of an HTTP request line. */
static const char *path(struct loading *loading, const struct spot *spot, const cJSON *value)
{
    const char *text = text_at(loading, spot, value);
    if (text != NULL && strchr(text, '{') != NULL)
        text = filled(loading, spot, text, false);
    bool is_path = text != NULL && text[0] == '/';
    for (const char *at = text; is_path && *at != '\0'; at++)
        is_path = *at > ' ' && *at < 0x7f && *at != '{' && *at != '}';
    if (text != NULL && !is_path)
        profile_complain(loading, spot, value_shown(&loading->reader, text),
                         "a path that begins with /");
    return is_path ? text : NULL;
}

/* What stands before ._domainkey: labels, in which a '*' stands for letters of one. */
static const char *selector(struct loading *loading, const struct spot *spot, const cJSON *value)
{
    static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.*";
    const char *text = text_at(loading, spot, value);
    const char *small = text == NULL ? NULL : lower(loading->reader.arena, slice_of(text));
    if (small != NULL && small[0] != '.' && small[strspn(small, bytes)] == '\0')
        return small;
    if (text != NULL)
        profile_complain(loading, spot, value_shown(&loading->reader, text),
                         "a DKIM selector, in which '*' may stand for letters");
    return NULL;
}

void profile_read_path(struct loading *loading, const struct spot *spot, const cJSON *value,
                       const struct member *member, void *into, size_t *into_count)
{
    (void)member, (void)into_count;
    *(const char **)into = path(loading, spot, value);
}

void profile_read_selectors(struct loading *loading, const struct spot *spot, const cJSON *value,
                            const struct member *member, void *into, size_t *into_count)
{
    (void)member;
    read_list(loading, spot, value, selector, into, into_count);
}

void profile_read_hosts(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count)
{
    (void)member;
    read_list(loading, spot, value, record_host, into, into_count);
}

void profile_read_paths(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count)
{
    (void)member;
    read_list(loading, spot, value, path, into, into_count);
}

void profile_read_texts(struct loading *loading, const struct spot *spot, const cJSON *value,
                        const struct member *member, void *into, size_t *into_count)
{
    (void)member;
    read_list(loading, spot, value, text_at, into, into_count);
}
