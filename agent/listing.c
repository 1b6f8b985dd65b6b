/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include "checks.h"
#include "explanation.h"
#include "profile.h"

#include <stdio.h>

#define PROFILES_MAX 64
#define SLUG_COLUMN  30
#define WORDS_ROOM   2048

/* JSON is written by hand here: rows of short texts that are known at build time, one at a time,
   need no tree in memory. Whether standard output could be written is looked at once, by main. */

/* RFC 8259 section 7. */
static void print_json(const char *words)
{
    (void)putchar('"');
    for (const char *c = words; *c != '\0'; c++)
        if (*c == '"' || *c == '\\')
            (void)printf("\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            (void)printf("\\u%04x", (unsigned)*c);
        else
            (void)putchar(*c);
    (void)putchar('"');
}

static void print_member(const char *key, const char *value)
{
    (void)printf(", \"%s\": ", key);
    print_json(value);
}

static void print_languages(const char *key, const char *const words[LANGUAGES])
{
    (void)printf(", \"%s\": {\"en\": ", key);
    print_json(words[LANGUAGE_EN]);
    (void)printf(", \"fr\": ");
    print_json(words[LANGUAGE_FR]);
    (void)putchar('}');
}

static void open_row(bool first, const char *key, const char *slug)
{
    (void)printf("%s  {\"%s\": ", first ? "[\n" : ",\n", key);
    print_json(slug);
}

/* ---- checks ---- */

static void print_check(enum check check)
{
    const struct check_row *row = check_row(check);
    bool first = true;
    open_row(check == 0, "check", row->slug);
    print_member("layer", layer_name(row->layer));
    print_member("cost", cost_name(row->cost));
    (void)printf(", \"needs\": [");
    for (enum check other = 0; other < CHECK_COUNT; other++)
        if ((row->needs & CHECK_BIT(other)) != 0) {
            (void)printf("%s", first ? "" : ", ");
            print_json(check_row(other)->slug);
            first = false;
        }
    (void)putchar(']');
    print_languages("title", row->title);
    (void)putchar('}');
}

static void list_checks(const struct desk *desk, bool json)
{
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (json)
            print_check(check);
        else
            (void)printf("%-*s %-6s %s\n", SLUG_COLUMN, check_row(check)->slug,
                         cost_name(check_row(check)->cost),
                         check_row(check)->title[desk->language]);
}

/* ---- findings and remedies ---- */

static void print_finding(enum finding finding)
{
    const struct finding_row *row = finding_row(finding);
    open_row(finding == NO_FINDING + 1, "finding", row->slug);
    print_member("status", status_name(row->status));
    print_member("layer", layer_name(row->layer));
    print_member("who", who_name(row->who));
    print_member("remedy", remedy_row(row->remedy)->slug);
    print_languages("title", row->title);
    print_languages("cause", row->cause);
    (void)putchar('}');
}

static void print_words(const char *words)
{
    char room[WORDS_ROOM];
    struct text text;
    text_begin(&text, room, sizeof room);
    explanation_words(words, &text);
    (void)puts(room);
}

static void list_findings(const struct desk *desk, bool json)
{
    for (enum finding finding = NO_FINDING + 1; finding < FINDING_COUNT; finding++)
        if (json) {
            print_finding(finding);
        } else {
            (void)printf("%-*s %-8s ", SLUG_COLUMN, finding_row(finding)->slug,
                         status_name(finding_row(finding)->status));
            print_words(finding_row(finding)->title[desk->language]);
        }
}

static void list_remedies(const struct desk *desk, bool json)
{
    for (enum remedy remedy = 0; remedy < REMEDY_COUNT; remedy++) {
        const struct remedy_row *row = remedy_row(remedy);
        if (!json) {
            (void)printf("%-*s ", SLUG_COLUMN, row->slug);
            print_words(row->words[desk->language]);
            continue;
        }
        open_row(remedy == 0, "remedy", row->slug);
        print_languages("words", row->words);
        (void)putchar('}');
    }
}

/* ---- profiles ---- */

static void list_profiles(struct desk *desk, bool json)
{
    const char *names[PROFILES_MAX];
    size_t count = profile_names(&desk->settings, &desk->kept, names, PROFILES_MAX);
    for (size_t i = 0; i < count; i++)
        if (json) {
            open_row(i == 0, "profile", names[i]);
            (void)putchar('}');
        } else {
            (void)printf("%s\n", names[i]);
        }
}

void listing_print(struct desk *desk, const struct command_line *line)
{
    struct slice what = slice_of(line->argument);
    if (slice_is(what, "checks"))
        list_checks(desk, line->json);
    else if (slice_is(what, "findings"))
        list_findings(desk, line->json);
    else if (slice_is(what, "remedies"))
        list_remedies(desk, line->json);
    else
        list_profiles(desk, line->json);
    if (line->json)
        (void)puts("\n]");
}
