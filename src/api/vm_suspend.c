// SPDX-License-Identifier: GPL-2.0-or-later
/* VM.suspend, resume.
 *
 * Suspending, the row turns Suspended between the image's last byte and the end of the
 * domain, which stands still meanwhile; resuming, it turns Running between the image's
 * reading and the guest's next instruction.  Whoever dies before finds the VM as it was. */
#include "api/vm_suspend.h"

#include <string.h>
#include <unistd.h>

#include "api/bodies.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/vm_checks.h"
#include "api/vm_life.h"
#include "api/vm_memory.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

/* lk-vmd gives up by itself when nothing moves. */
#define SAVE_TIMEOUT_MS (UINT64_C(24) * 3600 * 1000)
#define BACK_MS         30000 /* for lk-vmd to come back */
#define AGAIN_MS        500

/* ---- suspend ---- */

/* Cut off, it is closed; it goes as every disk does that was made for nothing. */
static struct err *will_hold(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = db_get(call->db, CLASS_VM, vm_ref);
    autoptr(row) vdi =
        vm ? db_get(call->db, CLASS_VDI, row_text(vm, F_VM_SUSPEND_VDI)) : NULL;
    autoptr(row) sr = vdi ? db_get(call->db, CLASS_SR, row_text(vdi, F_VDI_SR)) : NULL;
    struct err *e = NULL;

    if (sr)
        e = journal_step(call, JOURNAL_HELD, row_uuid(sr), row_uuid(vdi), row_uuid(vm),
                         NULL);
    return e;
}

struct err *vm_saving_begin(struct call *call, const char *vm_ref)
{
    struct err *e = vm_memory_make(call, vm_ref);

    return e ? e : will_hold(call, vm_ref);
}

struct err *vm_saving_will_stop(struct call *call, const char *vm_ref)
{
    return journal_step(call, JOURNAL_VM_STARTING, vm_ref, NULL);
}

struct err *vm_saving_write(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    struct val params, image;
    int fd;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = vm_memory_open(call->manager, vm, "rw", 0, &image, &fd);
    if (e)
        return e;
    params = val_map(2);
    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    val_put_str(&params, "image", image);
    e = agents_call(call->manager->agents, AGENT_VMD, "vm.suspend", params, &fd, 1,
                    SAVE_TIMEOUT_MS, NULL, NULL, NULL);
    close(fd);
    return e;
}

/* lk-vmd's own end is told as an INTERNAL_ERROR that begins with its name. */
static bool is_away(const struct err *e)
{
    return err_code(e) == ERR_INTERNAL_ERROR && err_n_params(e) > 0 &&
           str_has_prefix(err_param_at(e, 0), "lk-vmd");
}

static bool runs_already(const struct err *e)
{
    return err_code(e) == ERR_VM_BAD_POWER_STATE && err_n_params(e) > 2 &&
           strcmp(err_param_at(e, 2), "running") == 0;
}

struct err *vm_saving_go_on(struct call *call, const struct row *vm)
{
    uint64_t deadline = clock_monotonic_ms() + BACK_MS;

    for (;;) {
        struct val params = val_map(1);
        struct err *e;

        val_put_str(&params, "vm", val_str(row_uuid(vm)));
        e = agents_call(call->manager->agents, AGENT_VMD, "vm.unpause", params, NULL, 0, 0,
                        NULL, NULL, NULL);
        if (e && runs_already(e)) {
            err_ignore(e, "that is what is wanted");
            return NULL;
        }
        if (!e || !is_away(e) || clock_monotonic_ms() > deadline)
            return e;
        err_free(e);
        (void)task_wait_cancel(call->task, AGAIN_MS);
    }
}

static struct err *suspend(struct call *call, const char *vm_ref)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (!e)
        e = vm_saving_begin(call, vm_ref);
    if (!e)
        e = vm_saving_will_stop(call, vm_ref);
    if (e)
        return e;
    e = vm_saving_write(call, vm_ref);
    if (!e)
        e = vm_memory_written(call->manager, vm_ref);
    if (!e)
        e = task_check_cancel(call->task);
    if (!e)
        e = journal_commit(call, vm_life_suspended_txn, (void *)vm_ref);
    if (e) {
        err_ignore(vm_saving_go_on(call, vm), "the next look at lk-vmd settles it");
        err_ignore(vm_memory_drop(call->manager, vm_ref), "it is swept away later");
        return err_context(e, "suspending VM %s", row_uuid(vm));
    }
    err_ignore(vm_life_release(call->manager, vm),
               "the next look at lk-vmd, or resume, does it");
    return NULL;
}

static struct err *vm_suspend(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    autoptr(row) vm = NULL;
    struct err *e = op_begin(call, &vm_op_rules, ref, E_VM_OPERATIONS_SUSPEND);

    if (e)
        return e;
    e = db_need(call->db, CLASS_VM, ref, &vm);
    if (!e) {
        merges_bar(call->manager->merges, row_uuid(vm));
        e = suspend(call, ref);
        merges_unbar(call->manager->merges, row_uuid(vm), "");
    }
    op_end(call, &vm_op_rules, ref);
    return e;
}

/* ---- resume ---- */

static struct err *check_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vm;
    struct err *e = txn_need(t, CLASS_VM, arg_text(call, 0), &vm);

    if (!e && !txn_get(t, CLASS_VDI, row_text(vm, F_VM_SUSPEND_VDI)))
        e = err_params(ERR_VM_HAS_NO_SUSPEND_VDI, row_ref(vm), NULL);
    return e ? e : vm_check_can_boot(t, vm, call->manager->self.host_ref);
}

static struct err *resume(struct call *call, int op, bool start_paused)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &vm_op_rules, ref, op);

    if (e)
        return e;
    e = db_run(call->db, check_txn, call);
    if (!e)
        e = journal_step(call, JOURNAL_VM_STARTING, ref, NULL);
    if (!e)
        e = vm_life_resume(call->manager, ref, start_paused, call->task);
    op_end(call, &vm_op_rules, ref);
    return e;
}

static struct err *vm_resume(struct call *call, struct val *ret_result)
{
    return resume(call, E_VM_OPERATIONS_RESUME, arg_bool(call, 1));
}

static struct err *vm_resume_on(struct call *call, struct val *ret_result)
{
    autoptr(row) host = NULL;
    struct err *e = db_need(call->db, CLASS_HOST, arg_text(call, 1), &host);

    return e ? e : resume(call, E_VM_OPERATIONS_RESUME_ON, arg_bool(call, 2));
}

const struct body_def vm_suspend_bodies[] = {
    {"VM.suspend", vm_suspend, BODY_NORMAL},
    {"VM.resume", vm_resume, BODY_NORMAL},
    {"VM.resume_on", vm_resume_on, BODY_NORMAL},
    {0},
};
