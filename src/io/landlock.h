// SPDX-License-Identifier: GPL-2.0-or-later
/* Landlock for a child about to execute a program: it may read programs and libraries, use
 * the descriptors it has, and open nothing else by name, nor any network.  Bare system
 * calls only: for use between vfork and exec. */
#pragma once

/* Confines the calling process, which keeps what descriptors 'first' to 'last' - 1 refer to
 * (it may open them anew under /proc/self/fd).  Needs no_new_privs.  0, also where the
 * kernel has no Landlock, or -errno (and errno set). */
int landlock_confine(int first, int last);
