/* SPDX-License-Identifier: MIT */
/* HTTP/1.1 requests out of templates. */
#include "compose.h"

#include <string.h>

#define BODY_MAX 10240 /* bytes of a request's body: that of a support ticket */

/* A hole that was filled with a line break would end the field, and begin another one. */
static bool is_one_line(struct slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == '\r' || line.at[i] == '\n' || line.at[i] == '\0')
            return false;
    return true;
}

static void add_line(const struct dialogue *dialogue, struct slice template, bool secret_allowed,
                     size_t longest, struct text *text)
{
    size_t before = text->len;
    compose_fill(dialogue, template, secret_allowed, text);
    struct slice line = { text->at + before, text->len - before };
    text->overflow = text->overflow || line.len > longest || !is_one_line(line);
}

/* RFC 9110 section 7.2. No compression is asked for, so none has to be undone. */
static void add_own_fields(const struct dialogue *dialogue, struct text *text)
{
    text_add_format(text, "Host: %s", dialogue->host);
    if (dialogue->address.port != 443 && dialogue->address.port != 80)
        text_add_format(text, ":%u", (unsigned)dialogue->address.port);
    text_add_string(text, "\r\nUser-Agent: gatepost\r\nAccept: text/html, "
                          "*/*;q=0.1\r\nAccept-Encoding: identity\r\n");
    if (dialogue->cookies[0] != '\0')
        text_add_format(text, "Cookie: %s\r\n", dialogue->cookies);
}

/* What a request has a length for, even when nothing follows: RFC 9110 section 8.6. */
static bool sends_content(struct slice first)
{
    return slice_starts(first, "POST ") || slice_starts(first, "PUT ");
}

static void remember_method(struct dialogue *dialogue, struct slice first)
{
    struct slice rest = first, method = { "", 0 };
    (void)slice_cut(&rest, ' ', &method); /* a template has one */
    text_put(dialogue->tag_text, sizeof dialogue->tag_text, method);
}

void compose_http(struct dialogue *dialogue, const struct step *step, struct text *text)
{
    char bytes[BODY_MAX];
    struct text body;
    struct slice rest = slice_of(step->text), first, line;
    bool secret = step->kind == STEP_SAY_SECRET;
    if (!slice_line(&rest, &first))
        first = SLICE("");
    remember_method(dialogue, first);
    add_line(dialogue, first, false, DIALOGUE_LINE_MAX, text);
    text_add_string(text, " HTTP/1.1\r\n");
    add_own_fields(dialogue, text);
    while (slice_line(&rest, &line) && line.len > 0) {
        add_line(dialogue, line, secret, DIALOGUE_OUT_MAX, text);
        text_add_string(text, "\r\n");
    }
    text_begin(&body, bytes, sizeof bytes);
    compose_fill(dialogue, rest, secret, &body);
    if (body.len > 0 || sends_content(first))
        text_add_format(text, "Content-Length: %zu\r\n", body.len);
    text_add_string(text, "\r\n");
    text_add(text, text_slice(&body));
    text->overflow = text->overflow || body.overflow;
    text_wipe(bytes, sizeof bytes);
}
