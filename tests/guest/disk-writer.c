// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs inside a guest for tests of disks: obeys lines at its terminal and answers each with
 * one.  Numbers are decimal; offsets and lengths are multiples of 512, lengths at most
 * BUFFER_SIZE but for reading.
 *
 *     write OFFSET LENGTH SEED    sector N holds (SEED, N) as 64-bit numbers, 32 times
 *     flush                       what was written before survives a power cut
 *     discard OFFSET LENGTH       zero OFFSET LENGTH
 *     read OFFSET LENGTH GRAIN    the CRC-32 of each GRAIN bytes, in hex
 *     size                        of the disk, as the guest sees it now
 *     loop OFFSET LENGTH SEED     blocks of 4 KiB round and round until a line comes, block
 *                                 number I written with SEED + I; answers the number of
 *                                 blocks, and microseconds: of it all, the longest wait of
 *                                 a write, when that began, the median, the 99th of 100
 *
 * "ok ..." or "failed ERRNO"; a line that is none of these is "failed 22".
 *
 * usage: disk-writer DEVICE */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SECTOR        512u
#define BUFFER_SIZE   (1u << 20)
#define LOOP_BLOCK    4096u
#define MAX_WAITS     (1u << 20) /* that are kept for the median */
#define MAX_ANSWER    65536u
#define TAG_PAIRS     (SECTOR / (2 * sizeof(uint64_t)))
#define CRC32_POLYNOM 0xedb88320u

static unsigned char *buffer;
static uint32_t *waits_us, crc_table[256];
static char answer[MAX_ANSWER];
static size_t answer_len;

/* More of the answer. */
__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(answer + answer_len, sizeof(answer) - answer_len, format, args);
    va_end(args);
    if (n > 0 && (size_t)n < sizeof(answer) - answer_len)
        answer_len += (size_t)n;
}

static uint64_t now_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void make_crc_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;

        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ CRC32_POLYNOM : c >> 1;
        crc_table[i] = c;
    }
}

static uint32_t crc32_more(uint32_t crc, const unsigned char *data, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++)
        crc = crc >> 8 ^ crc_table[(crc ^ data[i]) & 0xff];
    return ~crc;
}

/* ---- what each command does; 0 or an errno ---- */

static int write_tags(int fd, uint64_t offset, uint64_t length, uint64_t seed)
{
    ssize_t n;

    if (length > BUFFER_SIZE)
        return EINVAL;
    for (uint64_t at = 0; at < length; at += SECTOR) {
        uint64_t tag[2] = {seed, (offset + at) / SECTOR};

        for (size_t i = 0; i < TAG_PAIRS; i++)
            memcpy(buffer + at + i * sizeof(tag), tag, sizeof(tag));
    }
    n = pwrite(fd, buffer, length, (off_t)offset);
    if (n < 0)
        return errno;
    return (uint64_t)n == length ? 0 : EIO;
}

static int range_call(int fd, unsigned long request, uint64_t offset, uint64_t length)
{
    uint64_t range[2] = {offset, length};

    return ioctl(fd, request, range) < 0 ? errno : 0;
}

static int read_sums(int fd, uint64_t offset, uint64_t length, uint64_t grain)
{
    if (grain == 0 || length / grain > MAX_ANSWER / 10)
        return EINVAL;
    for (uint64_t done = 0; done < length; done += grain) {
        uint32_t crc = 0;

        for (uint64_t part = 0, size; part < grain; part += size) {
            size = grain - part < BUFFER_SIZE ? grain - part : BUFFER_SIZE;
            if (pread(fd, buffer, size, (off_t)(offset + done + part)) != (ssize_t)size)
                return errno ? errno : EIO;
            crc = crc32_more(crc, buffer, size);
        }
        say(" %08x", crc);
    }
    return 0;
}

static int tell_size(int fd)
{
    uint64_t size;

    if (ioctl(fd, BLKGETSIZE64, &size) < 0)
        return errno;
    say(" %llu", (unsigned long long)size);
    return 0;
}

static bool line_is_here(void)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&in, 1, 0) > 0;
}

static int compare_waits(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return left < right ? -1 : left > right;
}

/* A wait is from one write's end to the next one's: a guest that stands still in between
 * waits too. */
static int loop(int fd, uint64_t offset, uint64_t length, uint64_t seed)
{
    uint64_t start = now_us(), last = start, longest = 0, longest_at = 0, n = 0;
    uint64_t blocks = length / LOOP_BLOCK;
    size_t kept;

    if (blocks == 0)
        return EINVAL;
    for (; !line_is_here(); n++) {
        int r = write_tags(fd, offset + n % blocks * LOOP_BLOCK, LOOP_BLOCK, seed + n);
        uint64_t now = now_us(), wait = now - last;

        if (r)
            return r;
        if (wait > longest) {
            longest = wait;
            longest_at = last - start;
        }
        waits_us[n % MAX_WAITS] = (uint32_t)(wait < UINT32_MAX ? wait : UINT32_MAX);
        last = now;
    }
    kept = n < MAX_WAITS ? n : MAX_WAITS;
    qsort(waits_us, kept, sizeof(*waits_us), compare_waits);
    say(" %llu %llu %llu %llu %u %u", (unsigned long long)n,
        (unsigned long long)(last - start), (unsigned long long)longest,
        (unsigned long long)longest_at, kept ? waits_us[kept / 2] : 0,
        kept ? waits_us[kept - 1 - kept / 100] : 0);
    return 0;
}

static int obey(int fd, const char *line)
{
    unsigned long long a = 0, b = 0, c = 0;
    char verb[16] = "";

    if (sscanf(line, "%15s %llu %llu %llu", verb, &a, &b, &c) < 1)
        return EINVAL;
    if (strcmp(verb, "write") == 0)
        return write_tags(fd, a, b, c);
    if (strcmp(verb, "flush") == 0)
        return fsync(fd) < 0 ? errno : 0;
    if (strcmp(verb, "discard") == 0)
        return range_call(fd, BLKDISCARD, a, b);
    if (strcmp(verb, "zero") == 0)
        return range_call(fd, BLKZEROOUT, a, b);
    if (strcmp(verb, "read") == 0)
        return read_sums(fd, a, b, c);
    if (strcmp(verb, "size") == 0)
        return tell_size(fd);
    if (strcmp(verb, "loop") == 0)
        return loop(fd, a, b, c);
    return EINVAL;
}

/* ---- the terminal ---- */

static void make_raw(void)
{
    struct termios how;

    if (tcgetattr(STDIN_FILENO, &how) < 0)
        return;
    cfmakeraw(&how);
    tcsetattr(STDIN_FILENO, TCSANOW, &how);
}

static void serve(int fd)
{
    char line[256];

    printf("WRITER\n");
    fflush(stdout);
    while (fgets(line, sizeof(line), stdin)) {
        int r;

        errno = 0;
        answer[0] = '\0';
        answer_len = 0;
        if (strcmp(line, "\n") == 0)
            continue; /* what ended a loop */
        r = obey(fd, line);
        if (r)
            printf("failed %d\n", r);
        else
            printf("ok%s\n", answer);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_DIRECT | O_CLOEXEC) : -1;

    if (fd < 0) {
        fprintf(stderr, "disk-writer: no disk\n");
        return 1;
    }
    buffer = aligned_alloc(4096, BUFFER_SIZE);
    waits_us = malloc(MAX_WAITS * sizeof(*waits_us));
    if (!buffer || !waits_us)
        return 1;
    make_crc_table();
    make_raw();
    setvbuf(stdin, NULL, _IONBF, 0); /* so that poll() sees what was not read */
    serve(fd);
    return 0;
}
