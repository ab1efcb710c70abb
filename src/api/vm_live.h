// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory and vCPUs of VMs while they run. */
#pragma once

#include "rpc/call.h"

/* Has the guest of a running VM use what its row allows at most (memory_dynamic_max), waits
 * a moment for it, and writes what it uses into its metrics. */
struct err *vm_live_memory(struct call *call, const char *vm_ref) MUST_CHECK;
/* The same of a VM whose domain was just made; not waited for. */
struct err *vm_live_begin(struct manager *m, const struct row *vm) MUST_CHECK;
