// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#define MIN_ROOM 64

void buf_fini(struct buf *b)
{
    free(b->data);
    *b = (struct buf)BUF_INIT;
}

void buf_clear(struct buf *b)
{
    b->size = 0;
    if (b->data)
        b->data[0] = '\0';
}

void buf_reserve(struct buf *b, size_t more)
{
    size_t need, room = b->room ? b->room : MIN_ROOM;

    assert_msg(!__builtin_add_overflow(b->size, more, &need) && need < SIZE_MAX / 2,
               "a buffer's size overflows");
    if (need + 1 <= b->room)
        return;
    while (room < need + 1)
        room *= 2;
    b->data = xreallocarray(b->data, room, 1);
    b->room = room;
    b->data[b->size] = '\0';
}

void buf_add(struct buf *b, const void *data, size_t size)
{
    if (size >= b->room - b->size)
        buf_reserve(b, size);
    if (size)
        memcpy(b->data + b->size, data, size);
    b->size += size;
    b->data[b->size] = '\0';
}

void buf_add_str(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_add_int(struct buf *b, int64_t i)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = i < 0 ? -(uint64_t)i : (uint64_t)i;

    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (i < 0)
        digits[--at] = '-';
    buf_add(b, digits + at, sizeof(digits) - at);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    char small[128];
    va_list args, again;
    int len;

    va_start(args, fmt);
    va_copy(again, args);
    len = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);
    assert_msg(len >= 0, "a format cannot be printed");
    if ((size_t)len < sizeof(small)) {
        buf_add(b, small, (size_t)len);
    } else {
        buf_reserve(b, (size_t)len);
        vsnprintf(b->data + b->size, (size_t)len + 1, fmt, again);
        b->size += (size_t)len;
    }
    va_end(again);
}

void buf_consume(struct buf *b, size_t n)
{
    assert_msg(n <= b->size, "consuming more than a buffer holds");
    if (n == 0)
        return;
    memmove(b->data, b->data + n, b->size - n);
    b->size -= n;
    b->data[b->size] = '\0';
}

const char *buf_str(const struct buf *b)
{
    return b->data ? b->data : "";
}

char *buf_take(struct buf *b)
{
    char *data = b->data ? b->data : xstrdup("");

    *b = (struct buf)BUF_INIT;
    return data;
}
