/* SPDX-License-Identifier: MIT */
/* Which of an account's secrets is spoken where, and the servers that a run asks for a token or for
   the provider's own view of the account. */
#ifndef GATEPOST_CREDENTIALS_H
#define GATEPOST_CREDENTIALS_H

#include "suite.h"

/* Gives a lane the secret that its service is told, and what its requests hold beside it. A mail
   server is told the account's password or the run's token, never the secret that a token is asked
   for with. */
void credentials_lend(struct lane *lane);

/* Opens the lanes to the token server and to the provider's interface, where the account has a use
   for them. */
void credentials_open(struct suite *suite);

/* Wipes what the run was told, and the secrets it was ordered with. */
void credentials_wipe(struct suite *suite);

#endif
