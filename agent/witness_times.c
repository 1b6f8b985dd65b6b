/* SPDX-License-Identifier: MIT */
#include "witness_parts.h"

#define MOMENTS_MAX (WITNESS_HOPS_MAX + 2) /* our own two */

struct moment {
    int64_t wall_ms;
    struct witness_hop *hop; /* NULL for our own */
    size_t length;           /* of the longest series that ends here */
    int64_t start_ms;        /* when that series begins */
    size_t before;           /* the moment before it in that series; itself for the first */
    bool right;
};

static bool follows(const struct moment *later, const struct moment *earlier)
{
    return later->wall_ms + WITNESS_SLACK_S * 1000 >= earlier->wall_ms;
}

/* Those that have a time, in order of travel. */
static size_t gather(struct witness *witness, int64_t sent_ms, int64_t seen_ms,
                     struct moment moments[MOMENTS_MAX])
{
    size_t count = 0;
    if (sent_ms > 0)
        moments[count++] = (struct moment){ .wall_ms = sent_ms };
    for (size_t i = witness->hop_count; i > 0; i--)
        if (witness->hops[i - 1].dated)
            moments[count++] = (struct moment){ .wall_ms = witness->hops[i - 1].wall_ms,
                                                .hop = &witness->hops[i - 1] };
    if (seen_ms > 0)
        moments[count++] = (struct moment){ .wall_ms = seen_ms };
    return count;
}

/* Whether the series that ends at `a` is a better one than that at `b`, or as good. */
static bool is_better(const struct moment *a, const struct moment *b)
{
    int64_t took_a = a->wall_ms - a->start_ms, took_b = b->wall_ms - b->start_ms;
    return a->length > b->length || (a->length == b->length && took_a <= took_b);
}

static void choose_right_ones(struct moment *moments, size_t count)
{
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        struct moment *moment = &moments[i];
        struct moment best = *moment;
        best.length = 1;
        best.before = i;
        best.start_ms = moment->wall_ms;
        for (size_t j = 0; j < i; j++) {
            struct moment longer = best;
            longer.length = moments[j].length + 1;
            longer.before = j;
            longer.start_ms = moments[j].start_ms;
            if (follows(moment, &moments[j]) && is_better(&longer, &best))
                best = longer;
        }
        *moment = best;
        if (is_better(moment, &moments[last]))
            last = i;
    }
    for (; count > 0; last = moments[last].before) {
        moments[last].right = true;
        if (moments[last].before == last)
            break;
    }
}

/* The wrong time is outside what its right neighbours allow: how far, is the least it is wrong by.
 */
static void measure_skew(struct witness_hop *hop, const struct moment *before,
                         const struct moment *after)
{
    hop->skewed = true;
    if (after != NULL && hop->wall_ms > after->wall_ms)
        hop->skew_s = (hop->wall_ms - after->wall_ms) / 1000;
    else if (before != NULL)
        hop->skew_s = (hop->wall_ms - before->wall_ms) / 1000;
}

static const struct moment *next_right(const struct moment *moments, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        if (moments[i].right)
            return &moments[i];
    return NULL;
}

void witness_time(struct witness *witness, int64_t sent_ms, int64_t seen_ms)
{
    struct moment moments[MOMENTS_MAX];
    const struct moment *before = NULL;
    size_t count = gather(witness, sent_ms, seen_ms, moments);
    choose_right_ones(moments, count);
    for (size_t i = 0; i < count; i++) {
        struct witness_hop *hop = moments[i].hop;
        if (!moments[i].right) {
            if (hop != NULL)
                measure_skew(hop, before, next_right(moments, i + 1, count));
            continue;
        }
        if (hop != NULL && before != NULL) {
            int64_t took_s = (moments[i].wall_ms - before->wall_ms) / 1000;
            hop->took_s = took_s > 0 ? took_s : 0;
        }
        before = &moments[i];
    }
}

const struct witness_hop *witness_slowest(const struct witness *witness)
{
    const struct witness_hop *slowest = NULL;
    for (size_t i = 0; i < witness->hop_count; i++) {
        const struct witness_hop *hop = &witness->hops[i];
        if (hop->took_s > (slowest == NULL ? 0 : slowest->took_s))
            slowest = hop;
    }
    return slowest;
}
