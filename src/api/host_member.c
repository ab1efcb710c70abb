// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts as members: told, declared dead, destroyed. */
#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/vdi_record.h"
#include "base/uuid.h"
#include "rpc/generated.h"
#include "rpc/inner_call.h"
#include "rpc/manager.h"

/* ---- create: a row for a host that is to come; it is not on ---- */

static struct err *check_new(struct txn *t, const struct call *call)
{
    const char *uuid = arg_text(call, 0);
    struct err *e = NULL;

    if (!uuid_is_valid(uuid))
        return err_params(ERR_UUID_INVALID, "host", uuid, NULL);
    if (txn_get_by_uuid(t, CLASS_HOST, uuid))
        return err_params(ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION, "host", "uuid", uuid,
                          NULL);
    for (size_t i = 0; !e && i < call->method->n_params; i++)
        e = generated_check_refs(t, call->method->params[i].type, &call->args[i]);
    return e;
}

static struct err *create(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct class_def *cls = &classes[CLASS_HOST];
    const char *metrics, *ref;
    struct err *e = check_new(t, call);

    if (e)
        return e;
    ref = txn_create_as(t, CLASS_HOST, NULL, arg_text(call, 0));
    metrics = txn_create(t, CLASS_HOST_METRICS);
    /* Each parameter is called as its field. */
    for (size_t i = 1; i < call->method->n_params; i++) {
        const struct field_def *field = field_by_name(cls, call->method->params[i].name);

        if (field)
            txn_set(t, CLASS_HOST, ref, field_index(cls, field), val_ref(&call->args[i]));
    }
    txn_set(t, CLASS_HOST, ref, F_HOST_METRICS, val_str(metrics));
    txn_set(t, CLASS_HOST, ref, F_HOST_ENABLED, val_bool(false));
    op_refresh(t, &host_op_rules, ref);
    *ret_result = val_str(ref);
    return NULL;
}

/* ---- ends ---- */

static struct err *check_lost(struct txn *t, struct call *call, const struct row **ret_host)
{
    const char *ref = arg_text(call, 0);
    struct err *e = txn_need(t, CLASS_HOST, ref, ret_host);

    if (!e && STREQ(ref, call->manager->self.host_ref))
        e = err_params(ERR_HOST_CANNOT_DESTROY_SELF, ref, NULL);
    if (!e && host_is_live(t, *ret_host))
        e = err_params(ERR_HOST_IS_LIVE, ref, NULL);
    return e;
}

static struct err *lost_vms(struct txn *t, struct call *call, struct val *ret_vms)
{
    const struct row *host;
    struct err *e = check_lost(t, call, &host);
    const struct val *vms = e ? NULL : row_get(host, F_HOST_RESIDENT_VMS);

    if (e)
        return e;
    *ret_vms = val_set(val_count(vms));
    for (size_t i = 0; i < val_count(vms); i++) {
        const struct row *vm = txn_get(t, CLASS_VM, val_text(val_at(vms, i)));

        if (vm && !row_bool(vm, F_VM_IS_CONTROL_DOMAIN))
            val_push(ret_vms, val_str(row_ref(vm)));
    }
    return NULL;
}

/* Whatever ran there runs no more. */
static struct err *declare_dead(struct call *call, struct val *ret_result)
{
    autoval struct val vms = val_void();
    struct err *e = call_in_txn(call, &vms);

    for (size_t i = 0; !e && i < val_count(&vms); i++)
        e = rpc_call_inside(call->manager, call->task, "VM.power_state_reset",
                            val_at(&vms, i), 1, NULL);
    return e;
}

static void delete_all(struct txn *t, int cls, const struct val *refs)
{
    for (size_t i = 0; i < val_count(refs); i++)
        txn_delete(t, cls, val_text(val_at(refs, i)));
}

static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    static const struct {
        int field, cls;
    } belongings[] = {
        {F_HOST_PBDS, CLASS_PBD},
        {F_HOST_PIFS, CLASS_PIF},
        {F_HOST_HOST_CPUS, CLASS_HOST_CPU},
    };
    autoval struct val vms = val_void();
    const struct row *host;
    struct err *e = check_lost(t, call, &host);

    if (!e)
        e = lost_vms(t, call, &vms);
    if (!e && val_count(&vms))
        e = err_params(ERR_HOST_HAS_RESIDENT_VMS, row_ref(host), NULL);
    if (e)
        return e;
    for (size_t i = 0; i < ARRAY_SIZE(belongings); i++) {
        autoval struct val refs = val_ref(row_get(host, belongings[i].field));

        delete_all(t, belongings[i].cls, &refs);
    }
    if (txn_get(t, CLASS_VM, row_text(host, F_HOST_CONTROL_DOMAIN)))
        txn_delete(t, CLASS_VM, row_text(host, F_HOST_CONTROL_DOMAIN));
    if (txn_get(t, CLASS_HOST_METRICS, row_text(host, F_HOST_METRICS)))
        txn_delete(t, CLASS_HOST_METRICS, row_text(host, F_HOST_METRICS));
    txn_delete(t, CLASS_HOST, arg_text(call, 0));
    return NULL;
}

const struct body_def host_member_bodies[] = {
    {"host.create", IN_TXN(create)},
    {"host.destroy", IN_TXN(destroy)},
    {"host.declare_dead", declare_dead, BODY_NORMAL, lost_vms},
    {0},
};
