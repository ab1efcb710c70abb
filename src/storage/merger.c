// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/merger.h"

#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "io/pool.h"
#include "storage/fault.h"
#include "storage/image.h"
#include "storage/sr_private.h"

#define COPIES     2     /* at a time, on all SRs */
#define MAX_QUEUED 65536 /* as many as there can be jobs in queues */

struct merger {
    struct pool *copiers;
};

/* What lies above a layer that is being copied must not be merged into it meanwhile: the
 * copy would lack it. */
static const char has_neighbour[] = "another merge has its layers";

/* A job on its way through the threads. */
struct turn {
    struct storage *storage;
    struct uuid job;
    struct merge_step step; /* open while it is being copied */
    uint64_t rate;
    struct err *error; /* of the copying */
};

static struct turn *turn_new(struct storage *storage, const struct uuid *job);
static void turn_free(struct turn *turn);
static void kick_neighbours(struct storage *storage, const struct uuid *sr);
static void post(struct storage *storage, const struct uuid *job, const struct uuid *sr);
static void begin(void *arg);
static bool begin_step(struct turn *turn, struct job *job);
static void copy(void *arg);
static void end_copy(void *arg);
static void finish_step(struct turn *turn, struct job *job);
static bool waits_for_holders(struct storage *storage, struct job *job,
                              const struct merge_step *step);
static void list_granted(struct storage *storage, const struct uuid *sr,
                         const struct merge_list *list, struct val *merges);
static bool is_granted(struct storage *storage, const struct uuid *sr,
                       const struct merge *run);
static struct val describe(struct storage *storage, const struct uuid *sr,
                           const struct merge *merge);
static const char *way_of(const struct hold_list *holds, const struct merge *merge);
static struct val uuids_to_val(const struct uuid *uuids, size_t n);

struct merger *merger_new(void)
{
    struct merger *merger = xcalloc(1, sizeof(*merger));

    merger->copiers = pool_new("merge", COPIES, MAX_QUEUED);
    return merger;
}

void merger_stop(struct merger *merger)
{
    if (merger->copiers)
        pool_free(take_ptr(merger->copiers));
}

void merger_free(struct merger *merger)
{
    if (!merger)
        return;
    merger_stop(merger);
    free(merger);
}

struct err *merger_start(struct storage *storage, struct sr *sr, const struct uuid *lower,
                         uint64_t rate, struct uuid *ret_job)
{
    automergestep step = {.is_empty = true};
    struct job *job;
    bool is_new;
    struct err *e;

    if (!sr->driver->merge_open)
        return sr_not_supported(sr);
    e = sr->driver->merge_open(sr->state, lower, &step);
    if (!e)
        e = job_add(storage->jobs, &sr->uuid, lower, rate, &job, &is_new);
    if (e)
        return e;
    *ret_job = job->id;
    if (is_new)
        post(storage, &job->id, &sr->uuid);
    return NULL;
}

struct err *merger_list(struct storage *storage, struct sr *sr, struct val *ret_merges)
{
    automerges list = {0};
    struct err *e =
        sr->driver->merges ? sr->driver->merges(sr->state, &list) : sr_not_supported(sr);

    if (e)
        return e;
    *ret_merges = val_set(list.n);
    list_granted(storage, &sr->uuid, &list, ret_merges);
    for (size_t i = 0; i < list.n; i++)
        if (!is_granted(storage, &sr->uuid, &list.at[i]))
            val_push(ret_merges, describe(storage, &sr->uuid, &list.at[i]));
    return NULL;
}

void merger_look(struct storage *storage, struct sr *sr)
{
    automerges list = {0};
    struct err *e = sr->driver->merges ? sr->driver->merges(sr->state, &list) : NULL;
    size_t depth = 0;

    if (e) {
        err_ignore(e, "what can be merged is looked for again after the next change");
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct merge *merge = &list.at[i];
        autoholds holds = {0};
        struct uuid job;

        if (merge->depth > depth)
            depth = merge->depth;
        locks_on_layers(storage->locks, &sr->uuid, merge->layers, merge->n_layers, &holds);
        if (merge->depth <= MERGER_SOFT_DEPTH || holds.n)
            continue;
        e = merger_start(storage, sr, merge_lower(merge), 0, &job);
        if (e)
            err_ignore(e, "a deep chain is merged after the next change");
    }
    if (list.n) {
        struct val notice = val_map(2);

        val_put_str(&notice, "sr", val_str(sr->uuid.text));
        val_put_str(&notice, "depth", val_int((int64_t)depth));
        storage_notify(storage, "layer.mergeable", notice);
    }
}

void merger_kick(struct storage *storage, const struct uuid *sr)
{
    size_t n;
    autofree struct uuid *ids = jobs_of_sr(storage->jobs, sr, &n);

    for (size_t i = 0; i < n; i++) {
        const struct job *job = job_get(storage->jobs, &ids[i]);

        if (job)
            post(storage, &ids[i], &job->sr);
    }
}

void merger_forget(struct storage *storage, const struct uuid *sr)
{
    size_t n;
    autofree struct uuid *ids = jobs_of_sr(storage->jobs, sr, &n);
    struct uuid queue;

    for (size_t i = 0; i < n; i++) {
        struct err *e = job_cancel(storage->jobs, &ids[i], &queue);

        if (e)
            err_ignore(e, "it has ended");
    }
    merger_kick(storage, sr);
}

struct err *merger_make_way(struct storage *storage, struct sr *sr, const struct uuid *vdi)
{
    struct uuid layers[LAYERS_MAX];
    size_t n = 0;
    struct err *e = NULL;

    if (sr->driver->volume_chain)
        e = sr->driver->volume_chain(sr->state, vdi, layers, &n);
    if (e) {
        /* What is wrong with it the call itself finds out. */
        err_ignore(e, "a chain that cannot be followed is not being merged");
        return NULL;
    }
    return jobs_give_way(storage->jobs, &sr->uuid, layers, n, vdi);
}

static struct turn *turn_new(struct storage *storage, const struct uuid *job)
{
    struct turn *turn = xcalloc(1, sizeof(*turn));

    turn->storage = storage;
    turn->job = *job;
    return turn;
}

static void turn_free(struct turn *turn)
{
    merge_step_fini(&turn->step);
    err_free(turn->error);
    free(turn);
}

static void post(struct storage *storage, const struct uuid *job, const struct uuid *sr)
{
    struct turn *turn = turn_new(storage, job);

    if (!storage_post(storage, sr, begin, turn))
        turn_free(turn); /* the daemon begins or ends: the journal has it */
}

/* In the SR's queue: the next step of a job, if it is not under way already. */
static void begin(void *arg)
{
    struct turn *turn = arg;
    struct job_table *jobs = turn->storage->jobs;
    struct job *job = job_get(jobs, &turn->job);

    if (!job || job->state == JOB_RUNNING || jobs_are_stopped(jobs) ||
        !begin_step(turn, job)) {
        turn_free(turn);
        return;
    }
    if (turn->step.is_empty)
        finish_step(turn, job);
    else if (!pool_submit(turn->storage->merger->copiers, copy, turn))
        job_wait(jobs, job, "too many merges at once", val_set(0));
    else
        return; /* the copier has it */
    turn_free(turn);
}

/* False when there is nothing to do now. */
static bool begin_step(struct turn *turn, struct job *job)
{
    struct job_table *jobs = turn->storage->jobs;
    struct sr *sr;
    struct err *e = sr_get(turn->storage, &job->sr, &sr);

    if (job_is_cancelled(jobs, job)) {
        err_free(e);
        job_end(jobs, job, JOB_CANCELLED, NULL);
        return false;
    }
    if (e) {
        err_ignore(e, "the job goes on when the SR is attached again");
        job_wait(jobs, job, "the SR is not attached", val_set(0));
        return false;
    }
    e = sr->driver->merge_open(sr->state, &job->lower, &turn->step);
    if (e && err_code(e) == ERR_OPERATION_NOT_ALLOWED) {
        err_free(e); /* all that was above it is in it */
        job_end(jobs, job, JOB_DONE, NULL);
        merger_look(turn->storage, sr);
        return false;
    }
    if (e) {
        job_end(jobs, job, JOB_FAILED, e);
        return false;
    }
    if (waits_for_holders(turn->storage, job, &turn->step))
        return false;
    if (jobs_have_layers(jobs, job, turn->step.ids, ARRAY_SIZE(turn->step.ids))) {
        job_wait(jobs, job, has_neighbour, val_set(0));
        return false;
    }
    if (!space_watch_allows(sr->space, turn->step.bytes)) {
        job_wait(jobs, job, "the SR has no room for the copy", val_set(0));
        return false;
    }
    job_run(jobs, job, &turn->step.ids[0], turn->step.bytes,
            uuids_to_val(turn->step.vdis, turn->step.n_vdis));
    return true;
}

static void on_progress(void *arg, double done)
{
    const struct turn *turn = arg;
    struct job_table *jobs = turn->storage->jobs;
    struct job *job = job_get(jobs, &turn->job);

    if (job)
        job_progress(jobs, job, done);
}

/* A copier's thread: no queue is held meanwhile. */
static void copy(void *arg)
{
    struct turn *turn = arg;
    struct job_table *jobs = turn->storage->jobs;
    struct job *job = job_get(jobs, &turn->job);
    struct image_commit how = {
        .virtual_size = turn->step.virtual_size,
        .cancel_fd = job->stop_fd,
        .on_progress = on_progress,
        .arg = turn,
    };

    if (job_begin_copy(jobs, job, &how.rate)) {
        turn->error =
            image_commit_down(&turn->storage->host.tool, &turn->step.layers, &how);
        /* Before anybody is told that nothing has them open. */
        layers_fini(&turn->step.layers);
        job_end_copy(jobs, job);
    } else {
        turn->error = err_params(ERR_TASK_CANCELLED, NULL);
    }
    storage_post(turn->storage, &job->sr, end_copy, turn);
}

/* In the SR's queue again. */
static void end_copy(void *arg)
{
    struct turn *turn = arg;
    struct job_table *jobs = turn->storage->jobs;
    struct job *job = job_get(jobs, &turn->job);
    struct uuid sr = job->sr;

    if (turn->error && err_code(turn->error) != ERR_TASK_CANCELLED) {
        job_end(jobs, job, JOB_FAILED, take_ptr(turn->error));
    } else if (turn->error || job_gives_way(jobs, job)) {
        job_queue(jobs, job);
        post(turn->storage, &job->id, &job->sr);
    } else {
        finish_step(turn, job);
    }
    kick_neighbours(turn->storage, &sr);
    turn_free(turn);
}

/* Those that waited for a copy that ended. */
static void kick_neighbours(struct storage *storage, const struct uuid *sr)
{
    size_t n;
    autofree struct uuid *ids = jobs_of_sr(storage->jobs, sr, &n);

    for (size_t i = 0; i < n; i++) {
        const struct job *job = job_get(storage->jobs, &ids[i]);

        if (job && job->reason == has_neighbour)
            post(storage, &ids[i], sr);
    }
}

/* The lower layer has all bytes. */
static void finish_step(struct turn *turn, struct job *job)
{
    const struct uuid *upper = &turn->step.ids[0];
    struct job_table *jobs = turn->storage->jobs;
    struct sr *sr;
    struct err *e = sr_get(turn->storage, &job->sr, &sr);

    if (e) {
        err_ignore(e, "the job goes on when the SR is attached again");
        job_wait(jobs, job, "the SR is not attached", val_set(0));
        return;
    }
    /* Somebody may have come since: what he wrote is not in the copy. */
    if (waits_for_holders(turn->storage, job, &turn->step))
        return;
    e = sr->driver->merge_finish(sr->state, &job->lower, upper);
    if (e && err_code(e) == ERR_OPERATION_NOT_ALLOWED) {
        err_ignore(e, "somebody else needs the layer since");
    } else if (e) {
        job_end(jobs, job, JOB_FAILED, e);
        return;
    }
    job_queue(jobs, job);
    post(turn->storage, &job->id, &job->sr);
}

static bool waits_for_holders(struct storage *storage, struct job *job,
                              const struct merge_step *step)
{
    autoholds holds = {0};

    locks_on_layers(storage->locks, &job->sr, step->ids, ARRAY_SIZE(step->ids), &holds);
    if (holds.n)
        job_wait(storage->jobs, job, "others have its layers open", holds_to_val(&holds));
    return holds.n;
}

static bool has_layer(const struct merge *run, const struct uuid *layer)
{
    for (size_t i = 0; i < run->n_layers; i++)
        if (STREQ(run->layers[i].text, layer->text))
            return true;
    return false;
}

/* The run as it was granted: others may have become part of it since.  False: its holder
 * has other layers. */
static bool granted_run(const struct hold *hold, const struct merge_list *list,
                        struct merge *run)
{
    bool is_between = false;

    *run = (struct merge){.layers = xcalloc(hold->n_layers + 1, sizeof(run->layers[0]))};
    for (size_t i = hold->n_layers; i-- > 0;) {
        is_between = is_between || STREQ(hold->layers[i].text, hold->lower.text);
        if (is_between)
            run->layers[run->n_layers++] = hold->layers[i];
        if (STREQ(hold->layers[i].text, hold->upper.text))
            break;
    }
    run->vdis = xcalloc(1, sizeof(run->vdis[0]));
    run->vdis[run->n_vdis++] = hold->vdi;
    run->depth = hold->n_layers;
    for (size_t i = 0; i < list->n; i++)
        if (has_layer(&list->at[i], &hold->lower))
            run->bytes = list->at[i].bytes;
    return run->n_layers > 1;
}

/* A manager that comes anew goes on with these first: until they are ended nothing else can
 * be done with their disks. */
static void list_granted(struct storage *storage, const struct uuid *sr,
                         const struct merge_list *list, struct val *merges)
{
    autoholds holds = {0};

    locks_on_sr(storage->locks, sr, &holds);
    for (size_t i = 0; i < holds.n; i++) {
        automerge run = {0};

        if (holds.at[i].lower.text[0] && granted_run(&holds.at[i], list, &run))
            val_push(merges, describe(storage, sr, &run));
    }
}

/* Whether a part of it is. */
static bool is_granted(struct storage *storage, const struct uuid *sr,
                       const struct merge *run)
{
    autoholds holds = {0};

    locks_on_layers(storage->locks, sr, run->layers, run->n_layers, &holds);
    for (size_t i = 0; i < holds.n; i++)
        if (holds.at[i].lower.text[0] && has_layer(run, &holds.at[i].lower))
            return true;
    return false;
}

static struct val describe(struct storage *storage, const struct uuid *sr,
                           const struct merge *merge)
{
    struct val v = val_map(9);
    autoholds holds = {0};

    locks_on_layers(storage->locks, sr, merge->layers, merge->n_layers, &holds);
    val_put_str(&v, "lower", val_str(merge_lower(merge)->text));
    val_put_str(&v, "upper", val_str(merge_upper(merge)->text));
    val_put_str(&v, "layers", val_int((int64_t)merge->n_layers - 1));
    val_put_str(&v, "bytes", val_int((int64_t)merge->bytes));
    val_put_str(&v, "depth", val_int((int64_t)merge->depth));
    val_put_str(&v, "vdis", uuids_to_val(merge->vdis, merge->n_vdis));
    val_put_str(&v, "way", val_str(way_of(&holds, merge)));
    val_put_str(&v, "holders", holds_to_val(&holds));
    val_put_str(&v, "job",
                val_str(job_for_layer(storage->jobs, sr, merge_lower(merge)).text));
    return v;
}

/* One process that writes can merge by itself, one thing after the other. */
static const char *way_of(const struct hold_list *holds, const struct merge *merge)
{
    const struct hold *only = holds->n == 1 ? &holds->at[0] : NULL;

    if (holds->n == 0)
        return "halted";
    if (!only || only->mode != OPEN_RW)
        return "wait";
    return !only->lower.text[0] || STREQ(only->lower.text, merge_lower(merge)->text)
               ? "live"
               : "wait";
}

static struct val uuids_to_val(const struct uuid *uuids, size_t n)
{
    struct val list = val_set(n);

    for (size_t i = 0; i < n; i++)
        val_push(&list, val_str(uuids[i].text));
    return list;
}
