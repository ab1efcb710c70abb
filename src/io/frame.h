// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages between the manager and its agents: on a Unix stream socket, a 4-byte big-endian
 * length and that many bytes, with up to FRAME_MAX_FDS descriptors riding on the first byte
 * (SCM_RIGHTS).  What the bytes mean is not known here.  See docs/design/agent-protocol.md.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FRAME_MAX_SIZE (16u << 20)
#define FRAME_MAX_FDS  250 /* SCM_MAX_FD is 253 */

struct frame {
    struct buf data;
    int fds[FRAME_MAX_FDS]; /* close-on-exec; -1 once taken */
    size_t n_fds;
};

void frame_fini(struct frame *f); /* closes the descriptors that were not taken */

/* Blocking, whole: 0 or a negative errno.  'deadline_ms' on the monotonic clock, 0 for none
 * (-ETIMEDOUT). */
int frame_send(int sock, const void *data, size_t size, const int *fds, size_t n_fds,
               uint64_t deadline_ms);
/* 1 a frame, 0 end of stream between frames, or a negative errno (-EPROTO: too large, too
 * many descriptors, cut off inside). */
int frame_receive(int sock, struct frame *ret_frame, uint64_t deadline_ms);
