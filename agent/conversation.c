/* SPDX-License-Identifier: MIT */
#include "conversation.h"

#include "dialogue.h"

#include <stdio.h>
#include <string.h>

#define LINE_ROOM 1024 /* bytes: the longest template is an HTTP form */

/* Whether standard output could be written is looked at once, by main. */

/* clang-format off */
/* Findings that a kind of step raises by itself, wherever it stands. */
static const struct {
    enum step_kind kind;
    enum finding finding;
} raised_by_kind[] = {
    { STEP_LOOKUP, DNS_TIMED_OUT },       { STEP_LOOKUP, DNS_SERVFAIL },
    { STEP_LOOKUP, DNS_REFUSED },         { STEP_LOOKUP, DNS_GARBLED },
    { STEP_LOCATE, DNS_TIMED_OUT },       { STEP_LOCATE, DNS_SERVFAIL },
    { STEP_LOCATE, DNS_REFUSED },         { STEP_LOCATE, DNS_GARBLED },
    { STEP_LOCATE, DNS_HOST_MISSING },    { STEP_DIAL, SERVICE_TIMED_OUT },
    { STEP_DIAL, SERVICE_UNREACHABLE },   { STEP_DIAL, SERVICE_REFUSED },
    { STEP_DIAL, DEVICE_EXHAUSTED },      { STEP_SECURE, TLS_EXPIRED },
    { STEP_SECURE, TLS_NOT_YET_VALID },   { STEP_SECURE, TLS_NAME_MISMATCH },
    { STEP_SECURE, TLS_UNTRUSTED },       { STEP_SECURE, TLS_CHAIN_INCOMPLETE },
    { STEP_SECURE, TLS_OLD_PROTOCOL },    { STEP_SECURE, TLS_HANDSHAKE_FAILED },
    { STEP_SECURE, TLS_INJECTED },        { STEP_SECURE, TLS_BUNDLE_MISSING },
    { STEP_SECURE, DEVICE_CLOCK_UNSET },  { STEP_HEAR, SERVICE_TIMED_OUT },
    { STEP_HEAR, SERVICE_CLOSED },        { STEP_HEAR, SERVICE_GARBLED },
    { STEP_HEAR, SERVICE_TOO_LONG },      { STEP_HEAR, SERVICE_BUSY },
    { STEP_HEAR, PROVIDER_INCIDENT },
};
/* clang-format on */

static bool step_raises(const struct step *step, enum finding finding)
{
    if (step->otherwise == finding)
        return true;
    for (const struct meaning *row = step->meanings; row != NULL && row->pattern != NULL; row++)
        if (row->finding == finding)
            return true;
    for (size_t i = 0; i < sizeof raised_by_kind / sizeof *raised_by_kind; i++)
        if (raised_by_kind[i].kind == step->kind && raised_by_kind[i].finding == finding)
            return true;
    return false;
}

bool conversation_raises(enum act act, enum finding finding)
{
    const struct part *part = act_row(act)->part;
    for (size_t i = 0; part->scripts[i] != NULL; i++)
        for (const struct step *step = part->scripts[i]; step->kind != STEP_END; step++)
            if (step_raises(step, finding))
                return true;
    return false;
}

/* A hole of a template for a reader: its meaning, without the encoding ("login64", "secret-form").
 */
static const char *hole_words(struct slice name)
{
    /* clang-format off */
    static const struct { const char *start, *words; } meanings[] = {
        { "plain",   "<login and secret>" },
        { "secret",  "<secret>" },
        { "login",   "<login>" },
        { "basic",   "<login and secret>" },
        { "bearer",  "<access token>" },
        { "xoauth2", "<login and access token>" },
        { "client", "<application>" },
        { "client-form", "<application>" },
        { "application-form", "<secret of the application>" },
        { "scope-form", "<scope>" },
        { "time",    "<time>" },
        { "signature", "<signature>" },
        { "helo",    "<name of this gateway>" },
        { "mail",    "<test mail>" },
        { "address", "<address>" },
        { "address-xml", "<address>" },
        { "domain",  "<domain>" },
        { "host",    "<host>" },
        { "path",    "<path>" },
        { "from",    "<sender>" },
        { "to",      "<recipient>" },
        { "token",   "<mark of the test mail>" },
        { "folder",  "<folder>" },
        { "since",   "<date>" },
        { "uid",     "<message>" },
        { "name",    "<name>" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (slice_is(name, meanings[i].start))
            return meanings[i].words;
    for (size_t i = 0; i < 3; i++) /* those that have encodings */
        if (slice_starts(name, meanings[i].start))
            return meanings[i].words;
    return "<...>";
}

static void print_template(const char *mark, struct slice template)
{
    char room[LINE_ROOM];
    struct text line;
    text_begin(&line, room, sizeof room);
    while (template.len > 0) {
        const char *open = memchr(template.at, '{', template.len);
        size_t before = open == NULL ? template.len : (size_t)(open - template.at);
        struct slice name;
        text_add_printable(&line, (struct slice){ template.at, before });
        template = slice_from(template, before + 1);
        bool is_hole = template.len > 0 && template.at[0] >= 'a' && template.at[0] <= 'z';
        if (open != NULL && !is_hole)
            text_add_string(&line, "{"); /* of JSON */
        else if (open != NULL && slice_cut(&template, '}', &name))
            text_add_string(&line, hole_words(name));
    }
    (void)printf("    %s %s\n", mark, room);
}

static void print_said(const char *words)
{
    struct slice rest = slice_of(words), line;
    while (slice_line(&rest, &line))
        print_template("C>", line);
}

/* "offers_starttls" as "offers starttls". */
static void print_named(const char *mark, const struct step *step)
{
    char words[80];
    text_put_string(words, sizeof words, step->text);
    for (char *c = words; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    (void)printf("    %s %s; %s %s\n", mark, words,
                 step->kind == STEP_NOTE ? "notes otherwise" : "else",
                 finding_row(step->otherwise)->slug);
}

/* "200|30": one of these beginnings. */
static void print_hoped_for(const struct step *step)
{
    struct slice rest = slice_of(step->text), code;
    const char *between = "    S> ";
    if (rest.len == 0)
        (void)printf("%s...", between);
    for (; slice_cut(&rest, '|', &code); between = " or ")
        (void)printf("%s%.*s", between, SLICE_ARG(code));
    if (step->otherwise == NO_FINDING)
        (void)putchar('\n');
    else
        (void)printf("; else %s\n", finding_row(step->otherwise)->slug);
}

static void print_step(const struct step *step)
{
    char room[16];
    switch (step->kind) {
    case STEP_END:
    case STEP_LEARN:
        break;
    case STEP_LOOKUP:
        text_put_format(room, sizeof room, "?  %s", record_type_name(step->type));
        print_template(room, slice_of(step->text));
        break;
    case STEP_LOCATE:
        print_template("?  A, AAAA", slice_of(step->text));
        break;
    case STEP_ENQUIRE:
        (void)printf("    ?  %s\n", step->text); /* looked at in main */
        break;
    case STEP_DIAL:
        (void)puts("    -- connect");
        break;
    case STEP_SECURE:
        (void)puts("    -- TLS, certificate verified");
        break;
    case STEP_SAY:
    case STEP_SAY_SECRET:
        print_said(step->text);
        break;
    case STEP_HEAR:
        print_hoped_for(step);
        break;
    case STEP_JUDGE:
    case STEP_NOTE:
        print_named("--", step);
        break;
    }
}

void conversation_print(enum act act, enum language language)
{
    const struct part *part = act_row(act)->part;
    (void)printf("\n  %s\n", service_row(act_row(act)->service)->title[language]);
    for (size_t i = 0; part->scripts[i] != NULL; i++) {
        if (i > 0)
            (void)puts("    ...");
        for (const struct step *step = part->scripts[i]; step->kind != STEP_END; step++)
            print_step(step);
    }
}
