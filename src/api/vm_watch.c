// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_watch.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "api/ops.h"
#include "api/sr_space.h"
#include "api/vm_guest.h"
#include "api/vm_life.h"
#include "api/vm_memory.h"
#include "api/vm_nvram.h"
#include "api/vm_turn.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "io/pool.h"
#include "rpc/agents.h"

#define POLL_MS 500

struct vm_waiter {
    char uuid[40];
    enum vm_outcome outcome;
    pthread_cond_t changed;
};

static pthread_mutex_t waiters_lock = PTHREAD_MUTEX_INITIALIZER;
static struct map waiters; /* by uuid; guarded by waiters_lock */

struct vm_waiter *vm_watch_begin(const char *vm_uuid)
{
    struct vm_waiter *w = xcalloc(1, sizeof(*w));

    snprintf(w->uuid, sizeof(w->uuid), "%s", vm_uuid);
    pthread_cond_init(&w->changed, NULL);
    pthread_mutex_lock(&waiters_lock);
    assert_msg(!map_put(&waiters, w->uuid, w), "two operations wait for one VM");
    pthread_mutex_unlock(&waiters_lock);
    return w;
}

struct err *vm_watch_wait(struct vm_waiter *w, uint64_t timeout_ms, struct task *task,
                          enum vm_outcome *ret_outcome)
{
    uint64_t deadline = clock_monotonic_ms() + timeout_ms;
    enum vm_outcome outcome;

    do {
        struct err *e = task_check_cancel(task);
        struct timespec until;

        if (e)
            return e;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += POLL_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_mutex_lock(&waiters_lock);
        if (w->outcome == VM_OUTCOME_NONE)
            pthread_cond_timedwait(&w->changed, &waiters_lock, &until);
        outcome = w->outcome;
        w->outcome = VM_OUTCOME_NONE;
        pthread_mutex_unlock(&waiters_lock);
    } while (outcome == VM_OUTCOME_NONE && clock_monotonic_ms() < deadline);
    *ret_outcome = outcome;
    return NULL;
}

void vm_watch_end(struct vm_waiter *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&waiters_lock);
    map_remove(&waiters, w->uuid);
    pthread_mutex_unlock(&waiters_lock);
    pthread_cond_destroy(&w->changed);
    free(w);
}

/* True when a power call takes it. */
static bool hand_over(const char *uuid, enum vm_outcome outcome)
{
    struct vm_waiter *w;

    pthread_mutex_lock(&waiters_lock);
    w = map_get(&waiters, uuid);
    if (w) {
        w->outcome = outcome;
        pthread_cond_signal(&w->changed);
    }
    pthread_mutex_unlock(&waiters_lock);
    return w;
}

static enum vm_outcome outcome_of(const struct val *params)
{
    const char *state = val_find_text(params, "state", ""),
               *reason = val_find_text(params, "reason", "");

    if (strcmp(state, "shutdown") == 0)
        return strcmp(reason, "reboot") == 0 ? VM_OUTCOME_ASKS_RESTART
                                             : VM_OUTCOME_SHUTDOWN;
    if (strcmp(state, "crashed") == 0)
        return VM_OUTCOME_CRASHED;
    if (strcmp(state, "gone") == 0)
        return VM_OUTCOME_GONE;
    if (strcmp(state, "running") == 0 && strcmp(reason, "reboot") == 0)
        return VM_OUTCOME_REBOOTED;
    return VM_OUTCOME_NONE;
}

/* What the VM's owner wants done: true for a fresh start, false for Halted. */
static bool wants_restart(const struct row *vm, enum vm_outcome outcome)
{
    switch (outcome) {
    case VM_OUTCOME_SHUTDOWN:
        return row_int(vm, F_VM_ACTIONS_AFTER_SHUTDOWN) == E_ON_NORMAL_EXIT_RESTART;
    case VM_OUTCOME_ASKS_RESTART:
        return row_int(vm, F_VM_ACTIONS_AFTER_REBOOT) == E_ON_NORMAL_EXIT_RESTART;
    case VM_OUTCOME_CRASHED:
        return row_int(vm, F_VM_ACTIONS_AFTER_CRASH) == E_ON_CRASH_BEHAVIOUR_RESTART ||
               row_int(vm, F_VM_ACTIONS_AFTER_CRASH) ==
                   E_ON_CRASH_BEHAVIOUR_COREDUMP_AND_RESTART ||
               row_int(vm, F_VM_ACTIONS_AFTER_CRASH) == E_ON_CRASH_BEHAVIOUR_RENAME_RESTART;
    default:
        return false;
    }
}

struct ended {
    struct manager *m;
    char ref[64];
    enum vm_outcome outcome;
};

/* A crash soon after the start would only repeat itself. */
#define TOO_QUICK_SECONDS 120

static bool crashed_too_soon(struct manager *m, const struct row *vm,
                             enum vm_outcome outcome)
{
    autoptr(row) metrics = db_get(m->db, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS));

    return outcome == VM_OUTCOME_CRASHED && metrics &&
           clock_wall_seconds() - row_int(metrics, F_VM_METRICS_START_TIME) <
               TOO_QUICK_SECONDS;
}

/* The domain stays as it crashed, for somebody to look at. */
static struct err *preserved_txn(struct txn *t, void *arg)
{
    const char *ref = arg;
    struct err *e = NULL;
    const struct row *vm;

    e = txn_need(t, CLASS_VM, ref, &vm);
    if (e)
        return e;
    txn_set(t, CLASS_VM, ref, F_VM_POWER_STATE, val_int(E_VM_POWER_STATE_PAUSED));
    vm_ops_refresh(t, ref);
    return NULL;
}

static void follow_in_turn(const struct ended *ended)
{
    autoptr(row) vm = db_get(ended->m->db, CLASS_VM, ended->ref);
    struct err *e;

    /* Suspended: its memory is in its image, whatever became of the domain. */
    if (!vm || row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED ||
        row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED)
        return;
    if (ended->outcome == VM_OUTCOME_REBOOTED &&
        row_int(vm, F_VM_ACTIONS_AFTER_REBOOT) == E_ON_NORMAL_EXIT_RESTART)
        return;
    log_info(API, "VM %s (%s) ended by itself", row_name_label(vm), row_uuid(vm));
    if (ended->outcome == VM_OUTCOME_CRASHED &&
        row_int(vm, F_VM_ACTIONS_AFTER_CRASH) == E_ON_CRASH_BEHAVIOUR_PRESERVE) {
        err_ignore(db_run(ended->m->db, preserved_txn, (void *)ended->ref),
                   "it has no row any more");
        return;
    }
    if (wants_restart(vm, ended->outcome) &&
        !crashed_too_soon(ended->m, vm, ended->outcome)) {
        struct task *task = task_dummy("restart");

        e = vm_life_restart(ended->m, ended->ref, task);
        task_free(task);
    } else {
        e = vm_life_end(ended->m, ended->ref);
    }
    if (e)
        log_error(API, "following the end of VM %s: %s", row_uuid(vm), err_sentence(e));
    err_free(e);
}

static void follow(void *arg)
{
    autofree struct ended *ended = arg;

    vm_turn_take(VM_TURN_POWER, ended->ref);
    follow_in_turn(ended);
    vm_turn_give(VM_TURN_POWER, ended->ref);
}

static void on_state(struct manager *m, const struct val *params)
{
    const char *uuid = val_find_text(params, "vm", "");
    enum vm_outcome outcome = outcome_of(params);
    autoptr(row) vm = NULL;
    struct ended *ended;
    struct err *e;

    if (strcmp(val_find_text(params, "state", ""), "paused") == 0 &&
        strcmp(val_find_text(params, "reason", ""), "no-space") == 0)
        sr_space_stopped(m, uuid);
    if (outcome == VM_OUTCOME_NONE || hand_over(uuid, outcome))
        return;
    e = db_need_uuid(m->db, CLASS_VM, uuid, &vm);
    if (e) {
        err_ignore(e, "a domain this database does not know is left alone");
        return;
    }
    ended = xcalloc(1, sizeof(*ended));
    ended->m = m;
    ended->outcome = outcome;
    snprintf(ended->ref, sizeof(ended->ref), "%s", row_ref(vm));
    if (!pool_submit(m->priority, follow, ended)) {
        log_warn(
            API,
            "VM %s ended while too much was queued: the next look at lk-vmd settles it",
            uuid);
        free(ended);
    }
}

void vm_watch_notice(struct manager *m, const char *name, const struct val *params)
{
    if (strcmp(name, "vm.state") == 0)
        on_state(m, params);
    else if (strcmp(name, "vm.guest") == 0)
        vm_guest_report(m, params);
    else if (strcmp(name, "vm.nvram") == 0)
        vm_nvram_notice(m, params);
}

static const struct val *find_domain(const struct val *list, const char *uuid)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (strcmp(val_find_text(val_at(list, i), "vm", ""), uuid) == 0)
            return val_at(list, i);
    return NULL;
}

static bool busy(const struct row *vm)
{
    return val_count(row_get(vm, F_VM_CURRENT_OPERATIONS)) > 0;
}

static struct err *unpause(struct manager *m, const struct row *vm)
{
    struct val params = val_map(1);

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    return agents_call(m->agents, AGENT_VMD, "vm.unpause", params, NULL, 0, 0, NULL, NULL,
                       NULL);
}

/* The row is younger than the list: it may have been started meanwhile. */
static bool runs_since(struct manager *m, const struct row *vm)
{
    autoval struct val answer = val_void();
    struct err *e = agents_call(m->agents, AGENT_VMD, "vm.list", val_map(0), NULL, 0, 0,
                                &answer, NULL, NULL);
    const struct val *list = e ? NULL : val_find(&answer, "vms");

    if (e)
        err_ignore(e, "lk-vmd is asked when it is back");
    return !list || find_domain(list, row_uuid(vm));
}

/* One VM of the database against what lk-vmd has. */
static struct err *settle(struct manager *m, const struct row *vm, const struct val *domain)
{
    bool halted = row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED ||
                  row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED;

    if (row_bool(vm, F_VM_IS_CONTROL_DOMAIN) || busy(vm) || (halted && !domain))
        return NULL;
    if (halted) {
        log_warn(API, "VM %s runs though nobody was told it started: ending it",
                 row_uuid(vm));
        return vm_life_release(m, vm);
    }
    if (!domain && runs_since(m, vm))
        return NULL;
    if (!domain) {
        log_warn(API, "VM %s is not running any more: its process is gone", row_uuid(vm));
        return vm_life_end(m, row_ref(vm));
    }
    /* A call that was cut off: what the row says is what is wanted. */
    if (row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING &&
        strcmp(val_find_text(domain, "state", ""), "paused") == 0)
        return unpause(m, vm);
    vm_nvram_save(m, row_ref(vm)); /* written to while nobody heard */
    on_state(m, domain);
    if (val_find(domain, "guest") && val_find(domain, "guest")->kind == VAL_MAP)
        vm_guest_report(m, domain);
    return NULL;
}

void vm_watch_reconcile(struct manager *m)
{
    autoval struct val answer = val_void();
    struct err *e = agents_call(m->agents, AGENT_VMD, "vm.list", val_map(0), NULL, 0, 0,
                                &answer, NULL, NULL);
    const struct val *list = e ? NULL : val_find(&answer, "vms");
    autorows vms = {0};

    if (e || !list) {
        log_warn(API, "asking lk-vmd what runs: %s", e ? err_sentence(e) : "no list");
        err_free(e);
        return;
    }
    db_list(m->db, CLASS_VM, &vms);
    for (size_t i = 0; i < vms.n; i++) {
        e = settle(m, vms.at[i], find_domain(list, row_uuid(vms.at[i])));
        if (e)
            log_error(API, "settling VM %s: %s", row_uuid(vms.at[i]), err_sentence(e));
        err_free(e);
    }
    vm_memory_sweep(m);
    for (size_t i = 0; i < val_count(list); i++) {
        const char *uuid = val_find_text(val_at(list, i), "vm", "");
        autoptr(row) vm = NULL;

        e = db_need_uuid(m->db, CLASS_VM, uuid, &vm);
        if (e)
            log_warn(API,
                     "lk-vmd runs a domain %s that the database does not know: left alone",
                     uuid);
        err_free(e);
    }
}
