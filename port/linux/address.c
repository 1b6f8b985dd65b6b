/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

socklen_t address_to_system(const struct address *address, struct sockaddr_storage *into_system)
{
    memset(into_system, 0, sizeof *into_system);
    if (address->family == FAMILY_V4) {
        struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(address->port) };
        memcpy(&v4.sin_addr, address->bytes, sizeof v4.sin_addr);
        memcpy(into_system, &v4, sizeof v4);
        return sizeof v4;
    }
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(address->port) };
    memcpy(&v6.sin6_addr, address->bytes, sizeof v6.sin6_addr);
    memcpy(into_system, &v6, sizeof v6);
    return sizeof v6;
}

void port_address_text(const struct address *address, char into[ADDRESS_TEXT_MAX])
{
    int family = address->family == FAMILY_V4 ? AF_INET : AF_INET6;
    if (inet_ntop(family, address->bytes, into, ADDRESS_TEXT_MAX) == NULL)
        into[0] = '\0'; /* cannot be: there is room for any address */
}

bool port_address_read(const char *text, struct address *into_address)
{
    struct address v4 = { .family = FAMILY_V4 };
    if (inet_pton(AF_INET, text, v4.bytes) == 1) {
        *into_address = v4;
        return true;
    }
    struct address v6 = { .family = FAMILY_V6 };
    if (inet_pton(AF_INET6, text, v6.bytes) != 1)
        return false;
    *into_address = v6;
    return true;
}
