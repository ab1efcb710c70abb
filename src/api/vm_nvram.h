// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VM's UEFI keeps (boot entries and other variables), in VM.NVRAM under a key of our
 * own: so it goes where the record goes, to copies, snapshots and other hosts.  It is taken
 * from lk-vmd when that tells of a change, before a snapshot, and before the VM's end. */
#pragma once

#include "rpc/manager.h"

/* Takes what there is now into the record.  Fine for a VM that is halted or has none; what
 * fails is logged, and leaves the record as it was.  In a worker. */
void vm_nvram_save(struct manager *m, const char *vm_ref);
/* lk-vmd's "vm.nvram": saves it in the background. */
void vm_nvram_notice(struct manager *m, const struct val *params);
/* Adds to what lk-vmd is told. */
void vm_nvram_add(const struct row *vm, struct val *config);
