// SPDX-License-Identifier: GPL-2.0-or-later
/* What a host sends to the agent inside a VM: lines are cut, then parsed.  The first byte
 * says how many bytes arrive at a time. */
#include "guest/guest_message.h"

#include "fuzz.h"

static void take_lines(struct guest_lines *lines)
{
    const char *line;
    size_t len;
    int r;

    while ((r = guest_lines_next(lines, &line, &len)) != 0) {
        enum guest_command command;

        if (r > 0 && (len == 0 || len > GUEST_LINE_MAX || memchr(line, '\n', len)))
            abort();
        if (r > 0)
            (void)guest_command_parse(line, len, &command);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct guest_lines lines = {0};
    size_t piece = size > 0 ? data[0] + 1u : 1;

    for (size_t done = 1; done < size;) {
        size_t n;
        char *room = guest_lines_room(&lines, &n);

        if (n == 0)
            abort();
        n = n < piece ? n : piece;
        n = n < size - done ? n : size - done;
        memcpy(room, data + done, n);
        guest_lines_add(&lines, n);
        take_lines(&lines);
        done += n;
    }
    return 0;
}
