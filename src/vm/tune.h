// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes and limits of a VM that is there, changed while it runs.  Called in the VM's queue.
 *
 * All may be asked again with the same figures. */
#pragma once

#include "vm/backend.h"
#include "vm/vms.h"

/* The guest sees a disk of 'size' bytes; INVALID_DEVICE [device] when there is none. */
struct err *tune_disk_size(struct vms *vms, const char *uuid, unsigned device,
                           uint64_t size) MUST_CHECK;
struct err *tune_disk_limit(struct vms *vms, const char *uuid, unsigned device,
                            const struct vm_limit *limit) MUST_CHECK;
/* Asks the guest for memory or gives it back; it takes the time it takes. */
struct err *tune_memory(struct vms *vms, const char *uuid, uint64_t target) MUST_CHECK;
/* Returns when the VM has 'n' vCPUs, or has not let go of one. */
struct err *tune_vcpus(struct vms *vms, const char *uuid, unsigned n) MUST_CHECK;
