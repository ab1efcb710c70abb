// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/wait.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

#include "base/clock.h"

int wait_ms_left(uint64_t deadline_ms)
{
    uint64_t now = clock_monotonic_ms();

    if (deadline_ms == 0)
        return -1;
    if (now >= deadline_ms)
        return 0;
    return deadline_ms - now > INT_MAX ? INT_MAX : (int)(deadline_ms - now);
}

int wait_for_fd(int fd, short events, uint64_t deadline_ms)
{
    struct pollfd p = {.fd = fd, .events = events};

    for (;;) {
        int timeout_ms = wait_ms_left(deadline_ms);
        int n = poll(&p, 1, timeout_ms);

        if (n > 0)
            return p.revents & POLLNVAL ? -EBADF : 0;
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0 && timeout_ms != INT_MAX)
            return -ETIMEDOUT;
    }
}
