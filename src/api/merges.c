// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/merges.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/disk_agents.h"
#include "api/sr_plug.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "io/pool.h"
#include "model/map_key.h"
#include "rpc/manager.h"

#define MAX_QUEUED 4096
#define LOOK_MS    250
#define MOMENT_MS  20

/* After a failure: twice as long after each. */
#define SETBACK_S     60
#define MAX_SETBACK_S 3600

struct merges {
    struct manager *m;
    struct pool *followers;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct map running; /* GUARDED_BY(lock): by VM's uuid, or by job; struct merge_task */
    struct map barred;  /* GUARDED_BY(lock): VM's uuid to struct bar */
    struct map failed;  /* GUARDED_BY(lock): lower layer's uuid to struct setback */
    bool is_stopping;   /* GUARDED_BY(lock) */
};

struct bar {
    unsigned n;
};

struct setback {
    unsigned seconds;
    uint64_t until_ms;
};

struct look {
    struct merges *merges;
    struct uuid sr;
    bool is_retry; /* nothing is new: what failed has to wait */
};

struct merges *merges_new(struct manager *m)
{
    struct merges *merges = xcalloc(1, sizeof(*merges));
    pthread_condattr_t monotonic;

    merges->m = m;
    pthread_mutex_init(&merges->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&merges->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    merges->followers = pool_new("merge", MERGES_AT_ONCE, MAX_QUEUED);
    return merges;
}

void merges_stop(struct merges *merges)
{
    if (!merges)
        return;
    pthread_mutex_lock(&merges->lock);
    merges->is_stopping = true;
    pthread_cond_broadcast(&merges->changed);
    pthread_mutex_unlock(&merges->lock);
    pool_free(take_ptr(merges->followers));
}

void merges_free(struct merges *merges)
{
    const struct map_slot *slot;
    size_t i = 0;

    if (!merges)
        return;
    while ((slot = map_next(&merges->barred, &i)))
        free(slot->value);
    map_fini(&merges->barred);
    i = 0;
    while ((slot = map_next(&merges->failed, &i)))
        free(slot->value);
    map_fini(&merges->failed);
    map_fini(&merges->running);
    pthread_cond_destroy(&merges->changed);
    pthread_mutex_destroy(&merges->lock);
    free(merges);
}

/* ---- who may ---- */

static const char *key_of(const struct merge_task *one)
{
    return one->vm.text[0] ? one->vm.text : one->job.text;
}

/* False: the VM has one, it is barred, the job is followed, or all ends. */
static bool enter(struct merge_task *one)
{
    struct merges *merges = one->merges;
    bool may;

    pthread_mutex_lock(&merges->lock);
    may = !merges->is_stopping && !map_get(&merges->running, key_of(one)) &&
          !map_get(&merges->barred, key_of(one));
    if (may)
        map_put(&merges->running, key_of(one), one);
    pthread_mutex_unlock(&merges->lock);
    return may;
}

static void leave(struct merge_task *one)
{
    struct merges *merges = one->merges;

    pthread_mutex_lock(&merges->lock);
    map_remove(&merges->running, key_of(one));
    pthread_cond_broadcast(&merges->changed);
    pthread_mutex_unlock(&merges->lock);
}

/* Under the lock.  One that waits for a thread begins nothing when it is barred. */
static bool is_at_work(const struct merges *merges, const char *vm_uuid)
{
    const struct merge_task *one = map_get(&merges->running, vm_uuid);

    return one && one->is_started;
}

void merges_bar(struct merges *merges, const char *vm_uuid)
{
    struct bar *bar;

    pthread_mutex_lock(&merges->lock);
    bar = map_get(&merges->barred, vm_uuid);
    if (!bar) {
        bar = xcalloc(1, sizeof(*bar));
        map_put(&merges->barred, vm_uuid, bar);
    }
    bar->n++;
    pthread_cond_broadcast(&merges->changed);
    while (is_at_work(merges, vm_uuid) && !merges->is_stopping)
        pthread_cond_wait(&merges->changed, &merges->lock);
    pthread_mutex_unlock(&merges->lock);
}

void merges_unbar(struct merges *merges, const char *vm_uuid, const char *sr_uuid)
{
    struct bar *bar;

    pthread_mutex_lock(&merges->lock);
    bar = map_get(&merges->barred, vm_uuid);
    if (bar && --bar->n == 0)
        free(map_remove(&merges->barred, vm_uuid));
    pthread_mutex_unlock(&merges->lock);
    merges_look(merges, sr_uuid);
}

/* Under the lock. */
static bool must_end(const struct merge_task *one)
{
    return one->merges->is_stopping || map_get(&one->merges->barred, key_of(one));
}

bool merges_wait(const struct merge_task *one)
{
    const struct timespec a_moment = {0, MOMENT_MS * 1000000L};
    struct merges *merges = one->merges;
    struct timespec until;
    bool ends;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&merges->lock);
    if (!must_end(one))
        pthread_cond_timedwait(&merges->changed, &merges->lock, &until);
    ends = must_end(one);
    pthread_mutex_unlock(&merges->lock);
    if (ends)
        clock_nanosleep(CLOCK_MONOTONIC, 0, &a_moment, NULL); /* it is being told so */
    return ends;
}

bool merges_is_stopping(const struct merge_task *one)
{
    bool is_stopping;

    pthread_mutex_lock(&one->merges->lock);
    is_stopping = one->merges->is_stopping;
    pthread_mutex_unlock(&one->merges->lock);
    return is_stopping;
}

uint64_t merges_rate(const struct merge_task *one)
{
    autoptr(row) sr = NULL;
    int64_t rate = 0;
    struct err *e = db_need_uuid(one->m->db, CLASS_SR, one->sr.text, &sr);

    if (!e && map_key_number(row_get(sr, F_SR_OTHER_CONFIG), KEY_SR_OTHER_CONFIG_MERGE_RATE,
                             &rate) < 0)
        log_warn(
            API,
            "SR %s: other_config:%s '%s' is no number of bytes: nothing limits its merges",
            row_uuid(sr), map_key_name(KEY_SR_OTHER_CONFIG_MERGE_RATE),
            map_key_text(row_get(sr, F_SR_OTHER_CONFIG), KEY_SR_OTHER_CONFIG_MERGE_RATE));
    err_free(e);
    return (uint64_t)rate;
}

/* ---- what failed ---- */

/* Layers that went another way than by a merge: nobody would take them out.  Holds the
 * lock. */
static void forget_old(struct merges *merges)
{
    uint64_t now = clock_monotonic_ms();
    const struct map_slot *slot;
    size_t i = 0;

    while ((slot = map_next(&merges->failed, &i))) {
        const struct setback *setback = slot->value;
        struct uuid layer;

        if (now < setback->until_ms + MAX_SETBACK_S * 1000ull)
            continue;
        snprintf(layer.text, sizeof(layer.text), "%s", slot->key);
        free(map_remove(&merges->failed, layer.text));
        i = 0; /* what is left may have moved */
    }
}

static void note_failure(const struct merge_task *one)
{
    struct merges *merges = one->merges;
    struct setback *setback;

    pthread_mutex_lock(&merges->lock);
    forget_old(merges);
    setback = map_get(&merges->failed, one->lower.text);
    if (!setback) {
        setback = xcalloc(1, sizeof(*setback));
        map_put(&merges->failed, one->lower.text, setback);
    }
    setback->seconds = setback->seconds == 0                  ? SETBACK_S
                       : setback->seconds > MAX_SETBACK_S / 2 ? MAX_SETBACK_S
                                                              : 2 * setback->seconds;
    setback->until_ms = clock_monotonic_ms() + setback->seconds * 1000ull;
    pthread_mutex_unlock(&merges->lock);
}

static void note_success(const struct merge_task *one)
{
    struct merges *merges = one->merges;

    pthread_mutex_lock(&merges->lock);
    free(map_remove(&merges->failed, one->lower.text));
    pthread_mutex_unlock(&merges->lock);
}

static bool is_set_back(const struct merge_task *one)
{
    struct merges *merges = one->merges;
    const struct setback *setback;
    bool waits;

    pthread_mutex_lock(&merges->lock);
    setback = map_get(&merges->failed, one->lower.text);
    waits = setback && clock_monotonic_ms() < setback->until_ms;
    pthread_mutex_unlock(&merges->lock);
    return waits;
}

/* ---- one of them ---- */

static void free_task(struct merge_task *one)
{
    val_unref(&one->merge);
    free(one);
}

/* The name of a disk that is read through the layers. */
static const char *disk_name(const struct merge_task *one, struct row **ret_vdi)
{
    const struct val *vdis = val_find(&one->merge, "vdis");
    struct err *e;

    if (!vdis || vdis->kind != VAL_SET || val_count(vdis) == 0)
        return "a disk";
    e = db_need_uuid(one->m->db, CLASS_VDI, val_text(val_at(vdis, 0)), ret_vdi);
    err_free(e);
    return e ? "a disk" : row_name_label(*ret_vdi);
}

static struct err *make_task(const struct merge_task *one, struct task **ret_task)
{
    autoptr(row) vdi = NULL;
    const struct val *bytes = val_find(&one->merge, "bytes");
    autofree char *what = xasprintf(
        "Making one of the layers of %s: up to %lld MiB are copied", disk_name(one, &vdi),
        bytes && bytes->kind == VAL_INT ? (long long)(bytes->i >> 20) : 0);

    return task_create(one->m->db, "SR.merge", what, NULL, NULL, true, ret_task);
}

static bool may_start(struct merge_task *one)
{
    pthread_mutex_lock(&one->merges->lock);
    one->is_started = !must_end(one);
    pthread_mutex_unlock(&one->merges->lock);
    return one->is_started;
}

static void follow(void *arg)
{
    struct merge_task *one = arg;
    struct merges *merges = one->merges;
    struct uuid sr = one->sr;
    struct task *task = NULL;
    bool looks = may_start(one);
    struct err *e = looks ? make_task(one, &task) : NULL;

    if (!e && task)
        e = one->vm.text[0] ? merge_live(one, task) : merge_rest(one, task);
    if (task)
        task_end(task, NULL, NULL, e);
    task_free(task);
    if (e) {
        /* One that failed would fail again at once. */
        looks = false;
        note_failure(one);
        log_warn(API, "merging into layer %s: %s", one->lower.text, err_sentence(e));
    }
    if (looks)
        note_success(one);
    err_free(e);
    leave(one);
    free_task(one);
    if (looks)
        merges_look(merges, sr.text);
}

/* Takes 'one'. */
static void begin(struct merge_task *one)
{
    if (!enter(one)) {
        free_task(one);
        return;
    }
    if (pool_submit(one->merges->followers, follow, one))
        return;
    leave(one);
    free_task(one);
}

static struct merge_task *new_task(struct merges *merges, const struct uuid *sr,
                                   const struct val *merge)
{
    struct merge_task *one = xcalloc(1, sizeof(*one));

    one->merges = merges;
    one->m = merges->m;
    one->sr = *sr;
    one->merge = val_ref(merge);
    snprintf(one->lower.text, sizeof(one->lower.text), "%s",
             val_find_text(merge, "lower", ""));
    return one;
}

/* ---- what there is to do ---- */

/* The VM whose process can merge by itself. */
static bool find_writer(const struct val *merge, struct uuid *ret_vm)
{
    const struct val *holders = val_find(merge, "holders");

    for (size_t i = 0; holders && i < val_count(holders); i++) {
        const char *holder = val_find_text(val_at(holders, i), "holder", "");

        if (strcmp(val_find_text(val_at(holders, i), "mode", ""), "rw") != 0 ||
            !uuid_is_valid(holder))
            continue;
        *ret_vm = uuid_lower(holder);
        return true;
    }
    return false;
}

/* Can the VM's backend say what layers its disks have?  One that cannot is granted none:
 * nobody would know what to do about a merge that was cut off. */
static bool can_merge_live(const struct merge_task *one)
{
    autoval struct val disk = val_void();
    struct err *e = disk_agents_layers(one->m, one->vm.text, 0, &disk);
    bool cannot = e && err_code(e) == ERR_NOT_IMPLEMENTED;

    if (e)
        err_ignore(e, cannot ? "it is merged at rest when the VM ends" : "the merge tells");
    return !cannot;
}

static void begin_at_rest(struct merge_task *one)
{
    struct val params = val_map(3);
    autoval struct val answer = val_void();
    struct err *e;

    val_put_str(&params, "sr", val_str(one->sr.text));
    val_put_str(&params, "lower", val_str(one->lower.text));
    val_put_str(&params, "rate", val_int((int64_t)merges_rate(one)));
    e = disk_agents_call(one->m, AGENT_STORED, "layer.merge", params, &answer);
    if (e) {
        err_ignore(e, "it is looked at again when something changes");
        free_task(one);
        return;
    }
    snprintf(one->job.text, sizeof(one->job.text), "%s", val_find_text(&answer, "job", ""));
    begin(one);
}

static void consider(const struct look *look, const struct val *merge)
{
    const char *way = val_find_text(merge, "way", "");
    struct merge_task *one = new_task(look->merges, &look->sr, merge);

    if (look->is_retry && is_set_back(one))
        free_task(one);
    else if (strcmp(way, "halted") == 0)
        begin_at_rest(one);
    else if (strcmp(way, "live") == 0 && find_writer(merge, &one->vm) &&
             can_merge_live(one))
        begin(one);
    else
        free_task(one);
}

static void look(void *arg)
{
    autofree struct look *look = arg;
    struct val params = val_map(1);
    autoval struct val answer = val_void();
    const struct val *list;
    struct err *e;

    val_put_str(&params, "sr", val_str(look->sr.text));
    e = disk_agents_call(look->merges->m, AGENT_STORED, "layer.merges", params, &answer);
    if (e) {
        err_ignore(e, "the SR has no layers, or is looked at when it is back");
        return;
    }
    list = val_find(&answer, "merges");
    for (size_t i = 0; list && i < val_count(list); i++)
        consider(look, val_at(list, i));
}

static void begin_look(struct merges *merges, const char *sr_uuid, bool is_retry)
{
    struct look *new_look;
    bool is_stopping;

    pthread_mutex_lock(&merges->lock);
    is_stopping = merges->is_stopping;
    pthread_mutex_unlock(&merges->lock);
    if (is_stopping || !uuid_is_valid(sr_uuid))
        return;
    new_look = xcalloc(1, sizeof(*new_look));
    new_look->merges = merges;
    new_look->sr = uuid_lower(sr_uuid);
    new_look->is_retry = is_retry;
    if (pool_submit(merges->m->normal, look, new_look))
        return;
    log_warn(API, "too much is queued: the layers of SR %s are merged later", sr_uuid);
    free(new_look);
}

void merges_look(struct merges *merges, const char *sr_uuid)
{
    begin_look(merges, sr_uuid, false);
}

static void look_at(struct manager *m, const struct row *sr)
{
    merges_look(m->merges, row_uuid(sr));
}

void merges_look_everywhere(struct manager *m)
{
    sr_for_each_attached(m, look_at);
}

static void retry_at(struct manager *m, const struct row *sr)
{
    begin_look(m->merges, row_uuid(sr), true);
}

void merges_retry(struct manager *m)
{
    sr_for_each_attached(m, retry_at);
}

void merges_notice(struct manager *m, const char *name, const struct val *params)
{
    struct merges *merges = m->merges;
    bool is_news = strcmp(name, "layer.mergeable") == 0;

    if (strcmp(name, "job.progress") == 0) {
        pthread_mutex_lock(&merges->lock);
        is_news = !map_get(&merges->running, val_find_text(params, "job", ""));
        pthread_mutex_unlock(&merges->lock);
    }
    if (is_news)
        merges_look(merges, val_find_text(params, "sr", ""));
}
