/* SPDX-License-Identifier: MIT */
/* TLS-RPT (RFC 8460): where senders report that mail could not be delivered encrypted. */
#ifndef GATEPOST_TLS_RPT_H
#define GATEPOST_TLS_RPT_H

#include "policy_record.h"
#include "resolve.h"

#include <stdbool.h>

struct tls_rpt {
    enum policy_record found;
    struct policy_record_found record;
    struct slice rua; /* as written; empty where there is none */
    size_t rua_count; /* mailto: and https: addresses that are well; without one no report comes */
    struct slice bad_uri; /* one that is not well; else empty */
};

/* The record at _smtp._tls.DOMAIN, section 3. False while the answer is on its way. */
bool tls_rpt_find(ask_fn *ask, void *asker, const char *domain, struct tls_rpt *into) MUST_USE;

#endif
