// SPDX-License-Identifier: GPL-2.0-or-later
/* What a guest's agent says to its host: bytes are cut into lines, lines are read.  The
 * first byte says how many bytes arrive at a time. */
#include "vm/guest_line.h"

#include "base/str.h"
#include "fuzz.h"

/* What the rest of the host may rely on. */
static void check_text(const struct val *text)
{
    FUZZ_CLAIM(val_len(text) <= 128 && str_is_utf8(val_text(text), val_len(text)));
    for (const char *c = val_text(text); *c; c++)
        FUZZ_CLAIM((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void check_report(const struct val *report)
{
    for (size_t i = 0; i < val_count(report); i++) {
        const struct val *part = val_value_at(report, i);

        if (part->kind == VAL_STR) {
            check_text(part);
            continue;
        }
        FUZZ_CLAIM(part->kind == VAL_MAP && val_count(part) <= 64);
        FUZZ_CLAIM(!val_map_duplicate(part));
        for (size_t k = 0; k < val_count(part); k++) {
            check_text(val_key_at(part, k));
            if (val_value_at(part, k)->kind != VAL_INT)
                check_text(val_value_at(part, k));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct guest_nics nics = {
        2, {{0, {"52:54:00:12:34:56"}}, {3, {"52:54:00:12:34:57"}}}};
    size_t piece = fuzz_choice(&data, &size) * 97u + 1u;
    struct guest_line_cutter cutter = {0};
    autobuf line = BUF_INIT;

    while (size > 0) {
        size_t n = piece < size ? piece : size;

        guest_line_add(&cutter, data, n);
        while (guest_line_next(&cutter, &line)) {
            struct guest_line got;

            FUZZ_CLAIM(line.size > 0 && line.size < GUEST_LINE_MAX_IN);
            FUZZ_CLAIM(!memchr(line.data, '\n', line.size));
            guest_line_read(line.data, line.size, &nics, &got);
            if (got.kind == GUEST_LINE_REPORT)
                check_report(&got.report);
            val_unref(&got.report);
        }
        FUZZ_CLAIM(cutter.pending.size < GUEST_LINE_MAX_IN);
        data += n;
        size -= n;
    }
    guest_line_cutter_fini(&cutter);
    return 0;
}
