// SPDX-License-Identifier: GPL-2.0-or-later
/* "LKF1", the size, and pieces: offset, length, bytes.  Numbers are of 32 bits, the lowest
 * byte first; pieces come in their order and do not touch. */
#include "vm/flash.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/base64.h"

#define MAGIC      "LKF1"
#define ERASED     0xff
#define HEAD       8  /* of the whole: magic, size */
#define PIECE_HEAD 8  /* offset, length */
#define SHORT_GAP  16 /* erased bytes that are not worth another piece */

static void add_number(struct buf *b, size_t number)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        buf_add_char(b, (char)(number >> shift & 0xff));
}

static size_t number_at(const uint8_t *at)
{
    return (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* How many bytes from 'at' on are erased. */
static size_t erased_at(const uint8_t *bytes, size_t size, size_t at)
{
    size_t n = 0;

    while (at + n < size && bytes[at + n] == ERASED)
        n++;
    return n;
}

/* Where the piece that begins at 'at' ends. */
static size_t piece_end(const uint8_t *bytes, size_t size, size_t at)
{
    size_t end = at, gap = 0;

    while (at < size && gap < SHORT_GAP) {
        gap = bytes[at++] == ERASED ? gap + 1 : 0;
        if (gap == 0)
            end = at;
    }
    return end;
}

void flash_pack(const void *data, size_t size, struct buf *text)
{
    const uint8_t *bytes = data;
    autobuf packed = BUF_INIT;

    assert_msg(size <= FLASH_MAX_SIZE, "a firmware's flash is this long");
    buf_add(&packed, MAGIC, strlen(MAGIC));
    add_number(&packed, size);
    for (size_t at = erased_at(bytes, size, 0); at < size;) {
        size_t end = piece_end(bytes, size, at);

        add_number(&packed, at);
        add_number(&packed, end - at);
        buf_add(&packed, bytes + at, end - at);
        at = end + erased_at(bytes, size, end);
    }
    base64_add(text, packed.data, packed.size);
}

static int unpack(const struct buf *packed, struct buf *bytes)
{
    const uint8_t *from = (const uint8_t *)packed->data;
    size_t size, at = HEAD, done = 0;

    if (packed->size < HEAD || memcmp(from, MAGIC, strlen(MAGIC)) != 0)
        return -EBADMSG;
    size = number_at(from + strlen(MAGIC));
    if (size == 0 || size > FLASH_MAX_SIZE)
        return -EBADMSG;
    buf_reserve(bytes, size);
    memset(bytes->data, ERASED, size);
    bytes->size = size;
    bytes->data[size] = '\0';
    while (at < packed->size) {
        size_t offset, len;

        if (packed->size - at < PIECE_HEAD)
            return -EBADMSG;
        offset = number_at(from + at);
        len = number_at(from + at + PIECE_HEAD / 2);
        at += PIECE_HEAD;
        if (offset < done || offset >= size || len == 0 || len > size - offset ||
            len > packed->size - at)
            return -EBADMSG;
        memcpy(bytes->data + offset, from + at, len);
        at += len;
        done = offset + len;
    }
    return 0;
}

int flash_unpack(const char *text, size_t len, struct buf *ret_bytes)
{
    autobuf packed = BUF_INIT;

    buf_clear(ret_bytes);
    if (len > 2 * FLASH_MAX_SIZE || base64_decode(text, len, &packed) < 0)
        return -EBADMSG;
    if (unpack(&packed, ret_bytes) == 0)
        return 0;
    buf_clear(ret_bytes);
    return -EBADMSG;
}
