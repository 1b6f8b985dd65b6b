/* SPDX-License-Identifier: MIT */
/* A report as it was read from a file, which may be of any age and from anybody: what is absent is
   empty, and nothing of it is printed without a look at its bytes. For reasoning.c. */
#ifndef GATEPOST_TOLD_H
#define GATEPOST_TOLD_H

#include "page.h"
#include "text.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

struct told {
    const cJSON *report;
    enum language language;
    struct page page;
};

/* A member of an object; NULL where it is absent. */
const cJSON *told_member(const cJSON *object, const char *name);

/* The first item of a list; NULL where there is none. */
const cJSON *told_first(const cJSON *object, const char *name);

/* A text; "" where it is absent. To be made printable by whoever prints it. */
const char *told_text(const cJSON *object, const char *name);

/* A code of gatepost's own notation, printable as it is: "" where it is absent, "?" where it is
   something else. */
const char *told_code(const cJSON *object, const char *name);

/* Of a check; STATUS_SKIPPED where it names none. */
enum status told_status(const cJSON *check);

/* True when the report tells by which rules it came to its roots; older ones do not. */
bool told_has_rules(const struct told *told);

/* What fills the holes of a root's or remedy's words. */
void told_params(const cJSON *object, struct params *into_params);

/* Appends the title of a finding, or its code where this gatepost does not know it. */
void told_add_title(const struct told *told, struct text *text, const cJSON *finding);

/* Appends a rule in words, or its code. */
void told_add_rule(const struct told *told, struct text *text, const char *slug);

/* Appends where and when something was seen. */
void told_add_evidence(struct text *text, const cJSON *evidence);

/* Prints text from column `indent` on, where the cursor already is, and ends the line. */
void told_show(const struct told *told, size_t indent, const struct text *text);

/* The first step, in reasoning_checks.c: what was asked and answered, lowest layer first. */
void reasoning_checks(const struct told *told);

#endif
