/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <string.h>

#define PLAIN_STRIDE 64 /* bytes that are judged at once */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_label(struct slice label)
{
    if (label.len == 0 || label.len > NAMES_LABEL_MAX)
        return false;
    for (size_t i = 0; i < label.len; i++)
        if (!is_letter_or_digit(label.at[i]) && label.at[i] != '-')
            return false;
    return label.at[0] != '-' && label.at[label.len - 1] != '-';
}

static bool is_all_digits(struct slice label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!is_digit(label.at[i]))
            return false;
    return true;
}

bool names_is_host(struct slice text)
{
    if (text.len == 0 || text.len > NAMES_HOST_MAX || text.at[text.len - 1] == '.')
        return false;
    struct slice label = { NULL, 0 };
    while (slice_cut(&text, '.', &label))
        if (!is_label(label))
            return false;
    return !is_all_digits(label);
}

/* atext of RFC 5322 section 3.2.3. */
static bool is_atom(struct slice atom)
{
    static const char marks[] = "!#$%&'*+-/=?^_`{|}~";
    for (size_t i = 0; i < atom.len; i++)
        if (!is_letter_or_digit(atom.at[i]) && memchr(marks, atom.at[i], sizeof marks - 1) == NULL)
            return false;
    return atom.len > 0;
}

bool names_is_mailbox(struct slice text)
{
    if (text.len > NAMES_MAILBOX_MAX)
        return false;
    struct slice domain = text, local;
    if (!slice_cut(&domain, '@', &local) || local.len == 0 || local.len > NAMES_LOCAL_MAX)
        return false;
    if (local.at[local.len - 1] == '.')
        return false;
    struct slice atom;
    while (slice_cut(&local, '.', &atom))
        if (!is_atom(atom))
            return false;
    return names_is_host(domain);
}

/* What is shown as it stands is plain; a character may lie across two strides, so they follow its
 * length. */
bool names_is_plain(struct slice text)
{
    while (text.len > 0) {
        size_t len = text.len < PLAIN_STRIDE ? text.len : PLAIN_STRIDE;
        while (len < text.len && len > PLAIN_STRIDE - 4 &&
               ((unsigned char)text.at[len] & 0xC0) == 0x80)
            len--;
        char shown[4 * PLAIN_STRIDE + 1];
        struct text buffer;
        text_begin(&buffer, shown, sizeof shown);
        text_add_printable(&buffer, (struct slice){ text.at, len });
        if (buffer.len != len)
            return false;
        text = slice_from(text, len);
    }
    return true;
}

#define WORD_MAX 40 /* longer words are not compared */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, two rows back because of the swaps. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

void nearest_begin(struct nearest *nearest, const char *typed)
{
    *nearest = (struct nearest){ .typed = typed, .distance = WORD_MAX };
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t typed_len = strlen(nearest->typed), len = strlen(candidate);
    if (typed_len > WORD_MAX || len > WORD_MAX)
        return;
    size_t found = distance(nearest->typed, typed_len, candidate, len);
    if (found >= nearest->distance)
        return;
    nearest->distance = found;
    nearest->best = candidate;
}

const char *nearest_word(const struct nearest *nearest)
{
    return nearest->distance <= 1 + strlen(nearest->typed) / 4 ? nearest->best : NULL;
}
