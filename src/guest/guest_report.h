// SPDX-License-Identifier: GPL-2.0-or-later
/* What the guest tells its host about itself, gathered from the kernel and /etc, and the
 * line it becomes (docs/design/guest-agent.md).  A fact that cannot be had is left empty.
 */
#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>

#include "guest/guest_message.h"

#define GUEST_NICS_MAX      8
#define GUEST_ADDRESSES_MAX 8 /* of one family on one NIC */

struct guest_nic {
    int index; /* the kernel's; gives the order */
    char name[IF_NAMESIZE];
    char mac[18];
    unsigned n_ipv4, n_ipv6;
    char ipv4[GUEST_ADDRESSES_MAX][INET_ADDRSTRLEN];
    char ipv6[GUEST_ADDRESSES_MAX][INET6_ADDRSTRLEN];
};

/* What rarely changes.  Unused bytes are zero, so two of these compare by memcmp. */
struct guest_facts {
    char os_name[128], distro[32], major[16], minor[16];
    char uname[65], host_name[65];
    unsigned n_nics;
    struct guest_nic nics[GUEST_NICS_MAX]; /* by 'index' */
};

struct guest_memory {
    uint64_t total_kib, free_kib; /* free: what new work could get, caches included */
};

void guest_facts_read(struct guest_facts *facts);
void guest_memory_read(struct guest_memory *memory);

/* The value of 'key' in the text of an os-release file, quotes removed; "" when it has
 * none. */
void guest_os_release_get(const char *text, const char *key, char *value, size_t size);

/* Appends the report and its newline. */
void guest_report_put(struct guest_text *text, const struct guest_facts *facts,
                      const struct guest_memory *memory);
