/* SPDX-License-Identifier: MIT */
#include "broker.h"

#include "../port/port.h"
#include "names.h"

#include <string.h>

bool broker_is_local(const char *host)
{
    static const uint8_t one[16] = { [15] = 1 };
    struct address address;
    if (slice_equal_nocase(slice_of(host), SLICE("localhost")))
        return true;
    if (!port_address_read(host, &address))
        return false;
    return address.family == FAMILY_V4 ? address.bytes[0] == 127
                                       : memcmp(address.bytes, one, sizeof one) == 0;
}

/* RFC 3986 section 3.2.2: an IPv6 address stands in brackets, for the sake of the port's colon. */
static bool read_host(struct slice *rest, struct broker *into_broker)
{
    bool bracketed = slice_starts(*rest, "[");
    size_t end = slice_find_nocase(*rest, bracketed ? "]" : ":");
    struct slice host = { rest->at, end };
    if (bracketed)
        host = slice_from(host, 1);
    if (host.len == 0 || host.len >= BROKER_HOST_MAX || (bracketed && end == rest->len))
        return false;
    text_put(into_broker->host, sizeof into_broker->host, host);
    *rest = slice_from(*rest, end + (bracketed ? 1 : 0));

    struct address address;
    if (!port_address_read(into_broker->host, &address))
        return !bracketed && names_is_host(host);
    return bracketed == (address.family == FAMILY_V6);
}

static bool read_port(struct slice rest, struct broker *into_broker)
{
    uint64_t port = into_broker->secured ? BROKER_PORT_SECURE : BROKER_PORT_PLAIN;
    if (rest.len > 0 &&
        (!slice_starts(rest, ":") || !slice_number(slice_from(rest, 1), UINT16_MAX, &port)))
        return false;
    into_broker->port = (uint16_t)port;
    return port > 0;
}

bool broker_read(struct slice text, struct broker *into_broker)
{
    static const char secure[] = "mqtts://", plain[] = "mqtt://";
    struct broker broker = { .secured = slice_starts_nocase(text, secure) };
    if (!broker.secured && !slice_starts_nocase(text, plain))
        return false;
    struct slice rest = slice_from(text, broker.secured ? sizeof secure - 1 : sizeof plain - 1);
    if (!read_host(&rest, &broker) || !read_port(rest, &broker))
        return false;
    if (!broker.secured && !broker_is_local(broker.host))
        return false;
    *into_broker = broker;
    return true;
}
