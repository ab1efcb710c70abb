// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/rand.h"

void cleanup_close(int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = saved;
}

int fd_write_all(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size) {
        ssize_t r = write(fd, at, size);

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return -errno;
        at += r;
        size -= (size_t)r;
    }
    return 0;
}

int fd_read_file(int dir_fd, const char *name, size_t max_size, struct buf *ret_data)
{
    autoclose int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
    autobuf data = BUF_INIT;

    if (fd < 0)
        return -errno;
    for (;;) {
        ssize_t r;

        buf_reserve(&data, 4096);
        r = read(fd, data.data + data.size, 4096);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return -errno;
        if (r == 0)
            break;
        data.size += (size_t)r;
        data.data[data.size] = '\0';
        if (data.size > max_size)
            return -EFBIG;
    }
    buf_fini(ret_data);
    *ret_data = data;
    data = (struct buf)BUF_INIT;
    return 0;
}

static int write_durably(int fd, const void *data, size_t size)
{
    int r = fd_write_all(fd, data, size);

    if (r < 0)
        return r;
    return fsync(fd) < 0 ? -errno : 0;
}

int fd_replace_file(int dir_fd, const char *name, const void *data, size_t size,
                    mode_t mode)
{
    autofree char *temporary =
        xasprintf("%s.%016llx.new", name, (unsigned long long)rand_u64());
    autoclose int fd =
        openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    autoclose int dir = -1;
    int r;

    if (fd < 0)
        return -errno;
    r = write_durably(fd, data, size);
    if (r == 0 && renameat(dir_fd, temporary, dir_fd, name) < 0)
        r = -errno;
    if (r < 0) {
        unlinkat(dir_fd, temporary, 0);
        return r;
    }
    /* The name's own directory: 'name' may contain slashes. */
    {
        char *slash = strrchr(temporary, '/');

        if (slash)
            *slash = '\0';
        dir = openat(dir_fd, slash ? temporary : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (dir < 0 || fsync(dir) < 0)
        return -errno;
    return 0;
}

int fd_open_dir(const char *path, mode_t mode)
{
    autofree char *partial = xstrdup(path);
    int fd;

    for (char *slash = strchr(partial + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(partial, 0755) < 0 && errno != EEXIST)
            return -errno;
        *slash = '/';
    }
    if (mkdir(path, mode) < 0 && errno != EEXIST)
        return -errno;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int fd_open_beneath(int dir_fd, const char *name, int flags, mode_t mode)
{
    struct open_how how = {
        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
    };
    long fd = syscall(SYS_openat2, dir_fd, name, &how, sizeof(how));

    return fd < 0 ? -errno : (int)fd;
}

int fd_set_nonblocking(int fd, bool nonblocking)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return -errno;
    flags = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    return fcntl(fd, F_SETFL, flags) < 0 ? -errno : 0;
}
