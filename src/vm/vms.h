// SPDX-License-Identifier: GPL-2.0-or-later
/* The VMs of this host: the table of them, what becomes of them, and what the manager is
 * told.  See vm/backend.h for what runs them and vm/verbs.h for the door.
 *
 * Verbs of one VM come one at a time (the agent's queues), jobs of the core's own for it in
 * the same queue. */
#pragma once

#include "base/err.h"
#include "base/value.h"
#include "vm/backend.h"

struct agent;
struct vms;

struct vms_config {
    const struct vm_backend *backend;
    const char *run_dir;
    const char *kernel_dir; /* for the backend xen */
    const char *script;     /* for the backend sim, or NULL */
};

/* Opens the run folders. */
struct err *vms_new(const struct vms_config *config, struct vms **ret_vms) MUST_CHECK;
void vms_free(struct vms *vms);

/* Starts the backend and begins to find what runs.  Loop thread, before the loop runs.
 * After a failure there is nothing to stop. */
struct err *vms_start(struct vms *vms, struct agent *agent) MUST_CHECK;
/* Lets go of all VMs; they run on.  Loop thread, when no verb runs. */
void vms_stop(struct vms *vms);

/* The answer of vm.list.  Waits until what ran before this process is found, and until
 * creations under way have ended: a VM that is not in the list does not run. */
struct val vms_list(struct vms *vms);
