/* SPDX-License-Identifier: MIT */
/* DNS blocklists (RFC 5782): how they are asked, and what their answers mean. Most free ones refuse
   to answer large public resolvers, some in words that careless readers take for a listing. */
#ifndef GATEPOST_BLOCKLIST_H
#define GATEPOST_BLOCKLIST_H

#include "resolve.h"
#include "text.h"

#include <stdbool.h>

#define BLOCKLIST_CODES_MAX 8 /* codes of one listing that are kept */

enum blocklist_state {
    BLOCKLIST_CLEAR,   /* the list does not know the subject */
    BLOCKLIST_LISTED,  /* 127.0.0.2 to 127.0.0.254; domain lists also 127.0.1.2 to 127.0.1.254 */
    BLOCKLIST_REFUSED, /* 127.255.255.x: the list will not answer this resolver; says nothing */
    BLOCKLIST_UNKNOWN, /* no answer, or one that no working list gives; or it lists everything */
};

struct blocklist {
    enum blocklist_state state;
    enum answer_status status;            /* of the answer to the first question */
    uint8_t code[BLOCKLIST_CODES_MAX][2]; /* LISTED: the last two bytes of each: { 0, 2 } */
    size_t code_count;
    struct slice words; /* the list's own, LISTED and REFUSED; may be empty */
};

/* Writes the name to ask for: the address reversed, four bytes or 32 hexadecimal digits (sections
   2.1 and 2.4), or the domain (section 3), before the zone. False when it gets too long. */
bool blocklist_address_name(const struct address *address, const char *zone,
                            char into[RESOLVE_NAME_MAX]) MUST_USE;
bool blocklist_domain_name(const char *domain, const char *zone,
                           char into[RESOLVE_NAME_MAX]) MUST_USE;

/* Asks a list about an address or a domain. Where it is listed, the list is asked about a subject
   that is never listed too (section 5): of one that says yes to everything nothing is known. False
   while an answer is on its way. */
bool blocklist_address(ask_fn *ask, void *asker, const struct address *address, const char *zone,
                       struct blocklist *into) MUST_USE;
bool blocklist_domain(ask_fn *ask, void *asker, const char *domain, const char *zone,
                      struct blocklist *into) MUST_USE;

#endif
