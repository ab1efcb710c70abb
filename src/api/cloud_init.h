// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VM tells its guest's cloud-init: keys of other_config, made into a NoCloud seed at
 * each start (docs/design/cloud-init.md).  No state; any thread. */
#pragma once

#include "base/buf.h"
#include "base/value.h"
#include "db/db.h"

/* Are the keys of that other_config, if there are any, good?  VALUE_NOT_SUPPORTED [field,
 * value, reason]. */
struct err *cloud_init_check(const struct val *other_config) MUST_CHECK;
/* The same of one key; fine when it is none of them. */
struct err *cloud_init_check_key(const char *key, const struct val *value) MUST_CHECK;

/* Does a VM with that other_config want a seed? */
bool cloud_init_is_wanted(const struct val *other_config);
/* The bytes of a CD with the seed of a VM.  'name' becomes the host name where nothing else
 * is said and it can be one.  The same errors. */
struct err *cloud_init_seed(const struct val *other_config, const char *uuid,
                            const char *name, struct buf *ret_image) MUST_CHECK;
/* The same as a descriptor that nobody can change, open for reading. */
struct err *cloud_init_open_seed(const struct row *vm, int *ret_fd) MUST_CHECK;
