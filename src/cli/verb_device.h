// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands on the disks, CD drives and network interfaces of VMs.  One thread. */
#pragma once

#include "cli/run.h"

/* verb_device_list.c */
struct err *verb_vm_disk_list(struct run *run) MUST_CHECK;
struct err *verb_vm_cd_list(struct run *run) MUST_CHECK;
struct err *verb_snapshot_disk_list(struct run *run) MUST_CHECK;
struct err *verb_vm_vif_list(struct run *run) MUST_CHECK;
struct err *verb_vm_crashdump_list(struct run *run) MUST_CHECK;
struct err *verb_cd_list(struct run *run) MUST_CHECK;

/* verb_device.c */
struct err *verb_vm_cd_add(struct run *run) MUST_CHECK;
struct err *verb_vm_cd_insert(struct run *run) MUST_CHECK;
struct err *verb_vm_cd_eject(struct run *run) MUST_CHECK;
struct err *verb_vm_cd_remove(struct run *run) MUST_CHECK;
struct err *verb_vm_disk_add(struct run *run) MUST_CHECK;
struct err *verb_vm_disk_remove(struct run *run) MUST_CHECK;
struct err *verb_vbd_unplug(struct run *run) MUST_CHECK;
struct err *verb_vif_create(struct run *run) MUST_CHECK;
