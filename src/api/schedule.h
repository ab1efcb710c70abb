// SPDX-License-Identifier: GPL-2.0-or-later
/* What the manager does by the clock rather than because somebody called. */
#pragma once

#include <stdint.h>

struct manager;

/* Does what is due at 'now' (seconds since 1970), once for all the time since the last
 * call; nothing when an earlier call is still at it.  May take long: from a worker, by a
 * timer. */
void schedule_run(struct manager *manager, int64_t now);
