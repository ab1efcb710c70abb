// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernels and initial ramdisks that guests boot without firmware.  The toolstack reads them
 * as root, so they come from an administrator, never from a guest or an upload: regular
 * files in one directory, that only their owner (root, or who runs lk-vmd) may write.  No
 * state; any thread. */
#pragma once

#include "base/err.h"

/* Opens 'name', a file below 'dir' or its full path.  'what' names the setting in errors:
 * INVALID_VALUE [what, name]. */
struct err *kernel_open(const char *dir, const char *what, const char *name,
                        int *ret_fd) MUST_CHECK;
