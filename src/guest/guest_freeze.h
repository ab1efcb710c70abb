// SPDX-License-Identifier: GPL-2.0-or-later
/* Holds back all writes to the guest's file systems while its host takes a snapshot, so
 * that each is found clean in it (FIFREEZE, ioctl_fsfreeze in Linux' fs/ioctl.c).  A freeze
 * ends by itself after GUEST_FREEZE_MAX_MS: a host that died must not leave a guest frozen.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_FREEZE_MAX_MS 10000
#define GUEST_MOUNTS_MAX    64

struct guest_mount {
    char path[PATH_MAX]; /* where it is mounted */
    uint64_t device;     /* what tells two mounts of one file system */
};

/* Takes the next mount of a file system on a block device from 'text', the contents of
 * /proc/self/mountinfo (proc(5)), and moves it on; false at the end.  Read-only mounts and
 * those no path can name are passed over. */
bool guest_mount_next(const char **text, struct guest_mount *ret_mount);

struct guest_freeze {
    int fds[GUEST_MOUNTS_MAX]; /* an open directory of each frozen file system */
    unsigned n;
    int64_t until_ms; /* when it ends by itself; of the monotonic clock */
};

/* Freezes every file system there is, those mounted last first.  0, or negative errno with
 * none frozen: -EBUSY when they are already, -E2BIG when there are too many, else why one
 * could not be.  File systems that know no freezing are left out. */
int guest_freeze_begin(struct guest_freeze *freeze, int64_t now_ms);

/* Ends it.  How many file systems it held until now: 0 says that it had ended before. */
unsigned guest_freeze_end(struct guest_freeze *freeze);
