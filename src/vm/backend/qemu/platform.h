// SPDX-License-Identifier: GPL-2.0-or-later
/* What VM.platform asks of a QEMU machine, typed: one table of the keys it has a meaning
 * for.  Others (device-model, device_id ...) are passed over, as XenAPI does; a value that
 * cannot be honoured is refused.  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

enum qemu_vga { QEMU_VGA_STD, QEMU_VGA_CIRRUS, QEMU_VGA_VIRTIO, QEMU_VGA_NONE };
enum qemu_disk_bus { QEMU_DISK_SCSI, QEMU_DISK_SATA };

struct qemu_platform {
    bool acpi, apic, pae, nx, hpet;
    bool viridian; /* Hyper-V's interfaces, for Windows; KVM only */
    bool nested;   /* the guest may run virtual machines itself */
    bool usb, usb_tablet;
    bool secure_boot;
    enum qemu_vga vga;
    unsigned video_mib; /* a power of two; 0: as the card has it */
    enum qemu_disk_bus disk_bus;
    unsigned cores_per_socket; /* 0: as one socket a vCPU */
    int64_t time_offset_s;     /* of the guest's clock from UTC */
};

/* 'map' is text to text.  Errors: INVALID_VALUE ["platform:<key>", value]. */
struct err *qemu_platform_parse(const struct val *map,
                                struct qemu_platform *ret_platform) MUST_CHECK;
