// SPDX-License-Identifier: GPL-2.0-or-later
/* Work on the insides of disk images, all of it by qemu-img in a child without rights: it
 * is given descriptors, not names, each format explicitly, and never follows a backing
 * file. This process reads no byte of an image.  Any thread (the calling one waits).
 *
 * As root the child runs as 'tool's user, who must own the files it works on: image files
 * lie in directories nobody else can enter. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "storage/layers.h"

struct image_tool {
    uid_t uid; /* of the child when we are root */
    gid_t gid;
    int lock_fd; /* each child keeps it open as long as it lives; -1: none */
};

/* The user "latchkey-image", or nobody. */
struct image_tool image_tool_find(void);

/* Gives a new file to the child's user; nothing when we are not root.  0 or -errno. */
int image_give(const struct image_tool *tool, int fd);

/* Makes the empty file 'fd' an empty qcow2 image, flushed.  It names no backing file: what
 * lies under it is kept by the SR and given to QEMU explicitly. */
struct err *image_create(const struct image_tool *tool, int fd, uint64_t size) MUST_CHECK;
/* Grows it, flushed.  The same size again is fine. */
struct err *image_resize(const struct image_tool *tool, int fd, const char *format,
                         uint64_t size) MUST_CHECK;

struct image_facts {
    uint64_t virtual_size;
    uint64_t needed; /* bytes its copy will take as qcow2 */
};

/* Looks at an outsider's image.  IMPORT_ERROR for one that is broken, encrypted, or wants
 * other files beside it. */
struct err *image_inspect(const struct image_tool *tool, int fd, const char *format,
                          struct image_facts *ret_facts) MUST_CHECK;
/* Copies it into the fresh qcow2 image 'to', at least as large, flushed. */
struct err *image_copy(const struct image_tool *tool, int from, const char *format, int to,
                       uint64_t virtual_size) MUST_CHECK;

/* A copy into the layer below, as it goes on. */
struct image_commit {
    uint64_t rate;                               /* bytes a second, 0: no limit */
    uint64_t virtual_size;                       /* of the layer above */
    int cancel_fd;                               /* ends it when readable */
    void (*on_progress)(void *arg, double done); /* 0 to 1; in the calling thread */
    void *arg;
};

/* Copies what the first of 'layers' has into the second, which is writable; the others are
 * what lies below.  Flushed.  Cut off anywhere, the first still reads the same, and it can
 * be begun again.  TASK_CANCELLED. */
struct err *image_commit_down(const struct image_tool *tool, const struct layers *layers,
                              const struct image_commit *how) MUST_CHECK;

/* A descriptor of the same bytes that the child may open: '*ret_fd' is a duplicate where it
 * already may, else an unnamed copy in 'dir_fd'. */
struct err *image_borrow(const struct image_tool *tool, int fd, int dir_fd,
                         int *ret_fd) MUST_CHECK;
