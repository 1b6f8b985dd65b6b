/* SPDX-License-Identifier: MIT */
#include "selectors.h"

#include "../port/port.h"
#include "dkim_key.h"

#define PATH_ROOM 512

/* The whole file; too large for the stack. Not in use between two calls. */
static char bytes[SELECTORS_FILE_MAX], rewritten[SELECTORS_FILE_MAX];

static bool path_of(const char *directory, char into[PATH_ROOM])
{
    struct text path;
    text_begin(&path, into, PATH_ROOM);
    text_add_format(&path, "%s/selectors", directory);
    return !path.overflow;
}

static struct slice read_file(const char *directory)
{
    char path[PATH_ROOM];
    size_t size = 0;
    if (!path_of(directory, path) || port_file_read(path, bytes, sizeof bytes, &size) != FILE_DONE)
        return SLICE("");
    return (struct slice){ bytes, size };
}

/* "example.com ovhex123456-selector1". False for a line that is none. */
static bool read_line(struct slice line, struct slice *into_domain, struct slice *into_selector)
{
    char name[RESOLVE_NAME_MAX];
    *into_domain = SLICE("");
    (void)slice_cut(&line, ' ', into_domain); /* an empty line has no selector either */
    *into_selector = line;
    return line.len < SELECTOR_MAX && dkim_key_name(line, *into_domain, name);
}

bool selectors_recall(const char *directory, const char *domain, char into[SELECTOR_MAX])
{
    struct slice rest = read_file(directory), line, owner, selector;
    while (slice_line(&rest, &line)) {
        if (!read_line(line, &owner, &selector) || !slice_equal_nocase(owner, slice_of(domain)))
            continue;
        text_put(into, SELECTOR_MAX, selector);
        return true;
    }
    return false;
}

static size_t count_others(struct slice rest, const char *domain)
{
    struct slice line, owner, selector;
    size_t count = 0;
    while (slice_line(&rest, &line))
        count += read_line(line, &owner, &selector) && !slice_equal_nocase(owner, slice_of(domain));
    return count;
}

bool selectors_remember(const char *directory, const char *domain, struct slice selector)
{
    char path[PATH_ROOM], name[RESOLVE_NAME_MAX], known[SELECTOR_MAX];
    struct slice rest, line, owner, other;
    struct text text;
    if (selector.len >= SELECTOR_MAX || !dkim_key_name(selector, slice_of(domain), name))
        return false;
    if (selectors_recall(directory, domain, known) && slice_is(selector, known))
        return true;
    rest = read_file(directory);
    size_t others = count_others(rest, domain);
    text_begin(&text, rewritten, sizeof rewritten);
    while (slice_line(&rest, &line))
        if (read_line(line, &owner, &other) && !slice_equal_nocase(owner, slice_of(domain)) &&
            others-- < SELECTORS_MAX)
            text_add_format(&text, "%.*s %.*s\n", SLICE_ARG(owner), SLICE_ARG(other));
    text_add_format(&text, "%s %.*s\n", domain, SLICE_ARG(selector));
    return !text.overflow && path_of(directory, path) &&
           port_directory_make(directory) == FILE_DONE &&
           port_file_replace(path, text.at, text.len, 0600) == FILE_DONE;
}
