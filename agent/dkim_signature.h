/* SPDX-License-Identifier: MIT */
/* One DKIM-Signature field, read (RFC 6376 section 3.5). */
#ifndef GATEPOST_DKIM_SIGNATURE_H
#define GATEPOST_DKIM_SIGNATURE_H

#include "digest.h"
#include "dkim.h"
#include "dkim_key.h"
#include "header.h"
#include "signature.h"

struct dkim_signature {
    struct header_field field;
    enum dkim_kind kind;
    bool relaxed_header, relaxed_body; /* c= */
    bool limited;                      /* l= */
    uint64_t limit;
    struct slice domain, selector;
    struct slice identity; /* the domain of i=, or d= where there is none */
    struct slice names;    /* h=, as it came */
    struct slice room;     /* the value of b= with its blanks: no part of what is signed */
    bool expires;
    uint64_t signed_s, expires_s; /* t= (0 where there is none) and x= */
    uint8_t body_hash[DIGEST_SIZE];
    size_t len;
    uint8_t bytes[SIGNATURE_MAX];
};

/* DKIM_VERDICT_PASS where the field can be judged further; else the verdict, with its words. domain
   and selector are set as soon as they are readable; the slices are of the mail. */
enum dkim_verdict dkim_signature_read(const struct header_field *field,
                                      struct dkim_signature *into_signature,
                                      const char **into_words) MUST_USE;

#endif
