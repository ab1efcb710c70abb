// SPDX-License-Identifier: GPL-2.0-or-later
/* What a guest's agent says to its host: bytes are cut into lines, lines are read.  The
 * first byte says how many bytes arrive at a time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vm/guest_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the rest of the host may rely on. */
static void check_report(const struct val *report)
{
    for (size_t i = 0; i < val_count(report); i++) {
        const struct val *part = val_value_at(report, i);

        if (part->kind == VAL_STR ? val_len(part) > 128
                                  : part->kind != VAL_MAP || val_count(part) > 64)
            abort();
        for (size_t k = 0; part->kind == VAL_MAP && k < val_count(part); k++) {
            const struct val *value = val_value_at(part, k);

            if (val_len(val_key_at(part, k)) > 128 ||
                (value->kind == VAL_STR ? val_len(value) > 128 : value->kind != VAL_INT))
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct guest_nics nics = {
        2, {{0, {"52:54:00:12:34:56"}}, {3, {"52:54:00:12:34:57"}}}};
    struct guest_line_cutter cutter = {0};
    autobuf line = BUF_INIT;
    size_t piece = size > 0 ? data[0] * 97u + 1u : 1;

    for (size_t done = 1; done < size;) {
        size_t n = piece < size - done ? piece : size - done;

        guest_line_add(&cutter, data + done, n);
        while (guest_line_next(&cutter, &line)) {
            struct guest_line got;

            if (line.size == 0 || line.size >= GUEST_LINE_MAX_IN ||
                memchr(line.data, '\n', line.size))
                abort();
            guest_line_read(line.data, line.size, &nics, &got);
            if (got.kind == GUEST_LINE_REPORT)
                check_report(&got.report);
            val_unref(&got.report);
        }
        if (cutter.pending.size >= GUEST_LINE_MAX_IN)
            abort();
        done += n;
    }
    guest_line_cutter_fini(&cutter);
    return 0;
}
