// SPDX-License-Identifier: GPL-2.0-or-later
/* VMSS messages: what a schedule is.  When it is due: vmss_schedule.c; running it:
 * vmss_run.c. */
#include "api/vmss.h"

#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"

#define MAX_RETAINED 10

static struct err *create(struct txn *t, struct call *call, struct val *ret_result)
{
    static const int given[] = {
        F_VMSS_NAME_LABEL, F_VMSS_NAME_DESCRIPTION,   F_VMSS_ENABLED,
        F_VMSS_TYPE,       F_VMSS_RETAINED_SNAPSHOTS, F_VMSS_FREQUENCY,
    };
    const struct val *cells = &call->args[0];
    int64_t retained = val_at(cells, F_VMSS_RETAINED_SNAPSHOTS)->i;
    struct val schedule;
    const char *ref;
    struct err *e;

    if (retained < 1 || retained > MAX_RETAINED)
        return invalid_int("retained_snapshots", retained);
    e = vmss_normalise(val_at(cells, F_VMSS_FREQUENCY)->i, val_at(cells, F_VMSS_SCHEDULE),
                       &schedule);
    if (e)
        return e;
    ref = txn_create(t, CLASS_VMSS);
    for (size_t i = 0; i < ARRAY_SIZE(given); i++)
        txn_set(t, CLASS_VMSS, ref, given[i], val_ref(val_at(cells, (size_t)given[i])));
    txn_set(t, CLASS_VMSS, ref, F_VMSS_SCHEDULE, schedule);
    *ret_result = val_str(ref);
    return NULL;
}

static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *vmss;
    struct err *e = txn_need(t, CLASS_VMSS, arg_text(call, 0), &vmss);

    if (!e && val_count(row_get(vmss, F_VMSS_VMS)))
        e = err_params(ERR_VMSS_HAS_VM, NULL);
    if (!e)
        txn_delete(t, CLASS_VMSS, row_ref(vmss));
    return e;
}

/* ---- frequency and schedule belong together ---- */

static struct err *set_frequency(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *vmss;
    struct val schedule;
    struct err *e = txn_need(t, CLASS_VMSS, ref, &vmss);

    if (!e)
        e = vmss_normalise(arg_int(call, 1), row_get(vmss, F_VMSS_SCHEDULE), &schedule);
    if (e)
        return e;
    txn_set(t, CLASS_VMSS, ref, F_VMSS_FREQUENCY, val_ref(&call->args[1]));
    txn_set(t, CLASS_VMSS, ref, F_VMSS_SCHEDULE, schedule);
    return NULL;
}

/* The map that set_schedule, add_to_schedule or remove_from_schedule asks for. */
static struct val asked_for(const struct call *call, const struct row *vmss)
{
    const struct val *now = row_get(vmss, F_VMSS_SCHEDULE);

    if (strcmp(call->method->name, "set_schedule") == 0)
        return val_ref(&call->args[1]);
    if (strcmp(call->method->name, "add_to_schedule") == 0)
        return val_map_with(now, arg_text(call, 1), val_ref(&call->args[2]));
    return val_map_without(now, arg_text(call, 1));
}

static struct err *change_schedule(struct txn *t, struct call *call,
                                   struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    autoval struct val wanted = val_void();
    const struct row *vmss;
    struct val schedule;
    struct err *e = txn_need(t, CLASS_VMSS, ref, &vmss);

    if (e)
        return e;
    wanted = asked_for(call, vmss);
    e = vmss_normalise(row_int(vmss, F_VMSS_FREQUENCY), &wanted, &schedule);
    if (!e)
        txn_set(t, CLASS_VMSS, ref, F_VMSS_SCHEDULE, schedule);
    return e;
}

static struct err *snapshot_now(struct call *call, struct val *ret_result)
{
    return vmss_run(call->manager, call->task, arg_text(call, 0), ret_result);
}

const struct body_def vmss_bodies[] = {
    {"VMSS.create", IN_TXN(create)},
    {"VMSS.destroy", IN_TXN(destroy)},
    {"VMSS.set_retained_snapshots", SETTER(setter_set, .least = 1, .most = MAX_RETAINED)},
    {"VMSS.set_frequency", IN_TXN(set_frequency)},
    {"VMSS.set_schedule", IN_TXN(change_schedule)},
    {"VMSS.add_to_schedule", IN_TXN(change_schedule)},
    {"VMSS.remove_from_schedule", IN_TXN(change_schedule)},
    {"VMSS.set_last_run_time", SETTER(setter_set)},
    {"VMSS.set_type", SETTER(setter_set)},
    {"VMSS.snapshot_now", snapshot_now, BODY_NORMAL},
    {0},
};
