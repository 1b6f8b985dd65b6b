/* SPDX-License-Identifier: MIT */
/* What other threads need of the port: notes, and the port that a library's thread calls. */
#include "../../port/port.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WRITERS      4
#define WRITER_NOTES 2000

struct note {
    int writer, number;
    char rest[120];
};

static struct port_notes notes;

static int open_notes(void **state)
{
    (void)state;
    return port_notes_open(&notes) ? 0 : -1;
}

static int close_notes(void **state)
{
    (void)state;
    port_notes_close(&notes);
    return 0;
}

static void *write_notes(void *which)
{
    struct note note = { .writer = *(int *)which };
    for (note.number = 0; note.number < WRITER_NOTES;) {
        memset(note.rest, note.number % 128, sizeof note.rest);
        if (port_note_leave(&notes, &note, sizeof note))
            note.number++;
    }
    return NULL;
}

static void hands_over_whole_notes_of_several_threads_in_order(void **state)
{
    (void)state;
    pthread_t threads[WRITERS];
    int which[WRITERS], next[WRITERS] = { 0 };
    for (int i = 0; i < WRITERS; i++) {
        which[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, write_notes, &which[i]), 0);
    }
    for (int taken = 0; taken < WRITERS * WRITER_NOTES;) {
        struct port_poll poll = { .descriptor = notes.out, .want_read = true };
        assert_true(port_poll(&poll, 1, 20000));
        struct note note;
        while (port_note_take(&notes, &note, sizeof note)) {
            assert_in_range(note.writer, 0, WRITERS - 1);
            assert_int_equal(note.number, next[note.writer]++);
            assert_int_equal(note.rest[0], note.number % 128);
            assert_int_equal(note.rest[sizeof note.rest - 1], note.number % 128);
            taken++;
        }
    }
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void refuses_notes_when_it_is_full_and_takes_them_again_later(void **state)
{
    (void)state;
    struct note note = { .number = 0 }, taken;
    while (port_note_leave(&notes, &note, sizeof note))
        note.number++;
    assert_true((size_t)note.number * sizeof note >= 4000);
    const int count = note.number;
    for (int i = 0; i < count; i++) {
        assert_true(port_note_take(&notes, &taken, sizeof taken));
        assert_int_equal(taken.number, i);
    }
    assert_false(port_note_take(&notes, &taken, sizeof taken));
    assert_true(port_note_leave(&notes, &note, sizeof note));
}

static void accepts_those_who_call_at_the_port_it_tells(void **state)
{
    (void)state;
    int listener, caller, accepted;
    struct address here = { .family = FAMILY_V4, .bytes = { 127, 0, 0, 1 } };
    assert_int_equal(port_socket_listen(&here.port, &listener), SOCKET_DONE);
    assert_int_equal(port_socket_accept(listener, &accepted), SOCKET_WAIT);
    enum socket_result result = port_socket_connect(&here, &caller);
    assert_true(result == SOCKET_DONE || result == SOCKET_WAIT);
    struct port_poll poll = { .descriptor = listener, .want_read = true };
    assert_true(port_poll(&poll, 1, 20000));
    assert_int_equal(port_socket_accept(listener, &accepted), SOCKET_DONE);
    size_t count;
    char byte = 0;
    assert_int_equal(port_socket_receive(accepted, &byte, 1, &count), SOCKET_WAIT);
    poll = (struct port_poll){ .descriptor = caller, .want_write = true };
    assert_true(port_poll(&poll, 1, 20000));
    assert_int_equal(port_socket_connected(caller), SOCKET_DONE);
    assert_int_equal(port_socket_send(caller, "x", 1, &count), SOCKET_DONE);
    poll = (struct port_poll){ .descriptor = accepted, .want_read = true };
    assert_true(port_poll(&poll, 1, 20000));
    assert_int_equal(port_socket_receive(accepted, &byte, 1, &count), SOCKET_DONE);
    assert_int_equal(byte, 'x');
    port_socket_close(caller);
    port_socket_close(accepted);
    port_socket_close(listener);
}

static void forgets_a_variable_of_the_environment(void **state)
{
    (void)state;
    assert_int_equal(setenv("GATEPOST_TEST", "x", 1), 0);
    port_environment_forget("GATEPOST_TEST");
    assert_null(port_environment("GATEPOST_TEST"));
    port_environment_forget("GATEPOST_TEST");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hands_over_whole_notes_of_several_threads_in_order,
                                        open_notes, close_notes),
        cmocka_unit_test_setup_teardown(refuses_notes_when_it_is_full_and_takes_them_again_later,
                                        open_notes, close_notes),
        cmocka_unit_test(accepts_those_who_call_at_the_port_it_tells),
        cmocka_unit_test(forgets_a_variable_of_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
