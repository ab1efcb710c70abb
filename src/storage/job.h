// SPDX-License-Identifier: GPL-2.0-or-later
/* Work that goes on after the call that asked for it: seen by everybody, slowed down and
 * cancelled by whoever asked, and gone on with by the next daemon.
 *
 * The table and its journal; what a job does is merger.c.  A job is written down before
 * anybody is told of it, and its file goes when it ends.  It is ended in its SR's queue
 * only, so that there a pointer to one that has not ended is good; elsewhere jobs are named
 * by their ids.  Ended ones are listed for JOB_KEPT_MS.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"

#define JOB_KEPT_MS (3600u * 1000)

struct job_table;
struct storage;

enum job_state {
    JOB_QUEUED,
    JOB_RUNNING,
    JOB_WAITING, /* for holders, or for what 'reason' says */
    JOB_DONE,
    JOB_FAILED,
    JOB_CANCELLED,
};

struct job {
    struct uuid id, sr, lower; /* constant */
    int stop_fd;               /* readable: the copying is to end; constant */

    /* All below is guarded by the table's lock. */
    enum job_state state;
    struct uuid upper;    /* the layer being copied, while JOB_RUNNING */
    uint64_t rate, bytes; /* bytes: of that layer */
    double progress;      /* of it, 0 to 1 */
    struct val vdis, holders;
    const char *reason; /* of waiting, a constant; NULL */
    struct err *error;  /* of a failure */
    bool is_cancelled;  /* somebody asked */
    bool gives_way;     /* the copying was told to end, and is to begin again later */
    bool is_copying;    /* a child has its layers open */
    uint64_t told_ms, ended_ms;
};

/* Reads the journal: its jobs are there again, JOB_WAITING. */
struct err *jobs_new(struct storage *storage, int state_dir_fd,
                     struct job_table **ret_table) MUST_CHECK;
void jobs_free(struct job_table *table);

/* A new job, written down, JOB_QUEUED; or the one there is for this layer that has not
 * ended: '*ret_is_new' says which. */
struct err *job_add(struct job_table *table, const struct uuid *sr,
                    const struct uuid *lower, uint64_t rate, struct job **ret_job,
                    bool *ret_is_new) MUST_CHECK;
/* The ids of an SR's jobs that have not ended: NULL SR for all, an array of '*ret_n' that
 * is the caller's. */
struct uuid *jobs_of_sr(struct job_table *table, const struct uuid *sr, size_t *ret_n);
/* NULL when there is none, or it has ended. */
struct job *job_get(struct job_table *table, const struct uuid *id);
/* The id of the one for this layer that has not ended; "" when there is none. */
struct uuid job_for_layer(struct job_table *table, const struct uuid *sr,
                          const struct uuid *lower);

/* Asks it to end, and ends its copying: fine when it has ended.  UUID_INVALID.  'ret_sr' is
 * the queue where it ends. */
struct err *job_cancel(struct job_table *table, const struct uuid *id,
                       struct uuid *ret_sr) MUST_CHECK;
bool job_is_cancelled(struct job_table *table, const struct job *job);
/* Told to give way since it is JOB_RUNNING: what was copied may be behind what is there. */
bool job_gives_way(struct job_table *table, const struct job *job);
/* Writes the new rate down; a copy under way begins again with it. */
struct err *job_set_rate(struct job_table *table, const struct uuid *id,
                         uint64_t rate) MUST_CHECK;

/* Moves it on, and tells.  Values are taken. */
void job_wait(struct job_table *table, struct job *job, const char *reason,
              struct val holders);
void job_queue(struct job_table *table, struct job *job);
void job_run(struct job_table *table, struct job *job, const struct uuid *upper,
             uint64_t bytes, struct val vdis);
void job_progress(struct job_table *table, struct job *job, double progress);
/* JOB_DONE, JOB_FAILED with 'error' (taken), JOB_CANCELLED. */
void job_end(struct job_table *table, struct job *job, enum job_state state,
             struct err *error);

/* Another job of the SR that is JOB_RUNNING copies from or to one of these layers. */
bool jobs_have_layers(struct job_table *table, const struct job *job,
                      const struct uuid *layers, size_t n);

/* The copying begins (false: it is not to), and ends. */
bool job_begin_copy(struct job_table *table, struct job *job, uint64_t *ret_rate);
void job_end_copy(struct job_table *table, struct job *job);
/* Ends the copying into any of these layers; no child has them open when this returns.
 * VDI_IN_USE for 'vdi' when one does not end. */
struct err *jobs_give_way(struct job_table *table, const struct uuid *sr,
                          const struct uuid *layers, size_t n,
                          const struct uuid *vdi) MUST_CHECK;
/* The same for all of an SR (NULL: of all SRs, and none begins any more). */
void jobs_stop(struct job_table *table, const struct uuid *sr);
bool jobs_are_stopped(struct job_table *table);

/* JOB of docs/design/agent-protocol.md; UUID_INVALID. */
struct err *job_to_val(struct job_table *table, const struct uuid *id,
                       struct val *ret_job) MUST_CHECK;
struct val jobs_to_val(struct job_table *table);
