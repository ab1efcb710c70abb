// SPDX-License-Identifier: GPL-2.0-or-later
/* A running VM's memory on its way into its image (vm_memory.h): for suspend, and for a
 * checkpoint, after which the VM goes on. */
#pragma once

#include "rpc/call.h"

/* Makes the image, which goes again should the call be cut off. */
struct err *vm_saving_begin(struct call *call, const char *vm_ref) MUST_CHECK;
/* Before the VM stands still: it goes on should the call be cut off.  What is said last to
 * the journal is settled first. */
struct err *vm_saving_will_stop(struct call *call, const char *vm_ref) MUST_CHECK;
/* Writes it.  The VM stands still then; after an error it is as it was, unless lk-vmd is
 * gone. */
struct err *vm_saving_write(struct call *call, const char *vm_ref) MUST_CHECK;
/* The VM goes on; fine when it does already.  Waits a while for a lk-vmd that died. */
struct err *vm_saving_go_on(struct call *call, const struct row *vm) MUST_CHECK;
