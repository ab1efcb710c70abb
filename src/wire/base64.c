// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/base64.h"

#include <errno.h>
#include <stdint.h>

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct buf *out, const void *data, size_t size)
{
    const uint8_t *p = data;

    buf_reserve(out, size / 3 * 4 + 4);
    for (; size; p += 3) {
        size_t n = size < 3 ? size : 3;
        uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) |
                        (n > 2 ? (uint32_t)p[2] : 0);
        char group[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
                         n > 1 ? digits[bits >> 6 & 63] : '=',
                         n > 2 ? digits[bits & 63] : '='};

        buf_add(out, group, sizeof(group));
        size -= n;
    }
}

static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* One group of four characters, 'n_pad' of them padding; the count of bytes, or -EINVAL. */
static int decode_group(const char *text, size_t n_pad, uint8_t ret_bytes[3])
{
    uint32_t bits = 0;

    for (size_t i = 0; i < 4; i++) {
        int value = i < 4 - n_pad ? digit_value(text[i]) : 0;

        if (value < 0)
            return -EINVAL;
        bits = bits << 6 | (uint32_t)value;
    }
    ret_bytes[0] = (uint8_t)(bits >> 16);
    ret_bytes[1] = (uint8_t)(bits >> 8);
    ret_bytes[2] = (uint8_t)bits;
    if ((n_pad == 1 && ret_bytes[2]) || (n_pad == 2 && (ret_bytes[1] || ret_bytes[2])))
        return -EINVAL;
    return 3 - (int)n_pad;
}

int base64_decode(const char *text, size_t len, struct buf *out)
{
    size_t size = out->size;

    if (len % 4)
        return -EINVAL;
    for (; len; text += 4, len -= 4) {
        size_t n_pad = len > 4 || text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
        uint8_t bytes[3];
        int n = decode_group(text, n_pad, bytes);

        if (n < 0) {
            out->size = size;
            if (out->data)
                out->data[size] = '\0';
            return n;
        }
        buf_add(out, bytes, (size_t)n);
    }
    return 0;
}
