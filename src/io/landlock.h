// SPDX-License-Identifier: GPL-2.0-or-later
/* Landlock, the kernel's own refusal of what a process does not need of the file system
 * and, from ABI 4 on, of TCP ports; from ABI 6 on it keeps signals and abstract sockets
 * of other processes away as well.  What was open stays open.  Bare system calls only: for
 * use between vfork and exec, too.  Both need no_new_privs. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* For a child about to execute a program: it may read programs and libraries, use the
 * descriptors it has, and open nothing else by name, nor any network.  It keeps what
 * descriptors 'first' to 'last' - 1 refer to (it may open them anew under /proc/self/fd).
 * 0, also where the kernel has no Landlock, or -errno (and errno set). */
int landlock_confine(int first, int last);

enum landlock_what {
    LANDLOCK_READ,
    LANDLOCK_CHANGE,  /* read, and make, change and remove files and folders in it */
    LANDLOCK_SOCKETS, /* make sockets in it, and remove files */
    LANDLOCK_EXECUTE, /* read, and execute what is in it */
};

struct landlock_path {
    const char *name; /* a file, or a folder and all below; one that is not there is none */
    enum landlock_what what;
};

/* Confines the calling thread, and what it starts, to these paths and to listening on these
 * TCP ports (0: on one the kernel chooses); no connection goes out by TCP.  0, also where
 * the kernel has no Landlock, or a negative errno: -E2BIG within 16 confinements. */
int landlock_confine_paths(const struct landlock_path *paths, size_t n_paths,
                           const uint16_t *ports, size_t n_ports);
/* The kernel's version of Landlock; 0: none. */
long landlock_abi(void);
