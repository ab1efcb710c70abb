// SPDX-License-Identifier: GPL-2.0-or-later
/* What a hypervisor below us says of the machine: in its control domain /proc tells of that
 * domain alone.  No state; any thread. */
#pragma once

#include <stdbool.h>

#include "host/facts.h"

/* False: we are not in the control domain of Xen, or it did not answer. */
bool host_xen_memory(int root_fd, struct host_memory *ret_memory);
