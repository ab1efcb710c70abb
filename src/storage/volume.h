// SPDX-License-Identifier: GPL-2.0-or-later
/* Volumes of attached SRs: what may be asked of one, given who has it open.
 *
 * Sizes are rounded up to VOLUME_ROUNDING.  Each answers the volume as it is then (the
 * object of docs/design/agent-protocol.md).  Calls for one SR come one after the other,
 * except volume_fill.  Errors: SR_NOT_ATTACHED, SR_OPERATION_NOT_SUPPORTED, VDI_MISSING,
 * VDI_IN_USE, VDI_READONLY, SR_FULL. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"
#include "storage/layers.h"

#define VOLUME_ROUNDING (1u << 20)

struct storage;

/* A volume of an SR. */
struct volume_id {
    struct uuid sr, vdi;
};

/* Texts of a new volume, borrowed. */
struct volume_names {
    const char *name_label, *name_description;
};

/* VDI_TOO_SMALL, VDI_TOO_LARGE, LOCATION_NOT_UNIQUE. */
struct err *volume_create(struct storage *storage, const struct volume_id *id,
                          uint64_t size, const struct volume_names *names, const char *kind,
                          struct val *ret_vdi) MUST_CHECK;
struct err *volume_destroy(struct storage *storage, const struct volume_id *id) MUST_CHECK;
/* Grows it; VDI_TOO_SMALL for less than it has. */
struct err *volume_resize(struct storage *storage, const struct volume_id *id,
                          uint64_t size, struct val *ret_vdi) MUST_CHECK;
/* The new volume 'new' is answered.  Not while anybody writes. */
struct err *volume_snapshot(struct storage *storage, const struct volume_id *id,
                            const struct uuid *new, const struct volume_names *names,
                            struct val *ret_vdi) MUST_CHECK;
struct err *volume_clone(struct storage *storage, const struct volume_id *id,
                         const struct uuid *new, const struct volume_names *names,
                         struct val *ret_vdi) MUST_CHECK;
struct err *volume_revert(struct storage *storage, const struct volume_id *id,
                          const struct uuid *snapshot, struct val *ret_vdi) MUST_CHECK;
/* NULL texts stay as they are. */
struct err *volume_describe(struct storage *storage, const struct volume_id *id,
                            const struct volume_names *names,
                            struct val *ret_vdi) MUST_CHECK;
/* Copies the raw or qcow2 image behind 'fd' (borrowed) into a volume never written to.
 * IMPORT_ERROR; VDI_TOO_SMALL. */
struct err *volume_fill(struct storage *storage, const struct volume_id *id, int fd,
                        const char *format, struct val *ret_vdi) MUST_CHECK;
/* Lets 'holder' have it, durably, and opens its layers.  Again with the same mode is fine.
 */
struct err *volume_open(struct storage *storage, const struct volume_id *id,
                        enum open_mode mode, const struct uuid *holder,
                        struct layers *ret_layers, uint64_t *ret_virtual_size) MUST_CHECK;
/* Fine when it is not open, and when there is no such volume or SR any more. */
struct err *volume_close(struct storage *storage, const struct volume_id *id,
                         const struct uuid *holder) MUST_CHECK;
