// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices put into running VMs and taken out.  Called in the VM's queue.
 *
 * The record names a device before the backend has it and as long as the backend may have
 * it, so that one left behind by a death in between can be taken out. */
#pragma once

#include "vm/config.h"
#include "vm/vms.h"

/* DEVICE_ALREADY_ATTACHED [device] when there is one of that number. */
struct err *devices_plug_disk(struct vms *vms, const char *uuid,
                              const struct vm_disk *disk) MUST_CHECK;
struct err *devices_plug_nic(struct vms *vms, const char *uuid,
                             const struct vm_nic *nic) MUST_CHECK;
/* DEVICE_ALREADY_DETACHED [device] when there is none; INVALID_DEVICE for a drive;
 * DEVICE_DETACH_TIMEOUT when the guest does not let go, and then it stays. */
struct err *devices_unplug_disk(struct vms *vms, const char *uuid,
                                unsigned device) MUST_CHECK;
struct err *devices_unplug_nic(struct vms *vms, const char *uuid,
                               unsigned device) MUST_CHECK;
