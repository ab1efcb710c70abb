// SPDX-License-Identifier: GPL-2.0-or-later
/* The images that hold suspended VMs' memory: VDIs of type "suspend".
 *
 * VM.suspend_VDI names the image from before it is written until it is gone, so that one of
 * a suspend or resume that was cut off is found: it belongs to a VM that is not Suspended.
 */
#pragma once

#include "rpc/call.h"
#include "rpc/manager.h"

/* Makes an image for the memory of 'vm' on the SR chosen for that (VM_NO_SUSPEND_SR [VM])
 * and names it in the VM's row. */
struct err *vm_memory_make(struct call *call, const char *vm_ref) MUST_CHECK;
/* The image opened by lk-stored for the VM: its description as lk-vmd wants it, 'ret_image'
 * with "fd" 'index', and the descriptor.  VM_HAS_NO_SUSPEND_VDI [VM]. */
struct err *vm_memory_open(struct manager *m, const struct row *vm, const char *mode,
                           size_t index, struct val *ret_image, int *ret_fd) MUST_CHECK;
/* Closes it; its row says what it takes. */
struct err *vm_memory_written(struct manager *m, const char *vm_ref) MUST_CHECK;
/* Fine when it is not open, or there is none. */
struct err *vm_memory_close(struct manager *m, const struct row *vm) MUST_CHECK;
/* The image goes, and the row names none.  Fine when there is none. */
struct err *vm_memory_drop(struct manager *m, const char *vm_ref) MUST_CHECK;
/* Drops those of VMs that are not suspended, nor about to be. */
void vm_memory_sweep(struct manager *m);
