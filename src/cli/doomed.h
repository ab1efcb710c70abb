// SPDX-License-Identifier: GPL-2.0-or-later
/* VMs that go, with the disks that are theirs: those whose VBD bears the mark "owner", of
 * the VMs and of their snapshots, and suspend images.  One thread. */
#pragma once

#include "cli/run.h"

struct doomed {
    ref_list vms, vdis; /* snapshots before their VMs */
};

void doomed_fini(struct doomed *doomed);
/* Adds a VM, its snapshots and their disks. */
struct err *doomed_add(struct run *run, const char *vm, struct doomed *doomed) MUST_CHECK;
/* Lists them, and asks unless 'force' is among the arguments: fails when the answer is no.
 */
struct err *doomed_confirm(struct run *run, const struct doomed *doomed) MUST_CHECK;
/* Stops and destroys the VMs, then the disks; goes on after a failure and returns the
 * first.
 */
struct err *doomed_destroy(struct run *run, const struct doomed *doomed) MUST_CHECK;

/* Takes back a VM that was just made. */
struct err *doomed_undo(struct run *run, const char *vm) MUST_CHECK;
