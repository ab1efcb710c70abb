// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/loop_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_TRIES 64 /* others may take a free device before us */

/* Binds 'path' to the file: 0, -EBUSY when somebody else was faster, or another error. */
static int bind_device(const char *path, int file, bool is_writable, int *ret_fd)
{
    struct loop_config config = {
        .fd = (unsigned)file,
        /* Gone with its last opener.  Past the page cache, where the file system can do
         * that: a guest's writes are on the disk when it is told so, and not in memory
         * twice. */
        .info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO |
                         (is_writable ? 0 : LO_FLAGS_READ_ONLY),
    };
    autoclose int fd = open(path, (is_writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (ioctl(fd, LOOP_CONFIGURE, &config) < 0)
        return -errno;
    *ret_fd = take_fd(fd);
    return 0;
}

struct err *loop_device_open(int fd, bool is_writable, char ret_path[LOOP_DEVICE_PATH_SIZE],
                             int *ret_fd)
{
    autoclose int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    int r = control < 0 ? -errno : -EBUSY;

    for (int i = 0; r == -EBUSY && i < MAX_TRIES; i++) {
        int number = ioctl(control, LOOP_CTL_GET_FREE);

        if (number < 0) {
            r = -errno;
            break;
        }
        snprintf(ret_path, LOOP_DEVICE_PATH_SIZE, "/dev/loop%d", number);
        r = bind_device(ret_path, fd, is_writable, ret_fd);
    }
    return r < 0 ? err_errno(-r, "making a loop device") : NULL;
}
