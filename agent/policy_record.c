/* SPDX-License-Identifier: MIT */
#include "policy_record.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct slice without_blanks(struct slice text)
{
    while (text.len > 0 && is_blank(text.at[0]))
        text = slice_from(text, 1);
    return text;
}

bool policy_record_has_version(struct slice text, const char *version)
{
    if (!slice_starts_nocase(text, "v"))
        return false;
    text = without_blanks(slice_from(text, 1));
    if (!slice_starts(text, "="))
        return false;
    text = without_blanks(slice_from(text, 1));
    if (!slice_starts(text, version))
        return false;
    text = without_blanks(slice_from(text, slice_of(version).len));
    return text.len == 0 || text.at[0] == ';';
}

static enum policy_record choose(const struct answer *answer, const char *version,
                                 struct policy_record_found *into)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->count; i++) {
        struct slice text = answer->records[i].text;
        if (policy_record_has_version(text, version)) {
            into->text = text;
            count++;
        } else if (slice_has_nocase(text, version)) {
            into->passed_over = text;
        }
    }
    if (count == 0)
        return POLICY_RECORD_NONE;
    return count == 1 ? POLICY_RECORD_ONE : POLICY_RECORD_SEVERAL;
}

enum policy_record policy_record_find(ask_fn *ask, void *asker, const char *prefix,
                                      const char *domain, const char *version,
                                      struct policy_record_found *into)
{
    char name[RESOLVE_NAME_MAX];
    struct text text;
    text_begin(&text, name, sizeof name);
    text_add_string(&text, prefix);
    text_add_string(&text, domain);
    *into = (struct policy_record_found){ .status = ANSWER_NXDOMAIN };
    if (text.overflow)
        return POLICY_RECORD_NONE;
    const struct answer *answer = ask(asker, name, RECORD_TXT);
    if (answer == NULL)
        return POLICY_RECORD_PENDING;
    into->status = answer->status;
    if (answer->status == ANSWER_RECORDS)
        return choose(answer, version, into);
    bool none = answer->status == ANSWER_NODATA || answer->status == ANSWER_NXDOMAIN;
    return none ? POLICY_RECORD_NONE : POLICY_RECORD_UNKNOWN;
}

static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.')
            return false;
    }
    return name.len > 0;
}

static bool is_printable(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        if ((byte < ' ' && byte != '\t') || byte > '~')
            return false;
    }
    return value.len > 0;
}

bool policy_record_tag(struct slice *rest, struct policy_tag *into_tag)
{
    struct slice part = { NULL, 0 }, name = { NULL, 0 };
    do {
        if (!slice_cut(rest, ';', &part))
            return false;
        part = slice_trim(part);
    } while (part.len == 0);
    struct slice value = part;
    if (!slice_cut(&value, '=', &name))
        return false;
    value = slice_trim(value);
    name = slice_trim(name);
    bool well = is_name(name) && is_printable(value);
    *into_tag = well ? (struct policy_tag){ name, value, true }
                     : (struct policy_tag){ { NULL, 0 }, part, false };
    return true;
}
