/* SPDX-License-Identifier: MIT */
/* Access tokens (RFC 6749): what a token server answers, what an account asks of it, and what a
   mail server says of a token that it refuses. Pure. */
#ifndef GATEPOST_OAUTH_H
#define GATEPOST_OAUTH_H

#include "arena.h"
#include "profile.h"
#include "secret.h"
#include "settings.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define OAUTH_WORD_MAX                                                                             \
    48 /* bytes of a word of an answer, terminator included; the longest are of 25 */

/* An answer of the token endpoint (RFC 6749 sections 5.1 and 5.2). Words are "" where the answer
   has none; only bytes that such words are made of are kept, so they may be shown. */
struct oauth_answer {
    char error[OAUTH_WORD_MAX]; /* "invalid_grant" */
    char code[OAUTH_WORD_MAX];  /* "AADSTS65001", which Microsoft's descriptions begin with */
    int64_t valid_s;            /* how long the token lasts; 0: it does not say */
    bool renews;                /* it holds a new refresh token */
};

/* Reads it. into_token is empty where the answer brings no token to be used as a bearer (RFC 6750).
 */
void oauth_read(struct slice body, struct secret *into_token, struct oauth_answer *into_answer);

/* The scopes of the services that an account is logged in to, each once, with blanks between them
   (RFC 6749 section 3.3); NULL when the arena is full. */
const char *oauth_scope(const struct profile *profile, struct arena *arena);

/* The status in the JSON by which SASL XOAUTH2 tells a refusal, from its base64: "401". False where
   there is none; nothing is written then. */
bool oauth_challenge_status(struct slice base64, char *into, size_t size) MUST_USE;

#endif
