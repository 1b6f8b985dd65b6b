/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FACT_MAX 120 /* bytes of a fact's value, terminator included */

/* The worse status wins where several meet. */
static const int badness[] = {
    [STATUS_PENDING] = 0, [STATUS_SKIPPED] = 1, [STATUS_OK] = 2,
    [STATUS_WARNING] = 3, [STATUS_UNKNOWN] = 4, [STATUS_FAILED] = 5,
};

void ledger_begin(struct ledger *ledger, struct arena *arena)
{
    *ledger = (struct ledger){ .arena = arena };
    for (enum check i = 0; i < CHECK_COUNT; i++)
        ledger->checks[i] = (struct entry){ .because = CHECK_COUNT, .peer = "" };
}

/* A text of the run's own, or "" and a count where the arena is full. */
static const char *keep(struct ledger *ledger, const char *string)
{
    if (string[0] == '\0')
        return "";
    const char *copy = text_copy_string(ledger->arena, string);
    if (copy != NULL)
        return copy;
    ledger->dropped++;
    return "";
}

/* Printable, and cut to size bytes (terminator included; at most EVIDENCE_SAID_MAX) where it is
   longer, but not within a UTF-8 character. */
static const char *keep_printable(struct ledger *ledger, struct slice bytes, size_t size)
{
    char printable[4 * EVIDENCE_SAID_MAX], cut[EVIDENCE_SAID_MAX];
    struct text text;
    bytes = slice_trim(bytes);
    if (bytes.len >= size) {
        bytes.len = size - 1;
        while (bytes.len > 0 && ((unsigned char)bytes.at[bytes.len] & 0xC0) == 0x80)
            bytes.len--;
    }
    text_begin(&text, printable, sizeof printable);
    text_add_printable(&text, bytes);
    text_put(cut, size, text_slice(&text));
    return keep(ledger, cut);
}

const char *ledger_words(struct ledger *ledger, struct slice words)
{
    return keep_printable(ledger, words, EVIDENCE_SAID_MAX);
}

static void worsen(struct entry *entry, enum finding finding)
{
    enum status status = finding_row(finding)->status;
    if (badness[status] <= badness[entry->status])
        return;
    entry->status = status;
    entry->reason = REASON_NONE;
    entry->because = CHECK_COUNT;
    entry->unknown_for = status == STATUS_UNKNOWN ? finding : NO_FINDING;
}

struct raised *ledger_raise(struct ledger *ledger, enum finding finding, enum check check,
                            enum service service, const char *step, const char *peer,
                            enum family family, struct slice said)
{
    worsen(&ledger->checks[check], finding);
    for (size_t i = 0; i < ledger->raised_count; i++) {
        struct raised *old = &ledger->raised[i];
        if (old->finding == finding && old->check == check && old->service == service &&
            old->family == family)
            return old;
    }
    if (ledger->raised_count == LEDGER_RAISED_MAX) {
        ledger->dropped++;
        return NULL;
    }
    struct raised *raised = &ledger->raised[ledger->raised_count++];
    *raised =
        (struct raised){ .finding = finding,
                         .check = check,
                         .service = service,
                         .family = family,
                         .evidence = { .step = keep(ledger, step),
                                       .peer = keep(ledger, peer),
                                       .said = keep_printable(ledger, said, EVIDENCE_SAID_MAX),
                                       .at_ms = port_wall_ms() } };
    return raised;
}

void ledger_withdraw(struct ledger *ledger, const struct raised *raised)
{
    struct entry *entry = &ledger->checks[raised->check];
    enum check check = raised->check;
    size_t at = (size_t)(raised - ledger->raised);
    ledger->raised_count--;
    memmove(&ledger->raised[at], &ledger->raised[at + 1],
            (ledger->raised_count - at) * sizeof ledger->raised[0]);
    if (entry->status == STATUS_SKIPPED || entry->reason != REASON_NONE)
        return; /* its status was never this finding's doing */
    entry->status = entry->passed ? STATUS_OK : STATUS_PENDING;
    entry->unknown_for = NO_FINDING;
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].check == check)
            worsen(entry, ledger->raised[i].finding);
}

struct raised *ledger_conclude(struct ledger *ledger, enum finding finding, enum check check,
                               const struct raised *source)
{
    const struct raised from = *source;
    struct raised *raised =
        ledger_raise(ledger, finding, check, from.service, "", "", from.family, SLICE(""));
    if (raised == NULL)
        return NULL;
    raised->evidence = from.evidence;
    raised->evidence.step = "";
    raised->params = from.params;
    raised->from[0] = (struct origin){ from.finding, from.check };
    raised->from_count = 1;
    return raised;
}

struct raised *ledger_replace(struct ledger *ledger, const struct raised *old, enum finding finding)
{
    const struct raised from = *old;
    ledger_withdraw(ledger, old);
    return ledger_conclude(ledger, finding, from.check,
                           &from); /* there is room: one was just given back */
}

const struct raised *ledger_find(const struct ledger *ledger, enum finding finding,
                                 enum check check)
{
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->finding == finding && (check == CHECK_COUNT || raised->check == check))
            return raised;
    }
    return NULL;
}

void ledger_ok(struct ledger *ledger, enum check check)
{
    struct entry *entry = &ledger->checks[check];
    entry->passed = true;
    if (badness[entry->status] >= badness[STATUS_OK])
        return;
    entry->status = STATUS_OK;
    entry->reason = REASON_NONE;
    entry->because = CHECK_COUNT;
}

void ledger_unknown(struct ledger *ledger, enum check check, enum reason reason)
{
    struct entry *entry = &ledger->checks[check];
    if (badness[entry->status] >= badness[STATUS_UNKNOWN])
        return;
    entry->status = STATUS_UNKNOWN;
    entry->reason = reason;
    entry->because = CHECK_COUNT;
}

void ledger_skip(struct ledger *ledger, enum check check, enum check because)
{
    struct entry *entry = &ledger->checks[check];
    const struct entry *cause = &ledger->checks[because];
    if (entry->status != STATUS_PENDING)
        return;
    entry->status = STATUS_SKIPPED;
    entry->ended_ms = 0; /* what is not asked takes no time */
    bool handed_on = cause->status == STATUS_SKIPPED && cause->because != CHECK_COUNT;
    entry->because = handed_on ? cause->because : because;
}

/* The fact of that name, or a new one; NULL when there are too many. */
static struct fact *fact_named(struct entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->fact_count; i++)
        if (strcmp(entry->facts[i].name, name) == 0)
            return &entry->facts[i];
    if (entry->fact_count == LEDGER_FACTS_MAX)
        return NULL;
    struct fact *fact = &entry->facts[entry->fact_count++];
    *fact = (struct fact){ .name = name, .value = "" };
    return fact;
}

void ledger_fact(struct ledger *ledger, enum check check, const char *name, const char *format, ...)
{
    char value[2 * FACT_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(value, sizeof value, format, arguments); /* cut to what a fact may hold */
    va_end(arguments);
    struct fact *fact = fact_named(&ledger->checks[check], name);
    if (fact != NULL)
        fact->value = keep_printable(ledger, slice_of(value), FACT_MAX);
    else
        ledger->dropped++;
}

bool ledger_passed(const struct ledger *ledger, enum check check)
{
    enum status status = ledger->checks[check].status;
    return status == STATUS_OK || status == STATUS_WARNING;
}
