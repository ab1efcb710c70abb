// SPDX-License-Identifier: GPL-2.0-or-later
/* Making, copying and ending disks: lk-stored does the work, the VDI rows follow. */
#pragma once

#include "base/uuid.h"
#include "rpc/call.h"

/* Makes an empty disk.  'name' and 'description' may be "". */
struct err *vdi_life_create(struct call *call, const char *sr_ref, int64_t size, int type,
                            const char *name, const char *description,
                            struct ref *ret_vdi) MUST_CHECK;
/* A writable clone on the same SR (shares what it can). */
struct err *vdi_life_clone(struct call *call, const char *vdi_ref,
                           struct ref *ret_vdi) MUST_CHECK;
/* A full copy on another SR, or the same. */
struct err *vdi_life_copy(struct call *call, const char *vdi_ref, const char *sr_ref,
                          struct ref *ret_vdi) MUST_CHECK;
struct err *vdi_life_snapshot(struct call *call, const char *vdi_ref,
                              struct ref *ret_vdi) MUST_CHECK;
struct err *vdi_life_resize(struct call *call, const char *vdi_ref,
                            int64_t size) MUST_CHECK;
/* The SR, which must be plugged. */
struct err *vdi_life_need_sr(struct call *call, const char *sr_ref,
                             struct row **ret_sr) MUST_CHECK;
/* The row of a disk that lk-stored made out of 'model'; the disk goes again if the row
 * cannot be written. */
struct err *vdi_life_record(struct call *call, const struct row *sr,
                            const struct row *model, const struct val *described,
                            struct ref *ret_vdi) MUST_CHECK;
/* The disk that a snapshot is of gets the snapshot's bytes and size. */
struct err *vdi_life_revert(struct call *call, const char *snapshot_ref) MUST_CHECK;
/* The disk and its row; VBDs that name it are destroyed with it. */
struct err *vdi_life_destroy(struct call *call, const char *vdi_ref) MUST_CHECK;

/* Which new disk stands for which old one while a VM is copied. */
struct vdi_copies {
    struct vdi_copy {
        struct ref source, copy;
    } * at;
    size_t n;
};
/* The copy of 'source', or NULL. */
const char *vdi_copies_find(const struct vdi_copies *copies, const char *source);
void vdi_copies_fini(struct vdi_copies *copies);
