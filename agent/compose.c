/* SPDX-License-Identifier: MIT */
#include "compose.h"

#include <string.h>

#define BETRAY_MIN 4 /* a secret of fewer bytes is found in innocent words too */

enum encoding {
    PUBLIC,
    LOGIN_FORM,
    LOGIN_BASE64,
    SECRET_BASE64,
    SECRET_FORM,
    SECRET_QUOTED,
    LOGIN_QUOTED,
    SASL_PLAIN
};

/* clang-format off */
static const struct {
    const char *name;
    enum encoding encoding;
    enum hole hole;
} holes[] = {
    { "helo",          PUBLIC,        HOLE_HELO },
    { "address",       PUBLIC,        HOLE_ADDRESS },
    { "domain",        PUBLIC,        HOLE_DOMAIN },
    { "host",          PUBLIC,        HOLE_HOST },
    { "path",          PUBLIC,        HOLE_PATH },
    { "from",          PUBLIC,        HOLE_FROM },
    { "to",            PUBLIC,        HOLE_TO },
    { "mail",          PUBLIC,        HOLE_MAIL },
    { "token",         PUBLIC,        HOLE_TOKEN },
    { "folder",        PUBLIC,        HOLE_FOLDER },
    { "since",         PUBLIC,        HOLE_SINCE },
    { "uid",           PUBLIC,        HOLE_UID },
    { "name",          PUBLIC,        HOLE_NAME },
    { "plain",         SASL_PLAIN,    HOLE_COUNT },
    { "login64",       LOGIN_BASE64,  HOLE_COUNT },
    { "login-form",    LOGIN_FORM,    HOLE_COUNT },
    { "login-quoted",  LOGIN_QUOTED,  HOLE_COUNT },
    { "secret64",      SECRET_BASE64, HOLE_COUNT },
    { "secret-form",   SECRET_FORM,   HOLE_COUNT },
    { "secret-quoted", SECRET_QUOTED, HOLE_COUNT },
};
/* clang-format on */

/* RFC 4616: authorization identity (empty), NUL, name, NUL, password. */
static void add_sasl_plain(struct text *text, struct slice login, struct slice secret)
{
    char plain[SECRET_MAX + 330];
    struct text joined;
    text_begin(&joined, plain, sizeof plain);
    text_add(&joined, (struct slice){ "\0", 1 });
    text_add(&joined, login);
    text_add(&joined, (struct slice){ "\0", 1 });
    text_add(&joined, secret);
    text->overflow = text->overflow || joined.overflow;
    text_add_base64(text, text_slice(&joined));
    text_wipe(plain, sizeof plain);
}

static void add_hole(struct text *text, const struct dialogue *dialogue, size_t index,
                     bool secret_allowed)
{
    struct slice login = slice_of(dialogue->login);
    struct slice secret = { "", 0 };
    if (secret_allowed && dialogue->secret != NULL)
        secret = (struct slice){ dialogue->secret->bytes, dialogue->secret->len };
    switch (holes[index].encoding) {
    case PUBLIC:
        text_add_string(text, dialogue->hole[holes[index].hole]);
        break;
    case LOGIN_FORM:
        text_add_form(text, login);
        break;
    case LOGIN_BASE64:
        text_add_base64(text, login);
        break;
    case LOGIN_QUOTED:
        text_add_quoted(text, login);
        break;
    case SECRET_BASE64:
        text_add_base64(text, secret);
        break;
    case SECRET_FORM:
        text_add_form(text, secret);
        break;
    case SECRET_QUOTED:
        text_add_quoted(text, secret);
        break;
    case SASL_PLAIN:
        add_sasl_plain(text, login, secret);
        break;
    }
}

static void fill(struct text *text, const struct dialogue *dialogue, struct slice template,
                 bool secret_allowed)
{
    while (template.len > 0) {
        const char *open = memchr(template.at, '{', template.len);
        size_t before = open == NULL ? template.len : (size_t)(open - template.at);
        text_add(text, (struct slice){ template.at, before });
        template = slice_from(template, before + 1);
        struct slice name;
        if (open == NULL || !slice_cut(&template, '}', &name))
            continue;
        for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
            if (slice_is(name, holes[i].name))
                add_hole(text, dialogue, i, secret_allowed);
    }
}

void compose_line(struct dialogue *dialogue, const struct step *step, struct text *text)
{
    fill(text, dialogue, slice_of(step->text), step->kind == STEP_SAY_SECRET);
}

static bool is_default_port(const struct dialogue *dialogue)
{
    return dialogue->address.port == 443;
}

/* RFC 9110 section 7.2 and RFC 9112 section 3.2. No compression is asked for, so none has to be
 * undone. */
static void add_http_head(struct text *text, const struct dialogue *dialogue, struct slice first)
{
    text_add(text, first);
    text_add_format(text, " HTTP/1.1\r\nHost: %s", dialogue->host);
    if (!is_default_port(dialogue))
        text_add_format(text, ":%u", (unsigned)dialogue->address.port);
    text_add_string(text, "\r\nUser-Agent: gatepost\r\nAccept: text/html, "
                          "*/*;q=0.1\r\nAccept-Encoding: identity\r\n");
    if (dialogue->cookies[0] != '\0')
        text_add_format(text, "Cookie: %s\r\n", dialogue->cookies);
}

static void compose_http(struct dialogue *dialogue, const struct step *step, struct text *text)
{
    char body[SECRET_MAX * 3 + 2048], line[DIALOGUE_LINE_MAX];
    struct text form, first;
    struct slice rest = slice_of(step->text), template;
    bool secret = step->kind == STEP_SAY_SECRET;
    text_begin(&first, line, sizeof line);
    if (slice_cut(&rest, '\n', &template))
        fill(&first, dialogue, template, false);
    text_begin(&form, body, sizeof body);
    fill(&form, dialogue, rest, secret);
    text->overflow = first.overflow || form.overflow;
    add_http_head(text, dialogue, text_slice(&first));
    if (form.len > 0)
        text_add_format(
            text, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
            form.len);
    text_add_string(text, "\r\n");
    text_add(text, text_slice(&form));
    text_wipe(body, sizeof body);
}

bool compose_request(struct dialogue *dialogue, const struct step *step)
{
    struct text text;
    text_begin(&text, dialogue->out, sizeof dialogue->out);
    if (dialogue->dialect == DIALECT_HTTP) {
        compose_http(dialogue, step, &text);
    } else {
        if (dialogue->dialect == DIALECT_IMAP && !step->more) {
            struct text tag;
            text_begin(&tag, dialogue->tag_text, sizeof dialogue->tag_text);
            text_add_format(&tag, "g%u", ++dialogue->tag);
            text_add_format(&text, "%s ", dialogue->tag_text);
        }
        compose_line(dialogue, step, &text);
        text_add_string(&text, "\r\n");
    }
    if (text.overflow) {
        text_wipe(dialogue->out, sizeof dialogue->out);
        return false;
    }
    dialogue->out_len = text.len;
    dialogue->out_sent = 0;
    return true;
}

static bool contains(struct slice words, struct slice needle)
{
    if (needle.len < BETRAY_MIN)
        return false;
    for (size_t i = 0; i + needle.len <= words.len; i++)
        if (memcmp(words.at + i, needle.at, needle.len) == 0)
            return true;
    return false;
}

bool compose_betrays(const struct dialogue *dialogue, struct slice words)
{
    if (dialogue->secret == NULL || dialogue->secret->len == 0)
        return false;
    struct slice secret = { dialogue->secret->bytes, dialogue->secret->len };
    if (contains(words, secret))
        return true;
    char buffer[(SECRET_MAX + 330) * 3];
    bool found = false;
    static const enum encoding spoken[] = { SASL_PLAIN, SECRET_BASE64, SECRET_FORM, SECRET_QUOTED };
    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++) {
        struct text text;
        text_begin(&text, buffer, sizeof buffer);
        for (size_t index = 0; index < sizeof holes / sizeof *holes; index++)
            if (holes[index].encoding == spoken[i])
                add_hole(&text, dialogue, index, true);
        found = found || contains(words, text_slice(&text));
    }
    text_wipe(buffer, sizeof buffer);
    return found;
}
