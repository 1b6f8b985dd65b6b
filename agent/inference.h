/* SPDX-License-Identifier: MIT */
/* Applies the rules: draws conclusions into the ledger, finds what explains a finding, how sure one
   is, and what speaks against it. */
#ifndef GATEPOST_INFERENCE_H
#define GATEPOST_INFERENCE_H

#include "budget.h"
#include "ledger.h"
#include "rules.h"

#include <stdbool.h>
#include <stddef.h>

#define OBJECTIONS_MAX 4

/* Applies the rows that conclude, each once, in their order. Returns the checks that they decided.
   Pointers into the ledger move. */
check_set inference_conclude(struct ledger *ledger, const struct budget *budget) MUST_USE;

/* The rule by which a finding was concluded; NO_RULE where a peer said it, or no rule is known. */
enum rule inference_rule(const struct raised *raised);

/* Why a finding is no root: `by` explains it, or (NO_FINDING) it is nobody's trouble. */
struct explained {
    enum rule rule; /* NO_RULE: nothing explains it */
    enum finding by;
};

struct explained inference_explain(const struct ledger *ledger, const struct budget *budget,
                                   const struct raised *raised);

struct objection {
    enum rule rule;
    struct origin from; /* what it was seen by; check is CHECK_COUNT where no check has seen it */
};

/* How sure a finding is, by which rule, and what speaks against it. */
struct rating {
    enum confidence confidence;
    enum rule rule;
    struct objection against[OBJECTIONS_MAX];
    size_t against_count;
};

struct rating inference_rate(const struct ledger *ledger, const struct budget *budget,
                             const struct raised *raised);

#endif
