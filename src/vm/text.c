// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/text.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

char *text_clean(const char *text, size_t max)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t left = strlen(text);
    autobuf clean = BUF_INIT;

    while (left > 0) {
        size_t n = str_utf8_sequence((const char *)at, left);
        /* C0, DEL, and C1: U+0080 to U+009F. */
        bool is_control = (n == 1 && (at[0] < 0x20 || at[0] == 0x7f)) ||
                          (n == 2 && at[0] == 0xc2 && at[1] < 0xa0);

        if (clean.size + (n ? n : 1) > max)
            break;
        if (n == 0 || is_control)
            buf_add_char(&clean, ' ');
        else
            buf_add(&clean, at, n);
        at += n ? n : 1;
        left -= n ? n : 1;
    }
    return buf_take(&clean);
}
