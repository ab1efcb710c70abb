// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors of storage; with it comes crash_point().  Any thread. */
#pragma once

#include <stdint.h>

#include "base/crash.h"
#include "base/err.h"

/* A failed system call (either sign): SR_FULL for a full disk, else SR_BACKEND_FAILURE
 * with what failed and why. */
struct err *storage_errno(int errnum, const char *fmt, ...) PRINTF(2, 3) MUST_CHECK;
/* SR_BACKEND_FAILURE: something found on the SR that must not be there, or is not. */
struct err *storage_failure(const char *fmt, ...) PRINTF(1, 2) MUST_CHECK;
/* SR_FULL with 'needed' and 'available' bytes. */
struct err *storage_full(uint64_t needed, uint64_t available) MUST_CHECK;
/* VALUE_NOT_SUPPORTED for a key of device_config. */
struct err *storage_bad_config(const char *key, const char *value, const char *fmt, ...)
    PRINTF(3, 4) MUST_CHECK;
