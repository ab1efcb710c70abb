// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces of hosts as rows: what PIF, VLAN and Bond messages share.
 *
 * No interface is configured by this server yet: a PIF here is never attached by a message,
 * and what would have to touch one that is attached is refused as NOT_IMPLEMENTED. */
#pragma once

#include "rpc/call.h"

#define PIF_NO_VLAN (-1)

struct pif_new {
    const char *host, *network; /* references */
    const char *device, *mac;
    int64_t mtu, vlan;
    bool physical, managed;
    const char *metrics; /* shared with another PIF; NULL: its own */
};
/* The reference is the transaction's memory. */
const char *pif_create(struct txn *t, const struct pif_new *new);
/* With its metrics, unless another has them too. */
void pif_delete(struct txn *t, const char *ref);

/* The host's PIF of that device and VLAN, or NULL. */
const struct row *pif_find(struct txn *t, const char *host, const char *device,
                           int64_t vlan);

/* NETWORK_ALREADY_CONNECTED [network, PIF] when the host has one on that network. */
struct err *pif_check_network_free(struct txn *t, const struct row *network,
                                   const char *host) MUST_CHECK;
/* May it be taken down?  PIF_UNMANAGED, PIF_IS_MANAGEMENT_INTERFACE, VIF_IN_USE,
 * PIF_DOES_NOT_ALLOW_UNPLUG, in this order. */
struct err *pif_check_idle(struct txn *t, const struct row *pif) MUST_CHECK;
/* NOT_IMPLEMENTED when it is attached. */
struct err *pif_check_unattached(const struct row *pif, const struct call *call) MUST_CHECK;

/* VLANs: vlan.c.  'ret_vlan' and 'ret_pif' may be NULL. */
struct err *vlan_create(struct txn *t, const struct call *call, const char *tagged,
                        int64_t tag, const char *network, const char **ret_vlan,
                        const char **ret_pif) MUST_CHECK;
struct err *vlan_destroy(struct txn *t, const struct call *call,
                         const struct row *vlan) MUST_CHECK;
/* The VLAN that gives the PIF 'untagged', or NULL. */
const struct row *vlan_of(struct txn *t, const char *untagged);
