/* SPDX-License-Identifier: MIT */
/* Lines of text for a person on a terminal: measured in columns, wrapped between words, tinted only
 * where asked. */
#ifndef GATEPOST_PAGE_H
#define GATEPOST_PAGE_H

#include "catalogue.h"

#include <stdbool.h>
#include <stddef.h>

#define PAGE_COLUMNS_MIN 40 /* a narrower terminal gets lines of this width */

struct page {
    int columns;
    bool colour;
};

/* Standard output as it is: coloured on a terminal that can and where NO_COLOR does not forbid it.
 */
struct page page_of_output(void);

/* Columns that a UTF-8 text takes: one for each character. */
size_t page_width(struct slice text);

/* The longest front of the text that takes at most so many columns. */
struct slice page_front(struct slice text, size_t columns);

/* Prints text and pads it with spaces; what is wider is printed whole. */
void page_padded(struct slice text, size_t columns);
void page_spaces(size_t count);

/* Prints words from column `indent` on, where the cursor already is; further lines begin there too.
 * Ends the line. */
void page_flow(const struct page *page, size_t indent, struct slice words);

/* Prints text in the colour of a status, or plain. */
void page_tint(const struct page *page, enum status status, const char *text);

/* One character for a status. */
const char *page_mark(enum status status);

#endif
