/* SPDX-License-Identifier: MIT */
#include "loop.h"

#include "../port/port.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PAST_MS 0

static struct loop loop;

/* A watcher that counts its calls, and may act on another one. */
struct counter {
    struct watcher watcher;
    int ready, late;
    void (*then)(struct counter *self);
    struct counter *other;
};

static void count_call(struct watcher *watcher, enum loop_event event)
{
    struct counter *counter = OWNER_OF(watcher, struct counter, watcher);
    switch (event) {
    case LOOP_READY:
        counter->ready++;
        break;
    case LOOP_DEADLINE:
        counter->late++;
        break;
    }
    if (counter->then != NULL)
        counter->then(counter);
}

static struct counter new_counter(int descriptor, int64_t deadline_ms)
{
    return (struct counter){ .watcher = { .descriptor = descriptor,
                                          .want_read = descriptor >= 0,
                                          .deadline_ms = deadline_ms,
                                          .call = count_call } };
}

/* A descriptor with one byte to read. */
static int readable(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    (void)close(ends[1]);
    return ends[0];
}

/* A descriptor with nothing to read. The other end stays open. */
static int silent(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    return ends[0];
}

static int begin(void **state)
{
    (void)state;
    loop_begin(&loop);
    return 0;
}

static void forget_self(struct counter *self)
{
    loop_forget(&loop, &self->watcher);
}

static void forget_other(struct counter *self)
{
    loop_forget(&loop, &self->other->watcher);
    memset(self->other, 0xA5, sizeof *self->other); /* its owner may reuse the memory at once */
}

static void watch_other(struct counter *self)
{
    assert_true(loop_watch(&loop, &self->other->watcher));
}

/* Puts other into the slot that its predecessor, the self of another call, has left. */
static void make_room_for_other(struct counter *self)
{
    loop_forget(&loop, &self->watcher);
    assert_true(loop_watch(&loop, &self->other->watcher));
}

static void ends_when_nothing_is_watched(void **state)
{
    (void)state;
    struct counter one = new_counter(-1, PAST_MS);
    one.then = forget_self;
    assert_false(loop_turn(&loop));
    assert_true(loop_watch(&loop, &one.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(one.late, 1);
    assert_false(loop_turn(&loop));
}

static void calls_only_what_is_ready(void **state)
{
    (void)state;
    struct counter talking = new_counter(readable(), LOOP_NEVER);
    struct counter quiet = new_counter(silent(), LOOP_NEVER);
    assert_true(loop_watch(&loop, &quiet.watcher));
    assert_true(loop_watch(&loop, &talking.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(talking.ready, 1);
    assert_int_equal(quiet.ready + quiet.late, 0);
}

static void calls_for_writing_only_when_that_is_wanted(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct counter writer = new_counter(ends[1], PAST_MS);
    writer.watcher.want_read = false;
    assert_true(loop_watch(&loop, &writer.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(writer.ready, 0);
    writer.watcher.want_write = true;
    assert_true(loop_turn(&loop));
    assert_int_equal(writer.ready, 1);
}

static void a_deadline_comes_once_and_not_early(void **state)
{
    (void)state;
    struct counter one = new_counter(silent(), port_now_ms() + 20);
    int64_t deadline_ms = one.watcher.deadline_ms;
    assert_true(loop_watch(&loop, &one.watcher));
    while (one.late == 0)
        assert_true(loop_turn(&loop));
    assert_true(port_now_ms() >= deadline_ms);
    assert_true(one.watcher.deadline_ms == LOOP_NEVER);
    one.watcher.descriptor = readable();
    assert_true(loop_turn(&loop));
    assert_int_equal(one.late, 1);
    assert_int_equal(one.ready, 1);
}

static void a_peer_that_always_talks_does_not_outlive_its_deadline(void **state)
{
    (void)state;
    struct counter one = new_counter(readable(), PAST_MS);
    assert_true(loop_watch(&loop, &one.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(one.ready, 1);
    assert_int_equal(one.late, 1);
}

static void a_hang_up_that_nobody_waits_for_does_not_keep_it_busy(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[1]);
    struct counter one = new_counter(ends[0], port_now_ms() + 50);
    one.watcher.want_read = false;
    assert_true(loop_watch(&loop, &one.watcher));
    int turns = 0;
    for (; one.late == 0; turns++)
        assert_true(loop_turn(&loop));
    assert_in_range(turns, 1, 5);
    assert_int_equal(one.ready, 0);
}

static void move_deadline_on(struct counter *self)
{
    self->watcher.deadline_ms = LOOP_NEVER;
}

static void a_deadline_moved_on_by_what_was_read_does_not_come(void **state)
{
    (void)state;
    struct counter one = new_counter(readable(), PAST_MS);
    one.then = move_deadline_on;
    assert_true(loop_watch(&loop, &one.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(one.ready, 1);
    assert_int_equal(one.late, 0);
}

static void one_that_forgets_itself_is_not_called_again(void **state)
{
    (void)state;
    struct counter one = new_counter(readable(), PAST_MS);
    struct counter next = new_counter(readable(), LOOP_NEVER);
    one.then = forget_self;
    assert_true(loop_watch(&loop, &one.watcher));
    assert_true(loop_watch(&loop, &next.watcher));
    assert_true(loop_turn(&loop));
    assert_true(loop_turn(&loop));
    assert_int_equal(one.ready, 1);
    assert_int_equal(one.late, 0);
    assert_int_equal(next.ready, 2);
}

static void one_that_another_forgets_is_not_called(void **state)
{
    (void)state;
    struct counter victim_before = new_counter(silent(), LOOP_NEVER);
    struct counter killer = new_counter(readable(), LOOP_NEVER);
    struct counter victim = new_counter(readable(), PAST_MS);
    killer.then = forget_other;
    killer.other = &victim;
    assert_true(loop_watch(&loop, &victim_before.watcher));
    assert_true(loop_watch(&loop, &killer.watcher));
    assert_true(loop_watch(&loop, &victim.watcher));
    assert_true(loop_turn(&loop)); /* a call of the overwritten victim would crash */
    assert_int_equal(killer.ready, 1);
    assert_int_equal(loop.count, 2);
}

static void a_newcomer_does_not_inherit_the_events_of_its_slot(void **state)
{
    (void)state;
    struct counter newcomer = new_counter(silent(), LOOP_NEVER);
    struct counter leaving = new_counter(readable(), PAST_MS);
    leaving.then = make_room_for_other;
    leaving.other = &newcomer;
    assert_true(loop_watch(&loop, &leaving.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(leaving.ready, 1);
    assert_int_equal(leaving.late, 0);
    assert_int_equal(newcomer.ready + newcomer.late, 0);
    assert_int_equal(loop.count, 1);
}

static void a_newcomer_is_called_in_a_later_turn(void **state)
{
    (void)state;
    struct counter newcomer = new_counter(readable(), PAST_MS);
    struct counter host = new_counter(readable(), LOOP_NEVER);
    host.then = watch_other;
    host.other = &newcomer;
    assert_true(loop_watch(&loop, &host.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(newcomer.ready + newcomer.late, 0);
    assert_true(loop_turn(&loop));
    assert_int_equal(newcomer.ready, 1);
    assert_int_equal(newcomer.late, 1);
}

static void stop_reading_of_other(struct counter *self)
{
    self->other->watcher.want_read = false;
}

static void a_wish_that_another_call_took_back_is_not_served(void **state)
{
    (void)state;
    struct counter first = new_counter(readable(), LOOP_NEVER);
    struct counter second = new_counter(readable(), LOOP_NEVER);
    first.then = stop_reading_of_other;
    first.other = &second;
    assert_true(loop_watch(&loop, &first.watcher));
    assert_true(loop_watch(&loop, &second.watcher));
    assert_true(loop_turn(&loop));
    assert_int_equal(first.ready, 1);
    assert_int_equal(second.ready, 0);
}

static void takes_as_many_as_promised_and_not_one_more(void **state)
{
    (void)state;
    static struct counter many[LOOP_WATCHERS_MAX + 1];
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++) {
        many[i] = new_counter(-1, PAST_MS);
        assert_true(loop_watch(&loop, &many[i].watcher));
    }
    many[LOOP_WATCHERS_MAX] = new_counter(-1, PAST_MS);
    assert_false(loop_watch(&loop, &many[LOOP_WATCHERS_MAX].watcher));
    assert_true(loop_turn(&loop));
    for (size_t i = 0; i < LOOP_WATCHERS_MAX; i++)
        assert_int_equal(many[i].late, 1);
    /* A full loop takes one in the place of one that leaves, within the same call too. */
    many[7].watcher.deadline_ms = PAST_MS;
    many[7].then = make_room_for_other;
    many[7].other = &many[LOOP_WATCHERS_MAX];
    assert_true(loop_turn(&loop));
    assert_true(loop_turn(&loop));
    assert_int_equal(many[LOOP_WATCHERS_MAX].late, 1);
}

static void watching_or_forgetting_twice_changes_nothing(void **state)
{
    (void)state;
    struct counter one = new_counter(readable(), LOOP_NEVER);
    assert_true(loop_watch(&loop, &one.watcher));
    assert_true(loop_watch(&loop, &one.watcher));
    assert_int_equal(loop.count, 1);
    assert_true(loop_turn(&loop));
    assert_int_equal(one.ready, 1);
    loop_forget(&loop, &one.watcher);
    loop_forget(&loop, &one.watcher);
    assert_int_equal(loop.count, 0);
}

/* In a process of its own, because the wish to stop does not go away. Its exit code tells what went
   wrong. */
static int code_of_stopped_process(int signal_number)
{
    pid_t child = fork();
    if (child == 0) {
        struct counter one = new_counter(silent(), LOOP_NEVER);
        port_start();
        if (port_asked_to_stop() || !loop_watch(&loop, &one.watcher))
            _exit(1);
        (void)raise(signal_number);
        if (!port_asked_to_stop())
            _exit(2);
        (void)port_poll(NULL, 0, -1); /* came before the poll: must not be lost */
        _exit(loop_turn(&loop) ? 3 : 0);
    }
    int status = -1;
    (void)waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void ends_when_asked_to_stop(void **state)
{
    (void)state;
    assert_int_equal(code_of_stopped_process(SIGTERM), 0);
    assert_int_equal(code_of_stopped_process(SIGINT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ends_when_nothing_is_watched, begin),
        cmocka_unit_test_setup(calls_only_what_is_ready, begin),
        cmocka_unit_test_setup(calls_for_writing_only_when_that_is_wanted, begin),
        cmocka_unit_test_setup(a_deadline_comes_once_and_not_early, begin),
        cmocka_unit_test_setup(a_peer_that_always_talks_does_not_outlive_its_deadline, begin),
        cmocka_unit_test_setup(a_hang_up_that_nobody_waits_for_does_not_keep_it_busy, begin),
        cmocka_unit_test_setup(a_deadline_moved_on_by_what_was_read_does_not_come, begin),
        cmocka_unit_test_setup(one_that_forgets_itself_is_not_called_again, begin),
        cmocka_unit_test_setup(one_that_another_forgets_is_not_called, begin),
        cmocka_unit_test_setup(a_newcomer_does_not_inherit_the_events_of_its_slot, begin),
        cmocka_unit_test_setup(a_newcomer_is_called_in_a_later_turn, begin),
        cmocka_unit_test_setup(a_wish_that_another_call_took_back_is_not_served, begin),
        cmocka_unit_test_setup(takes_as_many_as_promised_and_not_one_more, begin),
        cmocka_unit_test_setup(watching_or_forgetting_twice_changes_nothing, begin),
        cmocka_unit_test_setup(ends_when_asked_to_stop, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
