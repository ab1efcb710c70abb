// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/rand.h"

#include <errno.h>
#include <sys/random.h>

#include "base/alloc.h"

void rand_bytes(void *p, size_t size)
{
    unsigned char *at = p;

    while (size) {
        ssize_t r = getrandom(at, size, 0);

        assert_msg(r > 0 || errno == EINTR, "the kernel gives no random bytes");
        if (r > 0) {
            at += r;
            size -= (size_t)r;
        }
    }
}

uint64_t rand_u64(void)
{
    uint64_t value;

    rand_bytes(&value, sizeof(value));
    return value;
}
