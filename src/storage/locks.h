// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may read or write which volume: one writer, or any number of readers; which layers
 * each has open; and who may merge which of them (docs/design/storage.md).
 *
 * A hold is a file of its own in <state>/locks, written durably before anybody gets a
 * descriptor, and so survives the daemon; holds of another boot of this machine are void,
 * for their holders are gone.  A hold that cannot be read counts as a writer's.  Any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"
#include "storage/hold.h"

struct lock_table;

/* Reads the table below the state directory; 'boot_id' is this boot's. */
struct err *locks_new(int state_dir_fd, const char *boot_id,
                      struct lock_table **ret_table) MUST_CHECK;
void locks_free(struct lock_table *table);

/* Lets 'holder' have 'vdi', recording the layers handed out.  The same holder and mode
 * again is fine.  VDI_IN_USE when others' holds exclude it; OTHER_OPERATION_IN_PROGRESS
 * when one of the layers is in a merge granted to somebody else. */
struct err *locks_take(struct lock_table *table, const struct uuid *sr,
                       const struct uuid *vdi, const struct uuid *holder,
                       enum open_mode mode, const struct layers *layers) MUST_CHECK;
/* Fine when there is no such hold. */
struct err *locks_drop(struct lock_table *table, const struct uuid *sr,
                       const struct uuid *vdi, const struct uuid *holder) MUST_CHECK;

/* Keeps everybody else from 'vdi' while this daemon works on it; not durable.  VDI_IN_USE.
 */
struct err *locks_reserve(struct lock_table *table, const struct uuid *sr,
                          const struct uuid *vdi, const char *operation) MUST_CHECK;
void locks_unreserve(struct lock_table *table, const struct uuid *sr,
                     const struct uuid *vdi);

/* What an operation on a volume can bear. */
enum lock_need {
    LOCK_NO_RESERVATION, /* anybody may have it open */
    LOCK_NO_WRITER,
    LOCK_IDLE,
};
/* VDI_IN_USE naming 'operation' when a hold on 'vdi' is in its way. */
struct err *locks_check(struct lock_table *table, const struct uuid *sr,
                        const struct uuid *vdi, enum lock_need need,
                        const char *operation) MUST_CHECK;
/* VDI_IN_USE for the first volume of 'sr' that somebody holds. */
struct err *locks_check_sr_idle(struct lock_table *table, const struct uuid *sr,
                                const char *operation) MUST_CHECK;

/* A copy of the hold of 'holder' on 'vdi', or false. */
bool locks_find(struct lock_table *table, const struct uuid *sr, const struct uuid *vdi,
                const struct uuid *holder, struct hold *ret_hold) MUST_CHECK;
/* Replaces what a hold says of its layers and its merge, durably.  OPERATION_NOT_ALLOWED
 * when there is no such hold. */
struct err *locks_change(struct lock_table *table, const struct hold *hold) MUST_CHECK;
struct err *locks_not_held(void) MUST_CHECK; /* that error */
/* Copies of the holds on any of these layers. */
void locks_on_layers(struct lock_table *table, const struct uuid *sr,
                     const struct uuid *layers, size_t n, struct hold_list *ret_holds);
/* Copies of all holds on an SR's volumes. */
void locks_on_sr(struct lock_table *table, const struct uuid *sr,
                 struct hold_list *ret_holds);
/* Whether anybody has the volume open or it is reserved. */
bool locks_is_held(struct lock_table *table, const struct uuid *sr, const struct uuid *vdi);

/* The holds of a volume: a list of {holder, mode}, with 'merging' where a merge is granted.
 */
struct val locks_list(struct lock_table *table, const struct uuid *sr,
                      const struct uuid *vdi);
