// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps of the journal at lk-vmd: VMs and their drives. */
#include <string.h>

#include "api/device_plug.h"
#include "api/journal_settle.h"
#include "api/vm_life.h"
#include "api/vm_turn.h"
#include "base/log.h"
#include "base/str.h"
#include "rpc/agents.h"
#include "rpc/inner_call.h"

static bool is_on(const struct row *vm)
{
    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING ||
           row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED;
}

static struct val vm_params(const struct row *vm)
{
    struct val params = val_map(3);

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    return params;
}

static struct err *vmd(struct manager *m, const char *verb, struct val params)
{
    return agents_call(m->agents, AGENT_VMD, verb, params, NULL, 0, 0, NULL, NULL, NULL);
}

enum domain { DOMAIN_GONE, DOMAIN_RUNNING, DOMAIN_PAUSED };

/* What lk-vmd has of the VM; one that ended by itself counts as gone, and so does one that
 * the row does not tell of: made for a restart that was cut off. */
static struct err *domain_of(struct manager *m, const struct row *vm,
                             enum domain *ret_domain)
{
    autoval struct val answer = val_void();
    struct err *e = agents_call(m->agents, AGENT_VMD, "vm.list", val_map(0), NULL, 0, 0,
                                &answer, NULL, NULL);
    const struct val *vms = e ? NULL : val_find(&answer, "vms");

    *ret_domain = DOMAIN_GONE;
    for (size_t i = 0; vms && i < val_count(vms); i++) {
        const char *state = val_find_text(val_at(vms, i), "state", "");
        const struct val *id = val_find(val_at(vms, i), "domid");
        int64_t domid = id && id->kind == VAL_INT ? id->i : -1;

        if (strcmp(val_find_text(val_at(vms, i), "vm", ""), row_uuid(vm)) != 0)
            continue;
        if (domid < 0)
            return err_param(err_new(ERR_INTERNAL_ERROR, "asking for VM %s", row_uuid(vm)),
                             "lk-vmd cannot find out about the VM yet");
        if (domid != row_int(vm, F_VM_DOMID))
            continue;
        if (strcmp(state, "running") == 0)
            *ret_domain = DOMAIN_RUNNING;
        else if (strcmp(state, "paused") == 0)
            *ret_domain = DOMAIN_PAUSED;
    }
    return e;
}

/* The row says it is on: so it is, or it ends. */
static struct err *go_on(struct manager *m, const struct row *vm, enum journal_end *ret_end)
{
    bool runs = row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING;
    enum domain domain;
    struct err *e = domain_of(m, vm, &domain);

    if (e)
        return e;
    if (domain == DOMAIN_GONE)
        return vm_life_end(m, row_ref(vm));
    *ret_end = JOURNAL_FINISHED;
    return runs && domain == DOMAIN_PAUSED ? vmd(m, "vm.unpause", vm_params(vm)) : NULL;
}

struct err *journal_settle_vm_starting(const struct journal_settling *s,
                                       enum journal_end *ret_end)
{
    autoptr(row) vm = db_get(s->m->db, CLASS_VM, s->words[0]);

    if (!vm)
        return NULL;
    return is_on(vm) ? go_on(s->m, vm, ret_end) : vm_life_release(s->m, vm);
}

/* Nobody took the entry back meanwhile. */
static bool is_wanted(const struct journal_settling *s)
{
    autoptr(row) entry = db_get(s->m->db, CLASS_JOURNAL, row_ref(s->entry));

    return entry;
}

static struct err *end_in_turn(const struct journal_settling *s, enum journal_end *ret_end)
{
    autoptr(row) vm = db_get(s->m->db, CLASS_VM, s->words[0]);

    *ret_end = JOURNAL_FINISHED;
    return vm && is_on(vm) ? vm_life_end(s->m, row_ref(vm)) : NULL;
}

struct err *journal_settle_vm_ending(const struct journal_settling *s,
                                     enum journal_end *ret_end)
{
    struct err *e;

    vm_turn_take(VM_TURN_POWER, s->words[0]);
    e = is_wanted(s) ? end_in_turn(s, ret_end) : NULL;
    vm_turn_give(VM_TURN_POWER, s->words[0]);
    return e;
}

static struct err *start(struct manager *m, const struct row *vm, enum journal_end *ret_end)
{
    struct task *task = task_dummy("restart");
    struct err *e = vm_life_start(m, row_ref(vm), false, task);

    task_free(task);
    if (e && journal_is_refusal(e)) {
        log_error(API, "VM %s ended for a restart and does not start: %s", row_uuid(vm),
                  err_sentence(e));
        err_free(e);
        return NULL;
    }
    *ret_end = JOURNAL_FINISHED;
    return e;
}

static struct err *restart_in_turn(const struct journal_settling *s,
                                   enum journal_end *ret_end)
{
    autoptr(row) vm = db_get(s->m->db, CLASS_VM, s->words[0]);
    enum domain domain = DOMAIN_GONE;
    int64_t before;
    struct err *e;

    if (!vm)
        return NULL;
    e = is_on(vm) ? domain_of(s->m, vm, &domain) : vm_life_release(s->m, vm);
    if (e)
        return e;
    if (domain != DOMAIN_GONE) {
        e = go_on(s->m, vm, ret_end);
        if (str_to_int64(s->words[1], &before) == 0 && before == row_int(vm, F_VM_DOMID))
            *ret_end = JOURNAL_UNDONE; /* it was not ended yet */
        return e;
    }
    e = vm_life_end(s->m, row_ref(vm));
    return e ? e : start(s->m, vm, ret_end);
}

struct err *journal_settle_vm_restarting(const struct journal_settling *s,
                                         enum journal_end *ret_end)
{
    struct err *e;

    vm_turn_take(VM_TURN_POWER, s->words[0]);
    e = is_wanted(s) ? restart_in_turn(s, ret_end) : NULL;
    vm_turn_give(VM_TURN_POWER, s->words[0]);
    return e;
}

struct state_change {
    const struct row *vm;
    int state;
};

static struct err *state_txn(struct txn *t, void *arg)
{
    const struct state_change *change = arg;
    const struct row *vm = txn_get(t, CLASS_VM, row_ref(change->vm));

    if (!vm || !is_on(vm))
        return NULL;
    txn_set(t, CLASS_VM, row_ref(change->vm), F_VM_POWER_STATE, val_int(change->state));
    vm_ops_refresh(t, row_ref(change->vm));
    return NULL;
}

struct err *journal_settle_vm_state(const struct journal_settling *s,
                                    enum journal_end *ret_end)
{
    autoptr(row) vm = db_get(s->m->db, CLASS_VM, s->words[0]);
    struct state_change change = {vm, E_VM_POWER_STATE_RUNNING};
    enum domain domain;
    struct err *e = vm && is_on(vm) ? domain_of(s->m, vm, &domain) : NULL;

    if (e || !vm || !is_on(vm))
        return e;
    if (domain == DOMAIN_GONE)
        return vm_life_end(s->m, row_ref(vm));
    if (domain == DOMAIN_PAUSED)
        change.state = E_VM_POWER_STATE_PAUSED;
    if (strcmp(s->words[1], domain == DOMAIN_PAUSED ? JOURNAL_PAUSED : JOURNAL_RUNNING) ==
        0)
        *ret_end = JOURNAL_FINISHED;
    return db_run(s->m->db, state_txn, &change);
}

/* ---- drives ---- */

static struct err *empty_drive(struct manager *m, const struct row *vm,
                               const struct row *vbd)
{
    struct val params = vm_params(vm);

    val_put_str(&params, "device",
                val_int(vbd_device_number(row_text(vbd, F_VBD_USERDEVICE))));
    val_put_str(&params, "layers", val_set(0));
    return vmd(m, "vm.cd", params);
}

static struct err *empty_txn(struct txn *t, void *arg)
{
    const char *vbd_ref = arg;

    if (!txn_get(t, CLASS_VBD, vbd_ref))
        return NULL;
    txn_set(t, CLASS_VBD, vbd_ref, F_VBD_VDI, val_str(NULL_REF));
    txn_set(t, CLASS_VBD, vbd_ref, F_VBD_EMPTY, val_bool(true));
    op_refresh(t, &vbd_op_rules, vbd_ref);
    return NULL;
}

/* What was on its way in or out is out. */
struct err *journal_settle_drive(const struct journal_settling *s,
                                 enum journal_end *ret_end)
{
    autoptr(row) vbd = db_get(s->m->db, CLASS_VBD, s->words[0]);
    autoptr(row) vm = vbd ? db_get(s->m->db, CLASS_VM, row_text(vbd, F_VBD_VM)) : NULL;
    struct val params;
    struct err *e;

    if (!vm || !is_on(vm))
        return NULL;
    e = empty_drive(s->m, vm, vbd);
    if (e && journal_is_refusal(e)) {
        err_ignore(e, "the drive stays as it is");
        return NULL;
    }
    if (e)
        return e;
    if (strcmp(row_text(s->entry, F_JOURNAL_METHOD), "VBD.eject") == 0)
        *ret_end = JOURNAL_FINISHED;
    params = val_map(3);
    val_put_str(&params, "sr", val_str(s->words[1]));
    val_put_str(&params, "vdi", val_str(s->words[2]));
    val_put_str(&params, "holder", val_str(row_uuid(vm)));
    e = agents_call(s->m->agents, AGENT_STORED, "vdi.close", params, NULL, 0, 0, NULL, NULL,
                    NULL);
    return e ? e : db_run(s->m->db, empty_txn, (void *)s->words[0]);
}

/* ---- disks and interfaces that are plugged ---- */

struct err *journal_settle_device(const struct journal_settling *s,
                                  enum journal_end *ret_end)
{
    bool to_unplug = strstr(row_text(s->entry, F_JOURNAL_METHOD), ".unplug");
    int cls = strcmp(s->words[0], "VBD") == 0 ? CLASS_VBD : CLASS_VIF;
    int field = cls == CLASS_VBD ? F_VBD_CURRENTLY_ATTACHED : F_VIF_CURRENTLY_ATTACHED;
    struct err *e = device_settle(s->m, cls, s->words[1], to_unplug);
    autoptr(row) row = db_get(s->m->db, cls, s->words[1]);

    if (e && journal_is_refusal(e)) {
        err_ignore(e, "the VM does not run, or its guest does not let go of it");
        e = NULL;
    }
    if (row && row_bool(row, field) != to_unplug)
        *ret_end = JOURNAL_FINISHED;
    return e;
}

/* ---- calls ---- */

static struct err *unmark_txn(struct txn *t, void *arg)
{
    journal_unmark(t, arg);
    return NULL;
}

static struct err *mark_again_txn(struct txn *t, void *arg)
{
    journal_mark(t, arg);
    return NULL;
}

/* Those of a disk ask lk-stored once: when it refused, nothing was done. */
static bool is_one_step(const char *message)
{
    return str_has_prefix(message, "VDI.");
}

static struct err *call_again(const struct journal_settling *s)
{
    struct val args[] = {val_str(s->words[1]), val_void()};
    size_t n_args = 1;
    int64_t number;
    struct err *e;

    if (str_to_int64(s->words[2], &number) == 0)
        args[n_args++] = val_int(number);
    journal_repeats = true;
    e = rpc_call_inside(s->m, NULL, s->words[0], args, n_args, NULL);
    journal_repeats = false;
    val_unref(&args[0]);
    return e;
}

struct err *journal_settle_again(const struct journal_settling *s,
                                 enum journal_end *ret_end)
{
    struct err *e;

    if (s->was_refused && is_one_step(s->words[0]))
        return NULL;
    e = db_run(s->m->db, unmark_txn, (void *)s->entry);
    op_wake();
    if (!e)
        e = call_again(s);
    if (e && err_code(e) == ERR_OTHER_OPERATION_IN_PROGRESS) {
        err_ignore(db_run(s->m->db, mark_again_txn, (void *)s->entry), "it is busy anyway");
        return e; /* later */
    }
    if (e && journal_is_refusal(e)) {
        log_error(API, "%s was cut off and cannot be finished: %s", s->words[0],
                  err_sentence(e));
        err_free(e);
        return NULL;
    }
    *ret_end = JOURNAL_FINISHED;
    return e;
}
