// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/run_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/vec.h"
#include "wire/json.h"

#define MAX_DEPTH 8

static int remove_tree(int parent_fd, const char *name, int depth);

struct err *run_dir_open(const char *run_dir, int *ret_fd)
{
    autofree char *path = xasprintf("%s/vm", run_dir);
    int fd = fd_open_dir(path, 0700);

    if (fd < 0)
        return err_errno(-fd, "opening %s", path);
    *ret_fd = fd;
    return NULL;
}

struct err *run_dir_make(int vms_fd, const char *uuid, int *ret_fd)
{
    struct err *e;

    if (mkdirat(vms_fd, uuid, 0700) == 0)
        return run_dir_enter(vms_fd, uuid, ret_fd);
    if (errno != EEXIST)
        return err_errno(errno, "making the run folder of VM %s", uuid);
    e = run_dir_remove(vms_fd, uuid);
    if (!e && mkdirat(vms_fd, uuid, 0700) < 0)
        e = err_errno(errno, "making the run folder of VM %s", uuid);
    return e ? e : run_dir_enter(vms_fd, uuid, ret_fd);
}

struct err *run_dir_enter(int vms_fd, const char *uuid, int *ret_fd)
{
    int fd = openat(vms_fd, uuid, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return err_errno(errno, "opening the run folder of VM %s", uuid);
    *ret_fd = fd;
    return NULL;
}

struct err *run_dir_remove(int vms_fd, const char *uuid)
{
    int r = remove_tree(vms_fd, uuid, 0);

    return r < 0 && r != -ENOENT ? err_errno(-r, "removing the run folder of VM %s", uuid)
                                 : NULL;
}

/* Reads a whole directory before anything in it changes. */
static int list_names(int dir_fd, char ***ret_names, size_t *ret_n)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    VEC(char *) names = VEC_INIT;
    const struct dirent *entry;
    int r;

    if (!dir)
        return -errno;
    errno = 0;
    while ((entry = readdir(dir)))
        if (!STREQ(entry->d_name, ".") && !STREQ(entry->d_name, ".."))
            *VEC_PUSH(&names) = xstrdup(entry->d_name);
    r = -errno;
    closedir(dir);
    *ret_names = names.at;
    *ret_n = names.n;
    return r;
}

static void free_names(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

static int remove_tree(int parent_fd, const char *name, int depth)
{
    autoclose int fd = -1;
    char **names = NULL;
    size_t n = 0;
    int r;

    if (unlinkat(parent_fd, name, 0) == 0)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -errno;
    if (depth == MAX_DEPTH)
        return -ELOOP;
    fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    r = list_names(fd, &names, &n);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = remove_tree(fd, names[i], depth + 1);
    free_names(names, n);
    if (r == 0 && unlinkat(parent_fd, name, AT_REMOVEDIR) < 0)
        r = -errno;
    return r;
}

struct err *run_dir_list(int vms_fd, struct uuid **ret_uuids, size_t *ret_n)
{
    VEC(struct uuid) uuids = VEC_INIT;
    char **names = NULL;
    size_t n = 0;
    int r = list_names(vms_fd, &names, &n);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (uuid_is_valid(names[i]) && STREQ(uuid_lower(names[i]).text, names[i]))
            *VEC_PUSH(&uuids) = uuid_lower(names[i]);
    free_names(names, n);
    if (r < 0) {
        VEC_FINI(&uuids);
        return err_errno(-r, "reading the run folders of VMs");
    }
    *ret_uuids = uuids.at;
    *ret_n = uuids.n;
    return NULL;
}

int run_dir_write(int dir_fd, const char *name, const struct val *object)
{
    autofree char *temporary = xasprintf(".%s.new", name);
    autoclose int fd = openat(dir_fd, temporary,
                              O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    autobuf text = BUF_INIT;
    int r;

    if (fd < 0)
        return -errno;
    json_add(&text, object);
    buf_add_char(&text, '\n');
    r = fd_write_all(fd, text.data, text.size);
    if (r == 0 && renameat(dir_fd, temporary, dir_fd, name) < 0)
        r = -errno;
    if (r < 0)
        unlinkat(dir_fd, temporary, 0);
    return r;
}
