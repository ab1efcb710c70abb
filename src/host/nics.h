// SPDX-License-Identifier: GPL-2.0-or-later
/* The network cards of the machine, from /sys/class/net below a root, which tests choose.
 * No state; any thread. */
#pragma once

#include "base/value.h"

/* A set of {device, mac, mtu, carrier, speed (Mbit/s, 0: unknown), duplex, vendor_id,
 * device_id, pci_bus_path}, in the order of their names: Ethernet interfaces that stand for
 * a device, not bridges, bonds and the like. */
struct val host_nics(int root_fd);
