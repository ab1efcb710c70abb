// SPDX-License-Identifier: GPL-2.0-or-later
/* What the core itself must remember of a VM over its own death: the name, the interfaces'
 * MACs, the disks' device numbers.  Kept in the VM's run folder as "core.json".  No state;
 * any thread. */
#pragma once

#include <stdbool.h>

#include "base/value.h"
#include "vm/config.h"
#include "vm/guest_line.h"

struct val record_of_config(const struct vm_config *config);
/* Reads and checks it: 0 or a negative errno. */
int record_read(int dir_fd, struct val *ret_record);
int record_write(int dir_fd, const struct val *record);

void record_nics(const struct val *record, struct guest_nics *ret_nics);
/* False: there is no such disk or drive. */
bool record_disk(const struct val *record, unsigned device, bool *ret_is_cdrom);
bool record_nic(const struct val *record, unsigned device);

/* The record with a device more, or without it. */
struct val record_with_disk(const struct val *record, const struct vm_disk *disk);
struct val record_with_nic(const struct val *record, const struct vm_nic *nic);
struct val record_without_disk(const struct val *record, unsigned device);
struct val record_without_nic(const struct val *record, unsigned device);
