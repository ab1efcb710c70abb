// SPDX-License-Identifier: GPL-2.0-or-later
/* What a QEMU that its guest took over may say to lk-vmd: lines are cut, then read.  The
 * first byte says how many bytes arrive at a time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/qmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_lines(struct qmp_reader *reader)
{
    const char *line;
    size_t len;

    while (qmp_reader_next(reader, &line, &len) > 0) {
        autoqmp message = {0};

        if (len == 0 || len > QMP_MAX_LINE || memchr(line, '\n', len))
            abort();
        if (qmp_parse(line, len, &message) < 0)
            continue;
        if ((message.kind == QMP_EVENT || message.kind == QMP_ERROR) && !message.name)
            abort();
        if (message.kind == QMP_EVENT && message.value.kind != VAL_MAP)
            abort();
        (void)qmp_text(&message.value, "reason", "");
        (void)qmp_int(&message.value, "guest", 0);
        (void)qmp_count(qmp_get(&message.value, "nodes"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct qmp_reader reader = {0};
    size_t piece = size > 0 ? data[0] + 1u : 1;

    for (size_t done = 1; done < size;) {
        size_t n = size - done < piece ? size - done : piece;

        qmp_reader_add(&reader, (const char *)data + done, n);
        take_lines(&reader);
        done += n;
    }
    qmp_reader_fini(&reader);
    return 0;
}
