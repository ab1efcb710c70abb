// SPDX-License-Identifier: GPL-2.0-or-later
/* A growing run of bytes, always followed by a NUL that is not counted.  Embed it; one
 * thread at a time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct buf {
    char *data; /* NULL while nothing was ever written */
    size_t size, room;
};

#define BUF_INIT                                                                           \
    {                                                                                      \
        NULL, 0, 0                                                                         \
    }
#define autobuf CLEANUP(buf_fini) struct buf

void buf_fini(struct buf *b);
void buf_clear(struct buf *b);                /* empty, memory kept */
void buf_reserve(struct buf *b, size_t more); /* room for 'more' bytes at data + size */
void buf_add(struct buf *b, const void *data, size_t size);
void buf_add_str(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_add_int(struct buf *b, int64_t i);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_consume(struct buf *b, size_t n); /* drops the first 'n' bytes */
const char *buf_str(const struct buf *b);  /* never NULL */
/* Moves the bytes out as a heap string; 'b' is empty then.  Never NULL. */
char *buf_take(struct buf *b);
