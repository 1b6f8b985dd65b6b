/* SPDX-License-Identifier: MIT */
#include "lookups.h"

#include "text.h"

static const struct answer out_of_room = { .status = ANSWER_DEVICE };

void lookups_begin(struct lookups *lookups, struct resolve *resolve, void (*answered)(void *owner),
                   void *owner)
{
    lookups->resolve = resolve;
    lookups->count = 0;
    lookups->answered = answered;
    lookups->owner = owner;
}

static void on_answer(struct question *question)
{
    struct lookups *lookups = question->asker;
    lookups->answered(lookups->owner);
}

static bool is_busy(const struct lookups *lookups)
{
    size_t under_way = 0;
    for (size_t i = 0; i < lookups->count; i++)
        under_way += lookups->questions[i].under_way ? 1 : 0;
    return under_way >= LOOKUPS_AWAIT_MAX;
}

const struct answer *lookups_ask(void *asker, const char *name, enum record_type type)
{
    struct lookups *lookups = asker;
    struct slice wanted = slice_of(name);
    if (slice_ends_nocase(wanted, "."))
        wanted.len--;
    for (size_t i = 0; i < lookups->count; i++) {
        struct question *question = &lookups->questions[i];
        if (question->type == type && slice_equal_nocase(slice_of(question->name), wanted))
            return question->answer;
    }
    if (lookups->count == LOOKUPS_MAX)
        return &out_of_room;
    if (is_busy(lookups))
        return NULL;
    struct question *question = &lookups->questions[lookups->count];
    *question = (struct question){ 0 };
    if (!resolve_ask(lookups->resolve, question, name, type, on_answer, lookups))
        return &out_of_room;
    lookups->count++;
    return question->answer;
}
