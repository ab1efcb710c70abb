// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/host_facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/str.h"

#define MAX_FILE (4u << 20) /* /proc/cpuinfo of many CPUs is long */

/* The value of the first line "name<blanks><separator> value" of 'text'; the end of that
 * line in *ret_end.  NULL when there is none. */
static const char *find_value(const char *text, const char *name, char separator,
                              const char **ret_end)
{
    size_t len = strlen(name);

    for (const char *line = text; *line;) {
        const char *end = strchrnul(line, '\n');
        const char *at = line + len;

        if (strncmp(line, name, len) == 0) {
            at += strspn(at, " \t");
            if (*at == separator) {
                at++;
                *ret_end = end;
                return at + strspn(at, " \t\"");
            }
        }
        line = *end ? end + 1 : end;
    }
    return NULL;
}

static void copy_value(const char *text, const char *name, char separator, char *ret,
                       size_t size)
{
    const char *end = NULL, *value = find_value(text, name, separator, &end);
    int len;

    ret[0] = '\0';
    if (!value || value > end)
        return;
    len = (int)(end - value);
    while (len > 0 && strchr("\" \t", value[len - 1]))
        len--;
    snprintf(ret, size, "%.*s", len, value);
}

static int64_t number_value(const char *text, const char *name, char separator)
{
    char value[64];
    int64_t n = 0;

    copy_value(text, name, separator, value, sizeof(value));
    value[strcspn(value, " .")] = '\0';
    return str_to_int64(value, &n) == 0 ? n : 0;
}

/* How many different values the lines called 'name' have; sockets are numbered from 0. */
static unsigned count_up_to_max(const char *text, const char *name)
{
    const char *end, *value;
    int64_t most = 0;

    while ((value = find_value(text, name, ':', &end))) {
        char number[16];
        int64_t n;

        snprintf(number, sizeof(number), "%.*s", (int)(end - value), value);
        if (str_to_int64(number, &n) == 0 && n > most && n < 4096)
            most = n;
        text = end;
        if (*text)
            text++;
    }
    return (unsigned)most + 1;
}

static void read_cpus(struct host_facts *f)
{
    autobuf file = BUF_INIT;
    long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t n_siblings, n_cores;
    const char *text;

    f->n_cpus = n_cpus > 0 ? (unsigned)n_cpus : 1;
    f->n_sockets = f->threads_per_core = 1;
    if (fd_read_file(AT_FDCWD, "/proc/cpuinfo", MAX_FILE, &file) < 0)
        return;
    text = buf_str(&file);
    copy_value(text, "vendor_id", ':', f->cpu_vendor, sizeof(f->cpu_vendor));
    copy_value(text, "model name", ':', f->cpu_model_name, sizeof(f->cpu_model_name));
    copy_value(text, "cpu MHz", ':', f->cpu_speed_mhz, sizeof(f->cpu_speed_mhz));
    copy_value(text, "stepping", ':', f->cpu_stepping, sizeof(f->cpu_stepping));
    copy_value(text, "flags", ':', f->cpu_flags, sizeof(f->cpu_flags));
    f->cpu_family = number_value(text, "cpu family", ':');
    f->cpu_model = number_value(text, "model", ':');
    f->n_sockets = count_up_to_max(text, "physical id");
    n_siblings = number_value(text, "siblings", ':');
    n_cores = number_value(text, "cpu cores", ':');
    if (n_cores > 0 && n_siblings >= n_cores)
        f->threads_per_core = (unsigned)(n_siblings / n_cores);
}

static void read_memory(struct host_facts *f)
{
    autobuf file = BUF_INIT;

    if (fd_read_file(AT_FDCWD, "/proc/meminfo", MAX_FILE, &file) < 0)
        return;
    f->memory_total = number_value(buf_str(&file), "MemTotal", ':') * 1024;
    f->memory_free = number_value(buf_str(&file), "MemAvailable", ':') * 1024;
}

void host_facts_read(struct host_facts *ret_facts)
{
    struct host_facts *f = ret_facts;
    autobuf file = BUF_INIT;
    struct timespec since_boot;
    struct utsname name;

    memset(f, 0, sizeof(*f));
    if (uname(&name) == 0) {
        snprintf(f->hostname, sizeof(f->hostname), "%s", name.nodename);
        snprintf(f->kernel, sizeof(f->kernel), "%s", name.release);
    }
    read_cpus(f);
    read_memory(f);
    if (clock_gettime(CLOCK_BOOTTIME, &since_boot) == 0)
        f->boot_time = clock_wall_seconds() - since_boot.tv_sec;
    if (fd_read_file(AT_FDCWD, "/etc/os-release", MAX_FILE, &file) >= 0)
        copy_value(buf_str(&file), "PRETTY_NAME", '=', f->distribution,
                   sizeof(f->distribution));
}
