// SPDX-License-Identifier: GPL-2.0-or-later
/* What the machine is: read from /proc, /sys, /dev and /etc below a root, which tests
 * choose.  No state; any thread. */
#pragma once

#include <stdint.h>

#include "base/value.h"

/* Everything, as the result of host.info (docs/design/agent-protocol.md).  What cannot be
 * read is empty, zero or false; there is always one CPU. */
struct val host_facts(int root_fd);

struct host_memory {
    /* Bytes; free: what can be had without swapping.  On Xen the machine's, not the control
     * domain's. */
    int64_t total, free;
};
struct host_memory host_memory_read(int root_fd);
