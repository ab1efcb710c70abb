// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for a descriptor until a deadline on the monotonic clock.  No state; any thread.
 */
#pragma once

#include <stdint.h>

/* Milliseconds from now to 'deadline_ms' as poll() wants them: -1 for a deadline of 0
 * (none), 0 once it has passed. */
int wait_ms_left(uint64_t deadline_ms);

/* Waits until one of 'events' (POLLIN, POLLOUT) or an error shows on 'fd': 0, -ETIMEDOUT or
 * another negative errno.  'deadline_ms' 0: no limit. */
int wait_for_fd(int fd, short events, uint64_t deadline_ms);
