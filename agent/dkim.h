/* SPDX-License-Identifier: MIT */
/* Verifies the DKIM signatures of a mail (RFC 6376, with RFC 8301 and RFC 8463).
   A store may rewrite what it was given: Exchange keeps the parts of a mail and writes them anew
   for IMAP. So a failure here says that the mail as fetched no longer fits, not that it did not fit
   when it came: where the receiver's own Authentication-Results (witness.h) say pass, they count. A
   pass is a proof. */
#ifndef GATEPOST_DKIM_H
#define GATEPOST_DKIM_H

#include "io.h"
#include "resolve.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DKIM_SIGNATURES_MAX 4  /* of one mail that are judged, from the top */
#define DKIM_NAMES_MAX      64 /* names in one h=; a signature with more is not verified */

/* The field is looked at first, then its time, its key, the body and the signature (RFC 6376
   section 6.1): the first that goes wrong is the verdict. */
enum dkim_verdict {
    DKIM_VERDICT_PASS,
    DKIM_VERDICT_FAIL_BODY,      /* the body is not the one that was signed */
    DKIM_VERDICT_FAIL_SIGNATURE, /* a signed field of the header is another, or the key is */
    DKIM_VERDICT_KEY_MISSING,    /* the DNS has no key at that name */
    DKIM_VERDICT_KEY_REVOKED,    /* see dkim_key.h, DKIM_RECORD_REVOKED */
    DKIM_VERDICT_KEY_WEAK,       /* see there, DKIM_RECORD_WEAK */
    DKIM_VERDICT_KEY_INVALID,    /* there is a record, but none that this signature can use */
    DKIM_VERDICT_MALFORMED,      /* the field breaks the syntax or lacks something */
    DKIM_VERDICT_EXPIRED,        /* by its own x= */
    DKIM_VERDICT_OBSOLETE,       /* rsa-sha1, which proves nothing (RFC 8301 section 3.1) */
    DKIM_VERDICT_UNSUPPORTED,    /* nothing wrong was seen, but this cannot be verified here */
    DKIM_VERDICT_UNKNOWN, /* the DNS gave no answer, the mail is not all there, or out of memory */
    DKIM_VERDICT_PENDING, /* the key is on its way */
};

struct dkim_result {
    enum dkim_verdict verdict;
    const char *words;   /* the reason in a few English words, static; "" for a pass */
    struct slice domain; /* d= and s=: of the mail; empty where there are none */
    struct slice selector;
    unsigned key_bits; /* 0 while no key was read */
    bool testing;      /* the key says that the domain only tries DKIM */
    bool partial;      /* l= leaves the end of the body unsigned (section 8.2) */
};

struct dkim_question {
    struct slice mail;
    bool cut; /* the mail is longer than this */
    ask_fn *ask;
    void *asker;
    int64_t wall_ms; /* 0 where the clock cannot be trusted: then nothing is expired */
};

struct dkim_outcome {
    struct dkim_result results[DKIM_SIGNATURES_MAX];
    size_t count; /* judged */
    size_t found; /* in the header */
};

/* Judges the mail's signatures. False while a key is on its way: run it again after the answer. At
   most DKIM_SIGNATURES_MAX questions, for TXT records. */
bool dkim_judge(const struct dkim_question *question, struct dkim_outcome *into_outcome) MUST_USE;

const char *dkim_verdict_name(enum dkim_verdict verdict); /* "fail-body" */

#endif
