/* SPDX-License-Identifier: MIT */
#include "lookups.h"

#include "resolve_stand_in.h"

static struct lookups lookups;
static unsigned told;

static void on_told(void *owner)
{
    assert_ptr_equal(owner, &told);
    told++;
}

static struct stand_in *begin_lookups(void)
{
    struct stand_in *self = stand_in(says_address, NULL);
    told = 0;
    begin();
    lookups_begin(&lookups, resolve, on_told, &told);
    return self;
}

static const struct answer *wait_for(const char *name)
{
    ask_fn *ask = lookups_ask;
    const struct answer *answer = NULL;
    while ((answer = ask(&lookups, name, RECORD_A)) == NULL)
        assert_true(loop_turn(&loop));
    return answer;
}

static void asks_for_a_name_once_however_it_is_written(void **state)
{
    (void)state;
    struct stand_in *self = begin_lookups();
    const struct answer *answer = wait_for("mail.example.");
    assert_int_equal(answer->status, ANSWER_RECORDS);
    assert_ptr_equal(wait_for("Mail.Example"), answer);
    assert_ptr_equal(wait_for("mail.example."), answer);
    assert_int_equal(self->heard, 1);
    assert_int_equal(told, 1);
}

/* Not ANSWER_DEVICE: a long list of names must not look like a sick device. */
static void lets_a_question_wait_its_turn(void **state)
{
    (void)state;
    char name[32];
    struct stand_in *self = begin_lookups();
    for (unsigned i = 0; i < 2 * LOOKUPS_AWAIT_MAX; i++) {
        (void)snprintf(name, sizeof name, "n%u.example", i);
        assert_null(lookups_ask(&lookups, name, RECORD_A));
    }
    assert_int_equal(loop.count, LOOKUPS_AWAIT_MAX);
    for (unsigned i = 0; i < 2 * LOOKUPS_AWAIT_MAX; i++) {
        (void)snprintf(name, sizeof name, "n%u.example", i);
        assert_int_equal(wait_for(name)->status, ANSWER_RECORDS);
    }
    assert_int_equal(self->heard, 2 * LOOKUPS_AWAIT_MAX);
}

static void answers_as_many_questions_as_it_promises(void **state)
{
    (void)state;
    char name[32];
    (void)begin_lookups();
    for (unsigned i = 0; i < LOOKUPS_MAX; i++) {
        (void)snprintf(name, sizeof name, "n%u.example", i);
        assert_int_equal(wait_for(name)->status, ANSWER_RECORDS);
    }
    assert_int_equal(wait_for("one-more.example")->status, ANSWER_DEVICE);
    assert_int_equal(wait_for("n0.example")->status, ANSWER_RECORDS);
}

static void says_when_the_device_has_no_memory(void **state)
{
    (void)state;
    (void)begin_lookups();
    arena.fail_at = arena.takes + 1;
    assert_int_equal(wait_for("mail.example")->status, ANSWER_DEVICE);
    assert_int_equal(wait_for("mail.example")->status, ANSWER_RECORDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asks_for_a_name_once_however_it_is_written),
        TEST(lets_a_question_wait_its_turn),
        TEST(answers_as_many_questions_as_it_promises),
        TEST(says_when_the_device_has_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
