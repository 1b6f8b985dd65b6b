/* SPDX-License-Identifier: MIT */
/* The interface by which OVH tells of its accounts: where its parts are, and how a request is
   signed. Pure. */
#ifndef GATEPOST_PROVIDER_API_H
#define GATEPOST_PROVIDER_API_H

#include "profile.h"
#include "settings.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define PROVIDER_API_SIGNATURE_MAX 44 /* bytes, terminator included: "$1$" and 40 digits */

enum api_question {
    API_ASKS_TIME, /* needs no key */
    API_ASKS_ACCOUNT,
    API_ASKS_SERVICE,
    API_ASKS_DOMAIN,
    API_ASKS_DIAGNOSTICS, /* what the provider's own last diagnostic came to; a POST begins one */
    API_ASKS_TASKS,       /* what has been begun for the account; the task's number follows */
    API_ASKS_TICKET,      /* a POST opens a support ticket */
    API_QUESTIONS
};

/* The host of one of the words of the setting `api_endpoint`. */
const char *provider_api_host(const struct account_settings *account);

/* The path of a question about the account, ready for a request. It overflows the text where it
   does not fit. */
void provider_api_path(const struct account_settings *account, const struct profile *profile,
                       enum api_question question, struct text *text);

/* The service alone, without its organization. */
struct slice provider_api_service(const struct account_settings *account);

/* A support ticket to open: both are ended by a NUL, and bounded by who writes them: see
   ticketing.h. */
struct api_ticket {
    const char *subject, *body;
};

/* What a key must be granted to open one. */
#define PROVIDER_API_TICKET_RIGHT "POST /support/tickets/create"

/* What a key must be granted for all that is only read: a path that ends with '*'. */
void provider_api_rights(const struct account_settings *account, const struct profile *profile,
                         struct text *text);

/* A request that is to be signed. The body is what is sent, byte by byte; empty for a GET. */
struct api_request {
    const char *method, *host, *path;
    struct slice body;
    int64_t time_s; /* of the interface's own clock */
};

/* False where it cannot be made. */
bool provider_api_sign(const struct api_key *key, const struct api_request *request,
                       char into[PROVIDER_API_SIGNATURE_MAX]) MUST_USE;

#endif
