/* SPDX-License-Identifier: MIT */
#include "../port.h"
#include "stop.h"

#include <assert.h>
#include <limits.h>
#include <poll.h>

static short events_of(const struct port_poll *wanted)
{
    return (short)((wanted->want_read ? POLLIN : 0) | (wanted->want_write ? POLLOUT : 0));
}

static int timeout_of(int64_t timeout_ms)
{
    if (timeout_ms < 0)
        return -1;
    return timeout_ms > INT_MAX ? INT_MAX : (int)timeout_ms;
}

bool port_poll(struct port_poll *polls, size_t count, int64_t timeout_ms)
{
    assert(count <= PORT_POLLS_MAX);
    struct pollfd entries[PORT_POLLS_MAX + 1];
    for (size_t i = 0; i < count; i++) {
        short events = events_of(&polls[i]);
        /* poll(2) reports a hang-up unasked: one that nobody waits for would keep the processor
           busy. */
        entries[i] = (struct pollfd){ .fd = events ? polls[i].descriptor : -1, .events = events };
        polls[i].can_read = polls[i].can_write = false;
    }
    entries[count] = (struct pollfd){ .fd = stop_descriptor(), .events = POLLIN };

    if (poll(entries, count + 1, timeout_of(timeout_ms)) <= 0)
        return false;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        int seen = entries[i].revents;
        bool gone = (seen & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        polls[i].can_read = polls[i].want_read && (gone || (seen & POLLIN) != 0);
        polls[i].can_write = polls[i].want_write && (gone || (seen & POLLOUT) != 0);
        any = any || polls[i].can_read || polls[i].can_write;
    }
    return any;
}
