/* SPDX-License-Identifier: MIT */
#include "ground.h"

#include <string.h>

bool ground_reached_any(const struct ground *ground)
{
    for (size_t i = 0; i < ground->attempt_count; i++)
        if (ground->attempts[i].end == ATTEMPT_REACHED)
            return true;
    return false;
}

bool ground_proven_any(const struct ground *ground)
{
    for (size_t i = 0; i < ground->attempt_count; i++)
        if (ground->attempts[i].proven)
            return true;
    return false;
}

static struct slice owner_of(const char *host)
{
    struct slice name = slice_of(host);
    struct address address;
    size_t at = name.len, dots = 0;
    if (port_address_read(host, &address))
        return name;
    while (at > 0 && dots < 2)
        dots += name.at[--at] == '.' ? 1 : 0;
    return slice_from(name, dots == 2 ? at + 1 : at);
}

bool ground_unrelated(const char *a, const char *b)
{
    return !slice_equal_nocase(owner_of(a), owner_of(b));
}

static bool is_public_v4(const uint8_t *bytes)
{
    switch (bytes[0]) {
    case 0:
    case 10:
    case 127:
        return false;
    case 100:
        return bytes[1] < 64 || bytes[1] > 127;
    case 169:
        return bytes[1] != 254;
    case 172:
        return bytes[1] < 16 || bytes[1] > 31;
    case 192:
        return bytes[1] != 168;
    }
    return true;
}

bool ground_is_public(const struct address *address)
{
    if (address->family == FAMILY_V4)
        return is_public_v4(address->bytes);
    return address->bytes[0] >> 5 == 1; /* 2000::/3, RFC 4291 section 2.4 */
}

bool ground_is_loopback(const struct address *address)
{
    static const uint8_t v6[16] = { [15] = 1 };
    if (address->family == FAMILY_V4)
        return address->bytes[0] == 127;
    return memcmp(address->bytes, v6, sizeof v6) == 0;
}
