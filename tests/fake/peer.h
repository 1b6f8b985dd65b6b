/* SPDX-License-Identifier: MIT */
/* How far a peer is in its script: for the fake wire only. */
#ifndef GATEPOST_FAKE_PEER_H
#define GATEPOST_FAKE_PEER_H

#include "fake.h"

/* NULL for a descriptor that is none of ours. */
struct fake_peer *peer_of(int descriptor);

/* The first peer at that address that can be dialled: with a script that nobody has dialled yet,
 * with rules that nobody is talking to. NULL when there is none. */
struct fake_peer *peer_at(const struct address *to);

/* The line whose turn it is; NULL at the end of the script. */
const struct fake_line *peer_line(struct fake_peer *peer);

void peer_step_on(struct fake_peer *peer);

/* Somebody dials: a peer with rules forgets whoever did before, and greets. */
void peer_answer_call(struct fake_peer *peer);

/* Takes bytes of the client and compares them with the script. */
void peer_hear(struct fake_peer *peer, struct slice bytes);

/* Says what is due, at most room bytes and in portions as the delivery wants them; 0 when nothing
 * is. */
size_t peer_say(struct fake_peer *peer, char *into, size_t room);

#endif
