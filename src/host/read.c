// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/str.h"

#define MAX_LINE_FILE (64u << 10)

void host_read_text(int root_fd, const char *path, size_t max, struct buf *ret_text)
{
    if (fd_read_file(root_fd, path, max, ret_text) < 0)
        buf_clear(ret_text);
}

struct val host_read_line(int root_fd, const char *path)
{
    autobuf file = BUF_INIT;
    size_t len;

    host_read_text(root_fd, path, MAX_LINE_FILE, &file);
    len = strcspn(buf_str(&file), "\n");
    while (len && file.data[len - 1] == ' ')
        len--;
    return str_is_utf8(buf_str(&file), len) ? val_str_n(buf_str(&file), len) : val_str("");
}

int64_t host_read_number(int root_fd, const char *path, int64_t otherwise)
{
    autoval struct val line = host_read_line(root_fd, path);
    int64_t number;

    return str_to_int64(val_text(&line), &number) == 0 ? number : otherwise;
}
