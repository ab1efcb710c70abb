// SPDX-License-Identifier: GPL-2.0-or-later
/* Tasks as rows of class task: made, moved on, ended, cancelled, swept.  Any thread.
 *
 * States: pending -> success | failure | cancelled; an ended task never changes again.  A
 * task row is volatile (the datamodel says so): it costs no disk write and does not outlive
 * the daemon. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "model/model.h"

struct db;
struct task;

/* The host that new tasks are resident on.  Once, at start. */
void task_set_host(const char *host_ref);

/* A task row, pending, cancellable or not; 'session_ref' and 'subtask_of' may be NULL. */
struct err *task_create(struct db *db, const char *label, const char *description,
                        const char *session_ref, const char *subtask_of, bool cancellable,
                        struct task **ret_task) MUST_CHECK;
/* A task of an earlier run of the daemon, whose row went with it: there again, pending. */
struct err *task_revive(struct db *db, const char *ref, const char *label, int64_t created,
                        struct task **ret_task) MUST_CHECK;
/* A task without a row, for short synchronous calls: "DummyRef:|uuid|label". */
struct task *task_dummy(const char *label);
/* Work under a task that a client made and will end itself: its progress shows and it can
 * be cancelled, but task_end leaves it alone.  HANDLE_INVALID. */
struct err *task_adopt(struct db *db, const char *ref, struct task **ret_task) MUST_CHECK;
void task_free(struct task *task); /* the row stays */
const char *task_ref(const struct task *task);

/* At most a few writes a second come of it. */
void task_progress(struct task *task, double fraction);
/* Ends it: 'e' NULL is success with 'result' of 'type' (stored as XML-RPC text), else
 * failure with its code and parameters, or cancelled when the code is TASK_CANCELLED.  'e'
 * stays the caller's. */
void task_end(struct task *task, const struct type *type, const struct val *result,
              const struct err *e);
/* Ends it and removes the row: for a synchronous call, whose caller has the answer. */
void task_end_and_remove(struct task *task);

/* A request to cancel 'parent', which outlives 'task', is one to cancel 'task' too.  Before
 * the work begins. */
void task_cancel_with(struct task *task, const struct task *parent);
/* True once somebody asked for cancellation; task_check_cancel gives TASK_CANCELLED [ref]
 * then. */
bool task_cancel_requested(const struct task *task);
struct err *task_check_cancel(const struct task *task) MUST_CHECK;
/* Waits up to 'timeout_ms' for such a request: true when it came. */
bool task_wait_cancel(struct task *task, uint64_t timeout_ms);
/* From task.cancel: marks it and wakes task_wait_cancel; false when the row is no running
 * task of ours. */
bool task_request_cancel(struct db *db, const char *ref);

/* Drops what is over age: finished after 65 min, pending without progress after 24 h,
 * finished ones beyond 200.  Called by a timer. */
void task_sweep(struct db *db);
