// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading small files of the kernel below a root, which tests choose.  No state; any
 * thread. */
#pragma once

#include "base/buf.h"
#include "base/value.h"

/* The first line, as text that can go to a client; "" when there is none. */
struct val host_read_line(int root_fd, const char *path);
/* The number it begins with; 'otherwise' when it is none. */
int64_t host_read_number(int root_fd, const char *path, int64_t otherwise);
/* All of it, at most 'max' bytes; empty when it cannot be read. */
void host_read_text(int root_fd, const char *path, size_t max, struct buf *ret_text);
