/* SPDX-License-Identifier: MIT */
#include "rota.h"

#include "state_file.h"

#include <inttypes.h>

#define FILE_NAME "swept"

/* The whole file; too large for the stack. Not in use between two calls. */
static char bytes[ROTA_FILE_MAX], rewritten[ROTA_FILE_MAX];

/* "1795435200000 anna@example.com". False for a line that is none. */
static bool read_line(struct slice line, int64_t *into_ms, struct slice *into_address)
{
    struct slice digits = SLICE("");
    (void)slice_cut(&line, ' ', &digits); /* an empty line has no number either */
    if (line.len == 0 || !slice_milliseconds(digits, into_ms))
        return false;
    *into_address = line;
    return true;
}

/* Moves the mailbox to the end: the file is in the order of the sweeps. */
static bool enter(const char *directory, struct slice file, const char *address, int64_t wall_ms)
{
    struct slice rest = file, line, owner;
    struct text text;
    int64_t ms = 0;
    size_t others = 0;
    while (slice_line(&rest, &line))
        others += read_line(line, &ms, &owner) && !slice_is_nocase(owner, address);
    rest = file;
    text_begin(&text, rewritten, sizeof rewritten);
    while (slice_line(&rest, &line))
        if (read_line(line, &ms, &owner) && !slice_is_nocase(owner, address) && others-- < ROTA_MAX)
            text_add_format(&text, "%" PRId64 " %.*s\n", ms, SLICE_ARG(owner));
    text_add_format(&text, "%" PRId64 " %s\n", wall_ms, address);
    return !text.overflow && state_file_replace(directory, FILE_NAME, text_slice(&text));
}

bool rota_is_due(const char *directory, const char *address, int64_t wall_ms)
{
    struct slice line, owner;
    int64_t swept_ms = 0;
    bool known = false;
    if (wall_ms < 0)
        return false;
    const struct slice file = state_file_read(directory, FILE_NAME, bytes, sizeof bytes);
    struct slice rest = file;
    while (!known && slice_line(&rest, &line))
        known = read_line(line, &swept_ms, &owner) && slice_is_nocase(owner, address);
    bool rests = known && swept_ms <= wall_ms && wall_ms - swept_ms < ROTA_PERIOD_MS;
    if (rests)
        return false;
    return enter(directory, file, address, wall_ms) && known;
}
