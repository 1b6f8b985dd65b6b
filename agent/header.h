/* SPDX-License-Identifier: MIT */
/* The header of a mail, field by field (RFC 5322 section 2.2), and what separates words in it.
   Everything is a slice of the mail, whose owner keeps it. Lines end in CRLF or LF. */
#ifndef GATEPOST_HEADER_H
#define GATEPOST_HEADER_H

#include "io.h"
#include "text.h"

#include <stdbool.h>

struct header_field {
    struct slice name;  /* without the blanks that may stand before the colon (section 4.5) */
    struct slice value; /* behind the colon, folds and blanks as they came */
    struct slice whole; /* from the name to the last byte of the value */
};

/* Takes the next field off the front of rest; a line that is no field is passed over. False at the
   empty line that ends the header, or where nothing is left; rest is then the body. */
bool header_next(struct slice *rest, struct header_field *into_field);

/* The body: what follows the empty line. Empty where there is none. */
struct slice header_body(struct slice mail);

/* Blanks and comments (CFWS, section 3.2.2): comments nest, and a backslash takes the next byte's
   meaning away. Gives what follows them; where a comment is not closed, nothing follows. The
   comments' own words are not kept. */
struct slice header_skip(struct slice text);

/* As slice_cut, but a separator within a comment or a quoted string (section 3.2.4) does not count.
 */
bool header_cut(struct slice *rest, char separator, struct slice *into_part);

/* Takes the next word off the front of rest: what header_skip leaves, up to a blank, a comment or a
   byte of `separators`; or a quoted string without its quotes, backslashes as they
   came; or one of the separators. Its length is 0 where nothing is left, or for "". */
struct slice header_word(struct slice *rest, const char *separators);

#endif
