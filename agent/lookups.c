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

const struct answer *lookups_ask(struct lookups *lookups, const char *name, enum record_type type)
{
    struct slice wanted = slice_of(name);
    for (size_t i = 0; i < lookups->count; i++) {
        struct question *question = &lookups->questions[i];
        if (question->type == type && slice_equal_nocase(slice_of(question->name), wanted))
            return question->answer;
    }
    if (lookups->count == LOOKUPS_MAX)
        return &out_of_room;
    struct question *question = &lookups->questions[lookups->count];
    *question = (struct question){ 0 };
    if (!resolve_ask(lookups->resolve, question, name, type, on_answer, lookups))
        return &out_of_room;
    lookups->count++;
    return question->answer;
}
