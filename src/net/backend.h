// SPDX-License-Identifier: GPL-2.0-or-later
/* What connects VMs to networks: the contract between lk-netd's core (src/net) and its
 * backends (src/net/backend/<name>.c).
 *
 * The core checks arguments, orders the calls of one VM (never two at a time for the same
 * VM; different VMs side by side), and keeps the list of what is attached in files, so that
 * a backend needs none: after a restart of the daemon within the same boot every interface
 * of the list is attached again.  A backend makes it so.
 *
 * What it makes (a tap device in a bridge, a port of a switch) must outlive this process,
 * for the VM behind it does; 'attach' of what is there already finds it and changes
 * nothing.  A device is named to the VM's process by its entry, made so that this process
 * can open it without a right of its own. */
#pragma once

#include "base/err.h"
#include "base/mac.h"
#include "base/uuid.h"
#include "base/value.h"
#include "net/forward.h"

/* One interface of a VM.  "vm" and "device" tell it from others. */
struct net_interface {
    struct uuid vm;
    unsigned device; /* 0 to NET_MAX_DEVICE */
    struct uuid network;
    struct mac mac;
    struct net_forwards forwards; /* none, unless the backend can */
};

#define NET_MAX_DEVICE 255

struct net_backend_config {
    const char *run_dir;
};

struct net_backend {
    const char *name;
    bool can_forward; /* ports of this host to an interface */

    /* Starts the backend in this process; '*ret_state' is handed to the others.  Absent:
     * there is nothing to start. */
    struct err *(*open)(const struct net_backend_config *config, void **ret_state);
    /* Lets go of everything without changing what VMs see. */
    void (*close)(void *state);

    /* Connects the interface.  Adds to the map '*entry', which has "device" and "mac", what
     * lk-vmd needs to know: "mode" and what belongs to it.  On failure nothing is left. */
    struct err *(*attach)(void *state, const struct net_interface *interface,
                          struct val *entry);
    /* Absent: nothing is left behind by a VM that ended.  Fine when it is not attached. */
    struct err *(*detach)(void *state, const struct net_interface *interface);
};

extern const struct net_backend *const net_backends[];           /* NULL at the end */
const struct net_backend *net_backend_by_name(const char *name); /* NULL: there is none */
