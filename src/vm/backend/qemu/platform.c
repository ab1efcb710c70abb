// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/platform.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

#define MAX_VIDEO_MIB 256
#define MAX_OFFSET_S  (INT64_C(100) * 366 * 86400)

struct switch_row {
    const char *key;
    size_t offset; /* of a bool in struct qemu_platform */
};

#define SWITCH(key, member)                                                                \
    {                                                                                      \
        key, offsetof(struct qemu_platform, member)                                        \
    }
/* Of two names for one thing the later row wins when both are given. */
static const struct switch_row switches[] = {
    SWITCH("acpi", acpi),
    SWITCH("apic", apic),
    SWITCH("pae", pae),
    SWITCH("nx", nx),
    SWITCH("hpet", hpet),
    SWITCH("viridian", viridian),
    SWITCH("exp-nested-hvm", nested),
    SWITCH("nested-virt", nested),
    SWITCH("usb", usb),
    SWITCH("usb_tablet", usb_tablet),
    SWITCH("secureboot", secure_boot),
};

struct word {
    const char *text;
    int value;
};

static const struct word vga_words[] = {
    {"std", QEMU_VGA_STD},
    {"cirrus", QEMU_VGA_CIRRUS},
    {"virtio", QEMU_VGA_VIRTIO},
    {"none", QEMU_VGA_NONE},
    {NULL, 0},
};

static const struct word bus_words[] = {
    {"scsi", QEMU_DISK_SCSI},
    {"sata", QEMU_DISK_SATA},
    {NULL, 0},
};

static struct err *refuse(const char *key, const char *value)
{
    return err_param(
        err_paramf(err_new(ERR_INVALID_VALUE,
                           "reading platform:%s: '%s' is not possible here", key, value),
                   "platform:%s", key),
        value);
}

static struct err *read_switch(const struct val *map, const char *key, bool *ret_on)
{
    static const char *const on[] = {"true", "1", "yes", "on"}, *const off[] = {"false",
                                                                                "0", "no",
                                                                                "off"};
    const char *text = val_find_text(map, key, "");

    if (!*text)
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(on); i++) {
        if (strcasecmp(text, on[i]) != 0 && strcasecmp(text, off[i]) != 0)
            continue;
        *ret_on = strcasecmp(text, on[i]) == 0;
        return NULL;
    }
    /* What is neither says nothing of the machine: XenAPI has "default" and the like. */
    return STREQ(text, "default") || STREQ(text, "auto") ? NULL : refuse(key, text);
}

static struct err *read_word(const struct val *map, const char *key,
                             const struct word *words, int *ret_value)
{
    const char *text = val_find_text(map, key, "");

    for (; *text && words->text; words++) {
        if (STREQ(words->text, text)) {
            *ret_value = words->value;
            return NULL;
        }
    }
    return *text ? refuse(key, text) : NULL;
}

static struct err *read_number(const struct val *map, const char *key, int64_t min,
                               int64_t max, int64_t *ret_number)
{
    const char *text = val_find_text(map, key, "");
    int64_t number = 0;

    if (!*text)
        return NULL;
    if (str_to_int64(text, &number) < 0 || number < min || number > max)
        return refuse(key, text);
    *ret_number = number;
    return NULL;
}

static unsigned power_of_two(unsigned n)
{
    unsigned power = 1;

    while (power < n)
        power *= 2;
    return power;
}

struct err *qemu_platform_parse(const struct val *map, struct qemu_platform *ret_platform)
{
    struct qemu_platform p = {.acpi = true,
                              .apic = true,
                              .pae = true,
                              .nx = true,
                              .hpet = true,
                              .usb_tablet = true};
    int vga = QEMU_VGA_STD, bus = QEMU_DISK_SCSI;
    int64_t cores = 0, video_mib = 16;
    struct err *e = NULL;

    p.usb = true;
    for (size_t i = 0; !e && i < ARRAY_SIZE(switches); i++)
        e = read_switch(map, switches[i].key, (bool *)((char *)&p + switches[i].offset));
    if (!e)
        e = read_word(map, "vga", vga_words, &vga);
    if (!e)
        e = read_word(map, "disk-bus", bus_words, &bus);
    if (!e)
        e = read_number(map, "videoram", 1, MAX_VIDEO_MIB, &video_mib);
    if (!e)
        e = read_number(map, "cores-per-socket", 1, INT_MAX, &cores);
    if (!e)
        e = read_number(map, "timeoffset", -MAX_OFFSET_S, MAX_OFFSET_S, &p.time_offset_s);
    if (e)
        return e;
    p.vga = (enum qemu_vga)vga;
    p.disk_bus = (enum qemu_disk_bus)bus;
    p.video_mib = power_of_two((unsigned)video_mib);
    p.cores_per_socket = (unsigned)cores;
    *ret_platform = p;
    return NULL;
}
