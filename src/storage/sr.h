// SPDX-License-Identifier: GPL-2.0-or-later
/* Storage repositories: which are attached, and what is asked of them as a whole.  Volumes
 * are in volume.h.
 *
 * Calls for one SR come one after the other (the agent's queues see to it), except
 * volume_fill.  Any thread.  Errors name objects by uuid: the manager puts references in
 * their place. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"

struct storage;

/* What sr.create tells; texts borrowed. */
struct sr_wanted {
    struct uuid uuid;
    const char *type;
    const struct val *device_config;
    const char *name_label, *name_description;
};

/* Makes it, without attaching it: {total, free}.  SR_UNKNOWN_DRIVER, SR_UUID_EXISTS. */
struct err *sr_create(struct storage *storage, const struct sr_wanted *wanted,
                      struct val *ret_space) MUST_CHECK;
/* Fine when it is attached already. */
struct err *sr_attach(struct storage *storage, const struct uuid *uuid, const char *type,
                      const struct val *device_config) MUST_CHECK;
/* Fine when it is not attached; VDI_IN_USE while anything of it is open. */
struct err *sr_detach(struct storage *storage, const struct uuid *uuid) MUST_CHECK;
/* Removes and detaches it.  SR_NOT_EMPTY. */
struct err *sr_destroy(struct storage *storage, const struct uuid *uuid) MUST_CHECK;
/* NULL texts stay as they are. */
struct err *sr_describe(struct storage *storage, const struct uuid *uuid,
                        const char *name_label, const char *name_description) MUST_CHECK;
/* {total, free, used, could_take, state, seconds_left, vdis} */
struct err *sr_scan(struct storage *storage, const struct uuid *uuid,
                    struct val *ret_scan) MUST_CHECK;
/* {srs} */
struct err *sr_probe(struct storage *storage, const char *type,
                     const struct val *device_config, struct val *ret_srs) MUST_CHECK;
