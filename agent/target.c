/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "../port/port.h"

static bool read_host(struct slice *rest, struct target *into_target)
{
    bool bracketed = slice_starts(*rest, "[");
    size_t end = slice_find_nocase(*rest, bracketed ? "]" : ":");
    struct slice host = { rest->at, end };
    if (bracketed)
        host = slice_from(host, 1);
    if (host.len == 0 || host.len > NAMES_HOST_MAX || (bracketed && end == rest->len))
        return false;
    text_put(into_target->host, sizeof into_target->host, host);
    *rest = slice_from(*rest, end + (bracketed ? 1 : 0));

    struct address address;
    if (!port_address_read(into_target->host, &address))
        return !bracketed && names_is_host(host);
    return bracketed == (address.family == FAMILY_V6);
}

static bool read_port(struct slice rest, uint16_t usual, struct target *into_target)
{
    uint64_t port = usual;
    if (rest.len > 0 &&
        (!slice_starts(rest, ":") || !slice_number(slice_from(rest, 1), UINT16_MAX, &port)))
        return false;
    into_target->port = (uint16_t)port;
    return port > 0;
}

bool target_read(struct slice text, uint16_t usual, struct target *into_target)
{
    struct target target;
    if (!read_host(&text, &target) || !read_port(text, usual, &target))
        return false;
    *into_target = target;
    return true;
}
