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

/* The kernel's struct landlock_ruleset_attr and landlock_net_port_attr as of ABI 6; our
 * headers may be older. */
struct ruleset {
    uint64_t fs, net, scoped;
};

struct port_rule {
    uint64_t access, port;
};

#define RULE_NET_PORT 2

#define ACCESS_EXECUTE     (1ull << 0)
#define ACCESS_WRITE       (1ull << 1)
#define ACCESS_READ        (1ull << 2)
#define ACCESS_READ_DIR    (1ull << 3)
#define ACCESS_REMOVE_DIR  (1ull << 4)
#define ACCESS_REMOVE_FILE (1ull << 5)
#define ACCESS_MAKE_DIR    (1ull << 7)
#define ACCESS_MAKE_FILE   (1ull << 8)
#define ACCESS_MAKE_SOCKET (1ull << 9)
#define ACCESS_TRUNCATE    (1ull << 14) /* ABI 3 */
#define ACCESS_BIND        (1ull << 0)  /* of ports */

/* What can be said of a file that is no folder. */
#define ACCESS_OF_FILES (ACCESS_EXECUTE | ACCESS_WRITE | ACCESS_READ | ACCESS_TRUNCATE)

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

/* What an ABI knows is all refused until a rule allows it. */
static size_t know(long abi, struct ruleset *ret_wanted)
{
    *ret_wanted = (struct ruleset){.fs = abi >= 5   ? FS_ABI_5
                                         : abi >= 3 ? FS_ABI_3
                                         : abi >= 2 ? FS_ABI_2
                                                    : FS_ABI_1};
    if (abi >= 4)
        ret_wanted->net = NET_ABI_4;
    if (abi >= 6)
        ret_wanted->scoped = SCOPE_ABI_6;
    return abi >= 6   ? sizeof(*ret_wanted)
           : abi >= 4 ? offsetof(struct ruleset, scoped)
                      : offsetof(struct ruleset, net);
}

long landlock_abi(void)
{
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    return abi < 0 ? 0 : abi;
}

static int make_ruleset(const struct ruleset *wanted, size_t size)
{
    int fd = (int)syscall(SYS_landlock_create_ruleset, wanted, size, 0);

    return fd < 0 ? -errno : fd;
}

int landlock_confine(int first, int last)
{
    struct ruleset wanted;
    long abi = landlock_abi();
    size_t size = know(abi, &wanted);
    uint64_t access = (ACCESS_READ | ACCESS_WRITE | ACCESS_TRUNCATE) & wanted.fs;
    int ruleset, r = 0;

    if (abi < 1)
        return 0;
    ruleset = make_ruleset(&wanted, size);
    if (ruleset < 0)
        return ruleset;
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

static int allow_path(int ruleset, const struct landlock_path *path, uint64_t known)
{
    static const uint64_t access[] = {
        [LANDLOCK_READ] = ACCESS_READ | ACCESS_READ_DIR,
        [LANDLOCK_CHANGE] = ACCESS_READ | ACCESS_READ_DIR | ACCESS_WRITE | ACCESS_TRUNCATE |
                            ACCESS_MAKE_FILE | ACCESS_MAKE_DIR | ACCESS_REMOVE_FILE |
                            ACCESS_REMOVE_DIR,
        [LANDLOCK_SOCKETS] = ACCESS_MAKE_SOCKET | ACCESS_REMOVE_FILE,
        [LANDLOCK_EXECUTE] = ACCESS_READ | ACCESS_READ_DIR | ACCESS_EXECUTE,
    };
    autoclose int fd = open(path->name, O_PATH | O_CLOEXEC);
    uint64_t wanted = access[path->what] & known;
    struct stat st;

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
    if (fstat(fd, &st) < 0)
        return -errno;
    return allow(ruleset, fd, S_ISDIR(st.st_mode) ? wanted : wanted & ACCESS_OF_FILES);
}

int landlock_confine_paths(const struct landlock_path *paths, size_t n_paths,
                           const uint16_t *ports, size_t n_ports)
{
    struct ruleset wanted;
    long abi = landlock_abi();
    size_t size = know(abi, &wanted);
    autoclose int ruleset = abi < 1 ? -1 : make_ruleset(&wanted, size);
    int r = 0;

    if (ruleset < 0)
        return abi < 1 ? 0 : ruleset;
    for (size_t i = 0; i < n_paths && r == 0; i++)
        r = allow_path(ruleset, &paths[i], wanted.fs);
    for (size_t i = 0; i < n_ports && r == 0 && wanted.net; i++) {
        struct port_rule rule = {ACCESS_BIND, ports[i]};

        if (syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) < 0)
            r = -errno;
    }
    if (r == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
        r = -errno;
    return r;
}
