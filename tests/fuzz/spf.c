/* SPDX-License-Identifier: MIT */
/* SPF records that hold anything, and answers that come in another order: line by line the sender,
   the name in HELO and the records. Which record a name has depends on its letters. */
#include "../../agent/spf.h"

#include "target.h"

#define RECORDS_MAX   16
#define QUESTIONS_MAX 256

struct asked {
    char name[RESOLVE_NAME_MAX];
    enum record_type type;
    bool here;
};

static struct slice records[RECORDS_MAX];
static size_t record_count;
static struct asked asked[QUESTIONS_MAX];
static size_t asked_count;

static const char *const hosts[] = { "a.example", "b.example", "", "c.b.example", "c.example" };

static void fill(struct answer *answer, struct record *record, const struct asked *question)
{
    size_t sum = (size_t)question->type, len = strlen(question->name);
    for (size_t i = 0; i < len; i++)
        sum = sum * 31 + (unsigned char)question->name[i];
    const size_t which = sum % (RECORDS_MAX + 4);
    *answer = (struct answer){ .status = ANSWER_RECORDS, .records = record, .count = 1 };
    *record = (struct record){ .name = hosts[sum % 5] };
    if (question->type == RECORD_TXT && which < record_count)
        record->text = records[which];
    else if (question->type == RECORD_TXT)
        record->text = SLICE("v=spf1 include:a.example a:b.example mx:%{o} -all");
    else if (question->type == RECORD_A || question->type == RECORD_AAAA)
        record->address =
            (struct address){ .family = question->type == RECORD_A ? FAMILY_V4 : FAMILY_V6,
                              .bytes = { 192, 0, 2 } };
    if (sum % 7 == 0)
        answer->status = sum % 2 == 0 ? ANSWER_NXDOMAIN : ANSWER_TIMED_OUT;
    if (answer->status != ANSWER_RECORDS)
        answer->count = 0;
}

static const struct answer *ask(void *asker, const char *name, enum record_type type)
{
    static struct answer answers[QUESTIONS_MAX];
    static struct record answered[QUESTIONS_MAX];
    const bool *at_once = asker;
    size_t i = 0;
    HOLDS(name[0] != '\0' && strlen(name) < RESOLVE_NAME_MAX);
    while (i < asked_count && (asked[i].type != type || strcmp(asked[i].name, name) != 0))
        i++;
    HOLDS(i < QUESTIONS_MAX);
    if (i == asked_count) {
        asked[asked_count].type = type;
        asked[asked_count].here = *at_once;
        text_put(asked[asked_count++].name, RESOLVE_NAME_MAX, slice_of(name));
        fill(&answers[i], &answered[i], &asked[i]);
    }
    return asked[i].here ? &answers[i] : NULL;
}

static void evaluate(struct spf_question *question, bool at_once, struct spf_outcome *outcome)
{
    asked_count = 0;
    question->ask = ask;
    question->asker = &at_once;
    while (!spf_evaluate(question, outcome)) {
        size_t last = asked_count;
        while (last > 0 && asked[last - 1].here)
            last--;
        HOLDS(last > 0);
        asked[last - 1].here = true;
    }
    HOLDS(asked_count <= 121);
}

static void judge(const struct spf_outcome *outcome, const char *bytes, size_t size)
{
    HOLDS(outcome->lookups <= SPF_COUNTED_MAX && outcome->voids <= SPF_COUNTED_MAX);
    HOLDS(outcome->included_len <= SPF_INCLUDED_MAX);
    HOLDS(outcome->included_len == 0 || outcome->included[outcome->included_len - 1] == '\0');
    HOLDS((outcome->problem == SPF_NO_PROBLEM) ==
          (outcome->result != SPF_TEMPERROR && outcome->result != SPF_PERMERROR));
    HOLDS(within(outcome->term, bytes, size) || outcome->term.len < 64);
    HOLDS(strlen(outcome->where) < sizeof outcome->where);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct spf_outcome outcome, again;
    struct slice rest = { (const char *)data, size }, sender = { NULL, 0 }, helo = { NULL, 0 };
    const struct address clients[] = { { .family = FAMILY_V4, .bytes = { 192, 0, 2, 1 } },
                                       { .family = FAMILY_V6, .bytes = { 192, 0, 2, 1 } } };
    char sender_text[300], helo_text[300];
    (void)slice_line(&rest, &sender); /* an empty one is a sender too */
    (void)slice_line(&rest, &helo);
    text_put(sender_text, sizeof sender_text, sender);
    text_put(helo_text, sizeof helo_text, helo);
    for (record_count = 0; record_count < RECORDS_MAX; record_count++)
        if (!slice_line(&rest, &records[record_count]))
            break;
    for (size_t i = 0; i < 3; i++) {
        struct spf_question question = { .domain = i == 1 ? helo_text : "a.example",
                                         .client = i < 2 ? &clients[i] : NULL,
                                         .sender = sender_text,
                                         .helo = helo_text };
        evaluate(&question, true, &outcome);
        judge(&outcome, (const char *)data, size);
        evaluate(&question, false, &again);
        HOLDS(again.result == outcome.result && again.problem == outcome.problem);
        HOLDS(again.lookups == outcome.lookups && again.hidden == outcome.hidden);
    }
    return 0;
}
