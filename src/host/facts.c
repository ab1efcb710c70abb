// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/str.h"
#include "host/read.h"
#include "host/xen.h"

#define MAX_FILE (4u << 20) /* /proc/cpuinfo of many CPUs is long */

/* Lines "name<blanks><separator> value", one value a name. */
struct table {
    struct buf text;
    char separator;
};

static struct val read_cpu(int root_fd);
static struct val read_firmware(int root_fd);
static bool has_kvm(int root_fd);
static struct val read_timezone(int root_fd);
static int count_entries(int root_fd, const char *path, const char *prefix);
static int64_t read_boot_time(int root_fd);
static void table_read(int root_fd, const char *path, char separator, struct table *table);
static const char *find_value(const struct table *table, const char *from, const char *name,
                              size_t *ret_len);
static struct val text_of(const struct table *table, const char *name);
static int64_t number_of(const struct table *table, const char *name);
static int64_t most_of(const struct table *table, const char *name);
static int64_t count_of(const struct table *table, const char *name);
static int64_t number_at(const char *text, size_t len);

struct val host_facts(int root_fd)
{
    struct val facts = val_map(11), v = val_map(2);
    struct host_memory memory = host_memory_read(root_fd);
    struct table release;

    table_read(root_fd, "etc/os-release", '=', &release);
    val_put_str(&facts, "hostname", host_read_line(root_fd, "proc/sys/kernel/hostname"));
    val_put_str(&facts, "kernel", host_read_line(root_fd, "proc/sys/kernel/osrelease"));
    val_put_str(&facts, "distribution", text_of(&release, "PRETTY_NAME"));
    val_put_str(&facts, "timezone", read_timezone(root_fd));
    val_put_str(&facts, "boot_time", val_int(read_boot_time(root_fd)));
    val_put_str(&facts, "cpu", read_cpu(root_fd));
    val_put_str(&v, "total", val_int(memory.total));
    val_put_str(&v, "free", val_int(memory.free));
    val_put_str(&facts, "memory", v);
    v = val_map(2);
    val_put_str(&v, "kvm", val_bool(has_kvm(root_fd)));
    val_put_str(&v, "iommu",
                val_bool(count_entries(root_fd, "sys/kernel/iommu_groups", "") > 0));
    val_put_str(&facts, "virtualization", v);
    val_put_str(&facts, "firmware", read_firmware(root_fd));
    buf_fini(&release.text);
    return facts;
}

struct host_memory host_memory_read(int root_fd)
{
    struct host_memory memory;
    struct table table;

    if (host_xen_memory(root_fd, &memory))
        return memory;
    table_read(root_fd, "proc/meminfo", ':', &table);
    memory.total = number_of(&table, "MemTotal") * 1024;
    memory.free = number_of(&table, "MemAvailable") * 1024;
    buf_fini(&table.text);
    return memory;
}

static struct val read_cpu(int root_fd)
{
    static const struct {
        const char *key, *name;
    } texts[] = {
        {"vendor", "vendor_id"},  {"modelname", "model name"}, {"speed_mhz", "cpu MHz"},
        {"stepping", "stepping"}, {"flags", "flags"},
    };
    struct val cpu = val_map(11);
    struct table table;
    int64_t n_cpus, n_siblings, n_cores;
    int n_nodes = count_entries(root_fd, "sys/devices/system/node", "node");
    bool has_threads;

    table_read(root_fd, "proc/cpuinfo", ':', &table);
    n_cpus = count_of(&table, "processor");
    n_siblings = number_of(&table, "siblings");
    n_cores = number_of(&table, "cpu cores");
    has_threads = n_cores > 0 && n_siblings >= n_cores;
    val_put_str(&cpu, "count", val_int(n_cpus > 0 ? n_cpus : 1));
    val_put_str(&cpu, "sockets", val_int(most_of(&table, "physical id") + 1));
    val_put_str(&cpu, "threads_per_core", val_int(has_threads ? n_siblings / n_cores : 1));
    val_put_str(&cpu, "nodes", val_int(n_nodes > 0 ? n_nodes : 1));
    val_put_str(&cpu, "family", val_int(number_of(&table, "cpu family")));
    val_put_str(&cpu, "model", val_int(number_of(&table, "model")));
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        val_put_str(&cpu, texts[i].key, text_of(&table, texts[i].name));
    buf_fini(&table.text);
    return cpu;
}

/* What the firmware says of the machine, under the names of XenAPI's host.bios_strings. */
static struct val read_firmware(int root_fd)
{
    static const struct {
        const char *key, *file;
    } rows[] = {
        {"bios-vendor", "bios_vendor"},
        {"bios-version", "bios_version"},
        {"system-manufacturer", "sys_vendor"},
        {"system-product-name", "product_name"},
        {"system-version", "product_version"},
        {"system-serial-number", "product_serial"},
        {"baseboard-manufacturer", "board_vendor"},
        {"baseboard-product-name", "board_name"},
        {"baseboard-version", "board_version"},
        {"baseboard-serial-number", "board_serial"},
        {"enclosure-asset-tag", "chassis_asset_tag"},
    };
    struct val strings = val_map(ARRAY_SIZE(rows));

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        autofree char *path = xasprintf("sys/class/dmi/id/%s", rows[i].file);
        autoval struct val line = host_read_line(root_fd, path);

        if (val_len(&line))
            val_put_str(&strings, rows[i].key, take_val(line));
    }
    return strings;
}

/* That it is there is not enough: nested, it may be there and refuse. */
static bool has_kvm(int root_fd)
{
    autoclose int fd = openat(root_fd, "dev/kvm", O_RDWR | O_CLOEXEC);

    return fd >= 0 && ioctl(fd, KVM_GET_API_VERSION, 0) == KVM_API_VERSION;
}

/* What /etc/localtime leads to; empty where it is no link. */
static struct val read_timezone(int root_fd)
{
    static const char folder[] = "/zoneinfo/";
    char target[256];
    ssize_t n = readlinkat(root_fd, "etc/localtime", target, sizeof(target) - 1);
    const char *zone;

    target[n > 0 ? n : 0] = '\0';
    zone = strstr(target, folder);
    if (!zone || !str_is_utf8(zone, strlen(zone)))
        return val_str("");
    return val_str(zone + sizeof(folder) - 1);
}

/* How many entries "<prefix><digits>" a directory has. */
static int count_entries(int root_fd, const char *path, const char *prefix)
{
    int fd = openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    size_t len = strlen(prefix);
    int n_found = 0;

    if (!dir)
        return 0;
    while ((entry = readdir(dir))) {
        const char *number = entry->d_name + len;

        if (str_has_prefix(entry->d_name, prefix) && *number &&
            !number[strspn(number, "0123456789")])
            n_found++;
    }
    closedir(dir);
    return n_found;
}

/* Seconds since 1970: the line "btime <seconds>" of the kernel's statistics. */
static int64_t read_boot_time(int root_fd)
{
    autobuf file = BUF_INIT;
    const char *line;

    if (fd_read_file(root_fd, "proc/stat", MAX_FILE, &file) < 0)
        return 0;
    line = strstr(buf_str(&file), "\nbtime ");
    return line ? number_at(line + 7, strlen(line + 7)) : 0;
}

static void table_read(int root_fd, const char *path, char separator, struct table *table)
{
    *table = (struct table){BUF_INIT, separator};
    if (fd_read_file(root_fd, path, MAX_FILE, &table->text) < 0)
        buf_clear(&table->text);
}

/* The value of the first line called 'name' at or behind 'from', without quotes and blanks
 * around it; NULL when there is none. */
static const char *find_value(const struct table *table, const char *from, const char *name,
                              size_t *ret_len)
{
    size_t len = strlen(name);

    for (const char *line = from; *line;) {
        const char *end = strchrnul(line, '\n');
        const char *at = line + len;

        if (strncmp(line, name, len) == 0) {
            at += strspn(at, " \t");
            if (*at == table->separator) {
                at += 1 + strspn(at + 1, " \t\"");
                while (end > at && strchr("\" \t", end[-1]))
                    end--;
                *ret_len = (size_t)(end - at);
                return at;
            }
        }
        line = *end ? end + 1 : end;
    }
    return NULL;
}

static struct val text_of(const struct table *table, const char *name)
{
    size_t len;
    const char *value = find_value(table, buf_str(&table->text), name, &len);

    return value && str_is_utf8(value, len) ? val_str_n(value, len) : val_str("");
}

static int64_t number_of(const struct table *table, const char *name)
{
    size_t len;
    const char *value = find_value(table, buf_str(&table->text), name, &len);

    return value ? number_at(value, len) : 0;
}

/* The greatest number of all the lines called 'name'. */
static int64_t most_of(const struct table *table, const char *name)
{
    int64_t most = 0;
    size_t len;
    const char *value = buf_str(&table->text);

    while ((value = find_value(table, value, name, &len))) {
        int64_t number = number_at(value, len);

        if (number > most)
            most = number;
    }
    return most;
}

static int64_t count_of(const struct table *table, const char *name)
{
    int64_t n_lines = 0;
    size_t len;
    const char *value = buf_str(&table->text);

    while ((value = find_value(table, value, name, &len)))
        n_lines++;
    return n_lines;
}

/* The number 'text' begins with; 0 when it is none. */
static int64_t number_at(const char *text, size_t len)
{
    char digits[24];
    size_t n_digits = strspn(text, "0123456789");
    int64_t number = 0;

    if (n_digits > len)
        n_digits = len;
    snprintf(digits, sizeof(digits), "%.*s", (int)(n_digits < 20 ? n_digits : 20), text);
    return str_to_int64(digits, &number) == 0 ? number : 0;
}
