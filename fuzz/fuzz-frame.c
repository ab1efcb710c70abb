// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames between manager and agents, through a socket.  The frames that came out are the
 * bytes that went in.  The first byte is the size of the pieces they arrive in. */
#include "io/frame.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "fuzz.h"

#define MAX_SIZE 65536 /* what a frame may have here, and what a socket holds */

/* Takes what is there: the count of bytes that made whole frames; *ret_ended on an error.
 */
static size_t take_frames(int sock, struct frame_reader *reader, const uint8_t *expected,
                          bool *ret_ended)
{
    size_t n_taken = 0;
    int r;

    do {
        CLEANUP(frame_fini) struct frame frame = {0};

        r = frame_read(sock, reader, &frame);
        if (r == 1) {
            const uint8_t *head = expected + n_taken;

            FUZZ_CLAIM(frame.data.size ==
                       ((size_t)head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3]));
            FUZZ_CLAIM(frame.n_fds == 0 && frame.data.size <= MAX_SIZE);
            FUZZ_CLAIM(
                memcmp(head + FRAME_HEAD_SIZE, buf_str(&frame.data), frame.data.size) == 0);
            n_taken += FRAME_HEAD_SIZE + frame.data.size;
        }
    } while (r == 1);
    FUZZ_CLAIM(r == -EAGAIN || r == -EPROTO || r == -EMSGSIZE || r == 0);
    *ret_ended = r != -EAGAIN;
    return n_taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t piece = (size_t)fuzz_choice(&data, &size) * 16 + 1;
    struct frame_reader reader = {.max_size = MAX_SIZE};
    size_t n_sent = 0, n_taken = 0;
    bool ended = false;
    int ends[2];

    if (size > MAX_SIZE)
        return 0;
    FUZZ_CLAIM(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) ==
               0);
    while (!ended && n_sent < size) {
        size_t n = size - n_sent < piece ? size - n_sent : piece;

        FUZZ_CLAIM(fd_write_all(ends[0], data + n_sent, n) == 0);
        n_sent += n;
        n_taken += take_frames(ends[1], &reader, data + n_taken, &ended);
        FUZZ_CLAIM(n_taken <= n_sent);
    }
    close(ends[0]);
    if (!ended) {
        take_frames(ends[1], &reader, data + n_taken, &ended);
        FUZZ_CLAIM(ended);
    }
    close(ends[1]);
    frame_reader_fini(&reader);
    return 0;
}
