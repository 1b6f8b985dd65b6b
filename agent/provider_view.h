/* SPDX-License-Identifier: MIT */
/* What the provider's own interface tells of the account. It knows, where the protocols only let
   guess. */
#ifndef GATEPOST_PROVIDER_VIEW_H
#define GATEPOST_PROVIDER_VIEW_H

#include <stdint.h>

enum provider_told { UNTOLD, TOLD_GOOD, TOLD_BAD };

/* What became of a request for a ticket. UNSURE from its first byte until an answer is understood.
 */
enum ticket_state { TICKET_NOT_OPENED, TICKET_UNSURE, TICKET_OPENED };

struct provider_view {
    enum provider_told sending, subscription, lock; /* of the account, now */
    enum provider_told webmail, mx, srv, spf;       /* of its own checks */
    enum provider_told receiving, delivery;         /* ... of test mails to and from the account */
    const char *expected_mx, *expected_srv, *expected_spf; /* records, or NULL */
    int lockout_minutes; /* of the security policy; 0: not known */
    enum ticket_state ticket;
    int64_t ticket_number; /* where it is opened */
};

#endif
