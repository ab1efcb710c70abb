// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/sock.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

#define BACKLOG 8

static int make(int dir_fd, const char *name, int flags, struct sockaddr_un *ret_address)
{
    int n, sock;

    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    n = snprintf(ret_address->sun_path, sizeof(ret_address->sun_path),
                 "/proc/self/fd/%d/%s", dir_fd, name);
    if (n < 0 || (size_t)n >= sizeof(ret_address->sun_path))
        return -ENAMETOOLONG;
    sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    return sock < 0 ? -errno : sock;
}

int sock_listen(int dir_fd, const char *name)
{
    struct sockaddr_un address;
    autoclose int sock = make(dir_fd, name, 0, &address);

    if (sock < 0)
        return sock;
    if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
        return -errno;
    if (bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        fchmodat(dir_fd, name, 0600, 0) < 0 || listen(sock, BACKLOG) < 0)
        return -errno;
    return take_fd(sock);
}

int sock_connect(int dir_fd, const char *name)
{
    struct sockaddr_un address;
    autoclose int sock = make(dir_fd, name, SOCK_NONBLOCK, &address);

    if (sock < 0)
        return sock;
    if (connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    return take_fd(sock);
}
