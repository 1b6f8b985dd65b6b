/* SPDX-License-Identifier: MIT */
#include "timepiece.h"

#include "stamp.h"

#include <string.h>

/* ---- who says what ---- */

/* A reply from a cache is as old as its Age says (RFC 9111 section 5.1): its Date is no time of
 * day. */
static struct slice date_of_http(const struct reply *reply)
{
    struct slice value;
    size_t state = 0;
    if (dialect_header(reply->whole, "Age", &state, &value))
        return SLICE("");
    state = 0;
    return dialect_header(reply->whole, "Date", &state, &value) ? value : SLICE("");
}

/* "220 ex4 Microsoft ESMTP MAIL Service ready at Mon, 23 Nov 2026 12:00:00 +0100", "220 mail ESMTP
 * Sendmail 8.15; Mon, 23 Nov 2026 12:00:00 GMT". */
static struct slice date_of_greeting(const struct reply *reply)
{
    static const char *const before[] = { " ready at ", "; " };
    if (!slice_is(reply->code, "220"))
        return SLICE("");
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t at = slice_find_nocase(reply->said, before[i]);
        if (at < reply->said.len)
            return slice_from(reply->said, at + strlen(before[i]));
    }
    return SLICE("");
}

static struct slice date_of(enum dialect dialect, const struct reply *reply)
{
    switch (dialect) {
    case DIALECT_HTTP:
        return date_of_http(reply);
    case DIALECT_SMTP:
        return date_of_greeting(reply);
    case DIALECT_IMAP:
    case DIALECT_POP:
    case DIALECT_NONE:
        break;
    }
    return SLICE("");
}

static bool has_spoken(const struct timepiece *timepiece, const char *host)
{
    for (size_t i = 0; i < timepiece->count; i++)
        if (slice_is_nocase(slice_of(timepiece->witnesses[i].host), host))
            return true;
    return false;
}

void timepiece_hear(struct timepiece *timepiece, enum dialect dialect, const struct reply *reply,
                    const char *host, int64_t wall_ms)
{
    int64_t told_ms = 0;
    struct slice date = date_of(dialect, reply);
    if (date.len == 0 || timepiece->count == TIMEPIECE_WITNESSES_MAX ||
        has_spoken(timepiece, host) || !stamp_read_mail(date, &told_ms))
        return;
    timepiece->witnesses[timepiece->count++] =
        (struct time_witness){ .host = host, .wall_ms = wall_ms, .ahead_ms = told_ms - wall_ms };
}

/* ---- whom to believe ---- */

static bool is_near(int64_t a_ms, int64_t b_ms)
{
    int64_t apart_ms = a_ms > b_ms ? a_ms - b_ms : b_ms - a_ms;
    return apart_ms <= TIMEPIECE_TOLERANCE_MS;
}

static size_t count_near(const struct timepiece *timepiece, int64_t ahead_ms)
{
    size_t count = 0;
    for (size_t i = 0; i < timepiece->count; i++)
        count += is_near(timepiece->witnesses[i].ahead_ms, ahead_ms) ? 1 : 0;
    return count;
}

enum clock_verdict timepiece_judge(const struct timepiece *timepiece,
                                   const struct time_witness **into_witness)
{
    const struct time_witness *best = NULL;
    size_t ours = count_near(timepiece, 0), best_count = 0;
    for (size_t i = 0; i < timepiece->count; i++) {
        const struct time_witness *witness = &timepiece->witnesses[i];
        size_t count = count_near(timepiece, witness->ahead_ms);
        if (is_near(witness->ahead_ms, 0) || count <= best_count)
            continue;
        best = witness;
        best_count = count;
    }
    *into_witness = best;
    if (best == NULL)
        return ours > 0 ? CLOCK_AGREES : CLOCK_UNWITNESSED;
    return best_count >= 2 && best_count > ours ? CLOCK_WRONG : CLOCK_DISPUTED;
}
