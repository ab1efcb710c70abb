// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be asked of a VM, one thing at a time: from a checked call to the backend and
 * back.  In the VM's queue, not on the loop thread.
 *
 * Errors: VM_BAD_POWER_STATE [VM, expected, actual] for a VM that is not in a fitting
 * state; one that is not here is "halted". */
#pragma once

#include "vm/config.h"
#include "vm/vm.h"

/* Makes the VM, paused.  On failure nothing of it is left. */
struct err *life_create(struct vms *vms, const char *uuid, const struct vm_config *config,
                        struct vm_status *ret_status) MUST_CHECK;
/* Ends the VM and removes what it left.  Fine when there is none. */
struct err *life_destroy(struct vms *vms, const char *uuid) MUST_CHECK;

struct err *life_unpause(struct vms *vms, const char *uuid) MUST_CHECK;
struct err *life_pause(struct vms *vms, const char *uuid) MUST_CHECK;
/* Writes its memory to 'image' and leaves it paused; after an error it is as it was. */
struct err *life_suspend(struct vms *vms, const char *uuid,
                         const struct vm_layer *image) MUST_CHECK;
struct err *life_reset(struct vms *vms, const char *uuid) MUST_CHECK;
/* Asks the guest, by its agent or else by the backend, and does not wait for it. */
struct err *life_shutdown(struct vms *vms, const char *uuid,
                          enum vm_shutdown_mode mode) MUST_CHECK;

struct err *life_console(struct vms *vms, const char *uuid, enum vm_console console,
                         int *ret_fd) MUST_CHECK;
struct err *life_set_cd(struct vms *vms, const char *uuid, unsigned device,
                        const struct vm_layer *layers, size_t n_layers) MUST_CHECK;
struct err *life_stat(struct vms *vms, const char *uuid,
                      struct vm_stat *ret_stat) MUST_CHECK;
/* What its firmware keeps, also after its end; nothing for one without. */
struct err *life_flash(struct vms *vms, const char *uuid, struct buf *ret_bytes) MUST_CHECK;

/* For the files beside life.c: finds the VM, which must be in one of 'states', bits by
 * LIFE_IN; and NOT_IMPLEMENTED [verb]. */
#define LIFE_IN(state) (1u << (state))
#define LIFE_ALIVE     (LIFE_IN(VM_STATE_RUNNING) | LIFE_IN(VM_STATE_PAUSED))
struct err *life_enter(struct vms *vms, const char *uuid, unsigned states,
                       struct vm **ret_vm) MUST_CHECK;
struct err *life_not_supported(const struct vms *vms, const char *verb) MUST_CHECK;

/* A job: asks the backend for what the guest's agent did not do.  'arg' is a held VM. */
void life_press_button(void *arg);
