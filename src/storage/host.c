// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "model/map_key.h"
#include "storage/fault.h"

static struct err *open_default(const struct sr_host *host, int *ret_fd, char **ret_path);
static const char *below(const char *root, const char *path);
static struct err *open_below(const char *root, const char *rest, const char *location,
                              int *ret_fd);
static struct err *outside(const struct sr_host *host, const char *location);

struct err *sr_host_open_location(const struct sr_host *host,
                                  const struct val *device_config, int *ret_fd,
                                  char **ret_path)
{
    const char *location = map_key_text(device_config, KEY_PBD_DEVICE_CONFIG_LOCATION);
    autofree char *own = xasprintf("%s/sr", host->state_dir);
    const char *rest;
    struct err *e;

    if (!location[0] || STREQ(location, own))
        return open_default(host, ret_fd, ret_path);
    if (location[0] != '/')
        return storage_bad_config("location", location, "it is no absolute path");

    rest = below(own, location);
    if (rest) {
        e = open_below(own, rest, location, ret_fd);
    } else {
        size_t i = 0;

        while (host->roots[i] && !(rest = below(host->roots[i], location)))
            i++;
        e = rest ? open_below(host->roots[i], rest, location, ret_fd)
                 : outside(host, location);
    }
    if (!e)
        *ret_path = xstrdup(location);
    return e;
}

static struct err *open_default(const struct sr_host *host, int *ret_fd, char **ret_path)
{
    autofree char *path = xasprintf("%s/sr", host->state_dir);
    int fd = fd_open_dir(path, 0700);

    if (fd < 0)
        return storage_errno(fd, "opening %s", path);
    *ret_fd = fd;
    *ret_path = take_ptr(path);
    return NULL;
}

/* The part of 'path' below 'root', "." for the root itself; NULL when it is not below. */
static const char *below(const char *root, const char *path)
{
    size_t len = strlen(root);

    while (len > 1 && root[len - 1] == '/')
        len--;
    if (strncmp(root, path, len) != 0)
        return NULL;
    path += len;
    if (*path != '\0' && *path != '/' && len > 1)
        return NULL;
    while (*path == '/')
        path++;
    return *path ? path : ".";
}

static struct err *open_below(const char *root, const char *rest, const char *location,
                              int *ret_fd)
{
    autoclose int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = dir < 0 ? -errno : fd_open_beneath(dir, rest, O_RDONLY | O_DIRECTORY, 0);

    if (fd == -EXDEV || fd == -ELOOP)
        return storage_bad_config("location", location,
                                  "it leads out of %s, or through a symbolic link", root);
    if (fd < 0)
        return storage_bad_config("location", location, "%s", strerrordesc_np(-fd));
    *ret_fd = fd;
    return NULL;
}

static struct err *outside(const struct sr_host *host, const char *location)
{
    autobuf roots = BUF_INIT;

    for (size_t i = 0; host->roots[i]; i++)
        buf_addf(&roots, "%s%s", i ? ", " : "", host->roots[i]);
    if (!roots.size)
        return storage_bad_config("location", location,
                                  "lk-stored allows no place of one's own (--sr-root)");
    return storage_bad_config("location", location,
                              "SRs may only lie below %s (lk-stored --sr-root)",
                              buf_str(&roots));
}
