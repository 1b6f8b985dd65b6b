/* SPDX-License-Identifier: MIT */
#include "../port.h"

#include <time.h>

/* 2026-11-01T00:00:00Z. A constant and not the time of the build, so that two builds of one source
   are equal; moved on with each release. */
#define BUILT_NOT_BEFORE_MS INT64_C(1793491200000)

static int64_t read_ms(clockid_t clock)
{
    struct timespec now = { 0 };
    (void)clock_gettime(clock, &now); /* cannot fail for the two clocks used here */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t port_now_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t port_wall_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

bool port_wall_trusted(void)
{
    return port_wall_ms() >= BUILT_NOT_BEFORE_MS;
}
