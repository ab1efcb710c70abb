// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/sr_space.h"

#include <string.h>

#include "api/disk_agents.h"
#include "api/message.h"
#include "api/ops.h"
#include "api/sr_plug.h"
#include "base/alloc.h"
#include "base/log.h"
#include "io/pool.h"
#include "model/map_key.h"
#include "rpc/manager.h"

#define MIB (1 << 20)

/* What lk-stored said, on its way to a thread that may wait. */
struct news {
    struct manager *m;
    struct val params;
};

/* One VM stopped or let go. */
struct turn {
    struct manager *m;
    const struct row *vm, *sr;
    int64_t free;
};

static int64_t int_of(const struct val *map, const char *key)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_INT ? v->i : 0;
}

void sr_space_forget(struct txn *t, const char *vm_ref)
{
    const struct row *vm = txn_get(t, CLASS_VM, vm_ref);

    if (vm && map_key_is_set(row_get(vm, F_VM_OTHER_CONFIG),
                             KEY_VM_OTHER_CONFIG_PAUSED_FOR_SPACE_ON))
        txn_set(t, CLASS_VM, vm_ref, F_VM_OTHER_CONFIG,
                map_key_without(row_get(vm, F_VM_OTHER_CONFIG),
                                KEY_VM_OTHER_CONFIG_PAUSED_FOR_SPACE_ON));
}

/* ---- stopping ---- */

static struct err *paused_txn(struct txn *t, void *arg)
{
    const struct turn *turn = arg;
    const char *ref = row_ref(turn->vm);
    const struct row *vm = txn_get(t, CLASS_VM, ref);
    autofree char *what = NULL;

    if (!vm || row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING)
        return NULL;
    what = xasprintf(
        "is paused: storage repository '%s' (uuid: %s), which it writes to, has "
        "%lld MiB left.  Delete what is not needed on it or make it larger: "
        "the VM then goes on by itself",
        row_name_label(turn->sr), row_uuid(turn->sr), (long long)(turn->free / MIB));
    txn_set(t, CLASS_VM, ref, F_VM_POWER_STATE, val_int(E_VM_POWER_STATE_PAUSED));
    txn_set(t, CLASS_VM, ref, F_VM_OTHER_CONFIG,
            map_key_with(row_get(vm, F_VM_OTHER_CONFIG),
                         KEY_VM_OTHER_CONFIG_PAUSED_FOR_SPACE_ON,
                         val_str(row_uuid(turn->sr))));
    message_about_vm(t, "VM_PAUSED_SR_FULL", vm, what);
    vm_ops_refresh(t, ref);
    return NULL;
}

static struct err *tell_vm(const struct turn *turn, const char *verb)
{
    struct val params = val_map(1);

    val_put_str(&params, "vm", val_str(row_uuid(turn->vm)));
    return disk_agents_call(turn->m, AGENT_VMD, verb, params, NULL);
}

static bool is_paused_already(const struct err *e)
{
    return err_code(e) == ERR_VM_BAD_POWER_STATE;
}

static void stop_vm(const struct turn *turn)
{
    struct err *e = NULL;

    if (row_int(turn->vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING)
        return;
    e = tell_vm(turn, "vm.pause");
    if (e && is_paused_already(e)) {
        err_ignore(e, "it stopped by itself, or has ended");
        e = NULL;
    }
    if (!e)
        e = db_run(turn->m->db, paused_txn, (void *)turn);
    if (e)
        log_error(API, "pausing VM %s before SR %s is full: %s", row_uuid(turn->vm),
                  row_uuid(turn->sr), err_sentence(e));
    err_free(e);
}

static void stop_writers(struct manager *m, const struct row *sr, const struct val *params)
{
    const struct val *writers = val_find(params, "writers");

    for (size_t i = 0; writers && i < val_count(writers); i++) {
        struct turn turn = {.m = m, .sr = sr, .free = int_of(params, "free")};
        autoptr(row) vm = NULL;
        struct err *e = db_need_uuid(m->db, CLASS_VM,
                                     val_find_text(val_at(writers, i), "holder", ""), &vm);

        turn.vm = vm;
        if (e)
            err_ignore(e, "who writes is no VM");
        else
            stop_vm(&turn);
    }
}

/* ---- going on ---- */

static struct err *running_txn(struct txn *t, void *arg)
{
    const struct turn *turn = arg;
    const char *ref = row_ref(turn->vm);

    sr_space_forget(t, ref);
    txn_set(t, CLASS_VM, ref, F_VM_POWER_STATE, val_int(E_VM_POWER_STATE_RUNNING));
    vm_ops_refresh(t, ref);
    return NULL;
}

static struct err *forget_txn(struct txn *t, void *arg)
{
    const struct turn *turn = arg;

    sr_space_forget(t, row_ref(turn->vm));
    return NULL;
}

static void go_on(const struct turn *turn)
{
    bool is_paused = row_int(turn->vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED;
    struct err *e = is_paused ? tell_vm(turn, "vm.unpause") : NULL;

    if (!e)
        e = db_run(turn->m->db, is_paused ? running_txn : forget_txn, (void *)turn);
    if (e)
        log_error(API, "having VM %s run on: %s", row_uuid(turn->vm), err_sentence(e));
    else
        log_info(API, "VM %s runs on: there is room on SR %s again", row_uuid(turn->vm),
                 row_uuid(turn->sr));
    err_free(e);
}

static void let_writers_go(struct manager *m, const struct row *sr)
{
    autorows vms = {0};

    db_list(m->db, CLASS_VM, &vms);
    for (size_t i = 0; i < vms.n; i++) {
        struct turn turn = {.m = m, .vm = vms.at[i], .sr = sr};

        if (!row_bool(vms.at[i], F_VM_IS_A_SNAPSHOT) &&
            STREQ(map_key_text(row_get(vms.at[i], F_VM_OTHER_CONFIG),
                               KEY_VM_OTHER_CONFIG_PAUSED_FOR_SPACE_ON),
                  row_uuid(sr)))
            go_on(&turn);
    }
}

/* ---- what lk-stored says ---- */

static struct err *low_txn(struct txn *t, void *arg)
{
    const struct turn *turn = arg;

    message_raise(
        t, "SR_SPACE_LOW", E_CLS_SR, row_uuid(turn->sr),
        val_strf("Storage repository '%s' (uuid: %s) has %lld MiB left.  VMs that "
                 "write to it are paused when it is full",
                 row_name_label(turn->sr), row_uuid(turn->sr),
                 (long long)(turn->free / MIB)));
    return NULL;
}

/* A reminder comes again and again: a message is written once. */
static bool is_told(struct manager *m, const struct row *sr)
{
    autorows messages = {0};

    db_list(m->db, CLASS_MESSAGE, &messages);
    for (size_t i = 0; i < messages.n; i++)
        if (strcmp(row_text(messages.at[i], F_MESSAGE_NAME), "SR_SPACE_LOW") == 0 &&
            strcmp(row_text(messages.at[i], F_MESSAGE_OBJ_UUID), row_uuid(sr)) == 0)
            return true;
    return false;
}

static void tell_low(struct manager *m, const struct row *sr, const struct val *params)
{
    struct turn turn = {.m = m, .sr = sr, .free = int_of(params, "free")};

    if (!is_told(m, sr))
        err_ignore(db_run(m->db, low_txn, &turn), "the log tells it too");
}

static void follow(struct manager *m, const struct row *sr, const struct val *params)
{
    const char *state = val_find_text(params, "state", "");

    if (strcmp(state, "full") == 0) {
        stop_writers(m, sr, params);
        return;
    }
    let_writers_go(m, sr);
    if (strcmp(state, "low") == 0)
        tell_low(m, sr, params);
}

static void take_news(void *arg)
{
    autofree struct news *news = arg;
    autoptr(row) sr = NULL;
    struct err *e =
        db_need_uuid(news->m->db, CLASS_SR, val_find_text(&news->params, "sr", ""), &sr);

    if (e)
        err_ignore(e, "an SR nobody introduced");
    else
        follow(news->m, sr, &news->params);
    val_unref(&news->params);
}

void sr_space_notice(struct manager *m, const char *name, const struct val *params)
{
    struct news *news;

    if (strcmp(name, "sr.space") != 0)
        return;
    news = xcalloc(1, sizeof(*news));
    news->m = m;
    news->params = val_ref(params);
    if (pool_submit(m->priority, take_news, news))
        return;
    log_warn(API, "too much is queued: SR %s is looked at when lk-stored reminds of it",
             val_find_text(params, "sr", ""));
    val_unref(&news->params);
    free(news);
}

static void reconcile_one(struct manager *m, const struct row *sr)
{
    struct val params = val_map(1);
    autoval struct val found = val_void();
    struct err *e;

    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    e = disk_agents_call(m, AGENT_STORED, "sr.scan", params, &found);
    if (e) {
        err_ignore(e, "it is looked at when lk-stored reminds of it");
        return;
    }
    /* A full one is told of by itself, with its writers. */
    if (strcmp(val_find_text(&found, "state", ""), "full") != 0)
        let_writers_go(m, sr);
}

void sr_space_reconcile(struct manager *m)
{
    sr_for_each_attached(m, reconcile_one);
}

/* ---- the second net ---- */

/* The SR of a disk it writes to: the fullest that lk-stored tells of will remind of itself,
 * so any serves to say what to do. */
static struct row *sr_of_writer(struct manager *m, const struct row *vm)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        autoptr(row) vbd = db_get(m->db, CLASS_VBD, val_text(val_at(vbds, i)));
        autoptr(row) vdi = NULL;

        if (!vbd || row_int(vbd, F_VBD_MODE) != E_VBD_MODE_RW ||
            !row_bool(vbd, F_VBD_CURRENTLY_ATTACHED))
            continue;
        vdi = db_get(m->db, CLASS_VDI, row_text(vbd, F_VBD_VDI));
        if (vdi)
            return db_get(m->db, CLASS_SR, row_text(vdi, F_VDI_SR));
    }
    return NULL;
}

static void take_stopped(void *arg)
{
    autofree struct news *news = arg;
    struct turn turn = {.m = news->m};
    autoptr(row) vm = NULL;
    autoptr(row) sr = NULL;
    struct err *e = db_need_uuid(news->m->db, CLASS_VM, val_text(&news->params), &vm);

    if (!e)
        sr = sr_of_writer(news->m, vm);
    turn.vm = vm;
    turn.sr = sr;
    if (!e && sr)
        e = db_run(news->m->db, paused_txn, &turn);
    if (e)
        log_error(API, "noting that a VM stopped for space: %s", err_sentence(e));
    err_free(e);
    val_unref(&news->params);
}

void sr_space_stopped(struct manager *m, const char *vm_uuid)
{
    struct news *news = xcalloc(1, sizeof(*news));

    news->m = m;
    news->params = val_str(vm_uuid);
    if (pool_submit(m->priority, take_stopped, news))
        return;
    val_unref(&news->params);
    free(news);
}
