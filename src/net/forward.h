// SPDX-License-Identifier: GPL-2.0-or-later
/* Ports of the host's loopback address that lead to a VM's interface: "tcp:2222:22" the
 * host's port 2222 to the guest's port 22, several of them with commas between.  For
 * backends whose guests nobody reaches otherwise.  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

#define NET_MAX_FORWARDS 8

struct net_forward {
    bool is_udp;
    uint16_t host_port, guest_port;
};

struct net_forwards {
    struct net_forward at[NET_MAX_FORWARDS];
    size_t n;
};

/* "" is none.  VALUE_NOT_SUPPORTED ["forward", text, reason]. */
struct err *net_forwards_parse(const char *text,
                               struct net_forwards *ret_forwards) MUST_CHECK;
/* The error for 'forwards' that cannot be. */
struct err *net_forwards_refuse(const struct net_forwards *forwards,
                                const char *why) MUST_CHECK;
/* What net_forwards_parse reads; the caller's. */
char *net_forwards_text(const struct net_forwards *forwards);
/* A set of {protocol, host_port, guest_port}. */
struct val net_forwards_to_val(const struct net_forwards *forwards);
bool net_forwards_equal(const struct net_forwards *a, const struct net_forwards *b);
