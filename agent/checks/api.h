/* SPDX-License-Identifier: MIT */
/* What the files share that talk to the provider's interface. */
#ifndef GATEPOST_CHECKS_API_H
#define GATEPOST_CHECKS_API_H

#include "../json.h"
#include "../provider_api.h"
#include "parts.h"

/* The fields of a signed request, for its template. The consumer key is the lane's token. */
#define API_FIELDS                                                                                 \
    "X-Ovh-Application: {client}\n"                                                                \
    "X-Ovh-Consumer: {bearer}\n"                                                                   \
    "X-Ovh-Timestamp: {time}\n"                                                                    \
    "X-Ovh-Signature: {signature}"

/* What is heard to a signed request. */
#define API_ANSWERS "200|400|401|403|404|460"
extern const struct meaning api_outages[], api_refusals[];

/* Readies the request of a question; task is a number that its path ends with, 0 for none; body is
   a template, "" for a GET. False where it cannot be made. */
bool api_prepare(struct lane *lane, enum api_question question, int64_t task, const char *body);

/* Reads the last answer, and leaves words of it as the server's, which may be shown: its error, its
   state. notebook.answered says whether it could be read. */
typedef void api_take_fn(struct lane *lane, const struct json *json);
void api_take(struct lane *lane, api_take_fn *take);

/* What the provider's own diagnostic came to. */
void api_take_diagnosis(struct lane *lane, const struct json *json);

/* ---- judges ---- */

bool api_may_send(const struct lane *lane);
bool api_is_subscribed(const struct lane *lane);
bool api_is_not_locked(const struct lane *lane);

/* ---- for parts ---- */

/* A dress_fn. */
void api_dress(struct lane *lane, struct raised *raised);

/* A recover_fn. Mail goes on without the interface: whatever keeps it from answering is no more
   than a warning, and ends the act. */
bool api_recover(struct lane *lane, enum finding finding);

#define API_ENDED 100 /* notebook.phase of an act that is over */

#endif
