/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compose.h"
#include "ticketing.h"

#include <string.h>

static size_t fitted(const char *lines, size_t room)
{
    return ticketing_fit(slice_of(lines), room).len;
}

static void takes_what_just_fits_and_no_byte_more(void **state)
{
    (void)state;
    assert_int_equal(fitted("one", 3), 3);
    assert_int_equal(fitted("one", 2), 0);
    assert_int_equal(fitted("", 0), 0);
}

/* "one" and a line's end are 9 bytes in JSON. */
static void ends_behind_a_whole_line(void **state)
{
    (void)state;
    assert_int_equal(fitted("one\ntwo", 12), 7);
    assert_int_equal(fitted("one\ntwo", 11), 4);
    assert_int_equal(fitted("one\ntwo", 9), 4);
    assert_int_equal(fitted("one\ntwo", 8), 0);
}

static void counts_bytes_as_json_writes_them(void **state)
{
    (void)state;
    assert_int_equal(fitted("\"\\", 4), 2);
    assert_int_equal(fitted("\"\\", 3), 0);
    assert_int_equal(fitted("\xc3\xa9", 2), 2);
}

/* Every byte but the service's is one that JSON writes as two. */
static void the_longest_ticket_fits_a_request(void **state)
{
    (void)state;
    static struct dialogue dialogue;
    static struct secret consumer;
    static char subject[TICKET_SUBJECT_MAX], body[TICKET_BODY_MAX / 2 + 1];
    static char service[SETTINGS_TEXT_MAX + 1], path[DIALOGUE_LINE_MAX / 2], key[SECRET_MAX + 1];
    memset(subject, '"', sizeof subject - 1);
    memset(body, '"', sizeof body - 1);
    memset(service, 's', sizeof service - 1);
    memset(path, '/', sizeof path - 1);
    memset(key, 'k', sizeof key - 1);
    memset(consumer.bytes, 'c', SECRET_MAX);
    consumer.len = SECRET_MAX;
    dialogue = (struct dialogue){
        .dialect = DIALECT_HTTP, .host = "eu.api.ovh.com", .cookies = "", .token = &consumer
    };
    dialogue.hole[HOLE_PATH] = path;
    dialogue.hole[HOLE_CLIENT] = key;
    dialogue.hole[HOLE_SUBJECT] = subject;
    dialogue.hole[HOLE_BODY] = body;
    dialogue.hole[HOLE_API_SERVICE] = service;
    assert_true(compose_request(&dialogue, act_row(ACT_PROVIDER_TICKET)->part->scripts[0]));
    assert_true(dialogue.out_len > TICKET_BODY_MAX + 2 * (TICKET_SUBJECT_MAX - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_just_fits_and_no_byte_more),
        cmocka_unit_test(ends_behind_a_whole_line),
        cmocka_unit_test(counts_bytes_as_json_writes_them),
        cmocka_unit_test(the_longest_ticket_fits_a_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
