/* SPDX-License-Identifier: MIT */
/* TXT records that begin with their version and go on with tags: "v=DMARC1; p=none". Whatever is
   found are slices of the answer, and live as long as it. */
#ifndef GATEPOST_POLICY_RECORD_H
#define GATEPOST_POLICY_RECORD_H

#include "io.h"
#include "resolve.h"
#include "text.h"

#include <stdbool.h>

enum policy_record {
    POLICY_RECORD_PENDING, /* run again when the answer is there */
    POLICY_RECORD_NONE,    /* no record of this version: also no such name */
    POLICY_RECORD_ONE,
    POLICY_RECORD_SEVERAL, /* every reader discards them all */
    POLICY_RECORD_UNKNOWN, /* no answer that says so or so: see `status` */
};

struct policy_record_found {
    enum answer_status status;
    struct slice text;        /* of the one */
    struct slice passed_over; /* a record that holds the version and does not begin with it; else
                                 empty */
};

/* Looks for the record of a version ("DMARC1") at prefix + domain ("_dmarc.", "example.com"). A
   name that DNS cannot hold has none. *into is complete unless PENDING. */
enum policy_record policy_record_find(ask_fn *ask, void *asker, const char *prefix,
                                      const char *domain, const char *version,
                                      struct policy_record_found *into) MUST_USE;

/* True when the text begins with "v=VERSION", in just these letters but for the v, and then ends or
   goes on with ";". Blanks may stand around "=" and before ";" (RFC 9989 section 4.8). */
bool policy_record_has_version(struct slice text, const char *version);

struct policy_tag {
    struct slice name, value; /* without blanks around them */
    bool well; /* is a name, "=" and something printable; else all of it is in value */
};

/* Takes the next tag off the front of a record; empty ones are passed over. False at the end. */
bool policy_record_tag(struct slice *rest, struct policy_tag *into_tag);

#endif
