/* SPDX-License-Identifier: MIT */
/* What the provider's own interface tells of the account. It knows, where the protocols only let
   guess. */
#ifndef GATEPOST_PROVIDER_VIEW_H
#define GATEPOST_PROVIDER_VIEW_H

enum provider_told { UNTOLD, TOLD_GOOD, TOLD_BAD };

struct provider_view {
    enum provider_told sending, subscription, lock; /* of the account, now */
    enum provider_told webmail, mx, srv, spf;       /* of its own checks */
    enum provider_told receiving, delivery;         /* ... of test mails to and from the account */
    const char *expected_mx, *expected_srv, *expected_spf; /* records, or NULL */
    int lockout_minutes; /* of the security policy; 0: not known */
};

#endif
