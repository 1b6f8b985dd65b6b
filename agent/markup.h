/* SPDX-License-Identifier: MIT */
/* XML that a peer sent, read by expat (XML 1.0): the elements with their text, in the order of the
   document. Names are without their namespace's prefix. A document type is refused, so there are no
   entities but the five of XML itself, and nothing is ever fetched. What is read, and the memory it
   takes, is bounded; nothing of it lives on. */
#ifndef GATEPOST_MARKUP_H
#define GATEPOST_MARKUP_H

#include "io.h"
#include "text.h"

#include <stdbool.h>

#define MARKUP_BYTES_MAX    65536 /* of a document */
#define MARKUP_DEPTH_MAX    24    /* elements within each other */
#define MARKUP_ELEMENTS_MAX 2048  /* of a document */
#define MARKUP_PATH_MAX     512   /* bytes of a path, terminator included */
#define MARKUP_TEXT_MAX     1024 /* bytes of an element's text that are kept; the rest is left out */

enum markup_result {
    MARKUP_READ,
    MARKUP_BROKEN,  /* not well-formed, or cut off */
    MARKUP_REFUSED, /* has a document type, a name that is only a prefix, or more of something than
                       its maximum */
};

/* Told of every element when it ends: path is "Envelope/Body/Fault", text its own, trimmed, "" for
   one that only holds others. Its attributes were told when it began, as "Envelope/Body/@name".
   path and text live until the call returns. */
typedef void markup_fn(void *reader, const char *path, struct slice text);

/* Reads a whole document; not from within a markup_fn. Where it ends as BROKEN or REFUSED, the
 * reader has been told of what came before the trouble. */
enum markup_result markup_read(struct slice bytes, markup_fn *call, void *reader) MUST_USE;

/* Copies the text of the first element (or attribute) at path, cut to size. False, and into is "",
   when there is none before the document ends or breaks, or the document is refused. */
bool markup_find(struct slice bytes, const char *path, char *into, size_t size) MUST_USE;

#endif
