// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks and interfaces of running VMs: plugged and unplugged. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct manager;

/* Ends what a call that was cut off began with the VBD or VIF 'ref' (class 'cls'): one that
 * was to be unplugged is taken out; one that was to be plugged stays if its row says so,
 * else it is taken out too. */
struct err *device_settle(struct manager *m, int cls, const char *ref,
                          bool to_unplug) MUST_CHECK;
