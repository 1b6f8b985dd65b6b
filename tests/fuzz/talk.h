/* SPDX-License-Identifier: MIT */
/* A whole run of the suite in which one peer says anything, whatever it is told. Its speeches are
   the input, cut at each byte 0xff. All other peers, and the outset, are those of a transcript
   beside this file. */
#ifndef GATEPOST_FUZZ_TALK_H
#define GATEPOST_FUZZ_TALK_H

#include "../transcripts/play.h"

#include "target.h"

#define FUZZ_SPEECHES_MAX 200

/* Reads the transcript and makes its last peer the one that says anything. */
void talk_begin(const char *path);

/* Plays a run. */
int talk_run(const uint8_t *data, size_t size);

#endif
