/* SPDX-License-Identifier: MIT */
#include "journal_disk.h"

/* What is done, step by step; a run of it without a cut tells what is kept after each step. */

#define BOUND     16384
#define STEPS_MAX 130

enum deed { APPEND, REMOVE, TAKE_IDS, RESTART };

struct step_of_work {
    enum deed deed;
    enum message_kind kind;
    size_t size;     /* of a payload; or how many ids */
    const char *key; /* or, to remove: NULL for the oldest, "" for the newest */
};

struct outcome {
    struct kept kept; /* after each step */
    uint64_t given;   /* the highest id */
    uint64_t removed[STEPS_MAX];
    size_t removed_count;
};

static struct outcome outcomes[STEPS_MAX + 1], now;
static struct journal *journal;
static size_t done; /* steps */

static void remove_one(bool oldest)
{
    struct kept kept;
    read_kept(journal, &kept);
    if (kept.count == 0)
        return;
    uint64_t id = kept.id[oldest ? 0 : kept.count - 1];
    now.removed[now.removed_count++] = id;
    journal_remove(journal, id);
}

static void work(const struct step_of_work *step)
{
    switch (step->deed) {
    case APPEND:
        now.given = journal_next_id(journal);
        struct message message = message_of(step->kind, now.given, step->size, step->key);
        (void)journal_append(journal, &message); /* what does not fit is counted */
        break;
    case REMOVE:
        remove_one(step->key == NULL);
        break;
    case TAKE_IDS:
        for (size_t i = 0; i < step->size; i++)
            now.given = journal_next_id(journal);
        break;
    case RESTART:
        journal_close(journal);
        journal = journal_open(DIRECTORY, BOUND);
        break;
    }
}

/* Works from the beginning until everything is done (true) or the power fails (false). */
static bool work_all(const struct step_of_work *steps, size_t count, uint64_t cut_after)
{
    disk_begin(BOUND);
    disk.cut_after = cut_after;
    now = (struct outcome){ .given = 0 };
    done = 0;
    if (setjmp(disk.power) != 0)
        return false;
    journal = journal_open(DIRECTORY, BOUND);
    for (; done < count; done++)
        work(&steps[done]);
    return true;
}

static void learn_outcomes(const struct step_of_work *steps, size_t count)
{
    for (size_t i = 0; i <= count; i++) {
        assert_true(work_all(steps, i, NO_CUT));
        read_kept(journal, &now.kept);
        outcomes[i] = now;
    }
}

static bool was_removed(uint64_t id)
{
    for (size_t i = 0; i < now.removed_count; i++)
        if (now.removed[i] == id)
            return true;
    return false;
}

static bool is_new_in(const struct kept *after, const struct kept *before, uint64_t id)
{
    return holds(after, id) && !holds(before, id);
}

/* Nothing but what was kept before the step that was cut, or what is kept after it; and what is not
   there any more of the former is counted - but the step must have done what it does for that. */
static bool is_between(const struct kept *found, const struct kept *before,
                       const struct kept *after)
{
    uint32_t missing = 0, counted = 0;
    bool came = false, comes = false;
    for (size_t i = 0; i < found->count; i++) {
        came = came || is_new_in(found, before, found->id[i]);
        if (!holds(before, found->id[i]) && !holds(after, found->id[i]) &&
            !was_removed(found->id[i]))
            return false;
    }
    for (size_t i = 0; i < after->count; i++)
        comes = comes || !holds(before, after->id[i]);
    for (size_t i = 0; i < before->count; i++)
        if (!holds(found, before->id[i]) && !was_removed(before->id[i]))
            missing++;
    for (size_t kind = 0; kind < MESSAGE_KINDS; kind++)
        counted += found->dropped.count[kind] - before->dropped.count[kind];
    bool itself = !comes && memcmp(&found->dropped, &after->dropped, sizeof after->dropped) == 0;
    return (missing == counted && (missing == 0 || came)) || (itself && missing == 0);
}

static void judge(uint64_t cut_after, enum unsynced way, size_t count)
{
    struct kept found;
    uint64_t first;
    journal = journal_open(DIRECTORY, BOUND);
    read_kept(journal, &found);
    size_t next = done < count ? done + 1 : done;
    if (!is_between(&found, &outcomes[done].kept, &outcomes[next].kept))
        fail_msg("cut after %llu, way %d, in step %zu: %zu kept, reports %u and events %u dropped",
                 (unsigned long long)cut_after, (int)way, done, found.count,
                 found.dropped.count[MESSAGE_REPORT], found.dropped.count[MESSAGE_EVENT]);
    uint64_t skipped = journal_skipped(journal, &first);
    uint64_t id = keep_new(journal, MESSAGE_EVENT, 300, "anna");
    assert_true(id > now.given);
    assert_true(id <= now.given + 1 || (skipped > 0 && first <= now.given + 1));
    assert_true(skipped == 0 || first + skipped == id);
    journal = journal_open(DIRECTORY, BOUND); /* as after another cut */
    read_kept(journal, &found);
    assert_true(holds(&found, id));
    assert_int_equal(journal_health(journal), JOURNAL_ON_DISK);
}

static void cut_everywhere(const struct step_of_work *steps, size_t count, uint64_t stride)
{
    learn_outcomes(steps, count);
    for (enum unsynced way = 0; way < UNSYNCED_WAYS; way++) {
        uint64_t cut_after = 0;
        while (!work_all(steps, count, cut_after)) {
            disk_settle(way);
            judge(cut_after, way, count);
            cut_after += stride;
        }
        assert_true(cut_after > 1000); /* it did write */
    }
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void keeps_what_it_said_it_keeps_wherever_the_power_fails(void **state)
{
    (void)state;
    static const struct step_of_work steps[] = {
        { APPEND, MESSAGE_EVENT, 60, "anna" },
        { APPEND, MESSAGE_REPORT, 200, "anna" },
        { APPEND, MESSAGE_REPORT, 100, "bob" },
        { .deed = REMOVE, .key = NULL },
        { APPEND, MESSAGE_REPORT, 100, "anna" },
        { APPEND, MESSAGE_SUPPORT, 100, "bob" },
        { .deed = RESTART },
        { APPEND, MESSAGE_EVENT, 60, "bob" },
        { .deed = REMOVE, .key = "" },
        { APPEND, MESSAGE_EVENT, 60, "bob" },
        { .deed = TAKE_IDS, .size = 1005 },
        { APPEND, MESSAGE_EVENT, 60, "anna" },
        { .deed = RESTART },
    };
    cut_everywhere(steps, COUNT(steps), 1);
}

/* Enough to be rewritten several times, and to lose reports and events to the bound. */
static void keeps_what_it_said_it_keeps_also_while_it_rewrites(void **state)
{
    (void)state;
    struct step_of_work steps[STEPS_MAX];
    static const char *const keys[] = { "anna", "bob", "carol", "dave" };
    for (size_t i = 0; i < COUNT(steps); i++) {
        const char *key = keys[i % 4];
        steps[i] = (struct step_of_work){ APPEND, MESSAGE_EVENT, 380 + i % 7, key };
        if (i % 4 == 1)
            steps[i] = (struct step_of_work){ APPEND, MESSAGE_REPORT, 1000 + i, keys[i / 4 % 4] };
        if (i % 9 == 8)
            steps[i] = (struct step_of_work){ .deed = REMOVE, .key = i % 2 == 0 ? NULL : "" };
        if (i % 61 == 60)
            steps[i] = (struct step_of_work){ .deed = RESTART };
        /* Reports cannot come between events when those have filled it. */
        if (i > 60 && steps[i].deed == APPEND && steps[i].kind == MESSAGE_REPORT)
            steps[i] = (struct step_of_work){ APPEND, MESSAGE_SUPPORT, 700, key };
    }
    cut_everywhere(steps, COUNT(steps), 89); /* shorter than any record */
    assert_true(outcomes[STEPS_MAX].kept.dropped.count[MESSAGE_REPORT] > 5);
    assert_true(outcomes[STEPS_MAX].kept.dropped.count[MESSAGE_EVENT] > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_it_said_it_keeps_wherever_the_power_fails),
        cmocka_unit_test(keeps_what_it_said_it_keeps_also_while_it_rewrites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
