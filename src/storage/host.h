// SPDX-License-Identifier: GPL-2.0-or-later
/* What drivers are told about the machine, and where SRs may lie on it.  Read-only once the
 * daemon serves; any thread. */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"
#include "storage/image.h"

struct sr_host {
    const char *state_dir;    /* SRs without a place of their own lie in <state_dir>/sr */
    const char *const *roots; /* directories SRs may lie in, NULL at the end */
    int64_t started_us;       /* wall clock: files older are not this run's */
    struct image_tool tool;
};

/* Opens the directory that 'device_config:location' names, which must be one of the roots
 * or lie below one, no symbolic link between; without it, <state_dir>/sr (made when
 * absent).  VALUE_NOT_SUPPORTED names the roots.  '*ret_path' is for people. */
struct err *sr_host_open_location(const struct sr_host *host,
                                  const struct val *device_config, int *ret_fd,
                                  char **ret_path) MUST_CHECK;
