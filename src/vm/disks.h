// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks that change under a running guest: new top layers, and layers that become one.
 * Called in the VM's queue. */
#pragma once

#include "vm/config.h"
#include "vm/vms.h"

/* What a snapshot cost the guest: file systems frozen, how many of them were so until the
 * end, and how long its disks waited for the change itself. */
struct disks_wait {
    unsigned n_frozen, n_thawed;
    uint64_t us;
};

/* All disks move to their new tops at one moment, or none does.  Again is fine.
 * 'quiesce': the guest is asked to hold still.  VM_SNAPSHOT_WITH_QUIESCE_... [VM]. */
struct err *disks_snapshot(struct vms *vms, const char *uuid, const struct vm_top *tops,
                           size_t n, bool quiesce, struct disks_wait *ret_wait) MUST_CHECK;
struct err *disks_layers(struct vms *vms, const char *uuid, unsigned device,
                         struct vm_disk_live *ret_disk) MUST_CHECK;
struct err *disks_commit(struct vms *vms, const char *uuid,
                         const struct vm_commit *commit) MUST_CHECK;
struct err *disks_commit_rate(struct vms *vms, const char *uuid, unsigned device,
                              uint64_t rate) MUST_CHECK;
struct err *disks_commit_cancel(struct vms *vms, const char *uuid,
                                unsigned device) MUST_CHECK;
struct err *disks_pivot(struct vms *vms, const char *uuid, unsigned device,
                        struct vm_disk_live *ret_disk) MUST_CHECK;
struct err *disks_resume(struct vms *vms, const char *uuid) MUST_CHECK;
