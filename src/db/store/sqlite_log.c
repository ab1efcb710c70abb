// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/store/sqlite_log.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"

/* SQLite's file format, section "The Write-Ahead Log". */
#define MAGIC        0x377f0682u /* the lowest bit: sums are of big-endian words */
#define VERSION      3007000u
#define HEADER_SIZE  32
#define FRAME_HEADER 24
#define MIN_PAGE     512
#define MAX_PAGE     65536

struct sum {
    uint32_t a, b;
};

struct log {
    int fd;
    int errnum; /* of a read that failed: nothing is known then */
    uint64_t size;
    bool is_big_endian;
    size_t page_size;
    uint8_t salts[8];
    struct sum sum; /* as the frame before, or the header, has it */
};

static uint32_t word_at(const uint8_t *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof(word));
    return be32toh(word);
}

static struct sum sum_at(const uint8_t *at)
{
    return (struct sum){word_at(at), word_at(at + 4)};
}

static bool is_same(struct sum x, struct sum y)
{
    return x.a == y.a && x.b == y.b;
}

/* 'size' is a multiple of 8. */
static struct sum add(const struct log *log, struct sum sum, const uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        uint32_t x, y;

        memcpy(&x, at + i, sizeof(x));
        memcpy(&y, at + i + 4, sizeof(y));
        sum.a += (log->is_big_endian ? be32toh(x) : le32toh(x)) + sum.b;
        sum.b += (log->is_big_endian ? be32toh(y) : le32toh(y)) + sum.a;
    }
    return sum;
}

static bool read_at(struct log *log, uint64_t at, uint8_t *into, size_t size)
{
    ssize_t n = pread(log->fd, into, size, (off_t)at);

    if (n < 0)
        log->errnum = errno;
    return n == (ssize_t)size;
}

static bool read_header(struct log *log)
{
    uint8_t header[HEADER_SIZE];

    if (!read_at(log, 0, header, sizeof(header)))
        return false;
    log->is_big_endian = word_at(header) & 1;
    log->page_size = word_at(header + 8);
    memcpy(log->salts, header + 16, sizeof(log->salts));
    log->sum = sum_at(header + 24);
    return (word_at(header) & ~1u) == MAGIC && word_at(header + 4) == VERSION &&
           log->page_size >= MIN_PAGE && log->page_size <= MAX_PAGE &&
           (log->page_size & (log->page_size - 1)) == 0 &&
           is_same(add(log, (struct sum){0}, header, 24), log->sum);
}

/* A transaction's frames are written only once the one before is durable.  So a frame that
 * hangs on the last one of a transaction tells that this one was confirmed, and may not lie
 * behind the place where SQLite stops.  What an unconfirmed transaction left there hangs on
 * no such frame. */
static bool is_lost_behind_damage(struct log *log)
{
    size_t frame_size = FRAME_HEADER + log->page_size;
    autofree uint8_t *frame = xmalloc(frame_size);
    bool is_damaged = false, was_last = false;

    for (uint64_t at = HEADER_SIZE; at + frame_size <= log->size; at += frame_size) {
        struct sum sum;
        bool is_ours, is_whole;

        if (!read_at(log, at, frame, frame_size))
            return true;
        sum = add(log, log->sum, frame, 8);
        sum = add(log, sum, frame + FRAME_HEADER, log->page_size);
        log->sum = sum_at(frame + 16);
        is_ours = word_at(frame) != 0 && memcmp(frame + 8, log->salts, 8) == 0;
        is_whole = is_ours && is_same(sum, log->sum);
        if (is_damaged && is_whole && was_last)
            return true;
        is_damaged |= !is_whole;
        was_last = is_ours && word_at(frame + 4) != 0;
    }
    return false;
}

static struct err *fault(const char *path, const char *why)
{
    struct err *e =
        err_new(ERR_INTERNAL_ERROR,
                "opening %s: %s; put both files back from a backup, or move them "
                "away to go on without what they hold",
                path, why);

    return err_paramf(e, "the database: %s", why);
}

struct err *sqlite_log_check(const char *path)
{
    autofree char *log_path = xasprintf("%s-wal", path);
    autoclose int fd = open(log_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct log log = {.fd = fd};
    const char *why;
    struct stat st;

    if (fd < 0)
        return errno == ENOENT ? NULL : err_errno(errno, "opening %s", log_path);
    if (fstat(fd, &st) < 0)
        return err_errno(errno, "looking at %s", log_path);
    log.size = (uint64_t)st.st_size;
    if (log.size < HEADER_SIZE + FRAME_HEADER + MIN_PAGE)
        return NULL; /* no transaction is in it */
    if (stat(path, &st) < 0 || st.st_size == 0)
        return fault(log_path, "the log of a database that is gone or empty");
    why = !read_header(&log)            ? "its header is damaged"
          : is_lost_behind_damage(&log) ? "it is damaged before changes that were confirmed"
                                        : NULL;
    if (log.errnum)
        return err_errno(log.errnum, "reading %s", log_path);
    return why ? fault(log_path, why) : NULL;
}
