// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks in use: what lk-stored prepares and records around what the process that writes to
 * a volume does by itself (docs/design/agent-protocol.md, "Disks in use").
 *
 * Between a begin and its end that process may be on either side, and says at the end on
 * which; until then every byte is found from both.  Begins and ends may be asked again.
 * Calls for one SR come one after the other.  OPERATION_NOT_ALLOWED when 'holder' does not
 * have the volume open for writing; OTHER_OPERATION_IN_PROGRESS while something else is
 * begun with it. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"
#include "storage/layers.h"
#include "storage/volume.h"

struct storage;

/* A new layer over the one 'holder' writes to. */
struct live_top {
    struct layer layer; /* for writing */
    struct uuid before; /* the layer it writes to until then */
    uint64_t virtual_size;
};

/* The same snapshot 'new' again is fine.  SR_FULL, LOCATION_NOT_UNIQUE. */
struct err *live_snapshot_begin(struct storage *storage, const struct volume_id *id,
                                const struct uuid *holder, const struct uuid *new,
                                const struct volume_names *names,
                                struct live_top *ret_top) MUST_CHECK;
/* It writes to 'top' now: {taken, snapshot}.  Fine after the holder has closed. */
struct err *live_snapshot_end(struct storage *storage, const struct volume_id *id,
                              const struct uuid *holder, const struct uuid *new,
                              const struct uuid *top, struct val *ret_result) MUST_CHECK;

/* It is about to see another size; it sees it.  VDI_TOO_SMALL, SR_FULL. */
struct err *live_resize_begin(struct storage *storage, const struct volume_id *id,
                              const struct uuid *holder, uint64_t size,
                              struct val *ret_vdi) MUST_CHECK;
struct err *live_resize_end(struct storage *storage, const struct volume_id *id,
                            const struct uuid *holder, uint64_t size,
                            struct val *ret_vdi) MUST_CHECK;

/* What is granted to a process that merges by itself. */
struct live_merge {
    struct uuid vdi, upper;
    struct layer lower;   /* for writing */
    struct layer overlay; /* the same, of what is over 'upper'; fd -1: nothing is */
};

/* Lets 'holder', who alone has them open, copy the run of hidden layers above 'lower' into
 * it.  SR_FULL. */
struct err *live_merge_begin(struct storage *storage, const struct uuid *sr,
                             const struct uuid *lower, const struct uuid *holder,
                             struct live_merge *ret_merge) MUST_CHECK;
/* It has the 'n' layers 'chain' now, top first: all as before, or without those that went
 * into 'lower'.  Says which. */
struct err *live_merge_end(struct storage *storage, const struct uuid *sr,
                           const struct uuid *lower, const struct uuid *holder,
                           const struct uuid *chain, size_t n, bool *ret_merged) MUST_CHECK;
