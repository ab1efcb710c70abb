// SPDX-License-Identifier: GPL-2.0-or-later
/* The records of a VM that is made out of another: clone, copy, snapshot, checkpoint.  Its
 * disks were made before. */
#pragma once

#include "api/vdi_life.h"

struct vm_copying {
    const struct row *source;
    const char *name;
    const struct vdi_copies *disks; /* old VDI -> new VDI */
    bool is_snapshot;
    bool is_quiesced;          /* a snapshot whose guest held still */
    bool is_suspended;         /* the copy has a suspend image; else it is Halted */
    const char *suspend_vdi;   /* of the copy, or NULL */
    const struct val *ignored; /* VDIs whose VBDs are left out, or NULL */
    char ref[64];              /* of the new VM */
};

/* A transaction function: the VM, its metrics, VBDs and VIFs; 'ref' is set. */
struct err *vm_copy_txn(struct txn *t, void *copying) MUST_CHECK;

/* The children of a VM that goes away become its parent's. */
void vm_copy_reparent(struct txn *t, const struct row *vm);
