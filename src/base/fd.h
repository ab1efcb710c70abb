// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and descriptors: whole reads and writes, atomic replacement, directories.  Any
 * thread. Functions return 0 (or a count) or a negative errno. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

/* Writes all of 'data', retrying short writes and EINTR. */
int fd_write_all(int fd, const void *data, size_t size);

/* Reads the file 'name' below directory 'dir_fd' (AT_FDCWD allowed), at most 'max_size'
 * bytes: -EFBIG beyond. */
int fd_read_file(int dir_fd, const char *name, size_t max_size, struct buf *ret_data);

/* Replaces 'name' below 'dir_fd' so that after a power cut it holds the old or the new
 * bytes, whole, and after success the new ones: temporary file, fsync, rename, fsync of the
 * directory. */
int fd_replace_file(int dir_fd, const char *name, const void *data, size_t size,
                    mode_t mode);

/* Opens directory 'path', making it with 'mode' (and its missing parents with 0755) when
 * absent. */
int fd_open_dir(const char *path, mode_t mode);

/* Opens 'name' strictly below 'dir_fd': no "..", no symbolic link on the way (openat2). */
int fd_open_beneath(int dir_fd, const char *name, int flags, mode_t mode);

int fd_set_nonblocking(int fd, bool nonblocking);
