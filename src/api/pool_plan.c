// SPDX-License-Identifier: GPL-2.0-or-later
/* What would become of VMs if hosts failed, and of guests if the pool were updated. Without
 * high availability nothing is restarted by itself; these are answers to questions. */
#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "api/ops.h"
#include "api/setter.h"
#include "api/vm_checks.h"

/* ---- how many hosts may fail ---- */

/* None: with a host its VMs are gone until somebody starts them elsewhere. */
static struct err *max_failures(struct call *call UNUSED, struct val *ret_result)
{
    *ret_result = val_int(0);
    return NULL;
}

/* Argument: VM to restart priority. */
static struct err *hypothetical_max_failures(struct txn *t, struct call *call,
                                             struct val *ret_result)
{
    const struct val *plan = &call->args[0];

    for (size_t i = 0; i < val_count(plan); i++) {
        const char *priority = val_text(val_value_at(plan, i));
        const struct row *vm;
        struct err *e = txn_need(t, CLASS_VM, val_text(val_key_at(plan, i)), &vm);

        if (e)
            return e;
        if (*priority && !STREQ(priority, "restart") && !STREQ(priority, "best-effort"))
            return invalid_text("ha_restart_priority", priority);
    }
    *ret_result = val_int(0);
    return NULL;
}

static struct err *plan_exists(struct call *call, struct val *ret_result)
{
    *ret_result = val_bool(arg_int(call, 0) <= 0);
    return NULL;
}

/* ---- where VMs could go ---- */

static struct val planned(const char *key, const char *value)
{
    struct val answer = val_map(1);

    val_put_str(&answer, key, val_str(value));
    return answer;
}

/* A host that is not among the failed ones and takes the VM. */
static struct val plan_vm(struct txn *t, const struct row *vm, const struct val *failed)
{
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);

    for (size_t i = 0; i < n; i++) {
        struct err *e;

        if (val_set_has(failed, row_ref(hosts[i])) || !host_is_live(t, hosts[i]))
            continue;
        e = vm_check_can_boot(t, vm, row_ref(hosts[i]));
        if (!e)
            return planned("host", row_uuid(hosts[i]));
        err_ignore(e, "another host may take it");
    }
    return planned("error_code", err_code_name(ERR_NO_HOSTS_AVAILABLE));
}

/* Arguments: failed_hosts, failed_vms */
static struct err *compute_plan(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct val *hosts = &call->args[0], *vms = &call->args[1];
    autoval struct val plan = val_map(val_count(vms));
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(hosts); i++) {
        const struct row *host;

        e = txn_need(t, CLASS_HOST, val_text(val_at(hosts, i)), &host);
    }
    for (size_t i = 0; !e && i < val_count(vms); i++) {
        const struct row *vm;

        e = txn_need(t, CLASS_VM, val_text(val_at(vms, i)), &vm);
        if (!e)
            val_put_str(&plan, row_ref(vm), plan_vm(t, vm, hosts));
    }
    if (!e)
        *ret_result = take_val(plan);
    return e;
}

/* ---- updates ---- */

/* Arguments: pool, requires_reboot.  [code, parameters...] of what stands in the way. */
static struct err *check_update_readiness(struct txn *t, struct call *call,
                                          struct val *ret_result)
{
    const struct row *pool;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (e)
        return e;
    *ret_result = val_set(n);
    for (size_t i = 0; i < n; i++) {
        autoval struct val stuck = host_stuck_vms(t, hosts[i]);
        bool offline = !host_is_live(t, hosts[i]);
        struct val why;

        if (!offline && (!arg_bool(call, 1) || !val_count(&stuck)))
            continue;
        why = val_set(2);
        val_push(&why, val_str(err_code_name(offline ? ERR_HOST_OFFLINE
                                                     : ERR_CANNOT_EVACUATE_HOST)));
        val_push(&why, val_str(row_ref(hosts[i])));
        val_push(ret_result, why);
    }
    return NULL;
}

const struct body_def pool_plan_bodies[] = {
    {"pool.ha_compute_max_host_failures_to_tolerate", max_failures, BODY_INLINE},
    {"pool.ha_compute_hypothetical_max_host_failures_to_tolerate",
     IN_TXN(hypothetical_max_failures)},
    {"pool.ha_failover_plan_exists", plan_exists, BODY_INLINE},
    {"pool.ha_compute_vm_failover_plan", IN_TXN(compute_plan)},
    {"pool.set_ha_host_failures_to_tolerate", SETTER(setter_set, .most = INT64_MAX)},
    {"pool.check_update_readiness", IN_TXN(check_update_readiness)},
    {0},
};
