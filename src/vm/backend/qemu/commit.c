// SPDX-License-Identifier: GPL-2.0-or-later
/* Layers that become one while their guest runs: QEMU's block-commit.
 *
 * A job that ended stays in QEMU until what it left was cleared away, so that the next
 * lk-vmd goes on where one that died stopped. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "vm/backend/qemu/chain.h"
#include "vm/backend/qemu/domain.h"

#define PIVOT_MS 60000 /* for what is still to be copied: the guest stands still */
#define LOOK_MS  1000
#define MAX_RATE INT64_MAX

enum progress { NOT_THERE, RUNNING, READY, CONCLUDED };

struct job {
    char id[16];
    enum progress progress;
    double done;
    char error[256]; /* "" when it succeeded */
};

/* ---- what QEMU says of the job ---- */

static void read_job(const struct val *entry, struct job *job)
{
    const char *status = qmp_text(entry, "status", "");
    double total = (double)qmp_int(entry, "total-progress", 0),
           done = (double)qmp_int(entry, "current-progress", 0);

    job->progress = STREQ(status, "concluded")                           ? CONCLUDED
                    : STREQ(status, "ready") || STREQ(status, "standby") ? READY
                                                                         : RUNNING;
    job->done = total > 0 ? done / total : 0;
    snprintf(job->error, sizeof(job->error), "%s", qmp_text(entry, "error", ""));
}

static struct err *find_job(struct qemu_vm *vm, unsigned device, struct job *job)
{
    autoval struct val jobs = val_void();
    struct err *e = qemu_call(vm, "query-jobs", val_void(), &jobs);

    *job = (struct job){.progress = NOT_THERE};
    snprintf(job->id, sizeof(job->id), "commit%u", device);
    for (size_t i = 0; !e && i < qmp_count(&jobs); i++)
        if (STREQ(qmp_text(val_at(&jobs, i), "id", ""), job->id))
            read_job(val_at(&jobs, i), job);
    return e;
}

static struct err *tell_job(struct qemu_vm *vm, const struct job *job, const char *command)
{
    struct val arguments = val_map(1);

    val_put_str(&arguments, "id", val_str(job->id));
    return qemu_call(vm, command, arguments, NULL);
}

void qemu_job_heard(struct qemu_vm *vm)
{
    pthread_mutex_lock(&vm->lock);
    vm->n_job_events++;
    pthread_cond_broadcast(&vm->job_heard);
    pthread_mutex_unlock(&vm->lock);
}

static void wait_for_job_event(struct qemu_vm *vm, unsigned seen)
{
    uint64_t until_ms = clock_monotonic_ms() + LOOK_MS;
    const struct timespec until = {(time_t)(until_ms / 1000),
                                   (long)(until_ms % 1000) * 1000000};
    int r = 0;

    pthread_mutex_lock(&vm->lock);
    while (r == 0 && vm->n_job_events == seen)
        r = pthread_cond_timedwait(&vm->job_heard, &vm->lock, &until);
    pthread_mutex_unlock(&vm->lock);
}

static unsigned job_events(struct qemu_vm *vm)
{
    unsigned n;

    pthread_mutex_lock(&vm->lock);
    n = vm->n_job_events;
    pthread_mutex_unlock(&vm->lock);
    return n;
}

/* ---- after it ---- */

/* The options of a qcow2 layer of 'chain' for reading. */
static struct val reading_options(const struct qemu_chain *chain, size_t i, unsigned device)
{
    const struct qemu_layer_mode mode = {.device = device};
    struct vm_layer layer = {.format = VM_IMAGE_QCOW2}, backing = {.fd = -1};

    snprintf(layer.id, sizeof(layer.id), "%s", chain->at[i].id.text);
    if (i + 1 < chain->n)
        snprintf(backing.id, sizeof(backing.id), "%s", chain->at[i + 1].id.text);
    return qemu_format_node(&layer, i + 1 < chain->n ? &backing : NULL, &mode);
}

/* QEMU 7.2 leaves a layer writable when the commit of the top into it is cancelled, and
 * after each later commit then: what it has of its tables in memory would die with it.
 * (query-named-block-nodes would tell so too, after seconds where the chain is deep: it
 * spells out each layer with all below it, while the guest waits.) */
static struct err *end_writing(struct qemu_vm *vm, unsigned device,
                               const struct qemu_chain *chain)
{
    autoval struct val sets = val_void();
    struct err *e = qemu_call(vm, "query-fdsets", val_void(), &sets);

    for (size_t i = 1; !e && i < chain->n; i++) {
        const struct qemu_link *link = &chain->at[i];
        struct val arguments, options;

        if (!link->is_writable ||
            !qemu_fd_is_given(&sets, device, link->id.text, QEMU_FD_COMMIT))
            continue;
        options = val_set(1);
        val_push(&options, reading_options(chain, i, device));
        arguments = val_map(1);
        val_put_str(&arguments, "options", options);
        e = qemu_call(vm, "blockdev-reopen", arguments, NULL);
    }
    return e;
}

/* The disk is as if there had been no job, but for its layers. */
static struct err *clear_away(struct qemu_vm *vm, unsigned device, const struct job *job,
                              const struct qemu_chain *chain)
{
    struct err *e = NULL;

    if (job->progress == CONCLUDED)
        e = end_writing(vm, device, chain);
    if (!e)
        e = qemu_layers_forget(vm, device, chain);
    if (!e)
        e = qemu_fd_remove_commit(vm, device);
    if (!e && job->progress == CONCLUDED)
        e = tell_job(vm, job, "job-dismiss");
    return e;
}

static enum vm_disk_job state_of(const struct job *job)
{
    switch (job->progress) {
    case NOT_THERE:
        return VM_DISK_JOB_NONE;
    case RUNNING:
        return VM_DISK_JOB_RUNNING;
    case READY:
        return VM_DISK_JOB_READY;
    case CONCLUDED:
        break;
    }
    return job->error[0] ? VM_DISK_JOB_FAILED : VM_DISK_JOB_DONE;
}

struct err *qemu_disk_layers(void *arg, unsigned device, struct vm_disk_live *ret_disk)
{
    struct qemu_vm *vm = arg;
    autochain chain = {0};
    struct job job;
    struct err *e = find_job(vm, device, &job);

    if (!e)
        e = qemu_chain_read(vm, device, &chain);
    /* Not while the guest stands still: with many layers it takes seconds. */
    if (!e && !vm->is_held && (job.progress == NOT_THERE || job.progress == CONCLUDED))
        e = clear_away(vm, device, &job, &chain);
    if (e)
        return e;
    *ret_disk = (struct vm_disk_live){.layers = xcalloc(chain.n, sizeof(struct uuid)),
                                      .n_layers = chain.n,
                                      .job = state_of(&job),
                                      .progress = job.done,
                                      .is_held = vm->is_held};
    snprintf(ret_disk->error, sizeof(ret_disk->error), "%s", job.error);
    for (size_t i = 0; i < chain.n; i++)
        ret_disk->layers[i] = chain.at[i].id;
    return NULL;
}

/* ---- beginning ---- */

static struct err *not_in_chain(const struct vm_commit *commit)
{
    return err_paramf(err_new(ERR_OPERATION_NOT_ALLOWED,
                              "committing layer %s into %s: disk %u does not have them so",
                              commit->upper, commit->lower.id, commit->device),
                      "Disk %u has other layers", commit->device);
}

static struct val commit_arguments(const struct vm_commit *commit, const struct job *job,
                                   const struct qemu_chain *chain)
{
    struct val arguments = val_map(8);
    size_t lower = qemu_chain_find(chain, commit->lower.id),
           upper = qemu_chain_find(chain, commit->upper);

    val_put_str(&arguments, "job-id", val_str(job->id));
    val_put_str(&arguments, "device", val_str(chain->at[0].node));
    val_put_str(&arguments, "base-node", val_str(chain->at[lower].node));
    val_put_str(&arguments, "auto-dismiss", val_bool(false));
    if (commit->rate)
        val_put_str(&arguments, "speed", val_int((int64_t)commit->rate));
    if (upper > 0) {
        val_put_str(&arguments, "top-node", val_str(chain->at[upper].node));
        val_put_str(&arguments, "backing-file", val_str("")); /* no header names a file */
    }
    return arguments;
}

/* QEMU finds the writable descriptors when it opens the layers anew; since 9.1 only those
 * whose O_DIRECT is as that of the node (monitor/fds.c). */
static struct err *give(struct qemu_vm *vm, unsigned device, const struct vm_layer *layer)
{
    struct qemu_layer_mode mode = {.device = device};

    qemu_host_inspect(layer->fd, &mode);
    return qemu_fd_add(vm, device, layer, QEMU_FD_COMMIT, &mode.fdset);
}

static struct err *give_descriptors(struct qemu_vm *vm, const struct vm_commit *commit,
                                    size_t upper)
{
    struct err *e = give(vm, commit->device, &commit->lower);

    if (!e && upper > 1)
        e = give(vm, commit->device, &commit->overlay);
    return e;
}

struct err *qemu_disk_commit(void *arg, const struct vm_commit *commit)
{
    struct qemu_vm *vm = arg;
    autochain chain = {0};
    struct job job;
    size_t upper, lower;
    struct err *e = qemu_need_disks(vm);

    if (!e)
        e = find_job(vm, commit->device, &job);
    if (e || job.progress != NOT_THERE)
        return e;
    e = qemu_chain_read(vm, commit->device, &chain);
    if (e)
        return e;
    upper = qemu_chain_find(&chain, commit->upper);
    lower = qemu_chain_find(&chain, commit->lower.id);
    if (lower == chain.n || upper >= lower || (upper > 0) != (commit->overlay.fd >= 0))
        return not_in_chain(commit);
    e = give_descriptors(vm, commit, upper);
    if (!e)
        e = qemu_call(vm, "block-commit", commit_arguments(commit, &job, &chain), NULL);
    if (e)
        err_ignore(qemu_fd_remove_commit(vm, commit->device), "the next look does it");
    return e;
}

struct err *qemu_disk_commit_rate(void *arg, unsigned device, uint64_t rate)
{
    struct qemu_vm *vm = arg;
    struct val arguments;
    struct job job;
    struct err *e = find_job(vm, device, &job);

    if (e || job.progress == NOT_THERE || job.progress == CONCLUDED)
        return e;
    arguments = val_map(2);
    val_put_str(&arguments, "device", val_str(job.id));
    val_put_str(&arguments, "speed",
                val_int(rate > MAX_RATE ? (int64_t)MAX_RATE : (int64_t)rate));
    return qemu_call(vm, "block-job-set-speed", arguments, NULL);
}

struct err *qemu_disk_commit_cancel(void *arg, unsigned device)
{
    struct qemu_vm *vm = arg;
    struct val arguments;
    struct job job;
    struct err *e = find_job(vm, device, &job);

    if (e || job.progress == NOT_THERE || job.progress == CONCLUDED)
        return e;
    /* By force: one that is READY would else change over. */
    arguments = val_map(2);
    val_put_str(&arguments, "device", val_str(job.id));
    val_put_str(&arguments, "force", val_bool(true));
    return qemu_call(vm, "block-job-cancel", arguments, NULL);
}

/* ---- the change-over of a top layer ---- */

/* Noted first: the next lk-vmd must not take the VM for paused. */
static struct err *hold(struct qemu_vm *vm)
{
    int r;

    if (vm->is_held)
        return NULL;
    vm->is_held = true;
    r = qemu_state_write(vm);
    if (r < 0) {
        vm->is_held = false;
        return err_errno(-r, "noting that VM %s is held", vm->id->uuid);
    }
    return qemu_call(vm, "stop", val_void(), NULL);
}

struct err *qemu_disk_resume(void *arg)
{
    struct qemu_vm *vm = arg;
    struct err *e = NULL;
    bool runs;
    int r;

    if (!vm->is_held)
        return NULL;
    pthread_mutex_lock(&vm->lock);
    runs = vm->state == VM_STATE_RUNNING;
    pthread_mutex_unlock(&vm->lock);
    if (runs)
        e = qemu_call(vm, "cont", val_void(), NULL);
    if (e)
        return e;
    /* QEMU 7.2 closes what is taken out of its sets only while the guest runs: the lock of
     * one that stayed would keep it from taking its disks back after a checkpoint. */
    if (runs)
        err_ignore(qemu_fd_remove_commits(vm), "the next look does it");
    vm->is_held = false;
    r = qemu_state_write(vm);
    return r < 0 ? err_errno(-r, "noting that VM %s runs on", vm->id->uuid) : NULL;
}

static struct err *wait_concluded(struct qemu_vm *vm, unsigned device, struct job *job)
{
    uint64_t deadline_ms = clock_monotonic_ms() + PIVOT_MS;

    for (;;) {
        unsigned seen = job_events(vm);
        struct err *e = find_job(vm, device, job);

        if (e || job->progress == CONCLUDED || job->progress == NOT_THERE)
            return e;
        if (clock_monotonic_ms() > deadline_ms)
            return err_new(ERR_INTERNAL_ERROR, "changing disk %u over takes too long",
                           device);
        wait_for_job_event(vm, seen);
    }
}

static struct err *change_over(struct qemu_vm *vm, unsigned device, struct job *job)
{
    struct err *e = hold(vm);

    if (!e)
        e = tell_job(vm, job, "job-complete");
    if (!e)
        e = wait_concluded(vm, device, job);
    if (!e && job->error[0])
        e = err_paramf(
            err_new(ERR_INTERNAL_ERROR, "changing disk %u over: %s", device, job->error),
            "qemu: %s", job->error);
    return e; /* what is left of it is cleared away when the guest runs again */
}

struct err *qemu_disk_pivot(void *arg, unsigned device)
{
    struct qemu_vm *vm = arg;
    struct job job;
    struct err *e = find_job(vm, device, &job);

    if (e)
        return e;
    if (job.progress == RUNNING)
        return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VM", vm->id->uuid, "merge",
                          job.id, NULL);
    if (job.progress != READY)
        return NULL; /* it ended before: the layers tell how */
    e = change_over(vm, device, &job);
    /* A job that failed changed nothing; of another error nobody knows: whoever asks for
     * the layers then knows, and has the guest run on. */
    if (e && job.progress == CONCLUDED && job.error[0])
        err_ignore(qemu_disk_resume(vm), "the next call says so");
    return e;
}
