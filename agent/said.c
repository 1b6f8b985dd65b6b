/* SPDX-License-Identifier: MIT */
/* What may be told of a dialogue: the peer's words, the rows of a script, and patterns over words.
 */
#include "compose.h"
#include "dialogue.h"

#include <string.h>

static const char *kind_name(enum step_kind kind)
{
    switch (kind) {
    case STEP_END:
        return "END";
    case STEP_LOOKUP:
        return "LOOKUP";
    case STEP_LOCATE:
        return "LOCATE";
    case STEP_DIAL:
        return "DIAL";
    case STEP_SECURE:
        return "SECURE";
    case STEP_SAY:
    case STEP_SAY_SECRET:
        return "SAY";
    case STEP_HEAR:
        return "HEAR";
    case STEP_LEARN:
        return "LEARN";
    case STEP_ENQUIRE:
        return "ENQUIRE";
    case STEP_JUDGE:
        return "JUDGE";
    case STEP_NOTE:
        return "NOTE";
    }
    return "";
}

void step_text(const struct step *step, char *into, size_t size)
{
    struct text text;
    struct slice line = slice_of(step->text), first = line;
    (void)slice_cut(&line, '\n', &first); /* an HTTP form stays out of evidence */
    text_begin(&text, into, size);
    text_add_string(&text, kind_name(step->kind));
    if (step->kind == STEP_LOOKUP)
        text_add_format(&text, " %s", record_type_name(step->type));
    if (first.len > 0)
        text_add_format(&text, " %.*s", SLICE_ARG(first));
}

/* What is shown of words: a secret that was cut off in the middle is one too. */
static struct slice unwithheld(const struct dialogue *dialogue, struct slice words,
                               struct slice shown)
{
    if (compose_betrays(dialogue, words))
        return SLICE("(the peer repeated the password; its words are withheld)");
    return shown;
}

/* It is about the peer, not about what names led to it. */
static bool is_on_the_wire(enum step_kind kind)
{
    return kind == STEP_DIAL || kind == STEP_SECURE || kind == STEP_SAY ||
           kind == STEP_SAY_SECRET || kind == STEP_HEAR;
}

/* Where the peer's reply was no reply, its first bytes; where the wire broke, the wire's words. */
struct slice dialogue_said(struct dialogue *dialogue)
{
    struct slice location;
    size_t state = 0;
    if (dialogue->wire.trouble == WIRE_TLS_NOT_TRUSTED ||
        dialogue->wire.trouble == WIRE_TLS_HANDSHAKE || dialogue->wire.trouble == WIRE_TLS_PROTOCOL)
        return slice_of(dialogue->wire.words);
    if (dialogue->dialect == DIALECT_HTTP &&
        dialect_header(dialogue->reply.whole, "Location", &state, &location)) {
        struct text told; /* where a redirection leads says more than its number */
        text_begin(&told, dialogue->told, sizeof dialogue->told);
        text_add(&told, dialogue->reply.said);
        text_add_format(&told, "; Location: %.*s", location.len < 160 ? (int)location.len : 160,
                        location.at);
        return unwithheld(dialogue, dialogue->reply.whole, text_slice(&told));
    }
    if (dialogue->reply.said.len > 0)
        return unwithheld(dialogue, dialogue->reply.said, dialogue->reply.said);
    if (dialogue->in_len > dialogue->reply.length) {
        struct slice bytes = { dialogue->in + dialogue->reply.length,
                               dialogue->in_len - dialogue->reply.length };
        struct slice shown = { bytes.at, bytes.len < 160 ? bytes.len : 160 };
        return unwithheld(dialogue, bytes, shown);
    }
    if (dialogue->wire.words[0] != '\0')
        return slice_of(dialogue->wire.words);
    if (dialogue->answer != NULL && !is_on_the_wire(dialogue->step->kind))
        return slice_of(answer_status_name(dialogue->answer->status));
    return SLICE("");
}
