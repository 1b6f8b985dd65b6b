/* SPDX-License-Identifier: MIT */
#include "dkim_canon.h"

#include <string.h>

struct canon {
    canon_sink_fn *give;
    void *sink;
    bool blank_due; /* relaxed: blanks were met, which count as one if anything follows */
    bool begun;     /* relaxed: something was given, so that a blank may follow */
};

static const struct slice line_end = { "\r\n", 2 };

static void give(const struct canon *canon, struct slice piece)
{
    if (piece.len > 0)
        canon->give(canon->sink, piece);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Hands on runs of other bytes, with one space for each run of blanks between them. */
static void give_relaxed(struct canon *canon, struct slice text)
{
    while (text.len > 0) {
        size_t run = 0;
        if (is_blank(text.at[0])) {
            canon->blank_due = true;
            text = slice_from(text, 1);
            continue;
        }
        while (run < text.len && !is_blank(text.at[run]))
            run++;
        if (canon->blank_due && canon->begun)
            give(canon, SLICE(" "));
        canon->blank_due = false;
        canon->begun = true;
        give(canon, (struct slice){ text.at, run });
        text = slice_from(text, run);
    }
}

/* RFC 6376 sections 3.4.3 and 3.4.4: empty lines at the end do not count, and the last line is
   ended. A line's leading blanks do count, as one: so it has begun before its first byte. */
void dkim_canon_body(struct slice body, bool relaxed, canon_sink_fn *sink_give, void *sink)
{
    struct canon canon = { .give = sink_give, .sink = sink };
    struct slice line;
    size_t empty = 0;
    bool any = false;
    while (slice_line(&body, &line)) {
        while (relaxed && line.len > 0 && is_blank(line.at[line.len - 1]))
            line.len--;
        if (line.len == 0) {
            empty++;
            continue;
        }
        for (; empty > 0; empty--)
            give(&canon, line_end);
        canon.begun = true;
        canon.blank_due = false;
        if (relaxed)
            give_relaxed(&canon, line);
        else
            give(&canon, line);
        give(&canon, line_end);
        any = true;
    }
    if (!any && !relaxed)
        give(&canon, line_end);
}

static void give_lower(const struct canon *canon, struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        char lower = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        give(canon, (struct slice){ &lower, 1 });
    }
}

/* RFC 6376 sections 3.4.1 and 3.4.2: one part of a field, unfolded where relaxed. */
static void give_part(struct canon *canon, bool relaxed, struct slice part)
{
    struct slice line;
    while (slice_line(&part, &line)) {
        if (relaxed)
            give_relaxed(canon, line);
        else
            give(canon, line);
        if (!relaxed && part.len > 0)
            give(canon, line_end);
    }
}

/* A field without its room, which is a part of its value, and without the end of its last line. */
static void give_field(struct canon *canon, bool relaxed, const struct header_field *field,
                       struct slice room)
{
    struct slice value = relaxed ? field->value : field->whole;
    if (relaxed) {
        give_lower(canon, field->name);
        give(canon, SLICE(":"));
    }
    canon->begun = canon->blank_due = false;
    if (room.at == NULL) {
        give_part(canon, relaxed, value);
        return;
    }
    size_t before = (size_t)(room.at - value.at);
    give_part(canon, relaxed, (struct slice){ value.at, before });
    give_part(canon, relaxed, slice_from(value, before + room.len));
}

static size_t count_fields(struct slice mail, struct slice name)
{
    struct header_field field;
    size_t count = 0;
    while (header_next(&mail, &field))
        count += slice_equal_nocase(field.name, name);
    return count;
}

/* The field of that name which has `below` others of that name under it. */
static bool find_from_below(struct slice mail, struct slice name, size_t below,
                            struct header_field *into_field)
{
    size_t count = count_fields(mail, name);
    if (below >= count)
        return false;
    for (size_t above = count - 1 - below; header_next(&mail, into_field);) {
        if (!slice_equal_nocase(into_field->name, name))
            continue;
        if (above == 0)
            return true;
        above--;
    }
    return false;
}

/* How often the name stands among the first `count` names of a list. */
static size_t count_before(struct slice names, size_t count, struct slice name)
{
    struct slice part;
    size_t found = 0;
    while (count > 0 && slice_cut(&names, ':', &part)) {
        found += slice_equal_nocase(slice_trim(part), name);
        count--;
    }
    return found;
}

void dkim_canon_header(struct slice mail, const struct dkim_signature *signature,
                       canon_sink_fn *sink_give, void *sink)
{
    struct canon canon = { .give = sink_give, .sink = sink };
    const bool relaxed = signature->relaxed_header;
    const struct slice no_room = { NULL, 0 };
    struct slice names = signature->names, name;
    for (size_t i = 0; slice_cut(&names, ':', &name); i++) {
        struct header_field field;
        name = slice_trim(name);
        if (!find_from_below(mail, name, count_before(signature->names, i, name), &field))
            continue;
        give_field(&canon, relaxed, &field, no_room);
        give(&canon, line_end);
    }
    give_field(&canon, relaxed, &signature->field, signature->room);
}
