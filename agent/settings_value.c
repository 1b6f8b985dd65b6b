/* SPDX-License-Identifier: MIT */
#include "settings_value.h"

#include "outline.h"
#include "settings_form.h"

#include <inttypes.h>

#define SHOWN_MAX 80 /* bytes of a value or key that are shown back */

static const char *told(const char *words)
{
    return words == NULL ? "" : words; /* the arena is full */
}

/* Text that must be kept; where that fails the settings must not be used. */
static const char *kept(struct reader *reader, const struct spot *spot, struct slice text)
{
    const char *copy = text_copy(reader->arena, text);
    if (copy == NULL)
        value_complain(reader, spot, "more text than this program keeps", "a smaller file",
                       "leave out what is not needed");
    return told(copy);
}

/* Bytes of the file as they can be shown: bounded, no control characters. */
const char *value_shown(struct reader *reader, const char *bytes)
{
    char cut[SHOWN_MAX], room[4 * SHOWN_MAX];
    text_put_string(cut, sizeof cut, bytes);
    struct text text;
    text_begin(&text, room, sizeof room);
    text_add_printable(&text, slice_of(cut));
    return told(text_copy(reader->arena, text_slice(&text)));
}

void value_complain_at(struct reader *reader, int line, const char *key, const char *found,
                       const char *wanted, const char *mend)
{
    struct settings_troubles *troubles = reader->troubles;
    if (troubles->count < SETTINGS_TROUBLES_MAX)
        troubles->trouble[troubles->count] = (struct settings_trouble){
            .file = reader->file,
            .line = line,
            .key = key,
            .found = told(found),
            .wanted = told(wanted),
            .mend = told(mend),
        };
    troubles->count++;
}

void value_complain(struct reader *reader, const struct spot *spot, const char *found,
                    const char *wanted, const char *mend)
{
    int line = 0;
    if (reader->troubles->count < SETTINGS_TROUBLES_MAX)
        line = outline_line(reader->text, spot->ordinals, spot->depth);
    value_complain_at(reader, line, spot->key, found, wanted, mend);
}

/* The spot of a member or element within another's. */
struct spot spot_within(struct reader *reader, const struct spot *outer, size_t ordinal,
                        const char *key)
{
    struct spot spot = *outer;
    spot.ordinals[spot.depth++] = ordinal;
    if (key == NULL)
        spot.key = told(text_format(reader->arena, "%s[%zu]", outer->key, ordinal));
    else if (outer->key[0] == '\0')
        spot.key = value_shown(reader, key);
    else
        spot.key = told(text_format(reader->arena, "%s.%s", outer->key, value_shown(reader, key)));
    return spot;
}

const char *value_type(const cJSON *value)
{
    if (cJSON_IsString(value))
        return "a text";
    if (cJSON_IsNumber(value))
        return "a number";
    if (cJSON_IsBool(value))
        return "true or false";
    if (cJSON_IsNull(value))
        return "null";
    return cJSON_IsArray(value) ? "a list" : "an object";
}

/* What kind of value was found, not which, where it may be a password that was written in the wrong
   place. */
static const char *found_words(struct reader *reader, const char *value, enum form form)
{
    if (form == FORM_SECRET_PATH || form == FORM_ACCOUNT_SECRET_PATH || form == FORM_KEY_PATH ||
        form == FORM_API_KEY_PATH)
        return "a text that is no such path";
    return text_format(reader->arena, "\"%s\"", value_shown(reader, value));
}

void value_judge_secret_file(struct reader *reader, const struct spot *spot,
                             settings_secret_fn *read, const char *path)
{
    struct secret secret;
    struct settings_trouble trouble;
    if (!read(path, reader->arena, &secret, &trouble))
        value_complain(reader, spot, trouble.found, trouble.wanted, trouble.mend);
    text_wipe(&secret, sizeof secret);
}

static void judge_api_key_file(struct reader *reader, const struct spot *spot, const char *path)
{
    struct api_key key;
    struct settings_trouble trouble;
    if (!settings_api_key(path, reader->arena, &key, &trouble))
        value_complain(reader, spot, trouble.found, trouble.wanted, trouble.mend);
    text_wipe(&key, sizeof key);
}

static void judge_key_file(struct reader *reader, const struct spot *spot, const char *path)
{
    struct settings_trouble trouble;
    if (!settings_key(path, reader->arena, &trouble))
        value_complain(reader, spot, trouble.found, trouble.wanted, trouble.mend);
}

static void read_text(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                      const cJSON *value, const char **into_text)
{
    enum form form = form_of(row->key);
    if (!cJSON_IsString(value)) {
        value_complain(reader, spot, value_type(value), form_words(form),
                       "write it in double quotes (\")");
        return;
    }
    struct slice text = slice_of(value->valuestring);
    if (text.len > SETTINGS_TEXT_MAX) {
        value_complain(reader, spot, text_format(reader->arena, "a text of %zu bytes", text.len),
                       text_format(reader->arena, "at most %d bytes", SETTINGS_TEXT_MAX),
                       "shorten it");
        return;
    }
    bool absent = text.len == 0 && !row->required; /* "" is how a file says that there is none */
    if (!absent && !form_fits(form, text)) {
        value_complain(reader, spot, found_words(reader, text.at, form), form_words(form),
                       form_mend(form));
        return;
    }
    if (text.len > 0 && form == FORM_SECRET_PATH)
        value_judge_secret_file(reader, spot, settings_secret, text.at);
    if (text.len > 0 && form == FORM_API_KEY_PATH)
        judge_api_key_file(reader, spot, text.at);
    if (text.len > 0 && form == FORM_KEY_PATH)
        judge_key_file(reader, spot, text.at);
    *into_text = kept(reader, spot, text);
}

static void read_number(struct reader *reader, const struct setting_row *row,
                        const struct spot *spot, const cJSON *value, int64_t *into_number)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : -1;
    bool fits =
        cJSON_IsNumber(value) && number >= (double)row->minimum && number <= (double)row->maximum;
    if (fits && (double)(int64_t)number >= number) {
        *into_number = (int64_t)number;
        return;
    }
    const char *found =
        cJSON_IsNumber(value) ? text_format(reader->arena, "%.15g", number) : value_type(value);
    value_complain(reader, spot, found,
                   text_format(reader->arena, "a whole number from %" PRId64 " to %" PRId64,
                               row->minimum, row->maximum),
                   text_format(reader->arena,
                               "write a number without quotes; without this key it is %" PRId64,
                               row->number));
}

static void read_choice(struct reader *reader, const struct setting_row *row,
                        const struct spot *spot, const cJSON *value, int *into_choice)
{
    int chosen = cJSON_IsString(value) ? settings_choice(row->words, value->valuestring) : -1;
    if (chosen >= 0) {
        *into_choice = chosen;
        return;
    }
    value_complain(reader, spot,
                   cJSON_IsString(value) ? found_words(reader, value->valuestring, FORM_PLAIN)
                                         : value_type(value),
                   text_format(reader->arena, "one of %s", row->words),
                   text_format(reader->arena,
                               "write one of these words; without this key it is \"%s\"",
                               row->text));
}

static void read_list(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                      const cJSON *value, struct setting_list *into_list)
{
    size_t ordinal = 0;
    const char *wanted = text_format(reader->arena, "a list of at most %d %s", SETTINGS_LIST_MAX,
                                     form_kind_words(row->kind));
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) > SETTINGS_LIST_MAX) {
        value_complain(reader, spot, cJSON_IsArray(value) ? "a longer list" : value_type(value),
                       wanted, "write [\"...\", \"...\"]");
        return;
    }
    into_list->count = 0;
    for (const cJSON *item = value->child; item != NULL; item = item->next, ordinal++) {
        struct spot place = spot_within(reader, spot, ordinal, NULL);
        if (cJSON_IsString(item) && form_fits_kind(row->kind, item->valuestring))
            into_list->value[into_list->count++] =
                kept(reader, &place, slice_of(item->valuestring));
        else
            value_complain(reader, &place,
                           cJSON_IsString(item) ? found_words(reader, item->valuestring, FORM_PLAIN)
                                                : value_type(item),
                           wanted, "correct it or leave it out");
    }
}

void value_read(struct reader *reader, const struct setting_row *row, const struct spot *spot,
                const cJSON *value, void *into_settings)
{
    void *field = (char *)into_settings + row->offset;
    switch (row->type) {
    case SETTING_IS_TEXT:
        read_text(reader, row, spot, value, field);
        break;
    case SETTING_IS_NUMBER:
        read_number(reader, row, spot, value, field);
        break;
    case SETTING_IS_LIST:
        read_list(reader, row, spot, value, field);
        break;
    case SETTING_IS_CHOICE:
        read_choice(reader, row, spot, value, field);
        break;
    }
}
