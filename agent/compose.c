/* SPDX-License-Identifier: MIT */
#include "compose.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BETRAY_MIN   4 /* a secret of fewer bytes is found in innocent words too */

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

/* ---- the holes ---- */

enum source { OPEN, LOGIN, SECRET, TOKEN, APPLICATION };

/* clang-format off */
static const struct {
    const char *name;
    enum source source;
    enum hole hole;                                                  /* OPEN */
    void (*add)(struct text *, struct slice);                        /* what the source holds */
    void (*add_pair)(struct text *, struct slice login, struct slice); /* ... together with the login */
} holes[] = {
    { "helo",             OPEN,        HOLE_HELO,      text_add,        NULL },
    { "address",          OPEN,        HOLE_ADDRESS,   text_add,        NULL },
    { "address-xml",      OPEN,        HOLE_ADDRESS,   add_xml,         NULL },
    { "domain",           OPEN,        HOLE_DOMAIN,    text_add,        NULL },
    { "host",             OPEN,        HOLE_HOST,      text_add,        NULL },
    { "path",             OPEN,        HOLE_PATH,      text_add,        NULL },
    { "from",             OPEN,        HOLE_FROM,      text_add,        NULL },
    { "to",               OPEN,        HOLE_TO,        text_add,        NULL },
    { "mail",             OPEN,        HOLE_MAIL,      text_add,        NULL },
    { "token",            OPEN,        HOLE_TOKEN,     text_add,        NULL },
    { "folder",           OPEN,        HOLE_FOLDER,    text_add,        NULL },
    { "since",            OPEN,        HOLE_SINCE,     text_add,        NULL },
    { "before",           OPEN,        HOLE_BEFORE,    text_add,        NULL },
    { "uid",              OPEN,        HOLE_UID,       text_add,        NULL },
    { "name",             OPEN,        HOLE_NAME,      text_add,        NULL },
    { "client",           OPEN,        HOLE_CLIENT,    text_add,        NULL },
    { "client-form",      OPEN,        HOLE_CLIENT,    text_add_form,   NULL },
    { "scope-form",       OPEN,        HOLE_SCOPE,     text_add_form,   NULL },
    { "time",             OPEN,        HOLE_TIME,      text_add,        NULL },
    { "signature",        OPEN,        HOLE_SIGNATURE, text_add,        NULL },
    { "subject-json",     OPEN,        HOLE_SUBJECT,   add_json,        NULL },
    { "body-json",        OPEN,        HOLE_BODY,      add_json,        NULL },
    { "api-service-json", OPEN,        HOLE_API_SERVICE, add_json,      NULL },
    { "login",            LOGIN,       HOLE_COUNT,     text_add,        NULL },
    { "login64",          LOGIN,       HOLE_COUNT,     text_add_base64, NULL },
    { "login-form",       LOGIN,       HOLE_COUNT,     text_add_form,   NULL },
    { "login-quoted",     LOGIN,       HOLE_COUNT,     text_add_quoted, NULL },
    { "secret",           SECRET,      HOLE_COUNT,     text_add,        NULL },
    { "secret64",         SECRET,      HOLE_COUNT,     text_add_base64, NULL },
    { "secret-form",      SECRET,      HOLE_COUNT,     text_add_form,   NULL },
    { "secret-quoted",    SECRET,      HOLE_COUNT,     text_add_quoted, NULL },
    { "secret-json",      SECRET,      HOLE_COUNT,     add_json,        NULL },
    { "plain",            SECRET,      HOLE_COUNT,     NULL,            add_sasl_plain },
    { "basic",            SECRET,      HOLE_COUNT,     NULL,            add_basic },
    { "bearer",           TOKEN,       HOLE_COUNT,     text_add,        NULL },
    { "xoauth2",          TOKEN,       HOLE_COUNT,     NULL,            add_xoauth2 },
    { "application-form", APPLICATION, HOLE_COUNT,     text_add_form,   NULL },
};
/* clang-format on */

/* NULL for what is no secret. */
static const struct secret *secret_from(const struct dialogue *dialogue, enum source source)
{
    switch (source) {
    case SECRET:
        return dialogue->secret;
    case TOKEN:
        return dialogue->token;
    case APPLICATION:
        return dialogue->application;
    case OPEN:
    case LOGIN:
        break;
    }
    return NULL;
}

static struct slice bytes_of(const struct secret *secret)
{
    return secret != NULL ? (struct slice){ secret->bytes, secret->len } : SLICE("");
}

static void add_hole(struct text *text, const struct dialogue *dialogue, size_t index,
                     bool secret_allowed)
{
    enum source source = holes[index].source;
    struct slice login = slice_of(dialogue->login), what = login;
    if (source == OPEN)
        what = slice_of(dialogue->hole[holes[index].hole]);
    else if (source != LOGIN)
        what = bytes_of(secret_allowed ? secret_from(dialogue, source) : NULL);
    if (holes[index].add != NULL)
        holes[index].add(text, what);
    else
        holes[index].add_pair(text, login, what);
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

bool compose_betrays(const struct dialogue *dialogue, struct slice words)
{
    char buffer[(TOKEN_MAX + 360) * 3 / 2];
    bool found = contains(words, bytes_of(dialogue->application));
    for (size_t i = 0; i < COUNT(holes) && !found; i++) {
        const struct secret *secret = secret_from(dialogue, holes[i].source);
        struct text text;
        if (secret == NULL || secret->len == 0)
            continue;
        text_begin(&text, buffer, sizeof buffer);
        add_hole(&text, dialogue, i, true);
        found = contains(words, text_slice(&text));
    }
    text_wipe(buffer, sizeof buffer);
    return found;
}
