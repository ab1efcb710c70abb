// SPDX-License-Identifier: GPL-2.0-or-later
/* What the manager itself can see of the machine it runs on, without any right: /proc,
 * uname, /etc/os-release.  No state; any thread. */
#pragma once

#include <stdint.h>

struct host_facts {
    char hostname[256], kernel[256];
    char distribution[256]; /* "Debian GNU/Linux 12 (bookworm)" */
    unsigned n_cpus, n_sockets, threads_per_core;
    char cpu_vendor[64], cpu_model_name[128], cpu_speed_mhz[32], cpu_stepping[32];
    int64_t cpu_family, cpu_model;
    char cpu_flags[4096];
    int64_t memory_total, memory_free; /* bytes */
    int64_t boot_time;                 /* seconds since 1970 */
};

/* What cannot be read stays empty or zero; there is always one CPU. */
void host_facts_read(struct host_facts *ret_facts);
