// SPDX-License-Identifier: GPL-2.0-or-later
/* Block devices over image files, for the kernel's block backend: it takes devices only.
 * Needs root.  No state; any thread. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

#define LOOP_DEVICE_PATH_SIZE 24

/* Makes a loop device over the raw image 'fd' (borrowed).  It lasts while anything has it
 * open: '*ret_fd' (the caller's), then the backend of a domain. */
struct err *loop_device_open(int fd, bool is_writable, char ret_path[LOOP_DEVICE_PATH_SIZE],
                             int *ret_fd) MUST_CHECK;
