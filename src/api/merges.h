// SPDX-License-Identifier: GPL-2.0-or-later
/* Layers that deleted snapshots left, made one with those below: started when lk-stored
 * says that there are some, each a task that people see, slow down (SR.other_config
 * "merge-rate", bytes a second) and cancel.  Where a VM runs its own process merges.
 *
 * At most MERGES_AT_ONCE at a time, one for a VM.  Nothing here is remembered: what is
 * under way the agents know, and a new manager follows it.  Any thread. */
#pragma once

#include <stdbool.h>

#include "base/uuid.h"
#include "base/value.h"

struct err;
struct manager;
struct merges;
struct task;

#define MERGES_AT_ONCE 8

struct merges *merges_new(struct manager *m);
/* Nothing is followed any more; what is under way goes on at the agents. */
void merges_stop(struct merges *merges);
void merges_free(struct merges *merges);

/* Begins what can be merged on the SR, and follows what is.  Returns at once. */
void merges_look(struct merges *merges, const char *sr_uuid);
/* The same for every plugged SR: an agent came back. */
void merges_look_everywhere(struct manager *m);
/* By the clock: what failed a while ago is tried again, a minute to an hour later. */
void merges_retry(struct manager *m);
/* Notices "layer.mergeable" and "job.progress" of lk-stored; on its reader thread. */
void merges_notice(struct manager *m, const char *name, const struct val *params);

/* No merge runs in the VM's process from the return of the first to the second: for what
 * else changes its disks. */
void merges_bar(struct merges *merges, const char *vm_uuid);
void merges_unbar(struct merges *merges, const char *vm_uuid, const char *sr_uuid);

/* ---- for merge_live.c and merge_rest.c ---- */

/* One that is followed. */
struct merge_task {
    struct merges *merges;
    struct manager *m;
    struct uuid sr, lower;
    struct uuid vm;   /* "" at rest */
    struct uuid job;  /* at rest */
    struct val merge; /* as lk-stored described it */
    bool is_started;  /* guarded by the table's lock */
};

/* A while, until something is to end: whether this one is. */
bool merges_wait(const struct merge_task *one);
bool merges_is_stopping(const struct merge_task *one);
/* Bytes a second, 0: no limit. */
uint64_t merges_rate(const struct merge_task *one);

struct err *merge_live(struct merge_task *one, struct task *task);
struct err *merge_rest(struct merge_task *one, struct task *task);
