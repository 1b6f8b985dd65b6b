/* SPDX-License-Identifier: MIT */
#include "selectors.h"

#include "dkim_key.h"
#include "state_file.h"

#define FILE_NAME "selectors"

/* The whole file; too large for the stack. Not in use between two calls. */
static char bytes[SELECTORS_FILE_MAX], rewritten[SELECTORS_FILE_MAX];

static struct slice read_file(const char *directory)
{
    return state_file_read(directory, FILE_NAME, bytes, sizeof bytes);
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

static bool find(struct slice rest, const char *domain, char into[SELECTOR_MAX])
{
    struct slice line, owner, selector;
    while (slice_line(&rest, &line)) {
        if (!read_line(line, &owner, &selector) || !slice_is_nocase(owner, domain))
            continue;
        text_put(into, SELECTOR_MAX, selector);
        return true;
    }
    return false;
}

bool selectors_recall(const char *directory, const char *domain, char into[SELECTOR_MAX])
{
    return find(read_file(directory), domain, into);
}

static size_t count_others(struct slice rest, const char *domain)
{
    struct slice line, owner, selector;
    size_t count = 0;
    while (slice_line(&rest, &line))
        count += read_line(line, &owner, &selector) && !slice_is_nocase(owner, domain);
    return count;
}

bool selectors_remember(const char *directory, const char *domain, struct slice selector)
{
    char name[RESOLVE_NAME_MAX], known[SELECTOR_MAX];
    struct slice line, owner, other;
    struct text text;
    if (selector.len >= SELECTOR_MAX || !dkim_key_name(selector, slice_of(domain), name))
        return false;
    struct slice rest = read_file(directory);
    if (find(rest, domain, known) && slice_is(selector, known))
        return true;
    size_t others = count_others(rest, domain);
    text_begin(&text, rewritten, sizeof rewritten);
    while (slice_line(&rest, &line))
        if (read_line(line, &owner, &other) && !slice_is_nocase(owner, domain) &&
            others-- < SELECTORS_MAX)
            text_add_format(&text, "%.*s %.*s\n", SLICE_ARG(owner), SLICE_ARG(other));
    text_add_format(&text, "%s %.*s\n", domain, SLICE_ARG(selector));
    return !text.overflow && state_file_replace(directory, FILE_NAME, text_slice(&text));
}
