/* SPDX-License-Identifier: MIT */
#include "page.h"

#include "../port/port.h"

#include <stdio.h>

/* clang-format off */
static const struct {
    const char *mark, *colour;
} looks[] = {
    [STATUS_PENDING] = { " ",  "\033[2m" },
    [STATUS_OK]      = { "✓", "\033[32m" },
    [STATUS_WARNING] = { "!",  "\033[33m" },
    [STATUS_FAILED]  = { "✗", "\033[31m" },
    [STATUS_UNKNOWN] = { "?",  "\033[36m" },
    [STATUS_SKIPPED] = { "–", "\033[2m" },
};
/* clang-format on */

#define STANDARD_OUTPUT 1

static bool wants_colour(void)
{
    const char *plain = port_environment("NO_COLOR"), *terminal = port_environment("TERM");
    if (plain != NULL && plain[0] != '\0')
        return false;
    if (terminal == NULL || slice_is(slice_of(terminal), "dumb"))
        return false;
    return port_is_terminal(STANDARD_OUTPUT);
}

struct page page_of_output(void)
{
    return (struct page){ .columns = port_terminal_columns(), .colour = wants_colour() };
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

size_t page_width(struct slice text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++)
        width += begins_character(text.at[i]) ? 1 : 0;
    return width;
}

struct slice page_front(struct slice text, size_t columns)
{
    size_t width = 0, len = 0;
    while (len < text.len) {
        width += begins_character(text.at[len]) ? 1 : 0;
        if (width > columns)
            break;
        len++;
    }
    return (struct slice){ text.at, len };
}

void page_spaces(size_t count)
{
    printf("%*s", (int)count, "");
}

void page_padded(struct slice text, size_t columns)
{
    size_t width = page_width(text);
    printf("%.*s", SLICE_ARG(text));
    if (width < columns)
        page_spaces(columns - width);
}

static size_t new_line(size_t indent)
{
    putchar('\n');
    page_spaces(indent);
    return indent;
}

void page_flow(const struct page *page, size_t indent, struct slice words)
{
    size_t columns = page->columns > PAGE_COLUMNS_MIN ? (size_t)page->columns : PAGE_COLUMNS_MIN;
    size_t room = columns > indent + 8 ? columns - indent : 8, at = indent;
    struct slice word;
    while (slice_cut(&words, ' ', &word)) {
        if (at > indent && at + 1 + page_width(word) > indent + room)
            at = new_line(indent);
        if (at > indent)
            at += (size_t)printf(" ");
        while (page_width(word) > room) {
            struct slice part = page_front(word, room);
            printf("%.*s", SLICE_ARG(part));
            word = slice_from(word, part.len);
            at = new_line(indent);
        }
        printf("%.*s", SLICE_ARG(word));
        at += page_width(word);
    }
    putchar('\n');
}

void page_tint(const struct page *page, enum status status, const char *text)
{
    if (page->colour)
        printf("%s%s\033[0m", looks[status].colour, text);
    else
        fputs(text, stdout);
}

const char *page_mark(enum status status)
{
    return looks[status].mark;
}
