// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages between the manager and its agents: on a Unix stream socket, a 4-byte big-endian
 * length and that many bytes, with up to FRAME_MAX_FDS descriptors riding on the length's
 * bytes (SCM_RIGHTS), as many on each as the kernel takes.  What the bytes mean is not
 * known here.  See docs/design/agent-protocol.md.
 *
 * Two ways to use it: whole frames with a deadline for threads that may wait, pieces for
 * loops that may not.  Both work on blocking and non-blocking sockets; neither raises
 * SIGPIPE.  One thread at a time per direction. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FRAME_MAX_SIZE  (16u << 20)
#define FRAME_HEAD_SIZE 4
#define FRAME_BYTE_FDS  250 /* riding on one byte: SCM_MAX_FD is 253 */
#define FRAME_MAX_FDS   (FRAME_HEAD_SIZE * FRAME_BYTE_FDS)

struct frame {
    struct buf data;
    int fds[FRAME_MAX_FDS]; /* close-on-exec; -1 once taken */
    size_t n_fds;
};

void frame_fini(struct frame *f); /* closes the descriptors that were not taken */

/* Blocking, whole: 0 or a negative errno (-EMSGSIZE: beyond the limits above).
 * 'deadline_ms' on the monotonic clock, 0 for none (-ETIMEDOUT).  After a failure the
 * stream may stand inside a frame: close it. */
int frame_send(int sock, const void *data, size_t size, const int *fds, size_t n_fds,
               uint64_t deadline_ms);
/* 1 a frame, 0 end of stream between frames, or a negative errno (-EPROTO: too large, too
 * many descriptors, cut off inside). */
int frame_receive(int sock, struct frame *ret_frame, uint64_t deadline_ms);

/* A frame being received.  Zeroed is empty.  Memory follows the bytes that came, not the
 * length a peer claims. */
struct frame_reader {
    size_t max_size; /* 0: FRAME_MAX_SIZE */
    uint8_t head[FRAME_HEAD_SIZE];
    size_t n_head;
    size_t size; /* of the data, once the head is whole */
    struct frame frame;
};

void frame_reader_fini(struct frame_reader *reader);

/* Reads on without waiting: 1 a frame, 0 end of stream between frames, -EAGAIN when there
 * is nothing more for now, or the errors of frame_receive. */
int frame_read(int sock, struct frame_reader *reader, struct frame *ret_frame);

/* Sends on without waiting.  '*sent' counts the bytes already sent, head included; it
 * starts at 0.  0 when the frame is out, -EAGAIN when the rest must wait, or a negative
 * errno. */
int frame_write(int sock, const void *data, size_t size, const int *fds, size_t n_fds,
                size_t *sent);
