// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts of machines that a test describes in files. */
#include "host/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "lib/scratch.h"
#include "lib/test.h"

static int root = -1;

/* An empty machine. */
static void begin(void)
{
    cleanup_close(&root);
    scratch_remove();
    mkdir(scratch(), 0700);
    root = open(scratch(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK_INT(root, >=, 0);
}

static void has(const char *path, const char *text)
{
    autofree char *full = xasprintf("%s/%s", scratch(), path);
    autofree char *copy = xstrdup(full);
    autoclose int dir = fd_open_dir(dirname(copy), 0700);

    CHECK_INT(fd_replace_file(AT_FDCWD, full, text, strlen(text), 0600), ==, 0);
}

static int64_t number(const struct val *facts, const char *part, const char *key)
{
    const struct val *v = val_find(part ? val_find(facts, part) : facts, key);

    CHECK(v && v->kind == VAL_INT);
    return v->i;
}

static const char *text(const struct val *facts, const char *part, const char *key)
{
    return val_find_text(part ? val_find(facts, part) : facts, key, "(absent)");
}

#define CPU(number, socket)                                                                \
    "processor\t: " number "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n" \
    "model name\t: Intel(R) Xeon(R) \"Gold\" 6130 CPU @ 2.10GHz\nstepping\t: 4\n"          \
    "cpu MHz\t\t: 2095.078\nphysical id\t: " socket "\nsiblings\t: 2\ncpu cores\t: 1\n"    \
    "flags\t\t: fpu vme vmx\n\n"

TEST(cpus_are_counted_and_described)
{
    autoval struct val facts = val_void();

    begin();
    has("proc/cpuinfo", CPU("0", "0") CPU("1", "0") CPU("2", "1") CPU("3", "1"));
    has("sys/devices/system/node/node0/x", "");
    has("sys/devices/system/node/node1/x", "");
    has("sys/devices/system/node/nodes", "");
    facts = host_facts(root);
    CHECK_INT(number(&facts, "cpu", "count"), ==, 4);
    CHECK_INT(number(&facts, "cpu", "sockets"), ==, 2);
    CHECK_INT(number(&facts, "cpu", "threads_per_core"), ==, 2);
    CHECK_INT(number(&facts, "cpu", "nodes"), ==, 2);
    CHECK_INT(number(&facts, "cpu", "family"), ==, 6);
    CHECK_INT(number(&facts, "cpu", "model"), ==, 85);
    CHECK_STR(text(&facts, "cpu", "vendor"), "GenuineIntel");
    CHECK_STR(text(&facts, "cpu", "modelname"),
              "Intel(R) Xeon(R) \"Gold\" 6130 CPU @ 2.10GHz");
    CHECK_STR(text(&facts, "cpu", "speed_mhz"), "2095.078");
    CHECK_STR(text(&facts, "cpu", "flags"), "fpu vme vmx");
}

TEST(memory_is_in_bytes_and_free_is_what_can_be_had)
{
    struct host_memory memory;

    begin();
    has("proc/meminfo",
        "MemTotal:       16384 kB\nMemFree:  1 kB\nMemAvailable: 8192 kB\n");
    memory = host_memory_read(root);
    CHECK_INT(memory.total, ==, 16 << 20);
    CHECK_INT(memory.free, ==, 8 << 20);
}

TEST(names_of_system_and_firmware_are_told)
{
    autoval struct val facts = val_void();

    begin();
    has("proc/sys/kernel/hostname", "host-7\n");
    has("proc/sys/kernel/osrelease", "6.1.0-23-amd64\n");
    has("proc/stat", "cpu  1 2 3\nbtime 1700000000\nprocesses 4\n");
    has("etc/os-release",
        "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
    has("sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
    has("sys/class/dmi/id/product_name", "PowerEdge R640  \n");
    facts = host_facts(root);
    CHECK_STR(text(&facts, NULL, "hostname"), "host-7");
    CHECK_STR(text(&facts, NULL, "kernel"), "6.1.0-23-amd64");
    CHECK_STR(text(&facts, NULL, "distribution"), "Debian GNU/Linux 12 (bookworm)");
    CHECK_INT(number(&facts, NULL, "boot_time"), ==, 1700000000);
    CHECK_STR(text(&facts, "firmware", "system-manufacturer"), "Dell Inc.");
    CHECK_STR(text(&facts, "firmware", "system-product-name"), "PowerEdge R640");
    CHECK_STR(text(&facts, "firmware", "bios-vendor"), "(absent)");
}

TEST(a_machine_that_tells_nothing_has_one_cpu_and_no_kvm)
{
    autoval struct val facts = val_void();

    begin();
    facts = host_facts(root);
    CHECK_INT(number(&facts, "cpu", "count"), ==, 1);
    CHECK_INT(number(&facts, "cpu", "sockets"), ==, 1);
    CHECK_INT(number(&facts, "memory", "total"), ==, 0);
    CHECK_STR(text(&facts, NULL, "hostname"), "");
    CHECK(!val_find(val_find(&facts, "virtualization"), "kvm")->b);
    CHECK(!val_find(val_find(&facts, "virtualization"), "iommu")->b);
}

TEST(a_file_called_kvm_is_no_kvm_and_iommu_groups_are_seen)
{
    autoval struct val facts = val_void();

    begin();
    has("dev/kvm", "");
    has("sys/kernel/iommu_groups/0/x", "");
    facts = host_facts(root);
    CHECK(!val_find(val_find(&facts, "virtualization"), "kvm")->b);
    CHECK(val_find(val_find(&facts, "virtualization"), "iommu")->b);
}

TEST(odd_lines_neither_crash_nor_count)
{
    autoval struct val facts = val_void();

    begin();
    has("proc/cpuinfo",
        "processor\nprocessor\t:\nprocessor : x\nmodel name:\nsiblings: -4\n"
        "cpu cores : 99999999999999999999999\nflags : \xff\xfe\nvendor_id :");
    has("proc/meminfo", "MemTotal: \xff\nMemTotal");
    has("etc/os-release", "PRETTY_NAME=\"");
    facts = host_facts(root);
    CHECK_INT(number(&facts, "memory", "total"), ==, 0);
    CHECK_INT(number(&facts, "cpu", "threads_per_core"), ==, 1);
    CHECK_STR(text(&facts, "cpu", "flags"), "");
    CHECK_STR(text(&facts, "cpu", "vendor"), "");
    CHECK_STR(text(&facts, NULL, "distribution"), "");
    cleanup_close(&root);
}

TEST_MAIN
