// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/platform.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

#define MAX_VIDEO_MIB 256
#define MAX_OFFSET_S  (INT64_C(100) * 366 * 86400)

struct word {
    const char *text;
    int64_t value;
};

/* "auto" and "default" leave a switch as it is without the key. */
static const struct word switch_words[] = {
    {"true", true}, {"false", false}, {"1", true},    {"0", false}, {"yes", true},
    {"no", false},  {"on", true},     {"off", false}, {NULL, 0},
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

enum key_id {
    KEY_ACPI,
    KEY_APIC,
    KEY_PAE,
    KEY_NX,
    KEY_HPET,
    KEY_VIRIDIAN,
    KEY_EXP_NESTED_HVM,
    KEY_NESTED_VIRT,
    KEY_USB,
    KEY_USB_TABLET,
    KEY_SECUREBOOT,
    KEY_VGA,
    KEY_VIDEORAM,
    KEY_DISK_BUS,
    KEY_CORES_PER_SOCKET,
    KEY_TIMEOFFSET,
    N_KEYS
};

/* What is read of VM.platform, and what holds without it.  Either 'words' or a number from
 * 'min' to 'max'.  lk-vmd(8) lists them for users; what each does to the machine is in
 * argv.c and argv_devices.c. */
static const struct key {
    const char *name;
    int64_t absent;
    const struct word *words;
    int64_t min, max;
} keys[N_KEYS] = {
    [KEY_ACPI] = {"acpi", true, switch_words, 0, 0},
    [KEY_APIC] = {"apic", true, switch_words, 0, 0},
    [KEY_PAE] = {"pae", true, switch_words, 0, 0},
    [KEY_NX] = {"nx", true, switch_words, 0, 0},
    [KEY_HPET] = {"hpet", true, switch_words, 0, 0},
    [KEY_VIRIDIAN] = {"viridian", false, switch_words, 0, 0},
    [KEY_EXP_NESTED_HVM] = {"exp-nested-hvm", false, switch_words, 0, 0},
    [KEY_NESTED_VIRT] = {"nested-virt", false, switch_words, 0, 0},
    [KEY_USB] = {"usb", true, switch_words, 0, 0},
    [KEY_USB_TABLET] = {"usb_tablet", true, switch_words, 0, 0},
    [KEY_SECUREBOOT] = {"secureboot", false, switch_words, 0, 0},
    [KEY_VGA] = {"vga", QEMU_VGA_STD, vga_words, 0, 0},
    [KEY_VIDEORAM] = {"videoram", 0, NULL, 1, MAX_VIDEO_MIB},
    [KEY_DISK_BUS] = {"disk-bus", QEMU_DISK_SCSI, bus_words, 0, 0},
    [KEY_CORES_PER_SOCKET] = {"cores-per-socket", 0, NULL, 1, INT_MAX},
    [KEY_TIMEOFFSET] = {"timeoffset", 0, NULL, -MAX_OFFSET_S, MAX_OFFSET_S},
};

static struct err *refuse(const struct key *key, const char *value)
{
    return err_param(err_paramf(err_new(ERR_INVALID_VALUE,
                                        "reading platform:%s: '%s' is not possible here",
                                        key->name, value),
                                "platform:%s", key->name),
                     value);
}

/* Clients write "True" as well as "true". */
static struct err *read_word(const struct key *key, const char *text, int64_t *ret_value)
{
    for (const struct word *word = key->words; word->text; word++) {
        if (strcasecmp(word->text, text) != 0)
            continue;
        *ret_value = word->value;
        return NULL;
    }
    if (key->words == switch_words && (STREQ(text, "default") || STREQ(text, "auto")))
        return NULL;
    return refuse(key, text);
}

static struct err *read_number(const struct key *key, const char *text, int64_t *ret_value)
{
    int64_t number = 0;

    if (str_to_int64(text, &number) < 0 || number < key->min || number > key->max)
        return refuse(key, text);
    *ret_value = number;
    return NULL;
}

static struct err *read_keys(const struct val *map, int64_t values[N_KEYS])
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < N_KEYS; i++) {
        const char *text = val_find_text(map, keys[i].name, "");

        values[i] = keys[i].absent;
        if (*text)
            e = (keys[i].words ? read_word : read_number)(&keys[i], text, &values[i]);
    }
    return e;
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
    int64_t values[N_KEYS];
    struct err *e = read_keys(map, values);

    if (e)
        return e;
    *ret_platform = (struct qemu_platform){
        .acpi = values[KEY_ACPI],
        .apic = values[KEY_APIC],
        .pae = values[KEY_PAE],
        .nx = values[KEY_NX],
        .hpet = values[KEY_HPET],
        .viridian = values[KEY_VIRIDIAN],
        .nested = values[KEY_NESTED_VIRT] || values[KEY_EXP_NESTED_HVM],
        .usb = values[KEY_USB],
        .usb_tablet = values[KEY_USB] && values[KEY_USB_TABLET],
        .secure_boot = values[KEY_SECUREBOOT],
        .vga = (enum qemu_vga)values[KEY_VGA],
        .video_mib =
            values[KEY_VIDEORAM] ? power_of_two((unsigned)values[KEY_VIDEORAM]) : 0,
        .disk_bus = (enum qemu_disk_bus)values[KEY_DISK_BUS],
        .cores_per_socket = (unsigned)values[KEY_CORES_PER_SOCKET],
        .time_offset_s = values[KEY_TIMEOFFSET],
    };
    return NULL;
}
