// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/vec.h"
#include "storage/fault.h"
#include "storage/sr_private.h"

#define TELL_MS    1000 /* between two notifications of progress */
#define GIVE_WAY_S 30   /* a child that was killed is gone by then, or its disk is stuck */
#define RATE_MAX   (1ull << 50)
#define ENDED_MAX  256 /* are listed */
#define SUFFIX     ".json"

struct job_table {
    int dir_fd;
    pthread_mutex_t lock;
    pthread_cond_t copied; /* a copying ended */
    struct storage *storage;
    VEC(struct job *) jobs; /* guarded by lock */
    bool is_stopped;        /* guarded by lock */
};

static const char *const state_names[] = {
    [JOB_QUEUED] = "queued", [JOB_RUNNING] = "running", [JOB_WAITING] = "waiting",
    [JOB_DONE] = "done",     [JOB_FAILED] = "failed",   [JOB_CANCELLED] = "cancelled",
};

static struct job *job_new(const struct uuid *id, const struct uuid *sr,
                           const struct uuid *lower, uint64_t rate);
static void job_free(struct job *job);
static struct err *load(struct job_table *table);
static void load_job(struct job_table *table, const char *name);
static struct err *journal(struct job_table *table, const struct job *job);
static struct job *find(struct job_table *table, const struct uuid *id);
static struct err *unknown(const struct uuid *id);
static void stop_copy(struct job *job);
static bool stop_copies(struct job_table *table, const struct uuid *sr,
                        const struct uuid *layers, size_t n);
static void forget_old(struct job_table *table);
static struct val describe(const struct job *job);
static void tell(struct job_table *table, struct job *job);

static bool has_ended(const struct job *job)
{
    return job->state >= JOB_DONE;
}

struct err *jobs_new(struct storage *storage, int state_dir_fd,
                     struct job_table **ret_table)
{
    struct job_table *table = xcalloc(1, sizeof(*table));
    pthread_condattr_t attr;
    struct err *e = NULL;

    table->storage = storage;
    pthread_mutex_init(&table->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&table->copied, &attr);
    pthread_condattr_destroy(&attr);
    if (mkdirat(state_dir_fd, "jobs", 0700) < 0 && errno != EEXIST)
        e = storage_errno(errno, "making the directory of jobs");
    table->dir_fd = fd_open_beneath(state_dir_fd, "jobs", O_RDONLY | O_DIRECTORY, 0);
    if (!e && table->dir_fd < 0)
        e = storage_errno(table->dir_fd, "opening the directory of jobs");
    if (!e)
        e = load(table);
    if (e) {
        jobs_free(table);
        return e;
    }
    *ret_table = table;
    return NULL;
}

void jobs_free(struct job_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->jobs.n; i++)
        job_free(table->jobs.at[i]);
    VEC_FINI(&table->jobs);
    cleanup_close(&table->dir_fd);
    pthread_cond_destroy(&table->copied);
    pthread_mutex_destroy(&table->lock);
    free(table);
}

struct err *job_add(struct job_table *table, const struct uuid *sr,
                    const struct uuid *lower, uint64_t rate, struct job **ret_job,
                    bool *ret_is_new)
{
    struct uuid id = job_for_layer(table, sr, lower);
    struct job *job = id.text[0] ? job_get(table, &id) : NULL;
    struct err *e;

    *ret_is_new = !job;
    if (job) {
        *ret_job = job;
        return NULL;
    }
    id = uuid_new();
    job = job_new(&id, sr, lower, rate);
    e = journal(table, job);
    if (e) {
        job_free(job);
        return e;
    }
    crash_point("job.journal");
    pthread_mutex_lock(&table->lock);
    forget_old(table);
    *VEC_PUSH(&table->jobs) = job;
    tell(table, job);
    pthread_mutex_unlock(&table->lock);
    *ret_job = job;
    return NULL;
}

struct uuid *jobs_of_sr(struct job_table *table, const struct uuid *sr, size_t *ret_n)
{
    struct uuid *ids;
    size_t n = 0;

    pthread_mutex_lock(&table->lock);
    ids = xcalloc(table->jobs.n + 1, sizeof(ids[0]));
    for (size_t i = 0; i < table->jobs.n; i++) {
        const struct job *job = table->jobs.at[i];

        if (!has_ended(job) && (!sr || STREQ(job->sr.text, sr->text)))
            ids[n++] = job->id;
    }
    pthread_mutex_unlock(&table->lock);
    *ret_n = n;
    return ids;
}

struct job *job_get(struct job_table *table, const struct uuid *id)
{
    struct job *job;

    pthread_mutex_lock(&table->lock);
    job = find(table, id);
    if (job && has_ended(job))
        job = NULL;
    pthread_mutex_unlock(&table->lock);
    return job;
}

struct uuid job_for_layer(struct job_table *table, const struct uuid *sr,
                          const struct uuid *lower)
{
    struct uuid id = {{0}};

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->jobs.n; i++) {
        const struct job *job = table->jobs.at[i];

        if (!has_ended(job) && STREQ(job->sr.text, sr->text) &&
            STREQ(job->lower.text, lower->text))
            id = job->id;
    }
    pthread_mutex_unlock(&table->lock);
    return id;
}

struct err *job_cancel(struct job_table *table, const struct uuid *id, struct uuid *ret_sr)
{
    struct err *e = NULL;
    struct job *job;

    pthread_mutex_lock(&table->lock);
    job = find(table, id);
    if (!job) {
        e = unknown(id);
    } else {
        *ret_sr = job->sr;
        if (!has_ended(job)) {
            job->is_cancelled = true;
            stop_copy(job);
        }
    }
    pthread_mutex_unlock(&table->lock);
    return e;
}

bool job_is_cancelled(struct job_table *table, const struct job *job)
{
    bool is_cancelled;

    pthread_mutex_lock(&table->lock);
    is_cancelled = job->is_cancelled;
    pthread_mutex_unlock(&table->lock);
    return is_cancelled;
}

bool job_gives_way(struct job_table *table, const struct job *job)
{
    bool gives_way;

    pthread_mutex_lock(&table->lock);
    gives_way = job->gives_way;
    pthread_mutex_unlock(&table->lock);
    return gives_way;
}

struct err *job_set_rate(struct job_table *table, const struct uuid *id, uint64_t rate)
{
    struct err *e = NULL;
    struct job *job;

    pthread_mutex_lock(&table->lock);
    job = find(table, id);
    if (!job) {
        e = unknown(id);
    } else if (!has_ended(job) && job->rate != rate) {
        job->rate = rate;
        e = journal(table, job);
        if (job->is_copying) {
            job->gives_way = true;
            stop_copy(job);
        }
        tell(table, job);
    }
    pthread_mutex_unlock(&table->lock);
    return e;
}

void job_wait(struct job_table *table, struct job *job, const char *reason,
              struct val holders)
{
    pthread_mutex_lock(&table->lock);
    val_unref(&job->holders);
    job->holders = holders;
    job->reason = reason;
    job->state = JOB_WAITING;
    tell(table, job);
    pthread_mutex_unlock(&table->lock);
}

void job_queue(struct job_table *table, struct job *job)
{
    pthread_mutex_lock(&table->lock);
    job->state = JOB_QUEUED;
    job->reason = NULL;
    tell(table, job);
    pthread_mutex_unlock(&table->lock);
}

void job_run(struct job_table *table, struct job *job, const struct uuid *upper,
             uint64_t bytes, struct val vdis)
{
    pthread_mutex_lock(&table->lock);
    job->upper = *upper;
    val_unref(&job->holders);
    job->holders = val_set(0);
    val_unref(&job->vdis);
    job->vdis = vdis;
    job->reason = NULL;
    job->gives_way = false;
    job->bytes = bytes;
    job->progress = 0;
    job->state = JOB_RUNNING;
    tell(table, job);
    pthread_mutex_unlock(&table->lock);
}

void job_progress(struct job_table *table, struct job *job, double progress)
{
    pthread_mutex_lock(&table->lock);
    job->progress = progress;
    if (clock_monotonic_ms() - job->told_ms >= TELL_MS)
        tell(table, job);
    pthread_mutex_unlock(&table->lock);
}

void job_end(struct job_table *table, struct job *job, enum job_state state,
             struct err *error)
{
    autofree char *name = xasprintf("%s" SUFFIX, job->id.text);

    if (unlinkat(table->dir_fd, name, 0) < 0 && errno != ENOENT)
        log_warn(STORAGE, "the ended job %s will be begun again: %s", job->id.text,
                 strerrordesc_np(errno));
    log_info(STORAGE, "job %s on layer %s of SR %s: %s%s%s", job->id.text, job->lower.text,
             job->sr.text, state_names[state], error ? ": " : "",
             error ? err_sentence(error) : "");
    pthread_mutex_lock(&table->lock);
    job->state = state;
    job->error = error;
    job->reason = NULL;
    if (state == JOB_DONE)
        job->progress = 1;
    job->ended_ms = clock_monotonic_ms();
    tell(table, job);
    pthread_mutex_unlock(&table->lock);
}

bool jobs_have_layers(struct job_table *table, const struct job *job,
                      const struct uuid *layers, size_t n)
{
    bool has = false;

    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < table->jobs.n; i++) {
        const struct job *other = table->jobs.at[i];

        if (other == job || other->state != JOB_RUNNING ||
            !STREQ(other->sr.text, job->sr.text))
            continue;
        for (size_t k = 0; k < n; k++)
            has = has || STREQ(other->lower.text, layers[k].text) ||
                  STREQ(other->upper.text, layers[k].text);
    }
    pthread_mutex_unlock(&table->lock);
    return has;
}

bool job_begin_copy(struct job_table *table, struct job *job, uint64_t *ret_rate)
{
    bool begins;

    pthread_mutex_lock(&table->lock);
    begins = !job->is_cancelled && !job->gives_way && !table->is_stopped;
    job->is_copying = begins;
    *ret_rate = job->rate;
    pthread_mutex_unlock(&table->lock);
    return begins;
}

void job_end_copy(struct job_table *table, struct job *job)
{
    uint64_t count;

    pthread_mutex_lock(&table->lock);
    job->is_copying = false;
    /* What was asked of this copying is not for the next. */
    if (read(job->stop_fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
        log_debug(STORAGE, "resetting the stop of job %s: %m", job->id.text);
    pthread_cond_broadcast(&table->copied);
    pthread_mutex_unlock(&table->lock);
}

struct err *jobs_give_way(struct job_table *table, const struct uuid *sr,
                          const struct uuid *layers, size_t n, const struct uuid *vdi)
{
    bool all_ended;

    pthread_mutex_lock(&table->lock);
    all_ended = stop_copies(table, sr, layers, n);
    pthread_mutex_unlock(&table->lock);
    return all_ended ? NULL : err_params(ERR_VDI_IN_USE, vdi->text, "merge", NULL);
}

void jobs_stop(struct job_table *table, const struct uuid *sr)
{
    pthread_mutex_lock(&table->lock);
    if (!sr)
        table->is_stopped = true;
    if (!stop_copies(table, sr, NULL, 0))
        log_error(STORAGE, "a merge does not end: its disk is stuck");
    pthread_mutex_unlock(&table->lock);
}

bool jobs_are_stopped(struct job_table *table)
{
    bool is_stopped;

    pthread_mutex_lock(&table->lock);
    is_stopped = table->is_stopped;
    pthread_mutex_unlock(&table->lock);
    return is_stopped;
}

struct err *job_to_val(struct job_table *table, const struct uuid *id, struct val *ret_job)
{
    struct err *e = NULL;
    struct job *job;

    pthread_mutex_lock(&table->lock);
    job = find(table, id);
    if (job)
        *ret_job = describe(job);
    else
        e = unknown(id);
    pthread_mutex_unlock(&table->lock);
    return e;
}

struct val jobs_to_val(struct job_table *table)
{
    struct val list;

    pthread_mutex_lock(&table->lock);
    forget_old(table);
    list = val_set(table->jobs.n);
    for (size_t i = 0; i < table->jobs.n; i++)
        val_push(&list, describe(table->jobs.at[i]));
    pthread_mutex_unlock(&table->lock);
    return list;
}

static struct job *job_new(const struct uuid *id, const struct uuid *sr,
                           const struct uuid *lower, uint64_t rate)
{
    struct job *job = xcalloc(1, sizeof(*job));

    job->id = *id;
    job->sr = *sr;
    job->lower = *lower;
    job->rate = rate;
    job->vdis = val_set(0);
    job->holders = val_set(0);
    job->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return job;
}

static void job_free(struct job *job)
{
    val_unref(&job->vdis);
    val_unref(&job->holders);
    err_free(job->error);
    cleanup_close(&job->stop_fd);
    free(job);
}

static struct err *load(struct job_table *table)
{
    int fd = openat(table->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (!dir)
        return storage_errno(errno, "reading the directory of jobs");
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            load_job(table, entry->d_name);
    closedir(dir);
    return NULL;
}

static void load_job(struct job_table *table, const char *name)
{
    char text[UUID_LEN + 1] = "";
    autoval struct val object = val_void();
    struct uuid id, sr, lower;
    struct job *job;
    uint64_t rate;

    memcpy(text, name, strnlen(name, UUID_LEN));
    if (!uuid_is_valid(text) || !STREQ(name + UUID_LEN, SUFFIX) ||
        doc_read(table->dir_fd, name, &object) < 0 || doc_uuid(&object, "sr", &sr) < 0 ||
        doc_uuid(&object, "lower", &lower) < 0 ||
        doc_size(&object, "rate", RATE_MAX, &rate) < 0) {
        /* Half of a replacement, or nothing of ours. */
        unlinkat(table->dir_fd, name, 0);
        return;
    }
    id = uuid_lower(text);
    job = job_new(&id, &sr, &lower, rate);
    job->state = JOB_WAITING;
    job->reason = "the SR is not attached";
    *VEC_PUSH(&table->jobs) = job;
}

static struct err *journal(struct job_table *table, const struct job *job)
{
    autofree char *name = xasprintf("%s" SUFFIX, job->id.text);
    autoval struct val object = val_map(3);
    int r;

    val_put_str(&object, "sr", val_str(job->sr.text));
    val_put_str(&object, "lower", val_str(job->lower.text));
    val_put_str(&object, "rate", val_int((int64_t)job->rate));
    r = doc_write(table->dir_fd, name, &object);
    return r < 0 ? storage_errno(r, "writing down job %s", job->id.text) : NULL;
}

static struct job *find(struct job_table *table, const struct uuid *id)
{
    for (size_t i = 0; i < table->jobs.n; i++)
        if (STREQ(table->jobs.at[i]->id.text, id->text))
            return table->jobs.at[i];
    return NULL;
}

static struct err *unknown(const struct uuid *id)
{
    return err_params(ERR_UUID_INVALID, "job", id->text, NULL);
}

static void stop_copy(struct job *job)
{
    const uint64_t one = 1;

    if (job->is_copying && write(job->stop_fd, &one, sizeof(one)) < 0)
        log_warn(STORAGE, "stopping job %s: %m", job->id.text);
}

static bool concerns(const struct job *job, const struct uuid *sr,
                     const struct uuid *layers, size_t n)
{
    if (job->state != JOB_RUNNING || (sr && !STREQ(job->sr.text, sr->text)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (STREQ(job->lower.text, layers[i].text))
            return true;
    return !layers;
}

/* Tells them all, then waits for each.  False when one does not end in time. */
static bool stop_copies(struct job_table *table, const struct uuid *sr,
                        const struct uuid *layers, size_t n)
{
    struct timespec deadline;
    int errnum = 0;

    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += GIVE_WAY_S;
    for (size_t i = 0; i < table->jobs.n; i++) {
        struct job *job = table->jobs.at[i];

        if (!concerns(job, sr, layers, n))
            continue;
        job->gives_way = true;
        stop_copy(job);
    }
    for (size_t i = 0; i < table->jobs.n && errnum != ETIMEDOUT; i++) {
        const struct job *job = table->jobs.at[i];

        while (concerns(job, sr, layers, n) && job->is_copying && errnum != ETIMEDOUT)
            errnum = pthread_cond_timedwait(&table->copied, &table->lock, &deadline);
    }
    return errnum != ETIMEDOUT;
}

static void forget_old(struct job_table *table)
{
    uint64_t now = clock_monotonic_ms();
    size_t n_ended = 0, kept = 0;

    for (size_t i = 0; i < table->jobs.n; i++)
        n_ended += has_ended(table->jobs.at[i]);
    for (size_t i = 0; i < table->jobs.n; i++) {
        struct job *job = table->jobs.at[i];

        if (has_ended(job) && (n_ended > ENDED_MAX || now - job->ended_ms > JOB_KEPT_MS)) {
            n_ended--;
            job_free(job);
        } else {
            table->jobs.at[kept++] = job;
        }
    }
    table->jobs.n = kept;
}

static struct val describe(const struct job *job)
{
    struct val v = val_map(12);

    val_put_str(&v, "job", val_str(job->id.text));
    val_put_str(&v, "kind", val_str("merge"));
    val_put_str(&v, "sr", val_str(job->sr.text));
    val_put_str(&v, "lower", val_str(job->lower.text));
    val_put_str(&v, "state", val_str(state_names[job->state]));
    val_put_str(&v, "progress", val_float(job->progress));
    val_put_str(&v, "bytes", val_int((int64_t)job->bytes));
    val_put_str(&v, "rate", val_int((int64_t)job->rate));
    val_put_str(&v, "vdis", val_ref(&job->vdis));
    val_put_str(&v, "holders", val_ref(&job->holders));
    if (job->reason)
        val_put_str(&v, "reason", val_str(job->reason));
    if (job->error) {
        struct val error = val_map(3), data = val_set(err_n_params(job->error));

        for (size_t i = 0; i < err_n_params(job->error); i++)
            val_push(&data, val_str(err_param_at(job->error, i)));
        val_put_str(&error, "code", val_str(err_code_text(job->error)));
        val_put_str(&error, "data", data);
        val_put_str(&error, "sentence", val_str(err_sentence(job->error)));
        val_put_str(&v, "error", error);
    }
    return v;
}

static void tell(struct job_table *table, struct job *job)
{
    job->told_ms = clock_monotonic_ms();
    storage_notify(table->storage, has_ended(job) ? "job.done" : "job.progress",
                   describe(job));
}
