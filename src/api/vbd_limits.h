// SPDX-License-Identifier: GPL-2.0-or-later
/* What disks may do in a second: VBD.qos_algorithm_type "ratelimit" with the parameters
 * "kbps" (KiB a second) and "iops" (operations a second), each alone or both. */
#pragma once

#include "rpc/manager.h"

/* Sets the limits of the disk in its running VM to what its row says; 'vbd' is no drive.
 * INVALID_VALUE [qos_algorithm_params:KEY, value]. */
struct err *vbd_limits_apply(struct manager *m, const struct row *vm,
                             const struct row *vbd) MUST_CHECK;
/* The same for all disks of a VM whose domain has none yet. */
struct err *vbd_limits_begin(struct manager *m, const struct row *vm) MUST_CHECK;
