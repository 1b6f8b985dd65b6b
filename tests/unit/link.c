/* SPDX-License-Identifier: MIT */
#include "../port/port.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Each test has a network of its own with one interface that is up, `office`, and no address; it
   needs the right to make one, and iproute2. */
static bool have_network;

/* Makes an interface, joined by a cable to nobody, and waits until the kernel sees the cable. */
#define INTERFACE(name)                                                                            \
    "ip link add dev " name " type veth peer name " name "-far && ip link set " name "-far up && " \
    "ip link set " name " up && until ip link show " name " | grep -q 'state UP'; do :; done"

static int enter_network(void **state)
{
    (void)state;
    have_network = unshare(CLONE_NEWNET) == 0 && system(INTERFACE("office")) == 0;
    return 0;
}

static void give(const char *command)
{
    if (!have_network)
        skip();
    assert_int_equal(system(command), 0);
}

static void an_address_without_a_route_is_not_enough(void **state)
{
    (void)state;
    give("ip address add 192.0.2.2/24 dev office");
    give("ip address add 2001:db8::2/64 dev office nodad");
    assert_false(port_family_usable(FAMILY_V4));
    assert_false(port_family_usable(FAMILY_V6));
}

static void an_address_and_a_default_route_are_enough(void **state)
{
    (void)state;
    give("ip address add 192.0.2.2/24 dev office && ip route add default via 192.0.2.1");
    assert_true(port_family_usable(FAMILY_V4));
    assert_false(port_family_usable(FAMILY_V6));
    give("ip address add 2001:db8::2/64 dev office nodad");
    give("ip route add default via 2001:db8::1");
    assert_true(port_family_usable(FAMILY_V6));
}

static void an_office_behind_nat_is_usable_by_ipv4_only(void **state)
{
    (void)state;
    give("ip address add 10.0.0.2/24 dev office && ip route add default via 10.0.0.1");
    give("ip address add fd00::2/64 dev office nodad && ip route add default via fd00::1");
    assert_true(port_family_usable(FAMILY_V4));
    assert_false(port_family_usable(FAMILY_V6));
}

static void link_local_addresses_lead_nowhere(void **state)
{
    (void)state;
    give("ip address add 169.254.3.4/16 dev office && ip route add default dev office");
    give("ip address add fe80::2/64 dev office nodad && ip route add default via fe80::1 dev "
         "office");
    assert_false(port_family_usable(FAMILY_V4));
    assert_false(port_family_usable(FAMILY_V6));
}

static void a_default_route_that_rejects_is_none(void **state)
{
    (void)state;
    static const char *const kinds[] = { "unreachable", "prohibit", "blackhole" };
    give("ip address add 192.0.2.2/24 dev office");
    give("ip address add 2001:db8::2/64 dev office nodad");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_int_equal(setenv("KIND", kinds[i], 1), 0);
        give("ip route replace $KIND default && ip -6 route replace $KIND default");
        assert_false(port_family_usable(FAMILY_V4));
        assert_false(port_family_usable(FAMILY_V6));
        give("ip route del $KIND default && ip -6 route del $KIND default");
    }
}

static void half_of_the_internet_is_no_default_route(void **state)
{
    (void)state;
    give("ip address add 192.0.2.2/24 dev office && ip route add 0.0.0.0/1 via 192.0.2.1");
    give("ip address add 2001:db8::2/64 dev office nodad && ip route add ::/1 via 2001:db8::1");
    assert_false(port_family_usable(FAMILY_V4));
    assert_false(port_family_usable(FAMILY_V6));
}

static struct link_facts facts_of(enum family family)
{
    struct link_facts facts;
    port_link_facts(family, &facts);
    return facts;
}

static void tells_a_missing_cable_from_a_missing_address_and_a_missing_route(void **state)
{
    (void)state;
    give("ip link set office down && ip link set office-far down");
    assert_false(facts_of(FAMILY_V4).up);
    give("ip link set office-far up && ip link set office up");
    give("until ip link show office | grep -q 'state UP'; do :; done");
    assert_true(facts_of(FAMILY_V4).up);
    assert_false(facts_of(FAMILY_V4).address);
    give("ip address add 192.0.2.2/24 dev office");
    assert_true(facts_of(FAMILY_V4).address);
    assert_false(facts_of(FAMILY_V4).route);
    assert_false(facts_of(FAMILY_V6).address);
    give("ip route add default via 192.0.2.1");
    assert_true(facts_of(FAMILY_V4).route);
}

static void loopback_alone_is_no_link(void **state)
{
    (void)state;
    give("ip link set office down && ip link set office-far down && ip link set lo up");
    assert_false(facts_of(FAMILY_V4).up);
}

static void an_interface_that_is_down_does_not_count(void **state)
{
    (void)state;
    give("ip address add 192.0.2.2/24 dev office");
    give(INTERFACE("spare"));
    give("ip route add default dev spare");
    assert_true(port_family_usable(FAMILY_V4));
    give("ip link set office down");
    assert_false(port_family_usable(FAMILY_V4));
}

static void the_resolvers_are_addresses_with_the_port_of_dns(void **state)
{
    (void)state;
    struct address found[4];
    size_t count = port_resolvers(found, 4);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(found[i].port, 53);
    assert_int_equal(port_resolvers(found, 0), 0);
}

#define IN_NETWORK(test) cmocka_unit_test_setup(test, enter_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_NETWORK(an_address_without_a_route_is_not_enough),
        IN_NETWORK(an_address_and_a_default_route_are_enough),
        IN_NETWORK(an_office_behind_nat_is_usable_by_ipv4_only),
        IN_NETWORK(link_local_addresses_lead_nowhere),
        IN_NETWORK(a_default_route_that_rejects_is_none),
        IN_NETWORK(half_of_the_internet_is_no_default_route),
        IN_NETWORK(an_interface_that_is_down_does_not_count),
        IN_NETWORK(tells_a_missing_cable_from_a_missing_address_and_a_missing_route),
        IN_NETWORK(loopback_alone_is_no_link),
        cmocka_unit_test(the_resolvers_are_addresses_with_the_port_of_dns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
