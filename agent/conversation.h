/* SPDX-License-Identifier: MIT */
/* The conversation of an act, read from its step tables by a person instead of the dialogue. */
#ifndef GATEPOST_CONVERSATION_H
#define GATEPOST_CONVERSATION_H

#include "checks.h"

/* True when a step of the act can raise the finding. What choosers and diagnosis decide is not in
   the tables. */
bool conversation_raises(enum act act, enum finding finding);

/* Prints it on standard output: C> what is said, S> what is hoped for, secrets as <secret>. */
void conversation_print(enum act act, enum language language);

#endif
