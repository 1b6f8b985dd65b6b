/* SPDX-License-Identifier: MIT */
/* What every command works with: memory, settings, the language to speak. */
#ifndef GATEPOST_DESK_H
#define GATEPOST_DESK_H

#include "arena.h"
#include "command_line.h"
#include "exits.h"
#include "settings.h"

struct desk {
    struct arena kept; /* settings, profile, report: to the program's end */
    struct arena work; /* of one run */
    struct settings settings;
    enum language language;
};

/* Reads the settings that the command line names, or the default file where there is one, and
   settles the language. What is wrong is told on standard error. */
enum exits desk_open(struct desk *desk, const struct command_line *line) MUST_USE;

/* The file to read, or NULL for none. One that is there but may not be looked at is read, so that
   this is told. */
const char *desk_settings_file(const struct command_line *line);

/* Tells one trouble of a configuration on standard error. */
void desk_complain(const struct settings_trouble *trouble);

/* Says on standard error what is wrong with the command line. */
void desk_misused(const char *words);

#endif
