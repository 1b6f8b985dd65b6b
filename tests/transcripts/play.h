/* SPDX-License-Identifier: MIT */
/* Plays a transcript against the agent and judges what came of it. */
#ifndef GATEPOST_TRANSCRIPT_PLAY_H
#define GATEPOST_TRANSCRIPT_PLAY_H

#include "transcript.h"

#include "../../agent/report.h"

#define PLAY_LENT_MS INT64_C(300000) /* what is lent was seen so long before the run */

/* One played transcript. The arena's memory is played's until the next play. */
struct played {
    struct run run;
    struct arena arena;
    long takes; /* of the arena */
    int64_t took_ms;
    char *report;
    size_t report_len;
};

/* Readies profile and settings; false, with words on standard error, where they are not good. */
bool play_prepare(const struct transcript *transcript);

/* Plays once, as fake.delivery and fake.harm say; the take of the arena with the number fail_take
 * fails (0: none). */
void play(const struct transcript *transcript, long fail_take, struct played *into_played);

/* Which findings any run has made, of all transcripts so far. */
extern bool play_found[FINDING_COUNT];

/* How long a run may take: the suite's deadline, the mails' own travel, the time for good-byes. */
int64_t play_deadline_ms(void);

/* True when what came of it is what the transcript expects; else words on standard error. */
bool expect(struct transcript *transcript, const struct played *played);

/* True when every expectation that no run can break still holds, whatever failed below: statuses
   that can be explained, nothing left behind, no secret anywhere. `what` names the run in words on
   standard error. */
bool expect_sound(const struct transcript *transcript, const struct played *played,
                  const char *what);

/* Plays once for every call below the agent that can fail, and for every way in which it can.
   Returns the number of runs; 0, and words on standard error, when one was not sound. */
unsigned harm(const struct transcript *transcript, const struct played *unharmed);

#endif
