// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vbd_limits.h"

#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "api/vm_life.h"
#include "base/log.h"
#include "base/str.h"
#include "model/map_key.h"
#include "rpc/agents.h"

#define RATELIMIT "ratelimit"

struct limit {
    int64_t kib, operations; /* a second; 0: none */
};

static struct err *read_rate(const struct row *vbd, enum map_key_id key, int64_t *ret_rate)
{
    const struct val *params = row_get(vbd, F_VBD_QOS_ALGORITHM_PARAMS);
    bool is_empty = map_key_is_set(params, key) && !*map_key_text(params, key);

    if (!is_empty && map_key_number(params, key, ret_rate) == 0)
        return NULL;
    return err_param(err_paramf(err_params(ERR_INVALID_VALUE, NULL),
                                "qos_algorithm_params:%s", map_key_name(key)),
                     map_key_text(params, key));
}

/* Types of other platforms are kept in the row and limit nothing:
 * qos_supported_algorithms says which do. */
static struct err *read_limit(const struct row *vbd, struct limit *ret_limit)
{
    const char *type = row_text(vbd, F_VBD_QOS_ALGORITHM_TYPE);
    struct err *e;

    *ret_limit = (struct limit){0};
    if (strcmp(type, RATELIMIT) != 0) {
        if (*type)
            log_info(API, "VBD %s: '%s' is no way to limit a disk here", row_uuid(vbd),
                     type);
        return NULL;
    }
    e = read_rate(vbd, KEY_VBD_QOS_ALGORITHM_PARAMS_KBPS, &ret_limit->kib);
    return e ? e
             : read_rate(vbd, KEY_VBD_QOS_ALGORITHM_PARAMS_IOPS, &ret_limit->operations);
}

static struct err *tell(struct manager *m, const struct row *vm, const struct row *vbd,
                        const struct limit *limit)
{
    struct val params = val_map(4);

    val_put_str(&params, "vm", val_str(row_uuid(vm)));
    val_put_str(&params, "device",
                val_int(vbd_device_number(row_text(vbd, F_VBD_USERDEVICE))));
    val_put_str(&params, "bytes", val_int(limit->kib << 10));
    val_put_str(&params, "operations", val_int(limit->operations));
    return agents_call(m->agents, AGENT_VMD, "vm.disk_limit", params, NULL, 0, 0, NULL,
                       NULL, NULL);
}

struct err *vbd_limits_apply(struct manager *m, const struct row *vm, const struct row *vbd)
{
    struct limit limit;
    struct err *e = read_limit(vbd, &limit);

    return e ? e : tell(m, vm, vbd, &limit);
}

struct err *vbd_limits_begin(struct manager *m, const struct row *vm)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);
    bool is_suspended = row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_SUSPENDED;
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(vbds); i++) {
        autoptr(row) vbd = db_get(m->db, CLASS_VBD, val_text(val_at(vbds, i)));
        struct limit limit = {0};

        if (!vbd || row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD ||
            (is_suspended && !row_bool(vbd, F_VBD_RESERVED)))
            continue;
        e = read_limit(vbd, &limit);
        if (!e && (limit.kib || limit.operations))
            e = tell(m, vm, vbd, &limit);
    }
    return e;
}

/* ---- setters ---- */

static struct err *restore_txn(struct txn *t, void *arg)
{
    const struct row *old = arg;

    if (!txn_get(t, CLASS_VBD, row_ref(old)))
        return NULL;
    txn_set(t, CLASS_VBD, row_ref(old), F_VBD_QOS_ALGORITHM_TYPE,
            val_ref(row_get(old, F_VBD_QOS_ALGORITHM_TYPE)));
    txn_set(t, CLASS_VBD, row_ref(old), F_VBD_QOS_ALGORITHM_PARAMS,
            val_ref(row_get(old, F_VBD_QOS_ALGORITHM_PARAMS)));
    return NULL;
}

static struct err *apply_if_running(struct call *call, const char *ref)
{
    autoptr(row) vbd = NULL;
    autoptr(row) vm = NULL;
    struct limit limit;
    struct err *e = db_need(call->db, CLASS_VBD, ref, &vbd);

    if (!e)
        e = read_limit(vbd, &limit);
    if (e || !row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) ||
        row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD)
        return e;
    e = db_need(call->db, CLASS_VM, row_text(vbd, F_VBD_VM), &vm);
    if (e || (row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_RUNNING &&
              row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_PAUSED))
        return e;
    return tell(call->manager, vm, vbd, &limit);
}

/* The row first; what the VM does not take is taken back from it. */
static struct err *set_limit(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    autoptr(row) old = NULL;
    struct err *e = db_need(call->db, CLASS_VBD, ref, &old);

    if (!e)
        e = call_in_txn(call, ret_result);
    if (e)
        return e;
    e = apply_if_running(call, ref);
    if (e)
        err_ignore(db_run(call->db, restore_txn, old), "the limit is refused all the same");
    return e;
}

#define LIMIT(step) set_limit, BODY_NORMAL, step, NULL

const struct body_def vbd_limit_bodies[] = {
    {"VBD.set_qos_algorithm_type", LIMIT(setter_set)},
    {"VBD.set_qos_algorithm_params", LIMIT(setter_set)},
    {"VBD.add_to_qos_algorithm_params", LIMIT(setter_add)},
    {"VBD.remove_from_qos_algorithm_params", LIMIT(setter_remove)},
    {0},
};
