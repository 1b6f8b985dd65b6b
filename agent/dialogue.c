/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include "compose.h"
#include "log.h"
#include "meaning.h"

#include <string.h>

/* Patience for one step. RFC 5321 section 4.5.3.2 allows minutes; a whole run has 120 s. */
#define DIAL_MS    10000
#define SECURE_MS  15000
#define SAY_MS     15000
#define HEAR_MS    30000
#define LOOKUP_MS  20000 /* a net below resolve's own deadlines */
#define ENQUIRE_MS 60000 /* names that follow from one another; each has a deadline of its own */

void dialogue_begin(struct dialogue *dialogue)
{
    static const struct step nothing[] = { END };
    wire_begin(&dialogue->wire);
    dialogue->cookies = "";
    dialogue_play(dialogue, nothing);
}

void dialogue_play(struct dialogue *dialogue, const struct step *script)
{
    dialogue->script = dialogue->step = script;
    dialogue->deadline_ms = 0;
    dialogue->finding = NO_FINDING;
}

static enum io fail(struct dialogue *dialogue, enum finding finding)
{
    dialogue->finding = finding;
    return IO_FAILED;
}

static enum io wire_failed(struct dialogue *dialogue)
{
    dialogue->on_the_wire = false;
    return fail(dialogue, meaning_of_trouble(&dialogue->wire));
}

static enum io lookup(struct dialogue *dialogue, const struct step *step, enum record_type type)
{
    struct text name;
    text_begin(&name, dialogue->out, sizeof dialogue->out);
    compose_line(dialogue, step, &name);
    if (name.overflow || name.len == 0)
        return fail(dialogue, DEVICE_EXHAUSTED);
    dialogue->answer = lookups_ask(dialogue->lookups, dialogue->out, type);
    if (dialogue->answer == NULL)
        return IO_READ;
    enum finding finding = meaning_of_answer(dialogue->answer->status);
    return finding == NO_FINDING ? IO_DONE : fail(dialogue, finding);
}

static enum io locate(struct dialogue *dialogue, const struct step *step)
{
    struct address found;
    if (!port_address_read(dialogue->host, &found)) { /* an address needs no name server */
        bool v4 = dialogue->address.family == FAMILY_V4;
        enum io io = lookup(dialogue, step, v4 ? RECORD_A : RECORD_AAAA);
        if (io != IO_DONE)
            return io;
        if (dialogue->answer->status != ANSWER_RECORDS)
            return fail(dialogue, DNS_HOST_MISSING);
        found = dialogue->answer->records[0].address;
    }
    found.port = dialogue->address.port;
    dialogue->address = found;
    dialogue->located = true;
    return IO_DONE;
}

static enum io dial(struct dialogue *dialogue)
{
    if (dialogue->wire.descriptor != -1 &&
        !dialogue->wire.connecting) { /* the last connection is done with */
        wire_close(&dialogue->wire);
        wire_begin(&dialogue->wire);
    }
    dialogue->wire.without_pss = dialogue->without_pss;
    enum io io = wire_dial(&dialogue->wire, &dialogue->address);
    if (io == IO_FAILED)
        return wire_failed(dialogue);
    if (io != IO_DONE)
        return io;
    dialogue->on_the_wire = true;
    dialogue->dials++;
    dialogue->heard_any = false;
    dialogue->tag = 0;
    dialogue->in_len = 0;
    dialogue->skip = 0;
    dialogue->reply = (struct reply){ 0 };
    return IO_DONE;
}

/* Some servers cannot be secured with RSA-PSS in TLS 1.2 by our library: they get a second
   connection, without it. Nothing but greetings was spoken on the first. */
static bool can_start_over(const struct dialogue *dialogue)
{
    bool dials = false;
    for (const struct step *step = dialogue->script; step != dialogue->step; step++)
        dials = dials || step->kind == STEP_DIAL;
    return dials && dialogue->wire.failed_by_pss && !dialogue->without_pss;
}

static enum io secure(struct dialogue *dialogue)
{
    /* Bytes that came before the handshake would be taken for the server's own after it:
     * CVE-2011-0411 and its kin. */
    if (dialogue->in_len > dialogue->reply.length) {
        dialogue->on_the_wire = false; /* the peer waits for a handshake and for no good-bye */
        return fail(dialogue, TLS_INJECTED);
    }
    enum io io = wire_secure(&dialogue->wire, dialogue->host, dialogue->trust);
    if (io == IO_FAILED && can_start_over(dialogue)) {
        dialogue->without_pss = dialogue->starts_over = true;
        return IO_DONE;
    }
    return io == IO_FAILED ? wire_failed(dialogue) : io;
}

/* What a server may say before it is asked: IMAP's untagged responses. Anything else breaks the
 * order of the conversation. */
static enum finding spoke_out_of_turn(const struct dialogue *dialogue)
{
    struct slice extra = { dialogue->in + dialogue->reply.length,
                           dialogue->in_len - dialogue->reply.length };
    if (extra.len == 0 || dialogue->dialect == DIALECT_IMAP)
        return NO_FINDING;
    return slice_starts(extra, "421") ? SERVICE_BUSY : SERVICE_GARBLED;
}

static enum io say(struct dialogue *dialogue, const struct step *step)
{
    bool secret = step->kind == STEP_SAY_SECRET;
    if (secret && !dialogue->wire.secured)
        return fail(dialogue,
                    DEVICE_EXHAUSTED); /* a script that asks for this is wrong; nothing is said */
    if (dialogue->out_len == 0) {
        enum finding early = spoke_out_of_turn(dialogue);
        if (early != NO_FINDING)
            return fail(dialogue, early);
        if (!compose_request(dialogue, step))
            return fail(dialogue, DEVICE_EXHAUSTED);
        struct slice rest = slice_of(step->text), first = rest;
        (void)slice_line(&rest, &first); /* of an HTTP request */
        log_debug(service_row(dialogue->service)->slug, "> %.*s", SLICE_ARG(first));
    }
    while (dialogue->out_sent < dialogue->out_len) {
        size_t sent = 0;
        struct slice rest = { dialogue->out + dialogue->out_sent,
                              dialogue->out_len - dialogue->out_sent };
        enum io io = wire_send(&dialogue->wire, rest, &sent);
        if (io == IO_READ || io == IO_WRITE)
            return io;
        if (io == IO_FAILED) {
            text_wipe(dialogue->out, dialogue->out_len);
            dialogue->out_len = 0;
            return wire_failed(dialogue);
        }
        dialogue->out_sent += sent;
    }
    text_wipe(dialogue->out, dialogue->out_len);
    dialogue->out_len = 0;
    dialogue->expects_reply = true;
    dialogue->spoke_secret = dialogue->spoke_secret || secret;
    return IO_DONE;
}

/* Forgets the last reply; what came behind it is the beginning of the next. */
static void forget_reply(struct dialogue *dialogue)
{
    size_t taken = dialogue->reply.length;
    memmove(dialogue->in, dialogue->in + taken, dialogue->in_len - taken);
    dialogue->in_len -= taken;
    dialogue->reply = (struct reply){ 0 };
}

/* Reads the part of a long HTTP body that nobody wants, so that the connection can be used again.
 */
static enum io skip_rest(struct dialogue *dialogue)
{
    char waste[2048];
    while (dialogue->skip > 0) {
        size_t got = 0;
        size_t room = dialogue->skip < sizeof waste ? dialogue->skip : sizeof waste;
        enum io io = wire_receive(&dialogue->wire, waste, room, &got);
        if (io != IO_DONE)
            return io == IO_FAILED ? wire_failed(dialogue) : io;
        dialogue->skip -= got;
    }
    return IO_DONE;
}

/* "200|30": the code begins with one of these. */
static bool is_hoped_for(struct slice code, const char *hoped)
{
    struct slice rest = slice_of(hoped), prefix = rest;
    if (rest.len == 0)
        return true;
    while (slice_cut(&rest, '|', &prefix))
        if (code.len >= prefix.len &&
            slice_equal_nocase((struct slice){ code.at, prefix.len }, prefix))
            return true;
    return false;
}

/* The peer hangs up after these words: RFC 5321 section 3.8, RFC 3501 section 7.1.5. */
static bool says_goodbye(const struct dialogue *dialogue)
{
    struct slice code = dialogue->reply.code;
    return (dialogue->dialect == DIALECT_SMTP && slice_is(code, "421")) ||
           (dialogue->dialect == DIALECT_IMAP && slice_is_nocase(code, "BYE"));
}

static enum io heard(struct dialogue *dialogue, const struct step *step)
{
    enum io io = skip_rest(dialogue);
    if (io != IO_DONE)
        return io;
    dialogue->heard_any = true;
    dialogue->expects_reply = false;
    if (dialogue->timepiece != NULL)
        timepiece_hear(dialogue->timepiece, dialogue->dialect, &dialogue->reply, dialogue->host,
                       port_wall_ms());
    if (dialogue->reply.closes || says_goodbye(dialogue))
        dialogue->on_the_wire = false;
    char said[128];
    text_put(said, sizeof said, dialogue_said(dialogue));
    log_debug(service_row(dialogue->service)->slug, "< %s", said);
    if (is_hoped_for(dialogue->reply.code, step->text))
        return IO_DONE;
    return fail(dialogue, meaning_of_reply(dialogue, step));
}

/* Looks for a whole reply in what has come. IO_READ: more is needed. */
static enum io frame(struct dialogue *dialogue, bool ended)
{
    struct slice bytes = { dialogue->in, dialogue->in_len };
    bool asked = dialogue->tag > 0 || dialogue->dialect == DIALECT_HTTP;
    const char *tag = asked ? dialogue->tag_text : "";
    switch (dialect_reply(dialogue->dialect, bytes, tag, ended, sizeof dialogue->in,
                          &dialogue->reply)) {
    case FRAME_PARTIAL:
        return dialogue->in_len == sizeof dialogue->in ? fail(dialogue, SERVICE_TOO_LONG) : IO_READ;
    case FRAME_GARBLED:
        return fail(dialogue, SERVICE_GARBLED);
    case FRAME_TOO_LONG:
        return fail(dialogue, SERVICE_TOO_LONG);
    case FRAME_WHOLE:
        break;
    }
    dialect_join_chunks(dialogue->in, &dialogue->reply);
    dialogue->skip = dialogue->reply.discard;
    return dialogue->skip > DIALOGUE_SKIP_MAX ? fail(dialogue, SERVICE_TOO_LONG) : IO_DONE;
}

static enum io hear(struct dialogue *dialogue, const struct step *step)
{
    if (dialogue->reply.whole.len > 0 && dialogue->hearing)
        return heard(dialogue, step);
    if (!dialogue->hearing) {
        forget_reply(dialogue);
        dialogue->hearing = true;
    }
    enum io io = dialogue->in_len > 0 ? frame(dialogue, false) : IO_READ;
    while (io == IO_READ) {
        size_t got = 0;
        io = wire_receive(&dialogue->wire, dialogue->in + dialogue->in_len,
                          sizeof dialogue->in - dialogue->in_len, &got);
        bool ended = io == IO_FAILED && dialogue->wire.trouble == WIRE_CLOSED;
        if (io == IO_FAILED && !(ended && frame(dialogue, true) == IO_DONE))
            return dialogue->finding != NO_FINDING ? IO_FAILED : wire_failed(dialogue);
        if (ended) {
            dialogue->on_the_wire = false;
            io = IO_DONE;
        } else if (io != IO_DONE) {
            return io;
        } else {
            dialogue->in_len += got;
            io = frame(dialogue, false);
        }
    }
    return io == IO_DONE ? heard(dialogue, step) : io;
}

static enum io misjudged(struct dialogue *dialogue, const struct step *step)
{
    bool has_table = step->meanings != NULL;
    return fail(dialogue, has_table ? meaning_of_reply(dialogue, step) : step->otherwise);
}

static enum io perform(struct dialogue *dialogue, const struct step *step)
{
    switch (step->kind) {
    case STEP_LOOKUP:
        return lookup(dialogue, step, step->type);
    case STEP_LOCATE:
        return locate(dialogue, step);
    case STEP_DIAL:
        return dial(dialogue);
    case STEP_SECURE:
        return secure(dialogue);
    case STEP_SAY:
    case STEP_SAY_SECRET:
        return say(dialogue, step);
    case STEP_HEAR:
        return hear(dialogue, step);
    case STEP_LEARN:
        step->learn(dialogue->lane);
        return IO_DONE;
    case STEP_ENQUIRE:
        return step->enquire(dialogue->lane) ? IO_DONE : IO_READ;
    case STEP_JUDGE:
        return step->judge(dialogue->lane) ? IO_DONE : misjudged(dialogue, step);
    case STEP_NOTE:
        if (!step->judge(dialogue->lane))
            dialogue->note(dialogue->lane, step->otherwise);
        return IO_DONE;
    case STEP_END:
        break;
    }
    return IO_DONE;
}

static int64_t patience_ms(enum step_kind kind)
{
    switch (kind) {
    case STEP_LOOKUP:
    case STEP_LOCATE:
        return LOOKUP_MS;
    case STEP_ENQUIRE:
        return ENQUIRE_MS;
    case STEP_DIAL:
        return DIAL_MS;
    case STEP_SECURE:
        return SECURE_MS;
    case STEP_SAY:
    case STEP_SAY_SECRET:
        return SAY_MS;
    case STEP_HEAR:
        return HEAR_MS;
    case STEP_END:
    case STEP_LEARN:
    case STEP_JUDGE:
    case STEP_NOTE:
        break;
    }
    return HEAR_MS;
}

static bool asks_names(enum step_kind kind)
{
    return kind == STEP_LOOKUP || kind == STEP_LOCATE || kind == STEP_ENQUIRE;
}

enum io dialogue_advance(struct dialogue *dialogue)
{
    while (dialogue->step->kind != STEP_END) {
        const struct step *step = dialogue->step;
        if (dialogue->deadline_ms == 0)
            dialogue->deadline_ms = port_now_ms() + patience_ms(step->kind);
        enum io io = perform(dialogue, step);
        if ((io == IO_READ || io == IO_WRITE) && port_now_ms() >= dialogue->deadline_ms) {
            dialogue->on_the_wire =
                false; /* whatever comes now would be taken for the answer to something else */
            io = fail(dialogue, asks_names(step->kind) ? DNS_TIMED_OUT : SERVICE_TIMED_OUT);
        }
        dialogue->waits_to_write = io == IO_WRITE;
        if (io == IO_READ || io == IO_WRITE)
            return io;
        dialogue->deadline_ms = 0;
        dialogue->hearing = false;
        if (io == IO_FAILED) {
            text_wipe(dialogue->out, dialogue->out_len);
            dialogue->out_len = 0;
            return io;
        }
        dialogue->step = dialogue->starts_over ? dialogue->script : step + 1;
        dialogue->starts_over = false;
    }
    return IO_DONE;
}

int dialogue_descriptor(const struct dialogue *dialogue)
{
    return asks_names(dialogue->step->kind) ? -1 : dialogue->wire.descriptor;
}

void dialogue_end(struct dialogue *dialogue)
{
    text_wipe(dialogue->out, dialogue->out_len);
    wire_close(&dialogue->wire);
    dialogue->on_the_wire = false;
}
