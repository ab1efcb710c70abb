// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/crash.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

#define POINT_SIZE 160

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *wanted; /* NULL: none */
static size_t wanted_len;  /* without the number */
static uint64_t wanted_times = 1;
static atomic_uint_fast64_t n_passed;
static int trace_fd = -1;
static _Thread_local const char *current_scope;

static void read_environment(void)
{
    const char *trace = getenv("LATCHKEY_CRASH_TRACE"), *number;

    wanted = getenv("LATCHKEY_CRASH_AT");
    wanted_len = wanted ? strcspn(wanted, "#") : 0;
    number = wanted ? strchr(wanted, '#') : NULL;
    if (number && str_to_uint64(number + 1, &wanted_times) < 0)
        wanted = NULL;
    if (trace)
        trace_fd = open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static bool is_watched(void)
{
    pthread_once(&once, read_environment);
    return wanted || trace_fd >= 0;
}

static void pass(const char *what, const char *separator, const char *moment)
{
    char line[POINT_SIZE];
    int len =
        snprintf(line, sizeof(line) - 1, "%s%s%s%s%s", current_scope ? current_scope : "",
                 current_scope ? "/" : "", what, separator, moment);

    if (len < 0 || (size_t)len >= sizeof(line) - 1)
        return;
    if (wanted && (size_t)len == wanted_len && memcmp(line, wanted, wanted_len) == 0 &&
        atomic_fetch_add(&n_passed, 1) + 1 == wanted_times)
        raise(SIGKILL);
    line[len] = '\n';
    if (trace_fd >= 0 && write(trace_fd, line, (size_t)len + 1) < 0)
        trace_fd = -1;
}

void crash_init(void)
{
    (void)is_watched();
}

void crash_point(const char *name)
{
    if (is_watched())
        pass(name, "", "");
}

void crash_point_at(const char *what, const char *moment)
{
    if (is_watched())
        pass(what, ":", moment);
}

const char *crash_scope(const char *scope)
{
    const char *before = current_scope;

    current_scope = scope;
    return before;
}
