// SPDX-License-Identifier: GPL-2.0-or-later
/* Building and ending a VM's domain: the steps between the database and the agents, used by
 * the power calls and by the watcher.  Everything here is idempotent enough to be run again
 * after a crash: what was opened for a VM is named by its uuid and can be given back
 * without remembering it.  Worker threads only. */
#pragma once

#include "rpc/call.h"
#include "rpc/manager.h"

/* Opens disks, attaches interfaces, has lk-vmd create the domain (paused) and, unless
 * 'start_paused', lets it run; then writes the new state.  On failure everything is given
 * back and the VM stays Halted. */
struct err *vm_life_start(struct manager *m, const char *vm_ref, bool start_paused,
                          struct task *task) MUST_CHECK;

/* Ends the domain and makes a new one of what the database says now; the VM does not show
 * as Halted in between.  On failure it is. */
struct err *vm_life_restart(struct manager *m, const char *vm_ref,
                            struct task *task) MUST_CHECK;
/* The same of a Suspended VM, which goes on from its memory image; the image is gone
 * afterwards.  On failure it stays Suspended, unless its guest may have run already. */
struct err *vm_life_resume(struct manager *m, const char *vm_ref, bool start_paused,
                           struct task *task) MUST_CHECK;
/* A transaction function: the VM named by 'vm_ref' is Suspended, its devices reserved. */
struct err *vm_life_suspended_txn(struct txn *t, void *vm_ref) MUST_CHECK;

/* Ends the domain and writes Halted.  A VM that is Halted already is success. */
struct err *vm_life_end(struct manager *m, const char *vm_ref) MUST_CHECK;

/* Gives back what the agents hold for the VM, without touching the database. */
struct err *vm_life_release(struct manager *m, const struct row *vm) MUST_CHECK;

/* The agents' description of the VM's disks and interfaces ("config" of vm.create), opening
 * what it names. 'fds' has room for FRAME_MAX_FDS and belongs to the caller, also on
 * failure. */
struct err *vm_config_build(struct manager *m, const struct row *vm, struct val *ret_config,
                            int *fds, size_t *n_fds) MUST_CHECK;

/* The same of one device, added to 'disks' or 'nics'; and giving it back, which is fine
 * when nothing is held. */
struct err *vm_config_add_disk(struct manager *m, const struct row *vm, const char *vbd_ref,
                               struct val *disks, int *fds, size_t *n_fds) MUST_CHECK;
struct err *vm_config_add_nic(struct manager *m, const struct row *vm, const char *vif_ref,
                              struct val *nics) MUST_CHECK;
struct err *vm_life_close_disk(struct manager *m, const struct row *vm,
                               const char *vbd_ref) MUST_CHECK;
struct err *vm_life_detach_nic(struct manager *m, const struct row *vm,
                               const char *vif_ref) MUST_CHECK;
/* In the rows: the device is attached, or is not. */
void vm_life_set_disk(struct txn *t, const char *vbd_ref, bool attached);
void vm_life_set_nic(struct txn *t, const char *vif_ref, bool attached);

/* The number of a VBD's userdevice: "0", "xvdb", "hdc", "sda"; -1 when it is none of those.
 */
int vbd_device_number(const char *userdevice);
