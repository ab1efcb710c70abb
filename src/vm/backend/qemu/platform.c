// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/platform.h"

#include "model/map_key.h"

/* What is read of VM.platform: lk-vmd(8) lists the keys for users; what each does to the
 * machine is in argv.c and argv_devices.c. */
enum { FIRST = KEY_VM_PLATFORM_ACPI, N_KEYS = KEY_VM_PLATFORM_VIRIDIAN - FIRST + 1 };

static const enum map_key_id keys[] = {
    KEY_VM_PLATFORM_ACPI,
    KEY_VM_PLATFORM_APIC,
    KEY_VM_PLATFORM_PAE,
    KEY_VM_PLATFORM_NX,
    KEY_VM_PLATFORM_HPET,
    KEY_VM_PLATFORM_VIRIDIAN,
    KEY_VM_PLATFORM_NESTED_VIRT,
    KEY_VM_PLATFORM_EXP_NESTED_HVM,
    KEY_VM_PLATFORM_USB,
    KEY_VM_PLATFORM_USB_TABLET,
    KEY_VM_PLATFORM_SECUREBOOT,
    KEY_VM_PLATFORM_VGA,
    KEY_VM_PLATFORM_VIDEORAM,
    KEY_VM_PLATFORM_DISK_BUS,
    KEY_VM_PLATFORM_CORES_PER_SOCKET,
    KEY_VM_PLATFORM_TIMEOFFSET,
};

static struct err *refuse(enum map_key_id key, const char *value)
{
    const char *name = map_key_name(key);

    return err_param(
        err_paramf(err_new(ERR_INVALID_VALUE,
                           "reading platform:%s: '%s' is not possible here", name, value),
                   "platform:%s", name),
        value);
}

/* By their place behind the first of them. */
static struct err *read_keys(const struct val *map, int64_t values[N_KEYS])
{
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (map_key_number(map, keys[i], &values[keys[i] - FIRST]) < 0)
            return refuse(keys[i], map_key_text(map, keys[i]));
    return NULL;
}

static unsigned power_of_two(unsigned n)
{
    unsigned power = 1;

    while (power < n)
        power *= 2;
    return power;
}

#define V(name) values[KEY_VM_PLATFORM_##name - FIRST]

struct err *qemu_platform_parse(const struct val *map, struct qemu_platform *ret_platform)
{
    int64_t values[N_KEYS] = {0};
    struct err *e = read_keys(map, values);

    if (e)
        return e;
    *ret_platform = (struct qemu_platform){
        .acpi = V(ACPI),
        .apic = V(APIC),
        .pae = V(PAE),
        .nx = V(NX),
        .hpet = V(HPET),
        .viridian = V(VIRIDIAN),
        .nested = V(NESTED_VIRT) || V(EXP_NESTED_HVM),
        .usb = V(USB),
        .usb_tablet = V(USB) && V(USB_TABLET),
        .secure_boot = V(SECUREBOOT),
        .vga = (enum qemu_vga)V(VGA),
        .video_mib = V(VIDEORAM) ? power_of_two((unsigned)V(VIDEORAM)) : 0,
        .disk_bus = (enum qemu_disk_bus)V(DISK_BUS),
        .cores_per_socket = (unsigned)V(CORES_PER_SOCKET),
        .time_offset_s = V(TIMEOFFSET),
    };
    return NULL;
}
