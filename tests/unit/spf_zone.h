/* SPDX-License-Identifier: MIT */
/* A zone of a test's own, and an asker that answers out of it: at once, or one answer at a time. */
#ifndef GATEPOST_TESTS_SPF_ZONE_H
#define GATEPOST_TESTS_SPF_ZONE_H

#include "arena.h"
#include "port/port.h"
#include "spf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define QUESTIONS_MAX 128 /* as a run has room for */

/* One record; or, with a type that begins with '!', how every question for the name fails. The name
   "*" is any name. In TXT "\0" is a NUL byte. MX: hosts in the order of their preference. */
struct row {
    const char *name, *type, *data;
};

enum patience { AT_ONCE, OLDEST_FIRST, NEWEST_FIRST };

struct asked {
    const char *name;
    enum record_type type;
    struct answer answer;
    bool here;
};

static char zone_memory[1 << 20];
static struct arena zone_arena;
static const struct row *zone;
static enum patience patience;
static struct asked asked[QUESTIONS_MAX];
static size_t asked_count;

static const struct {
    const char *type;
    enum answer_status status;
} failures[] = {
    { "!timeout", ANSWER_TIMED_OUT }, { "!servfail", ANSWER_SERVFAIL },
    { "!refused", ANSWER_REFUSED },   { "!garbled", ANSWER_GARBLED },
    { "!device", ANSWER_DEVICE },
};

static inline void use_zone(const struct row *rows, enum patience how)
{
    arena_begin(&zone_arena, zone_memory, sizeof zone_memory);
    zone = rows;
    patience = how;
    asked_count = 0;
}

static inline struct slice text_of(const char *data)
{
    size_t len = 0;
    char *bytes = arena_take(&zone_arena, strlen(data) + 1);
    assert_non_null(bytes);
    for (; *data != '\0'; data++) {
        bool is_nul = data[0] == '\\' && data[1] == '0';
        bytes[len++] = is_nul ? '\0' : *data;
        data += is_nul ? 1 : 0;
    }
    return (struct slice){ bytes, len };
}

static inline void add_record(struct answer *answer, enum record_type type, const char *data)
{
    if (answer->count == RESOLVE_RECORDS_MAX) {
        answer->cut = true;
        return;
    }
    struct record *record = &answer->records[answer->count++];
    answer->status = ANSWER_RECORDS;
    if (type == RECORD_TXT)
        record->text = text_of(data);
    else if (type == RECORD_A || type == RECORD_AAAA)
        assert_true(port_address_read(data, &record->address));
    else
        record->name = data;
}

static inline struct answer answer_of(const char *name, enum record_type type)
{
    struct answer answer = { .status = ANSWER_NXDOMAIN };
    answer.records = arena_take(&zone_arena, RESOLVE_RECORDS_MAX * sizeof *answer.records);
    assert_non_null(answer.records);
    for (const struct row *row = zone; row->name != NULL; row++) {
        if (row->name[0] != '*' && !slice_equal_nocase(slice_of(row->name), slice_of(name)))
            continue;
        if (answer.status == ANSWER_NXDOMAIN)
            answer.status = ANSWER_NODATA;
        if (strcmp(row->type, record_type_name(type)) == 0)
            add_record(&answer, type, row->data);
        for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
            if (strcmp(row->type, failures[i].type) == 0)
                answer.status = failures[i].status;
    }
    return answer;
}

static inline const struct answer *ask_zone(void *asker, const char *name, enum record_type type)
{
    (void)asker;
    for (size_t i = 0; i < asked_count; i++)
        if (asked[i].type == type && strcmp(asked[i].name, name) == 0)
            return asked[i].here ? &asked[i].answer : NULL;
    assert_true(asked_count < QUESTIONS_MAX);
    struct asked *question = &asked[asked_count++];
    *question = (struct asked){ .name = text_copy(&zone_arena, slice_of(name)),
                                .type = type,
                                .answer = answer_of(name, type),
                                .here = patience == AT_ONCE };
    assert_non_null(question->name);
    return question->here ? &question->answer : NULL;
}

/* Lets one answer come in. False when none is on its way. */
static inline bool let_one_in(void)
{
    for (size_t i = 0; i < asked_count; i++) {
        struct asked *question = &asked[patience == NEWEST_FIRST ? asked_count - 1 - i : i];
        if (!question->here)
            return question->here = true;
    }
    return false;
}

static inline bool was_asked(const char *name, enum record_type type)
{
    for (size_t i = 0; i < asked_count; i++)
        if (asked[i].type == type && strcmp(asked[i].name, name) == 0)
            return true;
    return false;
}

/* Until nothing is pending. */
static inline void evaluate(struct spf_question *question, struct spf_outcome *into_outcome)
{
    question->ask = ask_zone;
    while (!spf_evaluate(question, into_outcome))
        assert_true(let_one_in()); /* pending, though nothing is on its way */
}

#endif
