/* SPDX-License-Identifier: MIT */
#include "parcel.h"

#include "../port/port.h"
#include "stamp.h"

#include <string.h>

#define SUBJECT   "gatepost test "
#define AUTOMATIC "auto-generated"

void parcel_new_mark(char into[PARCEL_MARK_MAX])
{
    uint8_t bytes[(PARCEL_MARK_MAX - 1) / 2];
    struct text text;
    port_random(bytes, sizeof bytes);
    text_begin(&text, into, PARCEL_MARK_MAX);
    text_add_hex(&text, bytes, sizeof bytes);
}

void parcel_begin(struct parcel *parcel, enum direction direction, const char *mark,
                  const char *from, const char *to)
{
    *parcel = (struct parcel){ .from = from, .to = to };
    text_put_format(parcel->token, sizeof parcel->token, "%s%s", mark,
                    direction == PARCEL_OUT ? "-out" : "-in");
}

/* RFC 5322; Auto-Submitted (RFC 3834) keeps vacation notes and loops away. The body is in ASCII
   (RFC 2045 section 6.7): a server that had to convert it would break a signature over it. */
const char *parcel_write(const struct parcel *parcel, struct arena *arena, const char *helo,
                         int64_t wall_ms)
{
    char *bytes = arena_take(arena, PARCEL_MAIL_MAX);
    char date[STAMP_MAX];
    struct text text;
    if (bytes == NULL)
        return NULL;
    stamp_mail(wall_ms, date);
    text_begin(&text, bytes, PARCEL_MAIL_MAX);
    text_add_format(&text, "Date: %s\r\nMessage-ID: <%s@%s>\r\n", date, parcel->token, helo);
    if (parcel->from[0] != '\0')
        text_add_format(&text, "From: %s\r\n", parcel->from);
    else
        text_add_format(&text, "From: gatepost <gatepost@%s>\r\n", helo);
    text_add_format(&text, "To: %s\r\nSubject: " SUBJECT "%.*s\r\nX-Gatepost-Token: %s\r\n",
                    parcel->to, PARCEL_MARK_MAX - 1, parcel->token, parcel->token);
    text_add_string(
        &text, "Auto-Submitted: " AUTOMATIC "\r\nMIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
               "gatepost, the mail check of this office, sent this test mail and removes it\r\n"
               "as soon as it has arrived. If it is still here tomorrow, it can be deleted.\r\n\r\n"
               "gatepost, le contr=C3=B4le de messagerie de ce bureau, a envoy=C3=A9 ce=\r\n"
               " courriel de test et le supprime d=C3=A8s son arriv=C3=A9e. S'il est encore=\r\n"
               " l=C3=A0 demain, il peut =C3=AAtre supprim=C3=A9.");
    return text.overflow ? NULL : bytes;
}

/* Finds a header field's whole value, its folded lines included (RFC 5322 section 2.2.3). */
static bool field_value(struct slice header, const char *name, struct slice *into_value)
{
    struct slice rest = header, line;
    size_t len = strlen(name);
    while (slice_line(&rest, &line)) {
        if (line.len <= len || line.at[len] != ':' || !slice_starts_nocase(line, name))
            continue;
        const char *start = line.at + len + 1, *end = line.at + line.len;
        while (rest.len > 0 && (rest.at[0] == ' ' || rest.at[0] == '\t') &&
               slice_line(&rest, &line))
            end = line.at + line.len;
        *into_value = slice_trim((struct slice){ start, (size_t)(end - start) });
        return true;
    }
    return false;
}

bool parcel_is_ours(const struct parcel *parcel, struct slice header)
{
    struct slice value;
    return field_value(header, "X-Gatepost-Token", &value) && slice_is(value, parcel->token);
}

static bool is_mark(struct slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if (memchr("0123456789abcdef", word.at[i], 16) == NULL)
            return false;
    return word.len == PARCEL_MARK_MAX - 1;
}

bool parcel_is_one(struct slice header)
{
    struct slice token, mark, subject, submitted;
    if (!field_value(header, "X-Gatepost-Token", &token) ||
        !field_value(header, "Subject", &subject) ||
        !field_value(header, "Auto-Submitted", &submitted) || !slice_cut(&token, '-', &mark))
        return false;
    char title[sizeof SUBJECT + PARCEL_MARK_MAX];
    struct text text;
    text_begin(&text, title, sizeof title);
    text_add_string(&text, SUBJECT);
    text_add(&text, mark);
    return is_mark(mark) && (slice_is(token, "out") || slice_is(token, "in")) &&
           slice_is(submitted, AUTOMATIC) && slice_has_nocase(subject, title);
}

bool parcel_is_answered(const struct parcel *parcel, struct slice header)
{
    struct slice value;
    return (field_value(header, "In-Reply-To", &value) && slice_has_nocase(value, parcel->token)) ||
           (field_value(header, "References", &value) && slice_has_nocase(value, parcel->token));
}
