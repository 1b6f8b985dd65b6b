/* SPDX-License-Identifier: MIT */
/* What a person typed. Commands and options are rows; the parser and the help texts read the same
 * ones. */
#ifndef GATEPOST_COMMAND_LINE_H
#define GATEPOST_COMMAND_LINE_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

enum command {
    COMMAND_CHECK,
    COMMAND_INIT,
    COMMAND_SUPPORT,
    COMMAND_DOCTOR,
    COMMAND_AGENT,
    COMMAND_EXPLAIN,
    COMMAND_LIST,
    COMMAND_CONFIG,
    COMMAND_FORGET_REFUSAL,
    COMMAND_COUNT,
};

#define COMMAND_LINE_ONLY_MAX 32 /* times that --only is read */
#define COMMAND_LINE_SAID_MAX 400

struct command_line {
    enum command command; /* COMMAND_COUNT: none, with help or version */
    bool help, version;
    const char *argument; /* the command's one argument; NULL with help, or where it
                             takes none */
    const char *config, *language, *output; /* NULL where not given; the last one counts */
    const char *profile;                    /* name of a profile; NULL where not given */
    const char *simulate;                   /* slug of a finding; NULL where not given */
    bool json, light, once, open_ticket;
    const char *only[COMMAND_LINE_ONLY_MAX];
    size_t only_count;
};

/* Reads the words after the program's name, options before, between or after the others. False when
   there is something wrong, and into_complaint says what, with the nearest right word where there
   is one. */
bool command_line_read(size_t count, char *const *words, struct command_line *into_line,
                       struct text *into_complaint) MUST_USE;

/* The help of one command, or of the whole program for COMMAND_COUNT, on standard output. */
void command_line_help(enum command command);

#endif
