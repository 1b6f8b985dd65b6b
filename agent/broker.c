/* SPDX-License-Identifier: MIT */
#include "broker.h"

#include "../port/port.h"
#include "target.h"

#include <string.h>

bool broker_is_local(const char *host)
{
    static const uint8_t one[16] = { [15] = 1 };
    struct address address;
    if (slice_is_nocase(slice_of(host), "localhost"))
        return true;
    if (!port_address_read(host, &address))
        return false;
    return address.family == FAMILY_V4 ? address.bytes[0] == 127
                                       : memcmp(address.bytes, one, sizeof one) == 0;
}

bool broker_read(struct slice text, struct broker *into_broker)
{
    static const char secure[] = "mqtts://", plain[] = "mqtt://";
    struct broker broker = { .secured = slice_starts_nocase(text, secure) };
    if (!broker.secured && !slice_starts_nocase(text, plain))
        return false;
    struct slice rest = slice_from(text, broker.secured ? sizeof secure - 1 : sizeof plain - 1);
    struct target target;
    if (!target_read(rest, broker.secured ? BROKER_PORT_SECURE : BROKER_PORT_PLAIN, &target))
        return false;
    text_put_string(broker.host, sizeof broker.host, target.host);
    broker.port = target.port;
    if (!broker.secured && !broker_is_local(broker.host))
        return false;
    *into_broker = broker;
    return true;
}
