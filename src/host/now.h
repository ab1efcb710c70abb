// SPDX-License-Identifier: GPL-2.0-or-later
/* What the machine does now: its load, its clock, its kernel's messages; and the time zones
 * it knows.  No state; any thread. */
#pragma once

#include "base/err.h"
#include "base/value.h"

/* Processes that run or wait to, on average over a minute. */
double host_load(int root_fd);
/* Does something keep the clock right? */
bool host_clock_is_synchronized(void);
/* The names of time zones, sorted, "UTC" always among them. */
struct val host_timezones(int root_fd);
/* The kernel's messages, as much as it still has.  PERMISSION_DENIED. */
struct err *host_kernel_log(int root_fd, struct val *ret_text) MUST_CHECK;
