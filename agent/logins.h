/* SPDX-License-Identifier: MIT */
/* The checks that try the account's secret on a protocol, and what their outcomes say of it. One
   table for all who ask: the gate, the budget's accounts, the judgement. */
#ifndef GATEPOST_LOGINS_H
#define GATEPOST_LOGINS_H

#include "catalogue.h"
#include "checks.h"

#include <stdbool.h>
#include <stddef.h>

struct login {
    enum check check;
    enum finding refused; /* the peer judged the secret, and refused it */
    bool switchable; /* by itself, for one mailbox: its refusal of what another protocol accepts
                        means that. Submission's refusal means more: see judgement.c */
};

/* The mailbox's own, in the order in which they may try a secret of unknown worth, the one whose
   refusal says most first; NULL behind the last. */
const struct login *login_row(size_t index);

/* One of those, or the token server's; NULL where the check is no login. */
const struct login *login_of(enum check check);

/* What a finding, raised after the secret was spoken, says of the secret. */
enum login_outcome { LOGIN_OUTCOME_NONE, LOGIN_OUTCOME_REFUSED, LOGIN_OUTCOME_ACCEPTED };
enum login_outcome login_outcome(enum finding finding);

#endif
