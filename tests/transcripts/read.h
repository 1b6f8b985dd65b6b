/* SPDX-License-Identifier: MIT */
/* What the files that read a transcript share. */
#ifndef GATEPOST_TRANSCRIPT_READ_H
#define GATEPOST_TRANSCRIPT_READ_H

#include "transcript.h"

/* A transcript while it is read. */
struct reader {
    struct transcript *transcript;
    const char *path;
    int number;   /* of the line */
    bool broken;  /* something was not well written; it has been said */
    bool in_http; /* an exchange in "S>" or "C>" lines is being gathered */
    bool is_request;
    struct text first, head, body; /* of it */
    struct slice cookie;
};

/* Says what is wrong with the present line. */
void reader_fault(struct reader *reader, const char *what);

/* Takes the first word off the front of rest; empty when there is none. */
struct slice reader_word(struct slice *rest);

/* Keeps words for as long as the transcript lives. */
struct slice reader_keep(struct reader *reader, struct slice words);

/* Adds a line to the script of the peer that was named last. */
void reader_add_line(struct reader *reader, struct fake_line line);

/* "S>" and "C>": an HTTP message a few words long. */
void reader_http(struct reader *reader, bool is_request, struct slice words);

/* Turns what was gathered into lines of the script, where there is something. */
void reader_flush_http(struct reader *reader);

/* "Q:" and "A:". */
void reader_question(struct reader *reader, struct slice words);
void reader_answer(struct reader *reader, struct slice words);

/* "key: value" at the head of a file; false when there is no such key. */
bool reader_header(struct reader *reader, struct slice key, struct slice value);

/* Reads one file, also an included one. */
void reader_file(struct reader *reader, const char *path);

#endif
