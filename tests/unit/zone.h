/* SPDX-License-Identifier: MIT */
/* An ask_fn over a zone that the test writes down. Every question is first on its way and answered
   the next time, so that whoever asks has to run again; what nobody wrote down does not exist. */
#ifndef GATEPOST_UNIT_ZONE_H
#define GATEPOST_UNIT_ZONE_H

#include "resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ZONE_MAX 40

struct zone_row {
    const char *name;
    enum record_type type;
    struct answer answer;
    struct record records[4];
};

struct zone {
    struct zone_row rows[ZONE_MAX];
    size_t count;
    char asked[ZONE_MAX][RESOLVE_NAME_MAX];
    enum record_type asked_type[ZONE_MAX];
    size_t asked_count;
};

static struct zone zone;

static inline struct zone_row *zone_row(const char *name, enum record_type type)
{
    for (size_t i = 0; i < zone.count; i++)
        if (zone.rows[i].type == type && strcmp(zone.rows[i].name, name) == 0)
            return &zone.rows[i];
    assert_true(zone.count < ZONE_MAX);
    struct zone_row *row = &zone.rows[zone.count++];
    *row = (struct zone_row){ .name = name, .type = type };
    row->answer.records = row->records;
    row->answer.status = ANSWER_NODATA;
    return row;
}

static inline struct zone_row *zone_add(const char *name, enum record_type type,
                                        struct record record)
{
    struct zone_row *row = zone_row(name, type);
    assert_true(row->answer.count < 4);
    row->answer.status = ANSWER_RECORDS;
    row->records[row->answer.count++] = record;
    return row;
}

static inline void zone_text(const char *name, const char *text)
{
    (void)zone_add(name, RECORD_TXT, (struct record){ .text = slice_of(text) });
}

static inline void zone_address(const char *name, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const struct address address = { .family = FAMILY_V4, .bytes = { a, b, c, d } };
    (void)zone_add(name, RECORD_A, (struct record){ .address = address });
}

static inline void zone_status(const char *name, enum record_type type, enum answer_status status)
{
    zone_row(name, type)->answer.status = status;
}

/* Whether the question was asked before. */
static inline bool zone_note(const char *name, enum record_type type)
{
    for (size_t i = 0; i < zone.asked_count; i++)
        if (zone.asked_type[i] == type && strcmp(zone.asked[i], name) == 0)
            return true;
    assert_true(zone.asked_count < ZONE_MAX);
    assert_true(strlen(name) < RESOLVE_NAME_MAX);
    strcpy(zone.asked[zone.asked_count], name);
    zone.asked_type[zone.asked_count++] = type;
    return false;
}

static inline const struct answer *zone_ask(void *asker, const char *name, enum record_type type)
{
    static const struct answer nothing = { .status = ANSWER_NXDOMAIN };
    assert_ptr_equal(asker, &zone);
    if (!zone_note(name, type))
        return NULL;
    for (size_t i = 0; i < zone.count; i++)
        if (zone.rows[i].type == type && strcmp(zone.rows[i].name, name) == 0)
            return &zone.rows[i].answer;
    return &nothing;
}

/* Runs it until nothing is on its way. */
#define RUN(function, ...)                                                                         \
    do {                                                                                           \
        unsigned turns = 0;                                                                        \
        while (!function(zone_ask, &zone, __VA_ARGS__))                                            \
            assert_true(++turns < 50);                                                             \
    } while (0)

static inline int zone_set_up(void **state)
{
    (void)state;
    memset(&zone, 0, sizeof zone);
    return 0;
}

static inline void assert_slice(struct slice slice, const char *expected)
{
    assert_int_equal(slice.len, strlen(expected));
    assert_memory_equal(slice.at, expected, slice.len);
}

#define TEST(name) cmocka_unit_test_setup(name, zone_set_up)

#endif
