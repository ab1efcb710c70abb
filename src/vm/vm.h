// SPDX-License-Identifier: GPL-2.0-or-later
/* One VM as the core sees it, and the table it is in.  Private to the core.
 *
 * A VM is held by the table, by whoever works on it, and by its guest's channel.  Its
 * members without a note are constant. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/map.h"
#include "base/value.h"
#include "vm/backend.h"
#include "vm/vms.h"

struct guest_channel;
struct guest_freezing;
struct loop_mailbox;
struct sd_event_source;

enum vm_phase {
    VM_PHASE_ADOPTING, /* found in the run folders; the backend has not been asked yet */
    VM_PHASE_LOST,     /* it was asked and did not know: asked again, taken to run */
    VM_PHASE_MAKING,
    VM_PHASE_HERE,
    VM_PHASE_REMOVED, /* no longer in the table */
};

struct vm {
    struct vms *vms;
    struct vm_identity id;
    atomic_uint n_holds;

    /* In the VM's queue. */
    void *backend_vm;                 /* NULL: nothing to destroy */
    enum vm_shutdown_mode asked_mode; /* what the guest's agent was asked for last */

    /* Under the table's lock. */
    enum vm_phase phase;
    struct vm_status status;
    bool reboot_is_news; /* an adopted VM had rebooted, and nobody was told yet */
    struct val record;   /* vm/record.h */
    struct val report;   /* the guest's, VAL_VOID while there is none */

    struct guest_channel *channel;   /* loop thread */
    struct guest_freezing *freezing; /* loop thread */
};

struct vms {
    const struct vm_backend *backend;
    void *backend_state; /* NULL until it was opened */
    struct agent *agent;
    char *run_dir, *kernel_dir, *script;
    int dir_fd; /* <run>/vm */
    struct loop_mailbox *mailbox;
    struct sd_event_source *retry_timer; /* loop thread */

    pthread_mutex_t lock;
    pthread_cond_t settled; /* a phase has changed */
    struct map table;       /* GUARDED_BY(lock): uuid to struct vm */
    bool is_stopped;        /* GUARDED_BY(lock) */
};

struct vm *vm_hold(struct vm *vm);
void vm_release(struct vm *vm);
DEFINE_AUTOPTR(vm, vm_release)

/* A new VM in phase 'phase', held by the caller; takes 'dir_fd'. */
struct vm *vm_new(struct vms *vms, const char *uuid, int dir_fd, enum vm_phase phase);
/* Held for the caller; NULL when there is none. */
struct vm *vms_find(struct vms *vms, const char *uuid);
/* Adds it unless there is one of its uuid, or too many. */
struct err *vms_add(struct vms *vms, struct vm *vm) MUST_CHECK;
void vms_set_phase(struct vm *vm, enum vm_phase phase);
/* Out of the table, in phase REMOVED; its channel is closed.  Not on the loop thread. */
void vms_remove(struct vm *vm);

/* Asks the backend what became of a VM that is not yet HERE.  A VM of which nothing runs is
 * removed with its folder.  In the VM's queue. */
struct err *vm_adopt(struct vm *vm) MUST_CHECK;

static inline bool vm_state_is_end(enum vm_state state)
{
    return state != VM_STATE_RUNNING && state != VM_STATE_PAUSED;
}
const char *vm_state_word(enum vm_state state);
const char *vm_reason_word(enum vm_reason reason);
