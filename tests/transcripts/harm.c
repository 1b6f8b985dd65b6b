/* SPDX-License-Identifier: MIT */
/* Everything below the agent may fail at any moment. Whatever fails, the run ends in time, says why
   it does not know, accuses nobody of what it did not see, and leaves nothing behind. */
#include "play.h"

#include <stdio.h>
#include <string.h>

/* Statuses that the run without harm had, to compare with. */
static enum status unharmed_status[CHECK_COUNT];

/* FAILED by what a harmed connection shows is fair; and a refusal in the peer's own words stays
   one, when the run that was not harmed knew better because another server accepted the same
   secret. */
static const enum finding fair[] = {
    SERVICE_REFUSED,
    TLS_HANDSHAKE_FAILED,
    IMAP_LOGIN_REFUSED,
    SUBMISSION_LOGIN_REFUSED,
    WEBMAIL_LOGIN_REFUSED,
    ACTIVESYNC_LOGIN_REFUSED,
    EWS_LOGIN_REFUSED,
    POP_LOGIN_REFUSED,
    AUTODISCOVER_LOGIN_REFUSED,
    TLS_UNTRUSTED, /* that a portal showed it is known by another
                                          connection */
};

static bool is_fair(const struct ledger *ledger, enum check check)
{
    bool any = false;
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        if (raised->check != check || finding_row(raised->finding)->status != STATUS_FAILED)
            continue;
        bool found = false;
        for (size_t k = 0; k < sizeof fair / sizeof *fair; k++)
            found = found || raised->finding == fair[k];
        if (!found)
            return false;
        any = true;
    }
    return any;
}

static bool is_explained(const struct ledger *ledger, enum check check)
{
    const struct entry *entry = &ledger->checks[check];
    switch (entry->status) {
    case STATUS_OK:
    case STATUS_WARNING:
        return true;
    case STATUS_FAILED:
        return unharmed_status[check] == STATUS_FAILED || is_fair(ledger, check);
    case STATUS_UNKNOWN:
        return entry->reason != REASON_NONE || entry->unknown_for != NO_FINDING;
    case STATUS_SKIPPED:
        return entry->reason != REASON_NONE || entry->because != CHECK_COUNT;
    case STATUS_PENDING:
        break;
    }
    return !entry->asked;
}

static bool betrays_ledger(const struct played *played)
{
    const struct ledger *ledger = &played->run.ledger;
    bool found = played->report != NULL &&
                 fake_betrays((struct slice){ played->report, played->report_len });
    for (size_t i = 0; i < ledger->raised_count; i++) {
        const struct raised *raised = &ledger->raised[i];
        found = found || fake_betrays(slice_of(raised->evidence.said)) ||
                fake_betrays(slice_of(raised->evidence.step));
        for (size_t k = 0; k < PARAM_COUNT; k++)
            found = found || fake_betrays(slice_of(raised->params.value[k]));
    }
    for (size_t i = 0; i < CHECK_COUNT; i++)
        for (size_t k = 0; k < ledger->checks[i].fact_count; k++)
            found = found || fake_betrays(slice_of(ledger->checks[i].facts[k].value));
    for (size_t i = 0; i < fake.file_count; i++)
        found = found || fake_betrays((struct slice){ fake.files[i].bytes, fake.files[i].size });
    return found || fake_betrays((struct slice){ played->arena.base, played->arena.used });
}

static bool fault(const struct transcript *transcript, const char *what, const char *fault_words)
{
    (void)fprintf(stderr, "%s, %s: %s\n", transcript->path, what, fault_words);
    return false;
}

bool expect_sound(const struct transcript *transcript, const struct played *played,
                  const char *what)
{
    const struct ledger *ledger = &played->run.ledger;
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        if (is_explained(ledger, check))
            continue;
        for (size_t i = 0; i < ledger->raised_count; i++)
            (void)fprintf(stderr, "    %s on %s\n", finding_row(ledger->raised[i].finding)->slug,
                          check_row(ledger->raised[i].check)->slug);
        (void)fprintf(stderr, "%.*s%s is %s: ", (int)fake.log_len, fake.log, check_row(check)->slug,
                      status_name(ledger->checks[check].status));
        return fault(transcript, what, "a status that nothing explains");
    }
    if (fake.connections_open > 0)
        return fault(transcript, what, "a connection stays open");
    if (fake.betrayed)
        return fault(transcript, what, "the secret was spoken without TLS");
    if (betrays_ledger(played))
        return fault(transcript, what, "the secret is in what is kept or reported");
    if (played->took_ms > play_deadline_ms())
        return fault(transcript, what, "the run takes longer than it may");
    return true;
}

/* ---- all the ways ---- */

static const struct {
    enum fake_harm how;
    const char *words;
    bool of_wire;
} ways[] = {
    { HARM_RESET, "reset at call", true },
    { HARM_SILENCE, "silent from call", true },
    { HARM_MEMORY, "out of memory at call", true },
    { HARM_ANSWER_LOST, "no answer to question", false },
    { HARM_ANSWER_REFUSED, "no room for question", false },
};

static bool play_harmed(const struct transcript *transcript, const char *words, unsigned call,
                        long fail_take)
{
    static struct played played;
    char what[80];
    play(transcript, fail_take, &played);
    (void)snprintf(what, sizeof what, "%s %u", words, call);
    return expect_sound(transcript, &played, what);
}

unsigned harm(const struct transcript *transcript, const struct played *unharmed)
{
    unsigned runs = 0, calls = fake.wire_calls, questions = fake.questions;
    long takes = unharmed->takes;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        unharmed_status[i] = unharmed->run.ledger.checks[i].status;
    fake.delivery = DELIVERY_WHOLE;
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
        for (unsigned call = 1; call <= (ways[way].of_wire ? calls : questions); call++, runs++) {
            fake.harm.how = ways[way].how;
            fake.harm.call = call;
            if (!play_harmed(transcript, ways[way].words, call, 0))
                return 0;
        }
    fake.harm.how = HARM_NONE;
    for (long take = 1; take <= takes; take++, runs++)
        if (!play_harmed(transcript, "arena full at take", (unsigned)take, take))
            return 0;
    return runs;
}
