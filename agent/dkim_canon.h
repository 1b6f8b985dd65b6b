/* SPDX-License-Identifier: MIT */
/* The form of a mail that is signed (canonicalization, RFC 6376 section 3.4), piece by piece. LF
   alone ends a line as CRLF does: a store keeps lines, not the bytes that ended them. */
#ifndef GATEPOST_DKIM_CANON_H
#define GATEPOST_DKIM_CANON_H

#include "dkim_signature.h"
#include "text.h"

#include <stdbool.h>

typedef void canon_sink_fn(void *sink, struct slice piece);

/* The body, whole: what l= leaves out is the sink's business. */
void dkim_canon_body(struct slice body, bool relaxed, canon_sink_fn *give, void *sink);

/* The fields that the signature names, then the signature's own without its value (section 3.7). Of
   fields with one name the lowest is taken first (section 5.4.2); a name too many stands for
   nothing. */
void dkim_canon_header(struct slice mail, const struct dkim_signature *signature,
                       canon_sink_fn *give, void *sink);

#endif
