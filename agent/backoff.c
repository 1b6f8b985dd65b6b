/* SPDX-License-Identifier: MIT */
#include "backoff.h"

#include "../port/port.h"

void backoff_begin(struct backoff *backoff, int64_t least_ms, int64_t most_ms)
{
    backoff->least_ms = least_ms < most_ms ? least_ms : most_ms;
    backoff->most_ms = most_ms;
    backoff_reset(backoff);
}

int64_t backoff_next_ms(struct backoff *backoff)
{
    uint64_t random;
    port_random(&random, sizeof random);
    int64_t wait_ms = (int64_t)(random % (uint64_t)backoff->ceiling_ms) + 1;
    bool doubles = backoff->ceiling_ms <= backoff->most_ms / 2;
    backoff->ceiling_ms = doubles ? 2 * backoff->ceiling_ms : backoff->most_ms;
    return wait_ms;
}

void backoff_reset(struct backoff *backoff)
{
    backoff->ceiling_ms = backoff->least_ms;
}
