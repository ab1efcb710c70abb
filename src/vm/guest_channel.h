// SPDX-License-Identifier: GPL-2.0-or-later
/* The stream to the agent in one guest (docs/design/guest-agent.md): what it says is read,
 * bounded and compared with what was told already; what is asked of it is written only if
 * it reads.  A guest that floods is read from slowly, one that does not read is not waited
 * for.  Loop thread only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vm/guest_line.h"

struct sd_event;
struct guest_channel;

struct guest_channel_events {
    void (*nics)(void *arg, struct guest_nics *ret_nics);
    /* What the guest says changed: facts at most every 500 ms, its memory alone every 10 s.
     */
    void (*report)(void *arg, const struct val *report);
    /* Once for each successful guest_channel_shutdown: the guest accepted; or it refused,
     * said nothing for 10 seconds, or the stream ended. */
    void (*answered)(void *arg, bool accepted);
    /* Once for each successful guest_channel_freeze: so many file systems are frozen, or
     * were until now; or -ETIMEDOUT, -EREMOTEIO (it refused), -ECONNRESET. */
    void (*frozen)(void *arg, int n);
    /* The stream ended; the channel can be freed in here. */
    void (*ended)(void *arg);
};

/* Takes 'fd', a connected socket, and asks for a report. */
int guest_channel_new(struct sd_event *loop, int fd,
                      const struct guest_channel_events *events, void *arg,
                      struct guest_channel **ret_channel);
/* Tells nothing any more. */
void guest_channel_free(struct guest_channel *channel);

/* Asks the guest to end ("poweroff") or "reboot".  False, and nothing was asked, when no
 * agent was heard lately, when it does not read, or was asked already. */
bool guest_channel_shutdown(struct guest_channel *channel, const char *mode);
/* The same for holding back all writes, and letting them go. */
bool guest_channel_freeze(struct guest_channel *channel, bool freeze);
