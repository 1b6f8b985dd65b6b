/* SPDX-License-Identifier: MIT */
#include "judgement_office.h"
#include "stamp.h"

static bool is_date_trouble(enum trust_verdict verdict)
{
    return verdict == TRUST_EXPIRED || verdict == TRUST_NOT_YET_VALID;
}

/* One owner may let a certificate run out. Two unrelated ones at once, and nobody whose certificate
 * is good, are this device's clock. */
static const struct attempt *dates_all_wrong(const struct ground *ground)
{
    if (ground_proven_any(ground))
        return NULL;
    for (size_t i = 0; i < ground->attempt_count; i++)
        for (size_t k = i + 1; k < ground->attempt_count; k++) {
            const struct attempt *a = &ground->attempts[i], *b = &ground->attempts[k];
            if (a->shown && b->shown && is_date_trouble(a->verdict) && a->verdict == b->verdict &&
                ground_unrelated(a->host, b->host))
                return a;
        }
    return NULL;
}

static bool any_date_trouble(const struct ground *ground)
{
    for (size_t i = 0; i < ground->attempt_count; i++)
        if (ground->attempts[i].shown && is_date_trouble(ground->attempts[i].verdict))
            return true;
    return false;
}

static void tell_times(struct ledger *ledger, struct raised *raised,
                       const struct time_witness *witness)
{
    char ours[STAMP_MAX], theirs[STAMP_MAX];
    int64_t ahead_ms = witness->ahead_ms;
    stamp_rfc3339(witness->wall_ms, ours);
    stamp_rfc3339(witness->wall_ms + ahead_ms, theirs);
    raised->params.value[PARAM_HOST] = witness->host;
    raised->params.value[PARAM_FOUND] = text_copy_string(ledger->arena, ours);
    raised->params.value[PARAM_EXPECTED] = text_copy_string(ledger->arena, theirs);
    raised->params.value[PARAM_MINUTES] = text_format(
        ledger->arena, "%lld", (long long)((ahead_ms > 0 ? ahead_ms : -ahead_ms) / 60000));
    raised->params.value[PARAM_DIRECTION] = ahead_ms > 0 ? "slow" : "fast";
}

static void raise_clock(struct ledger *ledger, enum finding finding, const char *peer,
                        const struct time_witness *witness)
{
    struct raised *raised =
        ledger_raise(ledger, finding, DEVICE_CLOCK, SERVICE_REACH, "", peer, FAMILY_V4, SLICE(""));
    if (raised != NULL && witness != NULL)
        tell_times(ledger, raised, witness);
}

void judgement_clock(struct ledger *ledger, const struct ground *ground)
{
    const struct time_witness *witness = NULL;
    const struct attempt *wrong = dates_all_wrong(ground);
    enum clock_verdict verdict = timepiece_judge(&ground->timepiece, &witness);
    if (ledger->checks[DEVICE_CLOCK].status != STATUS_PENDING || !port_wall_trusted())
        return;
    if (verdict == CLOCK_WRONG && any_date_trouble(ground) && !ground_proven_any(ground))
        raise_clock(ledger, DEVICE_CLOCK_FAR_OFF, witness->host, witness);
    else if (verdict == CLOCK_WRONG)
        raise_clock(ledger, DEVICE_CLOCK_WRONG, witness->host, witness);
    else if (verdict != CLOCK_AGREES && wrong != NULL)
        raise_clock(ledger, DEVICE_CLOCK_FAR_OFF, wrong->host, witness);
    else if (verdict == CLOCK_DISPUTED)
        ledger_fact(ledger, DEVICE_CLOCK, "another_time", "%s differs by %lld minutes",
                    witness->host, (long long)(witness->ahead_ms / 60000));
    ledger_fact(ledger, DEVICE_CLOCK, "witnesses", "%zu", ground->timepiece.count);
}

void judgement_clock_rest(struct ledger *ledger)
{
    if (ledger->checks[DEVICE_CLOCK].status != STATUS_PENDING)
        return;
    if (port_wall_trusted())
        ledger_ok(ledger, DEVICE_CLOCK);
    else
        (void)ledger_raise(ledger, DEVICE_CLOCK_UNSET, DEVICE_CLOCK, SERVICE_DNS, "", "", FAMILY_V4,
                           SLICE("")); /* a full ledger counts what it dropped */
}
