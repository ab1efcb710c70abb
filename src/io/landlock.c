// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The kernel's struct landlock_ruleset_attr as of ABI 6; our headers may be older. */
struct ruleset {
    uint64_t fs, net, scoped;
};

#define ACCESS_EXECUTE  (1ull << 0)
#define ACCESS_WRITE    (1ull << 1)
#define ACCESS_READ     (1ull << 2)
#define ACCESS_READ_DIR (1ull << 3)
#define ACCESS_TRUNCATE (1ull << 14) /* ABI 3 */

#define FS_ABI_1    ((1ull << 13) - 1)
#define FS_ABI_2    ((1ull << 14) - 1) /* + rename and link between directories */
#define FS_ABI_3    ((1ull << 15) - 1) /* + truncate */
#define FS_ABI_5    ((1ull << 16) - 1) /* + ioctl on devices */
#define NET_ABI_4   ((1ull << 2) - 1)  /* bind and connect */
#define SCOPE_ABI_6 ((1ull << 2) - 1)  /* abstract sockets and signals of others */

static const char *const readable[] = {"/usr",
                                       "/bin",
                                       "/sbin",
                                       "/lib",
                                       "/lib64",
                                       "/etc/ld.so.cache",
                                       "/etc/ld.so.preload",
                                       "/dev/urandom"};

static int allow(int ruleset, int fd, uint64_t access)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};

    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0
               ? -errno
               : 0;
}

static int allow_reading(int ruleset, const char *path)
{
    int fd = open(path, O_PATH | O_CLOEXEC), r;
    uint64_t access = ACCESS_EXECUTE | ACCESS_READ;
    struct stat st;

    if (fd < 0)
        return 0; /* not on this machine */
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        access |= ACCESS_READ_DIR;
    r = allow(ruleset, fd, access);
    close(fd);
    return r;
}

int landlock_confine(int first, int last)
{
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct ruleset wanted = {.fs = FS_ABI_1};
    size_t size = offsetof(struct ruleset, net);
    uint64_t access = ACCESS_READ | ACCESS_WRITE;
    int ruleset, r = 0;

    if (abi < 1)
        return 0;
    if (abi >= 2)
        wanted.fs = FS_ABI_2;
    if (abi >= 3) {
        wanted.fs = FS_ABI_3;
        access |= ACCESS_TRUNCATE;
    }
    if (abi >= 4) {
        wanted.net = NET_ABI_4;
        size = offsetof(struct ruleset, scoped);
    }
    if (abi >= 5)
        wanted.fs = FS_ABI_5;
    if (abi >= 6) {
        wanted.scoped = SCOPE_ABI_6;
        size = sizeof(wanted);
    }

    ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, size, 0);
    if (ruleset < 0)
        return -errno;
    for (size_t i = 0; i < ARRAY_SIZE(readable) && r == 0; i++)
        r = allow_reading(ruleset, readable[i]);
    for (int fd = first; fd < last && r == 0; fd++) {
        r = allow(ruleset, fd, access);
        if (r == -EINVAL || r == -EBADFD)
            r = 0; /* a directory, pipe or socket: nothing to open anew */
    }
    if (r == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
        r = -errno;
    close(ruleset);
    if (r < 0)
        errno = -r;
    return r;
}
