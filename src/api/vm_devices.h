// SPDX-License-Identifier: GPL-2.0-or-later
/* The VBDs and VIFs of a VM that is copied or destroyed. */
#pragma once

#include "api/vdi_life.h"
#include "api/vm_copy.h"
#include "base/mac.h"

/* Copies every disk 'source' owns (CDs keep their disc): clones when 'sr_ref' is NULL, else
 * full copies on that SR, or on each disk's own when it is "".  What was made is in
 * 'copies', also on failure. */
struct err *vm_devices_copy_disks(struct call *call, const struct row *source,
                                  const char *sr_ref, struct vdi_copies *copies) MUST_CHECK;
/* How a VM's disks are snapshotted. */
struct snapshotting {
    const struct row *source;
    const struct val *ignored; /* a set of VDIs that are not, or NULL */
    bool quiesce;              /* while its guest holds still */
    /* Of a VM that runs, just before the moment (see disk_live.h); or NULL. */
    struct err *(*at_moment)(struct call *call, void *arg);
    void *arg;
};
/* The same with snapshots: of the disks a running VM writes to all at one moment. */
struct err *vm_devices_snapshot_disks(struct call *call, const struct snapshotting *s,
                                      struct vdi_copies *copies) MUST_CHECK;
/* VBD and VIF rows of the copy's source for the VM 'vm_ref'.  VIFs of a snapshot keep their
 * addresses, others get new ones from the VM's mac_seed. */
struct err *vm_devices_copy(struct txn *t, const struct vm_copying *c,
                            const char *vm_ref) MUST_CHECK;
void vm_devices_delete(struct txn *t, const struct row *vm);

/* May an interface have that locking mode (enum vif_locking_mode) here? */
struct err *vif_check_locking(int mode) MUST_CHECK;

/* The address of device number 'device' by the VM's seed. */
struct mac vif_mac_from_seed(const char *seed, unsigned device);
