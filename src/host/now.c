// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/now.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/vec.h"
#include "host/read.h"

#define MAX_ZONE_FILE  (4u << 20)
#define MAX_KERNEL_LOG (4u << 20)
#define MAX_RECORD     8192

double host_load(int root_fd)
{
    autoval struct val line = host_read_line(root_fd, "proc/loadavg");
    autofree char *first = xstrndup(val_text(&line), strcspn(val_text(&line), " "));
    double load;

    return str_to_double(first, &load) == 0 ? load : 0;
}

bool host_clock_is_synchronized(void)
{
    struct timex now = {.modes = 0};

    return adjtimex(&now) != TIME_ERROR && !(now.status & STA_UNSYNC);
}

/* ---- time zones ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The word number 'index' of a line; empty when there are fewer. */
static void word_of(const char *line, int index, const char **ret_word, size_t *ret_len)
{
    for (int i = 0;; i++) {
        size_t len = strcspn(line, " \n");

        *ret_word = line;
        *ret_len = len;
        if (i == index || line[len] != ' ')
            break;
        line += len + 1;
    }
}

/* The compact form of the tz database: "Z name ..." is a zone, "L zone name" another name
 * of one. */
static void read_zones(const char *text, struct val *zones)
{
    VEC(char *) names = VEC_INIT;

    for (const char *line = text; *line;) {
        const char *end = strchrnul(line, '\n'), *word = line;
        int index = line[0] == 'Z' ? 1 : line[0] == 'L' ? 2 : 0;
        size_t len = 0;

        if (index && line[1] == ' ')
            word_of(line, index, &word, &len);
        if (len && str_is_utf8(word, len))
            *VEC_PUSH(&names) = xstrndup(word, len);
        line = *end ? end + 1 : end;
    }
    *VEC_PUSH(&names) = xstrdup("UTC");
    qsort(names.at, names.n, sizeof(*names.at), by_text);
    for (size_t i = 0; i < names.n; i++)
        if (i == 0 || !STREQ(names.at[i], names.at[i - 1]))
            val_push(zones, val_str(names.at[i]));
    for (size_t i = 0; i < names.n; i++)
        free(names.at[i]);
    VEC_FINI(&names);
}

struct val host_timezones(int root_fd)
{
    autobuf file = BUF_INIT;
    struct val zones = val_set(600);

    host_read_text(root_fd, "usr/share/zoneinfo/tzdata.zi", MAX_ZONE_FILE, &file);
    read_zones(buf_str(&file), &zones);
    return zones;
}

/* ---- the kernel's messages ---- */

/* Appends records "<priority>,<number>,<microseconds>,<flags>;<text>" as lines with their
 * time; lines that begin with a blank belong to the record before and are left out. */
static void add_records(const char *text, size_t size, struct buf *out)
{
    const char *end = text + size;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text)),
                   *line_end = newline ? newline : end,
                   *said = memchr(text, ';', (size_t)(line_end - text));
        unsigned long long us = 0;

        if (said && *text != ' ' && sscanf(text, "%*u,%*u,%llu", &us) == 1) {
            buf_addf(out, "[%5llu.%06llu] ", us / 1000000, us % 1000000);
            buf_add(out, said + 1, (size_t)(line_end - said - 1));
            buf_add_char(out, '\n');
        }
        text = line_end + 1;
    }
}

struct err *host_kernel_log(int root_fd, struct val *ret_text)
{
    autoclose int fd = openat(root_fd, "dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    autobuf out = BUF_INIT;
    char record[MAX_RECORD + 1];
    ssize_t n = fd < 0 ? -1 : 0;

    while (fd >= 0 && out.size < MAX_KERNEL_LOG) {
        n = read(fd, record, MAX_RECORD);
        if (n < 0 && (errno == EPIPE || errno == EINTR))
            continue; /* overwritten meanwhile: on with the next */
        if (n <= 0)
            break;
        record[n] = '\0';
        add_records(record, (size_t)n, &out);
    }
    if (n < 0 && (errno == EPERM || errno == EACCES))
        return err_params(ERR_PERMISSION_DENIED,
                          "The kernel's messages are for root alone here", NULL);
    if (n < 0 && errno == ENOENT)
        return err_params(ERR_PERMISSION_DENIED,
                          "The kernel's messages are not shown here: no /dev/kmsg", NULL);
    if (n < 0 && errno != EAGAIN)
        return err_errno(errno, "reading the kernel's messages");
    *ret_text = str_is_utf8(buf_str(&out), out.size) ? val_str_n(buf_str(&out), out.size)
                                                     : val_str("");
    return NULL;
}
