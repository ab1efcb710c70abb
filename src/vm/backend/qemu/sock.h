// SPDX-License-Identifier: GPL-2.0-or-later
/* Unix sockets named below a directory's descriptor, so that no path is too long for one.
 * No state; any thread.  A descriptor, or a negative errno. */
#pragma once

/* Listens; what was there under that name is replaced. */
int sock_listen(int dir_fd, const char *name);
/* Connects without waiting: -EAGAIN when too many wait already. */
int sock_connect(int dir_fd, const char *name);
