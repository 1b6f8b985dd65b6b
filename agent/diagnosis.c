/* SPDX-License-Identifier: MIT */
#include "diagnosis.h"

#include "judgement.h"

#include <string.h>

/* ---- roots ---- */

static int badness(enum status status)
{
    return status == STATUS_FAILED ? 2 : status == STATUS_UNKNOWN ? 1 : 0;
}

static bool comes_before(const struct raised *a, const struct raised *b)
{
    const struct finding_row *x = finding_row(a->finding), *y = finding_row(b->finding);
    if (x->layer != y->layer)
        return x->layer < y->layer;
    return badness(x->status) > badness(y->status);
}

static bool is_root_already(const struct diagnosis *diagnosis, enum finding finding)
{
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (diagnosis->roots[i].raised->finding == finding)
            return true;
    return false;
}

static struct root root_of(const struct ledger *ledger, const struct budget *budget,
                           const struct raised *raised)
{
    const struct rating rating = inference_rate(ledger, budget, raised);
    struct root root = { .raised = raised,
                         .confidence = rating.confidence,
                         .remedy = finding_row(raised->finding)->remedy,
                         .rule = inference_rule(raised),
                         .sure_by = rating.rule,
                         .against_count = rating.against_count };
    memcpy(root.against, rating.against, sizeof root.against);
    return root;
}

static int badness_of(const struct raised *raised)
{
    return badness(finding_row(raised->finding)->status);
}

/* Where there are too many, one is left out, and counted: of the least bad the one that comes last.
   Warnings do not push out what keeps the mailbox from working. False when it is the new one. */
static bool make_room(struct ledger *ledger, const struct raised *raised,
                      struct diagnosis *diagnosis)
{
    struct root *roots = diagnosis->roots;
    if (diagnosis->root_count < DIAGNOSIS_ROOTS_MAX)
        return true;
    size_t least = diagnosis->root_count - 1;
    for (size_t i = least; i > 0; i--)
        if (badness_of(roots[i - 1].raised) < badness_of(roots[least].raised))
            least = i - 1;
    ledger->dropped++;
    int more = badness_of(raised) - badness_of(roots[least].raised);
    if (more < 0 || (more == 0 && !comes_before(raised, roots[least].raised)))
        return false;
    diagnosis->root_count--;
    memmove(&roots[least], &roots[least + 1], (diagnosis->root_count - least) * sizeof *roots);
    return true;
}

static void add_root(struct ledger *ledger, const struct budget *budget,
                     const struct raised *raised, struct diagnosis *diagnosis)
{
    struct root *roots = diagnosis->roots;
    if (!make_room(ledger, raised, diagnosis))
        return;
    size_t at = diagnosis->root_count++;
    while (at > 0 && comes_before(raised, roots[at - 1].raised))
        at--;
    memmove(&roots[at + 1], &roots[at], (diagnosis->root_count - at - 1) * sizeof *roots);
    roots[at] = root_of(ledger, budget, raised);
}

static void add_remedy(struct diagnosis *diagnosis, enum remedy remedy, const struct params *params)
{
    if (remedy == NO_REMEDY || diagnosis->remedy_count == DIAGNOSIS_ROOTS_MAX)
        return;
    for (size_t i = 0; i < diagnosis->remedy_count; i++)
        if (diagnosis->remedies[i].remedy == remedy)
            return;
    diagnosis->remedies[diagnosis->remedy_count].remedy = remedy;
    diagnosis->remedies[diagnosis->remedy_count].params = params;
    diagnosis->remedy_count++;
}

static void choose_remedies(struct diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->root_count; i++) {
        const struct root *root = &diagnosis->roots[i];
        add_remedy(diagnosis, root->remedy, &root->raised->params);
        if (root->raised->finding == ACCOUNT_LOCKED)
            add_remedy(diagnosis, OPEN_SUPPORT_REQUEST, &root->raised->params);
    }
}

/* ---- verdict ---- */

static enum status weight(const struct root *root)
{
    enum status status = finding_row(root->raised->finding)->status;
    return root->confidence == CONFIDENCE_POSSIBLE ? STATUS_UNKNOWN : status;
}

static bool has_root(const struct diagnosis *diagnosis, enum status status)
{
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (weight(&diagnosis->roots[i]) == status)
            return true;
    return false;
}

/* Nobody wanted to know: the run was a light one, or the account has no such service. */
static bool is_beside_the_point(enum reason reason)
{
    return reason == REASON_NOT_ASKED || reason == REASON_NOT_CONFIGURED;
}

/* True when a result was wanted, is not there, and no warning root accounts for its absence. */
static bool is_open(const struct ledger *ledger, enum check check, bool warned)
{
    const struct entry *entry = &ledger->checks[check];
    bool little = entry->reason == REASON_TOO_LITTLE_EVIDENCE;
    if (entry->status == STATUS_UNKNOWN)
        return !is_beside_the_point(entry->reason) && !(little && warned);
    if (entry->status != STATUS_SKIPPED)
        return false;
    if (entry->because == CHECK_COUNT)
        return !is_beside_the_point(entry->reason);
    const struct entry *cause = &ledger->checks[entry->because];
    bool beside = cause->status == STATUS_UNKNOWN && is_beside_the_point(cause->reason);
    return cause->status != STATUS_WARNING && !beside;
}

static enum status verdict(const struct ledger *ledger, const struct diagnosis *diagnosis)
{
    bool warned = has_root(diagnosis, STATUS_WARNING);
    if (has_root(diagnosis, STATUS_FAILED))
        return STATUS_FAILED;
    if (has_root(diagnosis, STATUS_UNKNOWN))
        return STATUS_UNKNOWN;
    for (enum result i = 0; i < RESULT_COUNT; i++)
        if (is_open(ledger, result_row(i)->check, warned))
            return STATUS_UNKNOWN;
    return warned ? STATUS_WARNING : STATUS_OK;
}

void diagnose(struct ledger *ledger, const struct profile *profile, const struct budget *budget,
              struct diagnosis *into_diagnosis)
{
    *into_diagnosis = (struct diagnosis){ 0 };
    judgement_pass(ledger, profile, budget);
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        into_diagnosis->explained[i] = inference_explain(ledger, budget, raised);
        if (into_diagnosis->explained[i].rule == NO_RULE &&
            !is_root_already(into_diagnosis, raised->finding))
            add_root(ledger, budget, raised, into_diagnosis);
    }
    choose_remedies(into_diagnosis);
    into_diagnosis->verdict = verdict(ledger, into_diagnosis);
}

int diagnosis_exit_status(enum status verdict_status)
{
    switch (verdict_status) {
    case STATUS_OK:
        return 0;
    case STATUS_WARNING:
        return 1;
    case STATUS_FAILED:
        return 2;
    case STATUS_PENDING:
    case STATUS_UNKNOWN:
    case STATUS_SKIPPED:
        break;
    }
    return 3;
}
