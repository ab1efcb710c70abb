// SPDX-License-Identifier: GPL-2.0-or-later
/* The VBDs and VIFs of a VM that is copied or destroyed. */
#pragma once

#include "api/vdi_life.h"
#include "base/mac.h"

/* Copies every disk 'source' owns (CDs keep their disc): clones when 'sr_ref' is NULL, else
 * full copies on that SR, or on each disk's own when it is "".  What was made is in
 * 'copies', also on failure. */
struct err *vm_devices_copy_disks(struct call *call, const struct row *source,
                                  const char *sr_ref, struct vdi_copies *copies) MUST_CHECK;
/* VBD and VIF rows of 'source' for the VM 'vm_ref'; VIFs get addresses from its mac_seed.
 */
struct err *vm_devices_copy(struct txn *t, const struct row *source, const char *vm_ref,
                            const struct vdi_copies *copies) MUST_CHECK;
void vm_devices_delete(struct txn *t, const struct row *vm);

/* The address of device number 'device' by the VM's seed. */
struct mac vif_mac_from_seed(const char *seed, unsigned device);
