// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/guest_report.h"

#include "lib/test.h"

static const char *os_release(const char *text, const char *key)
{
    static char value[16];

    guest_os_release_get(text, key, value, sizeof(value));
    return value;
}

TEST(os_release_values_lose_their_quotes)
{
    static const char text[] =
        "NAME=\"A B\"\nID=debian\nVERSION_ID='12'\nEMPTY=\nONE=\"\nLAST=x";

    CHECK_STR(os_release(text, "NAME"), "A B");
    CHECK_STR(os_release(text, "ID"), "debian");
    CHECK_STR(os_release(text, "VERSION_ID"), "12");
    CHECK_STR(os_release(text, "EMPTY"), "");
    CHECK_STR(os_release(text, "ONE"), "\"");
    CHECK_STR(os_release(text, "LAST"), "x");
    CHECK_STR(os_release(text, "VERSION"), "");
    CHECK_STR(os_release("", "ID"), "");
}

TEST(a_long_os_release_value_is_cut)
{
    CHECK_STR(os_release("ID=0123456789abcdefghij\n", "ID"), "0123456789abcde");
}

TEST(a_report_has_the_keys_of_xenapi)
{
    static struct guest_text text;
    struct guest_memory memory = {1000, 400};
    struct guest_facts facts = {
        .os_name = "Debian \"12\"",
        .distro = "debian",
        .major = "12",
        .uname = "6.1",
        .host_name = "tiny",
        .n_nics = 2,
        .nics =
            {
                {.mac = "52:54:00:00:00:01",
                 .n_ipv4 = 2,
                 .ipv4 = {"10.0.2.15", "10.0.2.16"},
                 .n_ipv6 = 1,
                 .ipv6 = {"fe80::1"}},
                {.mac = "52:54:00:00:00:02", .n_ipv6 = 1, .ipv6 = {"fe80::2"}},
            },
    };

    guest_report_put(&text, &facts, &memory);
    CHECK(!text.full);
    CHECK_STR(
        text.data,
        "{\"type\":\"report\",\"agent\":\"" LATCHKEY_VERSION "\","
        "\"os\":{\"name\":\"Debian \\\"12\\\"\",\"uname\":\"6.1\",\"distro\":\"debian\","
        "\"major\":\"12\"},\"host_name\":\"tiny\","
        "\"networks\":{\"0/ip\":\"10.0.2.15\",\"0/ipv4/0\":\"10.0.2.15\","
        "\"0/ipv4/1\":\"10.0.2.16\",\"0/ipv6/0\":\"fe80::1\",\"1/ipv6/0\":\"fe80::2\"},"
        "\"macs\":{\"0\":\"52:54:00:00:00:01\",\"1\":\"52:54:00:00:00:02\"},"
        "\"other\":{\"feature-shutdown\":\"1\",\"feature-poweroff\":\"1\","
        "\"feature-reboot\":\"1\",\"feature-freeze\":\"1\"},"
        "\"memory\":{\"total_kib\":1000,\"free_kib\":400}}\n");
}

TEST(the_largest_report_fits)
{
    static const char name[] =
        "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"";
    static struct guest_text text;
    static struct guest_facts facts;
    struct guest_memory memory = {UINT64_MAX, UINT64_MAX};

    for (size_t i = 0; i < sizeof(facts.os_name) / 30; i++)
        memcpy(facts.os_name + 30 * i, name, 30);
    memset(facts.host_name, '"', sizeof(facts.host_name) - 1);
    facts.n_nics = GUEST_NICS_MAX;
    for (unsigned i = 0; i < GUEST_NICS_MAX; i++) {
        struct guest_nic *nic = &facts.nics[i];

        memset(nic->mac, 'f', sizeof(nic->mac) - 1);
        nic->n_ipv4 = nic->n_ipv6 = GUEST_ADDRESSES_MAX;
        for (unsigned j = 0; j < GUEST_ADDRESSES_MAX; j++) {
            memset(nic->ipv4[j], '2', INET_ADDRSTRLEN - 1);
            memset(nic->ipv6[j], 'f', INET6_ADDRSTRLEN - 1);
        }
    }
    guest_report_put(&text, &facts, &memory);
    CHECK(!text.full);
}

TEST(facts_of_this_machine_are_the_same_when_read_twice)
{
    static struct guest_facts a, b;
    struct guest_memory memory;

    memset(&a, 0xff, sizeof(a));
    guest_facts_read(&a);
    guest_facts_read(&b);
    CHECK(memcmp(&a, &b, sizeof(a)) == 0);
    CHECK(a.uname[0] != '\0');
    guest_memory_read(&memory);
    CHECK(memory.free_kib > 0 && memory.free_kib < memory.total_kib);
}

TEST_MAIN
