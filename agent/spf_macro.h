/* SPDX-License-Identifier: MIT */
/* The macros of SPF records: RFC 7208 section 7. */
#ifndef GATEPOST_SPF_MACRO_H
#define GATEPOST_SPF_MACRO_H

#include "text.h"

#include <stdbool.h>

#define SPF_NAME_SIZE   254 /* bytes of an expanded name, terminator included; section 7.3 */
#define SPF_DOTTED_SIZE 64  /* bytes of the longest %{i}, terminator included */

/* What the letters stand for. */
struct spf_values {
    struct slice sender;        /* s: local-part@domain */
    struct slice local;         /* l */
    struct slice sender_domain; /* o */
    struct slice domain;        /* d: whose record is evaluated */
    struct slice client;        /* i: 192.0.2.1, or the 32 digits of an IPv6 address with dots */
    struct slice validated;     /* p */
    struct slice family;        /* v: in-addr or ip6 */
    struct slice helo;          /* h */
};

/* domain-spec and macro-string of section 7.1. The letters c, r and t, which only an explanation
   may hold, are malformed in a domain-spec. */
bool spf_macro_is_domain(struct slice text);
bool spf_macro_is_string(struct slice text);

/* True when the text, which is well-formed, holds a macro of one of these lower-case letters. */
bool spf_macro_needs(struct slice text, const char *letters);

/* Expands a well-formed text into a name without the dot at its end; of one that is too long labels
   are dropped from the left, section 7.3. False when no question can be asked with it: an empty
   label, or one of more than 63 bytes; a control character, a byte beyond ASCII or a backslash. */
bool spf_macro_expand(struct slice text, const struct spf_values *values,
                      char into_name[SPF_NAME_SIZE]);

#endif
