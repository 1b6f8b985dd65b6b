/* SPDX-License-Identifier: MIT */
#include "../port.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELDS_MAX     10 /* of a line in /proc/net/ipv6_route, the longer one */
#define LINE_SIZE      512
#define HOST_NAME_SIZE 256

/* 127/8 and 169.254/16 lead nowhere; a private address does, by NAT. */
static bool is_usable_v4(const struct sockaddr *system)
{
    const struct sockaddr_in *v4 = (const void *)system;
    uint32_t address = ntohl(v4->sin_addr.s_addr);
    return address >> 24 != 127 && address >> 16 != 0xA9FE && address != 0;
}

/* 2000::/3 (RFC 4291 section 2.4); there is no NAT to help a unique local address. */
static bool is_usable_v6(const struct sockaddr *system)
{
    const struct sockaddr_in6 *v6 = (const void *)system;
    return v6->sin6_addr.s6_addr[0] >> 5 == 1;
}

static bool is_up(const struct ifaddrs *entry)
{
    const unsigned needed = IFF_UP | IFF_RUNNING;
    return (entry->ifa_flags & needed) == needed;
}

static bool is_usable(const struct ifaddrs *entry, enum family family)
{
    if (entry->ifa_addr == NULL || !is_up(entry))
        return false;
    if (family == FAMILY_V4)
        return entry->ifa_addr->sa_family == AF_INET && is_usable_v4(entry->ifa_addr);
    return entry->ifa_addr->sa_family == AF_INET6 && is_usable_v6(entry->ifa_addr);
}

static void look_at_interfaces(enum family family, struct link_facts *facts)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0)
        return;
    for (const struct ifaddrs *entry = all; entry != NULL; entry = entry->ifa_next) {
        facts->up = facts->up || (is_up(entry) && (entry->ifa_flags & IFF_LOOPBACK) == 0);
        facts->address = facts->address || is_usable(entry, family);
    }
    freeifaddrs(all);
}

/* Cuts a line at its blanks, in place; returns how many fields there are, at most FIELDS_MAX. */
static size_t split(char *line, char *into_fields[FIELDS_MAX])
{
    size_t count = 0;
    char *at = line + strspn(line, " \t\n");
    while (*at != '\0' && count < FIELDS_MAX) {
        into_fields[count++] = at;
        at += strcspn(at, " \t\n");
        if (*at == '\0')
            break;
        *at++ = '\0';
        at += strspn(at, " \t\n");
    }
    return count;
}

/* interface, destination, gateway, flags, references, use, metric, mask, ... */
static bool is_default_v4(char *fields[FIELDS_MAX], size_t count)
{
    if (count < 8 || strcmp(fields[1], "00000000") != 0 || strcmp(fields[7], "00000000") != 0)
        return false;
    return strcmp(fields[0], "*") != 0; /* which stands for unreachable, prohibit, blackhole */
}

/* destination, prefix length, source, prefix length, next hop, metric, references, use, flags,
   interface */
static bool is_default_v6(char *fields[FIELDS_MAX], size_t count)
{
    if (count < 10 || strspn(fields[0], "0") != 32 || strcmp(fields[1], "00") != 0)
        return false;
    return (strtoul(fields[8], NULL, 16) & RTF_REJECT) == 0;
}

static bool has_default_route(enum family family)
{
    const char *path = family == FAMILY_V4 ? "/proc/net/route" : "/proc/net/ipv6_route";
    FILE *routes = fopen(path, "re");
    if (routes == NULL)
        return false;
    bool found = false;
    char line[LINE_SIZE];
    while (!found && fgets(line, sizeof line, routes) != NULL) {
        char *fields[FIELDS_MAX];
        size_t count = split(line, fields);
        found = family == FAMILY_V4 ? is_default_v4(fields, count) : is_default_v6(fields, count);
    }
    (void)fclose(routes); /* it was only read */
    return found;
}

void port_link_facts(enum family family, struct link_facts *into_facts)
{
    *into_facts = (struct link_facts){ .route = has_default_route(family) };
    look_at_interfaces(family, into_facts);
}

bool port_family_usable(enum family family)
{
    struct link_facts facts;
    port_link_facts(family, &facts);
    return facts.address && facts.route;
}

size_t port_resolvers(struct address *into, size_t room)
{
    FILE *configuration = fopen("/etc/resolv.conf", "re");
    if (configuration == NULL)
        return 0;
    size_t count = 0;
    char line[LINE_SIZE];
    while (count < room && fgets(line, sizeof line, configuration) != NULL) {
        char *fields[FIELDS_MAX];
        if (split(line, fields) < 2 || strcmp(fields[0], "nameserver") != 0)
            continue;
        if (!port_address_read(fields[1], &into[count]))
            continue;
        into[count++].port = 53;
    }
    (void)fclose(configuration); /* it was only read */
    return count;
}

void port_host_name(char *into, size_t size)
{
    char name[HOST_NAME_SIZE] = "";
    if (gethostname(name, sizeof name - 1) != 0)
        name[0] = '\0';
    (void)snprintf(into, size, "%s", name); /* cut to fit, as promised */
}
