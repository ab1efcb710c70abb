// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest/guest_freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MOUNTINFO_MAX (256u << 10)

/* The next field of a line, cut off its blanks; NULL at the line's end. */
static char *field_take(char **at)
{
    char *field = *at + strspn(*at, " ");

    if (!*field)
        return NULL;
    *at = field + strcspn(field, " ");
    if (**at)
        *(*at)++ = '\0';
    return field;
}

/* mountinfo writes blanks, tabs, newlines and backslashes as \ooo. */
static void unescape(char *text)
{
    char *out = text;

    for (const char *in = text; *in; in++) {
        if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' &&
            in[3] >= '0' && in[3] <= '7') {
            *out++ = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 + (in[3] - '0'));
            in += 3;
        } else {
            *out++ = *in;
        }
    }
    *out = '\0';
}

/* "36 35 98:0 /root /where rw,noatime [tags...] - ext4 /dev/sda1 rw" */
static bool mount_parse(char *line, struct guest_mount *ret_mount)
{
    char *fields[6] = {NULL}, *field, *type, *source;
    unsigned major, minor;

    for (size_t i = 0; i < 6; i++)
        if (!(fields[i] = field_take(&line)))
            return false;
    do
        field = field_take(&line);
    while (field && strcmp(field, "-") != 0);
    type = field ? field_take(&line) : NULL;
    source = type ? field_take(&line) : NULL;
    if (!source || strncmp(source, "/dev/", 5) != 0 ||
        sscanf(fields[2], "%u:%u", &major, &minor) != 2 ||
        strncmp(fields[5], "ro", 2) == 0 || strlen(fields[4]) >= sizeof(ret_mount->path))
        return false;
    snprintf(ret_mount->path, sizeof(ret_mount->path), "%s", fields[4]);
    unescape(ret_mount->path);
    ret_mount->device = (uint64_t)major << 32 | minor;
    return true;
}

bool guest_mount_next(const char **text, struct guest_mount *ret_mount)
{
    while (**text) {
        size_t len = strcspn(*text, "\n");
        char line[3 * PATH_MAX];
        bool whole = len < sizeof(line);

        if (whole) {
            memcpy(line, *text, len);
            line[len] = '\0';
        }
        *text += len + ((*text)[len] == '\n');
        if (whole && mount_parse(line, ret_mount))
            return true;
    }
    return false;
}

/* All of it, since the kernel writes it afresh for each reader; the caller frees. */
static char *mountinfo_read(void)
{
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    char *text = fd < 0 ? NULL : malloc(MOUNTINFO_MAX + 1);
    size_t size = 0;
    ssize_t n = 1;

    while (text && size < MOUNTINFO_MAX && n > 0) {
        n = read(fd, text + size, MOUNTINFO_MAX - size);
        size += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    if (text)
        text[size] = '\0';
    return text;
}

/* Opens a directory of each file system, in the order they were mounted.  How many, or
 * negative errno with none left open. */
static int file_systems_open(const char *text, int *fds)
{
    uint64_t devices[GUEST_MOUNTS_MAX];
    struct guest_mount mount;
    int n = 0, r = 0;

    while (r == 0 && guest_mount_next(&text, &mount)) {
        bool known = false;

        for (int i = 0; i < n; i++)
            known |= devices[i] == mount.device;
        if (known)
            continue;
        if (n == GUEST_MOUNTS_MAX)
            r = -E2BIG;
        else if ((fds[n] = open(mount.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0)
            devices[n++] = mount.device;
        else if (errno != ENOTDIR && errno != ENOENT && errno != EACCES)
            r = -errno; /* a file, or hidden below a later mount: named again elsewhere */
    }
    while (r < 0 && n > 0)
        close(fds[--n]);
    return r < 0 ? r : n;
}

int guest_freeze_begin(struct guest_freeze *freeze, int64_t now_ms)
{
    int fds[GUEST_MOUNTS_MAX], n, r = 0;
    char *text;

    if (freeze->n > 0)
        return -EBUSY;
    text = mountinfo_read();
    n = text ? file_systems_open(text, fds) : -ENOMEM;
    free(text);
    if (n < 0)
        return n;
    while (n-- > 0) {
        if (r == 0 && ioctl(fds[n], FIFREEZE, 0) == 0) {
            freeze->fds[freeze->n++] = fds[n];
            continue;
        }
        if (r == 0 && errno != EOPNOTSUPP && errno != ENOTTY)
            r = -errno;
        close(fds[n]);
    }
    if (r < 0)
        guest_freeze_end(freeze);
    freeze->until_ms = now_ms + GUEST_FREEZE_MAX_MS;
    return r;
}

unsigned guest_freeze_end(struct guest_freeze *freeze)
{
    unsigned n = freeze->n, n_held = 0;

    /* The one frozen last thaws first. */
    while (freeze->n > 0) {
        int fd = freeze->fds[--freeze->n];

        n_held += ioctl(fd, FITHAW, 0) == 0;
        close(fd);
    }
    return n_held == n ? n : 0;
}
