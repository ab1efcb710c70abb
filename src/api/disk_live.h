// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks that running VMs write to: the manager goes between lk-stored, which prepares and
 * records, and lk-vmd, which makes the VM's process do it (docs/design/agent-protocol.md,
 * "Disks in use").
 *
 * Whoever dies, both agents know what was begun; the one that comes back is asked, and it
 * is ended. */
#pragma once

#include "api/vdi_life.h"

/* The running VM that writes to the disk, and as which device; false: there is none. */
bool disk_live_find(struct db *db, const struct row *vdi, struct row **ret_vm,
                    int *ret_device);

/* How a VM's disks are snapshotted while it runs. */
struct live_snapshot {
    const struct row *vm;
    struct vdi_copies *disks; /* 'source' of each is given; 'copy' is what is made */
    bool quiesce;             /* the guest holds still meanwhile */
    /* Called when all is prepared, just before the moment; may be NULL, and may be called
     * again when that came to nothing. */
    struct err *(*at_moment)(struct call *call, void *arg);
    void *arg;
};

/* All at one moment, or none.  VM_SNAPSHOT_WITH_QUIESCE_... [VM]. */
struct err *disk_live_snapshot(struct call *call, struct live_snapshot *s) MUST_CHECK;

/* Ends what was begun with a disk and cut off; with all of an SR's that nobody works on. */
void disk_live_settle_disk(struct manager *m, const struct row *sr, const struct row *vdi);
void disk_live_settle(struct manager *m, const struct row *sr);
/* The same for all plugged SRs: an agent came back. */
void disk_live_settle_all(struct manager *m);
