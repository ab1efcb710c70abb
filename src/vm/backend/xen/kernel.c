// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"

static bool is_administrators(const struct stat *st)
{
    return (st->st_uid == 0 || st->st_uid == geteuid()) &&
           (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static struct err *refuse(const char *what, const char *name, const char *why)
{
    return err_param(
        err_param(err_new(ERR_INVALID_VALUE, "opening %s %s: %s", what, name, why), what),
        name);
}

/* The part of 'name' below 'dir'. */
static const char *below(const char *dir, const char *name)
{
    size_t len = strlen(dir);

    if (str_has_prefix(name, dir) && name[len] == '/')
        name += len + 1;
    return name;
}

struct err *kernel_open(const char *dir, const char *what, const char *name, int *ret_fd)
{
    autoclose int dir_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
    struct stat dir_st, st;

    if (dir_fd < 0 || fstat(dir_fd, &dir_st) < 0)
        return refuse(what, name, "the directory of kernels cannot be opened");
    if (!is_administrators(&dir_st))
        return refuse(what, name, "others may write to the directory of kernels");
    /* Not blocking: it might be a pipe. */
    fd = fd_open_beneath(dir_fd, below(dir, name), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0)
        return refuse(what, name, strerror(-fd));
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return refuse(what, name, "not a regular file");
    if (!is_administrators(&st))
        return refuse(what, name, "others than its owner may write to it");
    *ret_fd = take_fd(fd);
    return NULL;
}
