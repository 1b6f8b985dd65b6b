/* SPDX-License-Identifier: MIT */
#include "inference.h"

#include "signs.h"

static struct origin origin_of(const struct proof *proof)
{
    if (proof->raised == NULL)
        return (struct origin){ NO_FINDING, proof->check };
    return (struct origin){ proof->raised->finding, proof->raised->check };
}

/* ---- conclusions ---- */

/* What is only known from several things together comes from all of them. */
static void note(struct raised *raised, enum rule rule, const struct proof proofs[RULE_SIGNS_MAX])
{
    struct origin *from = raised->from;
    raised->rule = rule;
    for (size_t i = 0; i < RULE_SIGNS_MAX && raised->from_count < RULE_SIGNS_MAX; i++) {
        struct origin origin = origin_of(&proofs[i]);
        bool same = raised->from_count > 0 && origin.finding == from[0].finding &&
                    origin.check == from[0].check;
        if (origin.check != CHECK_COUNT && !same)
            from[raised->from_count++] = origin;
    }
}

/* What is only possible leaves its check unknown, unless that had failed before. */
static void hold_back(struct ledger *ledger, const struct rule_row *row, enum status before)
{
    struct entry *entry = &ledger->checks[row->check];
    if (row->confidence != CONFIDENCE_POSSIBLE || before == STATUS_FAILED ||
        finding_row(row->finding)->status != STATUS_FAILED)
        return;
    entry->status = STATUS_UNKNOWN;
    entry->unknown_for = row->finding;
}

static bool mirror(struct ledger *ledger, enum rule rule)
{
    const struct rule_row *row = rule_row(rule);
    const struct raised *told = ledger_find(ledger, row->finding, CHECK_COUNT);
    if (told == NULL)
        return false;
    if (ledger_find(ledger, row->finding, row->check) != NULL)
        return true;
    struct raised *raised = ledger_conclude(ledger, row->finding, row->check, told);
    if (raised != NULL) /* a full ledger counts what it dropped */
        raised->rule = rule;
    return true;
}

static bool conclude(struct ledger *ledger, enum rule rule, const struct scene *scene)
{
    const struct rule_row *row = rule_row(rule);
    enum status before = ledger->checks[row->check].status;
    struct proof proofs[RULE_SIGNS_MAX];
    if (!signs_fit(row, scene, proofs))
        return false;
    struct raised *raised = ledger_conclude(ledger, row->finding, row->check, proofs[0].raised);
    if (raised != NULL) /* as above */
        note(raised, rule, proofs);
    hold_back(ledger, row, before);
    return true;
}

static bool clear(struct ledger *ledger, enum rule rule, const struct scene *scene)
{
    struct proof proofs[RULE_SIGNS_MAX];
    if (!signs_fit(rule_row(rule), scene, proofs))
        return false;
    ledger_ok(ledger, rule_row(rule)->check);
    ledger->checks[rule_row(rule)->check].rule = rule;
    return true;
}

static void replace(struct ledger *ledger, enum rule rule, const struct scene *scene)
{
    const struct rule_row *row = rule_row(rule);
    struct proof proofs[RULE_SIGNS_MAX];
    size_t i = 0;
    if (!signs_fit(row, scene, proofs))
        return;
    while (i < ledger->raised_count) {
        const struct raised *old = &ledger->raised[i];
        if (rule_lists(row->of, old->finding) == 0) {
            i++;
            continue;
        }
        struct raised *raised = ledger_replace(ledger, old, row->finding);
        if (raised != NULL) /* as above; another one is at i now */
            note(raised, rule, proofs);
    }
}

static bool decides(struct ledger *ledger, enum rule rule, const struct scene *scene)
{
    switch (rule_row(rule)->kind) {
    case RULE_MIRRORS:
        return mirror(ledger, rule);
    case RULE_CONCLUDES:
        return conclude(ledger, rule, scene);
    case RULE_CLEARS:
        return clear(ledger, rule, scene);
    case RULE_REPLACES:
        replace(ledger, rule, scene);
        break;
    case RULE_NONE:
    case RULE_DECIDES:
    case RULE_EXPLAINS:
    case RULE_ORDERS:
    case RULE_DISMISSES:
    case RULE_RATES:
    case RULE_DOUBTS:
        break;
    }
    return false;
}

check_set inference_conclude(struct ledger *ledger, const struct budget *budget)
{
    const struct scene scene = { .ledger = ledger, .budget = budget };
    check_set decided = 0;
    for (enum rule rule = NO_RULE + 1; rule < RULE_COUNT; rule++)
        if ((decided & CHECK_BIT(rule_row(rule)->check)) == 0 && decides(ledger, rule, &scene))
            decided |= CHECK_BIT(rule_row(rule)->check);
    return decided;
}

/* ---- explanations ---- */

static bool is_at(const struct rule_row *row, const struct raised *raised)
{
    bool listed = row->of == NULL || rule_lists(row->of, raised->finding) > 0;
    return listed && (row->where == 0 || (row->where & CHECK_BIT(raised->check)) != 0);
}

static bool is_another_raised(const struct ledger *ledger, const struct raised *raised,
                              enum finding finding)
{
    return finding != raised->finding && ledger_find(ledger, finding, CHECK_COUNT) != NULL;
}

/* The cause that the row names and the run has; NO_FINDING when there is none. */
static enum finding cause_by(const struct rule_row *row, const struct scene *scene)
{
    const struct raised *about = scene->about;
    bool ordered = row->kind == RULE_ORDERS;
    const enum finding *list = ordered ? row->of : row->by;
    size_t before = ordered ? rule_lists(row->of, about->finding) : SIZE_MAX;
    for (size_t i = 0; i < before && list[i] != NO_FINDING; i++)
        if (is_another_raised(scene->ledger, about, list[i]))
            return list[i];
    return NO_FINDING;
}

struct explained inference_explain(const struct ledger *ledger, const struct budget *budget,
                                   const struct raised *raised)
{
    const struct scene scene = { ledger, budget, raised };
    struct proof proofs[RULE_SIGNS_MAX];
    for (enum rule rule = NO_RULE + 1; rule < RULE_COUNT; rule++) {
        const struct rule_row *row = rule_row(rule);
        bool dismisses = row->kind == RULE_DISMISSES;
        bool explains = row->kind == RULE_EXPLAINS || row->kind == RULE_ORDERS;
        if (!(dismisses || explains) || !is_at(row, raised))
            continue;
        enum finding cause = explains ? cause_by(row, &scene) : NO_FINDING;
        if ((dismisses || cause != NO_FINDING) && signs_fit(row, &scene, proofs))
            return (struct explained){ rule, cause };
    }
    return (struct explained){ NO_RULE, NO_FINDING };
}

/* ---- how sure ---- */

enum rule inference_rule(const struct raised *raised)
{
    if (raised->rule != NO_RULE)
        return raised->rule;
    return raised->evidence.step[0] == '\0' ? rule_deciding(raised->finding) : NO_RULE;
}

/* A mirror is as sure as what it shows. */
static enum rule concluding(const struct raised *raised)
{
    enum rule rule = inference_rule(raised);
    return rule_row(rule)->kind == RULE_MIRRORS ? NO_RULE : rule;
}

/* Rows about the finding itself first, then the rule that concluded it, then the general ones. */
static enum rule rating_rule(const struct scene *scene)
{
    enum rule concluded = concluding(scene->about);
    struct proof proofs[RULE_SIGNS_MAX];
    for (enum rule rule = NO_RULE + 1; rule < RULE_COUNT; rule++) {
        const struct rule_row *row = rule_row(rule);
        bool general = row->of == NULL;
        if (row->kind != RULE_RATES)
            continue;
        if (general && concluded != NO_RULE)
            return concluded;
        if (is_at(row, scene->about) && signs_fit(row, scene, proofs))
            return rule;
    }
    return NO_RULE; /* the last row fits everything */
}

static void object(struct rating *rating, enum rule rule, const struct proof *proof)
{
    if (rating->against_count < OBJECTIONS_MAX)
        rating->against[rating->against_count++] = (struct objection){ rule, origin_of(proof) };
    if (rating->confidence > rule_row(rule)->confidence)
        rating->confidence = rule_row(rule)->confidence;
}

struct rating inference_rate(const struct ledger *ledger, const struct budget *budget,
                             const struct raised *raised)
{
    const struct scene scene = { ledger, budget, raised };
    struct rating rating = { .rule = rating_rule(&scene) };
    struct proof proofs[RULE_SIGNS_MAX];
    rating.confidence = rule_row(rating.rule)->confidence;
    for (enum rule rule = NO_RULE + 1; rule < RULE_COUNT; rule++) {
        const struct rule_row *row = rule_row(rule);
        if (row->kind == RULE_DOUBTS && is_at(row, raised) && signs_fit(row, &scene, proofs))
            object(&rating, rule, &proofs[0]);
    }
    return rating;
}
