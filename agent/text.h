/* SPDX-License-Identifier: MIT */
/* Bytes that somebody else owns (slice), and text that grows in a buffer of fixed size (text). */
#ifndef GATEPOST_TEXT_H
#define GATEPOST_TEXT_H

#include "io.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct slice {
    const char *at; /* not terminated; may hold NUL bytes; NULL only when len is 0 */
    size_t len;
};

#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })

/* printf("%.*s", SLICE_ARG(s)); lengths above 64 kB do not occur in slices that are printed. */
#define SLICE_ARG(slice) (int)(slice).len, (slice).at

/* The bytes of a C string without its terminator; NULL gives the empty slice. */
struct slice slice_of(const char *string);

/* Comparisons: exact, or ASCII case ignored. */
bool slice_equal(struct slice a, struct slice b);
bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *string);
bool slice_is_nocase(struct slice a, const char *string);
bool slice_starts(struct slice a, const char *prefix);
bool slice_starts_nocase(struct slice a, const char *prefix);
bool slice_ends_nocase(struct slice a, const char *suffix);

/* The offset of needle in a, ASCII case ignored, or a.len where it does not occur. */
size_t slice_find_nocase(struct slice a, const char *needle);
bool slice_has_nocase(struct slice a, const char *needle);

/* The slice from offset to its end; an offset past the end gives the empty slice. */
struct slice slice_from(struct slice a, size_t offset);

/* Takes the bytes before the first separator off the front of rest (the separator too); the last
   part is the rest itself. False when rest was empty. */
bool slice_cut(struct slice *rest, char separator, struct slice *into_part);

/* Whether one of the parts between separators is the word, ASCII case ignored. */
bool slice_lists_nocase(struct slice parts, char separator, const char *word);

/* Takes one line off the front of rest: up to CRLF or LF, which is removed. False when rest was
   empty. */
bool slice_line(struct slice *rest, struct slice *into_line);

/* Without spaces, tabs, CR and LF at both ends. */
struct slice slice_trim(struct slice a);

/* A whole decimal number of at most maximum; false for anything else, also for an empty slice or a
   sign. */
bool slice_number(struct slice a, uint64_t maximum, uint64_t *into_number);

/* A moment as files of the state have it: such a number, from 0. */
bool slice_milliseconds(struct slice a, int64_t *into_ms);

/* Text in a buffer of fixed size, always terminated. What does not fit is left out as a whole; from
   then on overflow stays true and nothing more is appended: look once, at the end. */
struct text {
    char *at;
    size_t size; /* of the buffer, terminator included; at least 1 */
    size_t len;
    bool overflow;
};

void text_begin(struct text *text, char *buffer, size_t size);
void text_add(struct text *text, struct slice slice);
void text_add_string(struct text *text, const char *string);
void text_add_format(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_hex(struct text *text, const void *bytes, size_t size); /* two digits each, lower */
void text_add_base64(struct text *text, struct slice slice); /* RFC 4648 section 4, padded */
void text_add_form(struct text *text,
                   struct slice slice); /* application/x-www-form-urlencoded value */

/* IMAP quoted string, RFC 3501 section 4.3. CR, LF and NUL, which it cannot hold, count as
   overflow. */
void text_add_quoted(struct text *text, struct slice slice);

/* For people: valid UTF-8 is kept; controls, those that turn the writing direction too, and other
   bytes become
   \xNN. */
void text_add_printable(struct text *text, struct slice slice);

struct slice text_slice(const struct text *text);

/* Copies into the arena, terminated. NULL when the arena is full. */
const char *text_copy(struct arena *arena, struct slice slice);
const char *text_copy_string(struct arena *arena, const char *string);
const char *text_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Copies into a buffer, terminated, cut to what fits but not within a UTF-8 character. */
void text_put(char *into, size_t size, struct slice slice);
void text_put_string(char *into, size_t size, const char *string);

/* Writes into a buffer of at least one byte, terminated. What does not fit as a whole leaves ""
   there: false. */
bool text_put_format(char *into, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);

/* Overwrites memory that held a secret, in a way that the compiler keeps. */
void text_wipe(void *memory, size_t size);

#endif
