// SPDX-License-Identifier: GPL-2.0-or-later
/* What sr.c and volume.c share.  Private to storage. */
#pragma once

#include "storage/driver.h"
#include "storage/locks.h"
#include "storage/sr.h"

/* An attached SR.  It lasts until it is detached, which waits for no one: a call holds it
 * by being in the SR's queue, or by a reservation taken with sr_reserve. */
struct sr {
    struct uuid uuid;
    const struct sr_driver *driver;
    void *state;
};

struct lock_table *storage_locks(struct storage *storage);
/* SR_NOT_ATTACHED. */
struct err *sr_get(struct storage *storage, const struct uuid *uuid,
                   struct sr **ret_sr) MUST_CHECK;
/* The same, with a reservation (locks.h) of one of its volumes. */
struct err *sr_reserve(struct storage *storage, const struct uuid *uuid,
                       const struct uuid *vdi, const char *operation,
                       struct sr **ret_sr) MUST_CHECK;
struct err *sr_not_supported(const struct sr *sr) MUST_CHECK;
