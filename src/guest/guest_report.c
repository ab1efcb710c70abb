// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/guest_report.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The start of a small file as text; "" when it cannot be read. */
static void read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);

    text[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
}

void guest_os_release_get(const char *text, const char *key, char *value, size_t size)
{
    size_t key_len = strlen(key), len;

    value[0] = '\0';
    while (strncmp(text, key, key_len) != 0 || text[key_len] != '=') {
        text = strchr(text, '\n');
        if (!text)
            return;
        text++;
    }
    text += key_len + 1;
    len = strcspn(text, "\n");
    if (len >= 2 && (text[0] == '"' || text[0] == '\'') && text[len - 1] == text[0]) {
        text++;
        len -= 2;
    }
    snprintf(value, size, "%.*s", (int)len, text);
}

static void os_read(struct guest_facts *facts)
{
    char text[2048], version[32];
    struct utsname uts;
    char *dot;

    read_text("/etc/os-release", text, sizeof(text));
    guest_os_release_get(text, "PRETTY_NAME", facts->os_name, sizeof(facts->os_name));
    guest_os_release_get(text, "ID", facts->distro, sizeof(facts->distro));
    guest_os_release_get(text, "VERSION_ID", version, sizeof(version));
    dot = strchr(version, '.');
    if (dot) {
        *dot = '\0';
        snprintf(facts->minor, sizeof(facts->minor), "%.15s", dot + 1);
    }
    snprintf(facts->major, sizeof(facts->major), "%.15s", version);
    if (uname(&uts) < 0)
        return;
    snprintf(facts->uname, sizeof(facts->uname), "%.64s", uts.release);
    snprintf(facts->host_name, sizeof(facts->host_name), "%.64s", uts.nodename);
}

/* True for what stands for a device, virtual or not: no bridge, tunnel or loopback. */
static bool nic_is_device(const char *name)
{
    char path[64 + IF_NAMESIZE];

    snprintf(path, sizeof(path), "/sys/class/net/%.15s/device", name);
    return access(path, F_OK) == 0;
}

static void nic_add(struct guest_facts *facts, const struct ifaddrs *ifa)
{
    const struct sockaddr_ll *ll = (const struct sockaddr_ll *)(const void *)ifa->ifa_addr;
    const unsigned char *a = ll->sll_addr;
    struct guest_nic *nic;

    if (ll->sll_hatype != ARPHRD_ETHER || ll->sll_halen != 6 ||
        facts->n_nics == GUEST_NICS_MAX || !nic_is_device(ifa->ifa_name))
        return;
    nic = &facts->nics[facts->n_nics++];
    nic->index = ll->sll_ifindex;
    snprintf(nic->name, sizeof(nic->name), "%.15s", ifa->ifa_name);
    snprintf(nic->mac, sizeof(nic->mac), "%02x:%02x:%02x:%02x:%02x:%02x", a[0], a[1], a[2],
             a[3], a[4], a[5]);
}

static void nic_add_address(struct guest_facts *facts, const struct ifaddrs *ifa)
{
    const void *in = &((const struct sockaddr_in *)(const void *)ifa->ifa_addr)->sin_addr;
    const void *in6 =
        &((const struct sockaddr_in6 *)(const void *)ifa->ifa_addr)->sin6_addr;

    for (unsigned i = 0; i < facts->n_nics; i++) {
        struct guest_nic *nic = &facts->nics[i];

        if (strcmp(nic->name, ifa->ifa_name) != 0)
            continue;
        if (ifa->ifa_addr->sa_family == AF_INET && nic->n_ipv4 < GUEST_ADDRESSES_MAX)
            inet_ntop(AF_INET, in, nic->ipv4[nic->n_ipv4++], INET_ADDRSTRLEN);
        if (ifa->ifa_addr->sa_family == AF_INET6 && nic->n_ipv6 < GUEST_ADDRESSES_MAX)
            inet_ntop(AF_INET6, in6, nic->ipv6[nic->n_ipv6++], INET6_ADDRSTRLEN);
    }
}

static int nic_compare(const void *a, const void *b)
{
    return ((const struct guest_nic *)a)->index - ((const struct guest_nic *)b)->index;
}

static void nics_read(struct guest_facts *facts)
{
    struct ifaddrs *all;

    if (getifaddrs(&all) < 0)
        return;
    for (struct ifaddrs *ifa = all; ifa; ifa = ifa->ifa_next)
        if (ifa->ifa_addr && ifa->ifa_addr->sa_family == AF_PACKET)
            nic_add(facts, ifa);
    qsort(facts->nics, facts->n_nics, sizeof(facts->nics[0]), nic_compare);
    for (struct ifaddrs *ifa = all; ifa; ifa = ifa->ifa_next)
        if (ifa->ifa_addr)
            nic_add_address(facts, ifa);
    freeifaddrs(all);
}

void guest_facts_read(struct guest_facts *facts)
{
    memset(facts, 0, sizeof(*facts));
    os_read(facts);
    nics_read(facts);
}

static uint64_t meminfo_get(const char *text, const char *key)
{
    const char *at = strstr(text, key);

    return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

void guest_memory_read(struct guest_memory *memory)
{
    char text[1024];

    read_text("/proc/meminfo", text, sizeof(text));
    memory->total_kib = meminfo_get(text, "MemTotal:");
    memory->free_kib = meminfo_get(text, "MemAvailable:");
}

/* Appends "key":"value" to an object, with a comma unless it is the first; nothing for "".
 */
static void put_member(struct guest_text *text, const char *key, const char *value)
{
    if (!value[0])
        return;
    if (text->len > 0 && text->data[text->len - 1] != '{')
        guest_text_putf(text, ",");
    guest_text_putf(text, "\"%s\":", key);
    guest_text_put_string(text, value);
}

static void put_nic(struct guest_text *text, unsigned number, const struct guest_nic *nic)
{
    char key[32];

    for (unsigned i = 0; i < nic->n_ipv4; i++) {
        if (i == 0) {
            snprintf(key, sizeof(key), "%u/ip", number);
            put_member(text, key, nic->ipv4[0]);
        }
        snprintf(key, sizeof(key), "%u/ipv4/%u", number, i);
        put_member(text, key, nic->ipv4[i]);
    }
    for (unsigned i = 0; i < nic->n_ipv6; i++) {
        snprintf(key, sizeof(key), "%u/ipv6/%u", number, i);
        put_member(text, key, nic->ipv6[i]);
    }
}

void guest_report_put(struct guest_text *text, const struct guest_facts *facts,
                      const struct guest_memory *memory)
{
    char number[16];

    guest_text_putf(text,
                    "{\"type\":\"report\",\"agent\":\"" LATCHKEY_VERSION "\",\"os\":{");
    put_member(text, "name", facts->os_name);
    put_member(text, "uname", facts->uname);
    put_member(text, "distro", facts->distro);
    put_member(text, "major", facts->major);
    put_member(text, "minor", facts->minor);
    guest_text_putf(text, "},\"host_name\":");
    guest_text_put_string(text, facts->host_name);
    guest_text_putf(text, ",\"networks\":{");
    for (unsigned i = 0; i < facts->n_nics; i++)
        put_nic(text, i, &facts->nics[i]);
    guest_text_putf(text, "},\"macs\":{");
    for (unsigned i = 0; i < facts->n_nics; i++) {
        snprintf(number, sizeof(number), "%u", i);
        put_member(text, number, facts->nics[i].mac);
    }
    guest_text_putf(text,
                    "},\"other\":{\"feature-shutdown\":\"1\",\"feature-poweroff\":\"1\","
                    "\"feature-reboot\":\"1\",\"feature-freeze\":\"1\"}");
    guest_text_putf(text,
                    ",\"memory\":{\"total_kib\":%" PRIu64 ",\"free_kib\":%" PRIu64 "}}\n",
                    memory->total_kib, memory->free_kib);
}
