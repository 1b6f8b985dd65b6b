/* SPDX-License-Identifier: MIT */
#include "compose.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BETRAY_MIN   4 /* a secret of fewer bytes is found in innocent words too */

enum encoding {
    PUBLIC,
    PUBLIC_XML,
    PUBLIC_FORM,
    LOGIN_AS_IT_IS,
    LOGIN_FORM,
    LOGIN_BASE64,
    SECRET_AS_IT_IS,
    SECRET_BASE64,
    SECRET_FORM,
    SECRET_QUOTED,
    SECRET_JSON,
    LOGIN_QUOTED,
    SASL_PLAIN,
    BASIC,
    BEARER,
    XOAUTH2,
    APPLICATION_FORM
};

/* clang-format off */
static const struct {
    const char *name;
    enum encoding encoding;
    enum hole hole;
} holes[] = {
    { "helo",          PUBLIC,        HOLE_HELO },
    { "address",       PUBLIC,        HOLE_ADDRESS },
    { "address-xml",   PUBLIC_XML,    HOLE_ADDRESS },
    { "domain",        PUBLIC,        HOLE_DOMAIN },
    { "host",          PUBLIC,        HOLE_HOST },
    { "path",          PUBLIC,        HOLE_PATH },
    { "from",          PUBLIC,        HOLE_FROM },
    { "to",            PUBLIC,        HOLE_TO },
    { "mail",          PUBLIC,        HOLE_MAIL },
    { "token",         PUBLIC,        HOLE_TOKEN },
    { "folder",        PUBLIC,        HOLE_FOLDER },
    { "since",         PUBLIC,        HOLE_SINCE },
    { "before",        PUBLIC,        HOLE_BEFORE },
    { "uid",           PUBLIC,        HOLE_UID },
    { "name",          PUBLIC,        HOLE_NAME },
    { "client",        PUBLIC,        HOLE_CLIENT },
    { "client-form",   PUBLIC_FORM,   HOLE_CLIENT },
    { "scope-form",    PUBLIC_FORM,   HOLE_SCOPE },
    { "time",          PUBLIC,        HOLE_TIME },
    { "signature",     PUBLIC,        HOLE_SIGNATURE },
    { "plain",         SASL_PLAIN,    HOLE_COUNT },
    { "login",         LOGIN_AS_IT_IS, HOLE_COUNT },
    { "login64",       LOGIN_BASE64,  HOLE_COUNT },
    { "login-form",    LOGIN_FORM,    HOLE_COUNT },
    { "login-quoted",  LOGIN_QUOTED,  HOLE_COUNT },
    { "secret",        SECRET_AS_IT_IS, HOLE_COUNT },
    { "secret64",      SECRET_BASE64, HOLE_COUNT },
    { "secret-form",   SECRET_FORM,   HOLE_COUNT },
    { "secret-quoted", SECRET_QUOTED, HOLE_COUNT },
    { "secret-json",   SECRET_JSON,   HOLE_COUNT },
    { "basic",         BASIC,         HOLE_COUNT },
    { "bearer",        BEARER,        HOLE_COUNT },
    { "xoauth2",       XOAUTH2,       HOLE_COUNT },
    { "application-form", APPLICATION_FORM, HOLE_COUNT },
};
/* clang-format on */

/* What stands for a byte in XML text and attributes (XML 1.0 section 2.4). */
static const char *xml_reference(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    }
    return NULL;
}

static void add_xml(struct text *text, struct slice slice)
{
    for (size_t i = 0; i < slice.len; i++) {
        const char *reference = xml_reference(slice.at[i]);
        if (reference != NULL)
            text_add_string(text, reference);
        else
            text_add(text, (struct slice){ slice.at + i, 1 });
    }
}

/* A JSON string (RFC 8259 section 7), in its quotes. */
static void add_json(struct text *text, struct slice slice)
{
    text_add_string(text, "\"");
    for (size_t i = 0; i < slice.len; i++) {
        unsigned char byte = (unsigned char)slice.at[i];
        if (byte < 0x20)
            text_add_format(text, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            text_add_format(text, "\\%c", byte);
        else
            text_add(text, (struct slice){ slice.at + i, 1 });
    }
    text_add_string(text, "\"");
}

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

/* RFC 7617 section 2, in UTF-8: name, colon, password. A name with a colon cannot be said. */
static void add_basic(struct text *text, struct slice login, struct slice secret)
{
    char plain[SECRET_MAX + 330];
    struct text joined;
    bool has_colon = memchr(login.at == NULL ? "" : login.at, ':', login.len) != NULL;
    text_begin(&joined, plain, sizeof plain);
    text_add(&joined, login);
    text_add(&joined, SLICE(":"));
    text_add(&joined, secret);
    text->overflow = text->overflow || joined.overflow || has_colon;
    text_add_base64(text, text_slice(&joined));
    text_wipe(plain, sizeof plain);
}

/* SASL XOAUTH2, which large providers speak instead of RFC 7628's OAUTHBEARER. */
static void add_xoauth2(struct text *text, struct slice login, struct slice token)
{
    char plain[TOKEN_MAX + 360];
    struct text joined;
    text_begin(&joined, plain, sizeof plain);
    text_add_string(&joined, "user=");
    text_add(&joined, login);
    text_add_string(&joined, "\001auth=Bearer ");
    text_add(&joined, token);
    text_add_string(&joined, "\001\001");
    text->overflow = text->overflow || joined.overflow;
    text_add_base64(text, text_slice(&joined));
    text_wipe(plain, sizeof plain);
}

static struct slice bytes_of(const struct secret *secret, bool allowed)
{
    bool there = allowed && secret != NULL;
    return there ? (struct slice){ secret->bytes, secret->len } : SLICE("");
}

static void add_hole(struct text *text, const struct dialogue *dialogue, size_t index,
                     bool secret_allowed)
{
    struct slice login = slice_of(dialogue->login);
    struct slice secret = bytes_of(dialogue->secret, secret_allowed);
    struct slice token = bytes_of(dialogue->token, secret_allowed);
    switch (holes[index].encoding) {
    case PUBLIC:
        text_add_string(text, dialogue->hole[holes[index].hole]);
        break;
    case PUBLIC_XML:
        add_xml(text, slice_of(dialogue->hole[holes[index].hole]));
        break;
    case PUBLIC_FORM:
        text_add_form(text, slice_of(dialogue->hole[holes[index].hole]));
        break;
    case LOGIN_AS_IT_IS:
        text_add(text, login);
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
    case SECRET_AS_IT_IS:
        text_add(text, secret);
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
    case SECRET_JSON:
        add_json(text, secret);
        break;
    case SASL_PLAIN:
        add_sasl_plain(text, login, secret);
        break;
    case BASIC:
        add_basic(text, login, secret);
        break;
    case BEARER:
        text_add(text, token);
        break;
    case XOAUTH2:
        add_xoauth2(text, login, token);
        break;
    case APPLICATION_FORM:
        text_add_form(text, bytes_of(dialogue->application, secret_allowed));
        break;
    }
}

/* A brace before anything but a letter is one of JSON. */
static bool opens_hole(struct slice rest)
{
    return rest.len > 1 && rest.at[1] >= 'a' && rest.at[1] <= 'z';
}

void compose_fill(const struct dialogue *dialogue, struct slice template, bool secret_allowed,
                  struct text *text)
{
    while (template.len > 0) {
        const char *open = memchr(template.at, '{', template.len);
        size_t before = open == NULL ? template.len : (size_t)(open - template.at);
        text_add(text, (struct slice){ template.at, before });
        template = slice_from(template, before);
        if (!opens_hole(template)) {
            text_add(text, (struct slice){ template.at, template.len > 0 ? 1 : 0 });
            template = slice_from(template, 1);
            continue;
        }
        struct slice name;
        template = slice_from(template, 1);
        if (!slice_cut(&template, '}', &name))
            continue;
        for (size_t i = 0; i < COUNT(holes); i++)
            if (slice_is(name, holes[i].name))
                add_hole(text, dialogue, i, secret_allowed);
    }
}

void compose_line(struct dialogue *dialogue, const struct step *step, struct text *text)
{
    compose_fill(dialogue, slice_of(step->text), step->kind == STEP_SAY_SECRET, text);
}

/* What the reply will be known by: a tag of ours (IMAP), the command's own word (POP). */
static void begin_command(struct dialogue *dialogue, const struct step *step, struct text *text)
{
    struct slice rest = slice_of(step->text), word = rest;
    struct text tag;
    dialogue->tag++;
    text_begin(&tag, dialogue->tag_text, sizeof dialogue->tag_text);
    if (dialogue->dialect == DIALECT_POP) {
        (void)slice_cut(&rest, ' ', &word); /* without a space it is all */
        text_add(&tag, word);
        return;
    }
    text_add_format(&tag, "g%u", dialogue->tag);
    text_add_format(text, "%s ", dialogue->tag_text);
}

/* POP has no way to quote: a line break in login or secret would begin another command. */
static bool is_one_line(struct slice request)
{
    for (size_t i = 0; i < request.len; i++)
        if (request.at[i] == '\r' || request.at[i] == '\n' || request.at[i] == '\0')
            return false;
    return true;
}

bool compose_request(struct dialogue *dialogue, const struct step *step)
{
    struct text text;
    text_begin(&text, dialogue->out, sizeof dialogue->out);
    if (dialogue->dialect == DIALECT_HTTP) {
        compose_http(dialogue, step, &text);
    } else {
        if (dialogue->dialect != DIALECT_SMTP && !step->more)
            begin_command(dialogue, step, &text);
        compose_line(dialogue, step, &text);
        if (dialogue->dialect == DIALECT_POP && !is_one_line(text_slice(&text)))
            text.overflow = true;
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

/* Whose secret an encoding speaks. */
static const struct secret *spoken_in(const struct dialogue *dialogue, enum encoding encoding)
{
    if (encoding == BEARER || encoding == XOAUTH2)
        return dialogue->token;
    return encoding == APPLICATION_FORM ? dialogue->application : dialogue->secret;
}

bool compose_betrays(const struct dialogue *dialogue, struct slice words)
{
    static const enum encoding spoken[] = { SASL_PLAIN,      SECRET_AS_IT_IS, SECRET_BASE64,
                                            SECRET_FORM,     SECRET_QUOTED,   SECRET_JSON,
                                            BASIC,           BEARER,          XOAUTH2,
                                            APPLICATION_FORM };
    char buffer[(TOKEN_MAX + 360) * 3 / 2];
    bool found = contains(words, bytes_of(dialogue->application, true));
    for (size_t i = 0; i < COUNT(spoken); i++) {
        const struct secret *secret = spoken_in(dialogue, spoken[i]);
        struct text text;
        text_begin(&text, buffer, sizeof buffer);
        for (size_t index = 0; index < COUNT(holes) && secret != NULL && secret->len > 0; index++)
            if (holes[index].encoding == spoken[i])
                add_hole(&text, dialogue, index, true);
        found = found || contains(words, text_slice(&text));
    }
    text_wipe(buffer, sizeof buffer);
    return found;
}
