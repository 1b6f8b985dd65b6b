/* SPDX-License-Identifier: MIT */
/* What the checks of the domain's policy records have in common: each enquires, keeps what it
   found, and judges that. */
#include "parts.h"

#include "../meaning.h"

#include <string.h>

enum io records_domain(struct lane *lane)
{
    struct suite *suite = lane->suite;
    const struct answer *mx = lookups_ask(&suite->lookups, suite->domain, RECORD_MX);
    if (mx == NULL)
        return IO_READ;
    if (mx->status != ANSWER_NXDOMAIN)
        return IO_DONE;
    lane->spoilt = true;
    if (suite->asked & CHECK_BIT(DNS_MX))
        ledger_skip(&suite->run->ledger, lane_check(lane), DNS_MX);
    else
        (void)lane_raise(lane, DNS_DOMAIN_MISSING); /* a full ledger counts what it dropped */
    return IO_FAILED;
}

void records_keep(struct lane *lane, const void *what, size_t size)
{
    void *copy = arena_take(lane->suite->arena, size);
    lane->notebook.enquired = copy;
    if (copy != NULL)
        memcpy(copy, what, size);
    else
        (void)lane_raise(lane, DEVICE_EXHAUSTED); /* as above */
}

void records_unknown(struct lane *lane, enum reason reason)
{
    lane->spoilt = true;
    ledger_unknown(&lane->suite->run->ledger, lane_check(lane), reason);
}

void records_unanswered(struct lane *lane, const char *name, enum answer_status status)
{
    enum finding finding = meaning_of_answer(status);
    if (finding == NO_FINDING) {
        records_unknown(lane, REASON_TOO_LITTLE_EVIDENCE);
        return;
    }
    struct raised *raised =
        lane_raise_for(lane, finding, lane_check(lane), slice_of(answer_status_name(status)));
    if (raised != NULL)
        raised->params.value[PARAM_NAME] = text_copy_string(lane->suite->arena, name);
}

const struct step *records_choose(struct lane *lane, const struct step *enquire,
                                  const struct step *judge)
{
    struct notebook *notebook = &lane->notebook;
    if (notebook->round == 0) {
        notebook->enquired = NULL; /* of the act before */
        return enquire;
    }
    return notebook->round == 1 && notebook->enquired != NULL && !lane->spoilt ? judge : NULL;
}

void records_show(struct lane *lane, struct raised *raised, const char *name, struct slice words)
{
    struct ledger *ledger = &lane->suite->run->ledger;
    raised->params.value[PARAM_NAME] = text_copy_string(lane->suite->arena, name);
    if (words.len == 0)
        return;
    raised->evidence.said = ledger_words(ledger, words);
    raised->params.value[PARAM_FOUND] = raised->evidence.said;
    raised->params.value[PARAM_SAID] = raised->evidence.said;
}
