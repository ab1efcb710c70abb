// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts in use: taken out of it and back, emptied, asked about. */
#include "api/host.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "api/bodies.h"
#include "api/host_facts.h"
#include "api/ops.h"
#include "api/setter.h"
#include "api/vm_checks.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "io/tls_certificate.h"
#include "model/map_key.h"
#include "rpc/manager.h"

#define MAX_CERTIFICATE (64u << 10)

struct err *host_need_this(const struct call *call, const char *ref)
{
    autoptr(row) host = NULL;
    struct err *e = db_need(call->db, CLASS_HOST, ref, &host);

    if (e || STREQ(ref, call->manager->self.host_ref))
        return e;
    return err_params(ERR_HOST_OFFLINE, ref, NULL);
}

/* ---- enable, disable ---- */

static struct err *enable(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *host;
    struct err *e = op_check(t, &host_op_rules, ref, E_HOST_ALLOWED_OPERATIONS_ENABLE);

    if (!e)
        e = txn_need(t, CLASS_HOST, ref, &host);
    if (!e && !host_is_live(t, host))
        e = err_params(ERR_HOST_OFFLINE, ref, NULL);
    if (e)
        return e;
    txn_set(t, CLASS_HOST, ref, F_HOST_OTHER_CONFIG,
            map_key_without(row_get(host, F_HOST_OTHER_CONFIG),
                            KEY_HOST_OTHER_CONFIG_LATCHKEY_STAYS_DISABLED));
    txn_set(t, CLASS_HOST, ref, F_HOST_ENABLED, val_bool(true));
    op_refresh(t, &host_op_rules, ref);
    return NULL;
}

/* Arguments: host, auto_enable: is the next start to enable it again? */
static struct err *disable(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct val *config;
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, ref, &host);

    if (e)
        return e;
    config = row_get(host, F_HOST_OTHER_CONFIG);
    txn_set(t, CLASS_HOST, ref, F_HOST_OTHER_CONFIG,
            arg_bool(call, 1)
                ? map_key_without(config, KEY_HOST_OTHER_CONFIG_LATCHKEY_STAYS_DISABLED)
                : map_key_with(config, KEY_HOST_OTHER_CONFIG_LATCHKEY_STAYS_DISABLED,
                               val_str("true")));
    txn_set(t, CLASS_HOST, ref, F_HOST_ENABLED, val_bool(false));
    op_refresh(t, &host_op_rules, ref);
    return NULL;
}

/* ---- evacuation ---- */

static bool is_stuck(const struct row *vm)
{
    return !row_bool(vm, F_VM_IS_CONTROL_DOMAIN) &&
           (row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING ||
            row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED);
}

/* No VM moves to another host yet, so that each one that is on is in the way. */
struct val host_stuck_vms(struct txn *t, const struct row *host)
{
    const struct val *vms = row_get(host, F_HOST_RESIDENT_VMS);
    struct val stuck = val_map(val_count(vms));

    for (size_t i = 0; i < val_count(vms); i++) {
        const struct row *vm = txn_get(t, CLASS_VM, val_text(val_at(vms, i)));
        struct val why;

        if (!vm || !is_stuck(vm))
            continue;
        why = val_set(1);
        val_push(&why, val_str(err_code_name(ERR_NO_HOSTS_AVAILABLE)));
        val_put_str(&stuck, row_ref(vm), why);
    }
    return stuck;
}

static struct err *get_vms_which_prevent_evacuation(struct txn *t, struct call *call,
                                                    struct val *ret_result)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (!e)
        *ret_result = host_stuck_vms(t, host);
    return e;
}

/* Every VM leaves its memory when it is asked to. */
static struct err *get_uncooperative_vms(struct txn *t, struct call *call,
                                         struct val *ret_result)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (!e)
        *ret_result = val_set(0);
    return e;
}

/* CANNOT_EVACUATE_HOST ["code,vm|code,vm..."] unless it is empty. */
static struct err *assert_can_evacuate(struct txn *t, struct call *call,
                                       struct val *ret_result UNUSED)
{
    autoval struct val stuck = val_void();
    autobuf reasons = BUF_INIT;
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (e)
        return e;
    stuck = host_stuck_vms(t, host);
    for (size_t i = 0; i < val_count(&stuck); i++)
        buf_addf(&reasons, "%s%s,%s", i ? "|" : "",
                 val_text(val_at(val_value_at(&stuck, i), 0)),
                 val_text(val_key_at(&stuck, i)));
    return reasons.size ? err_params(ERR_CANNOT_EVACUATE_HOST, buf_str(&reasons), NULL)
                        : NULL;
}

/* Arguments: host, network, evacuate_batch_size */
static struct err *evacuate(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e =
        arg_int(call, 2) < 0
            ? invalid_int("evacuate_batch_size", arg_int(call, 2))
            : op_begin(call, &host_op_rules, ref, E_HOST_ALLOWED_OPERATIONS_EVACUATE);

    if (e)
        return e;
    e = call_in_txn(call, ret_result);
    op_end(call, &host_op_rules, ref);
    return e;
}

/* ---- memory ---- */

static struct err *compute_free_memory(struct txn *t, struct call *call,
                                       struct val *ret_result)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);
    int64_t left = e ? 0 : host_free_memory(t, host);

    if (!e)
        *ret_result = val_int(left == INT64_MAX ? 0 : left);
    return e;
}

static struct err *compute_memory_overhead(struct txn *t, struct call *call,
                                           struct val *ret_result)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (!e)
        *ret_result = val_int(row_int(host, F_HOST_MEMORY_OVERHEAD));
    return e;
}

/* Arguments: host, VM, live.  The host is kept for a VM that is about to come. */
static struct err *allocate_resources(struct txn *t, struct call *call,
                                      struct val *ret_result UNUSED)
{
    const char *host_ref = arg_text(call, 0), *vm_ref = arg_text(call, 1);
    const struct row *host, *vm;
    struct err *e = txn_need(t, CLASS_HOST, host_ref, &host);

    if (!e)
        e = txn_need(t, CLASS_VM, vm_ref, &vm);
    if (!e && !host_is_live(t, host))
        e = err_params(ERR_HOST_NOT_LIVE, NULL);
    if (!e)
        e = vm_check_can_boot(t, vm, host_ref);
    if (!e)
        txn_set(t, CLASS_VM, vm_ref, F_VM_SCHEDULED_TO_BE_RESIDENT_ON, val_str(host_ref));
    return e;
}

/* ---- clocks ---- */

static struct err *get_servertime(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        *ret_result = val_int(clock_wall_seconds());
    return e;
}

static struct err *get_server_localtime(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));
    time_t now = (time_t)clock_wall_seconds();
    struct tm here;

    tzset(); /* /etc/localtime may lead elsewhere than at the start */
    if (!e && !localtime_r(&now, &here))
        e = err_new(ERR_INTERNAL_ERROR, "reading the clock %lld", (long long)now);
    if (!e)
        *ret_result = val_int((int64_t)now + here.tm_gmtoff);
    return e;
}

/* ---- what it tells of itself ---- */

static struct err *get_server_certificate(struct call *call, struct val *ret_result)
{
    autofree char *path =
        xasprintf("%s/%s", call->manager->config->state_dir, TLS_CERTIFICATE_NAME);
    autobuf pem = BUF_INIT;
    struct err *e = host_need_this(call, arg_text(call, 0));
    int r = e ? 0 : fd_read_file(AT_FDCWD, path, MAX_CERTIFICATE, &pem);

    if (r < 0)
        e = err_errno(-r, "reading %s", path);
    if (!e)
        *ret_result = val_str(buf_str(&pem));
    return e;
}

static struct err *get_management_interface(struct txn *t, struct call *call,
                                            struct val *ret_result)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);
    const struct val *pifs = e ? NULL : row_get(host, F_HOST_PIFS);

    if (e)
        return e;
    for (size_t i = 0; i < val_count(pifs); i++) {
        const struct row *pif = txn_get(t, CLASS_PIF, val_text(val_at(pifs, i)));

        if (pif && row_bool(pif, F_PIF_MANAGEMENT)) {
            *ret_result = val_str(row_ref(pif));
            return NULL;
        }
    }
    return err_params(ERR_HOST_HAS_NO_MANAGEMENT_IP, NULL);
}

static struct err *is_in_emergency_mode(struct call *call UNUSED, struct val *ret_result)
{
    *ret_result = val_bool(false); /* this host never loses its coordinator: it is it */
    return NULL;
}

static struct err *is_well(struct call *call UNUSED, struct val *ret_result)
{
    *ret_result = val_bool(true); /* who can answer is alive */
    return NULL;
}

static struct err *list_methods(struct call *call UNUSED, struct val *ret_result)
{
    *ret_result = val_set(n_methods);
    for (size_t i = 0; i < n_methods; i++)
        if (!(methods[i].flags & METHOD_HIDDEN))
            val_push(ret_result, val_str(methods[i].wire_name));
    return NULL;
}

/* What this host was told by its software and its machine is asked anew. */
static struct err *refresh_pack_info(struct call *call, struct val *ret_result UNUSED)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        host_facts_refresh(call->manager);
    return e;
}

/* Files that a coordinator shares with its members: there are no members. */
static struct err *sync_data(struct call *call, struct val *ret_result UNUSED)
{
    return host_need_this(call, arg_text(call, 0));
}

const struct body_def host_bodies[] = {
    {"host.enable", IN_TXN(enable)},
    {"host.disable", IN_TXN(disable)},
    {"host.evacuate", evacuate, BODY_NORMAL, assert_can_evacuate},
    {"host.assert_can_evacuate", IN_TXN(assert_can_evacuate)},
    {"host.get_vms_which_prevent_evacuation", IN_TXN(get_vms_which_prevent_evacuation)},
    {"host.get_uncooperative_resident_VMs", IN_TXN(get_uncooperative_vms)},
    {"host.compute_free_memory", IN_TXN(compute_free_memory)},
    {"host.compute_memory_overhead", IN_TXN(compute_memory_overhead)},
    {"host.allocate_resources_for_vm", IN_TXN(allocate_resources)},
    {"host.get_servertime", get_servertime, BODY_INLINE},
    {"host.get_server_localtime", get_server_localtime, BODY_INLINE},
    {"host.get_server_certificate", get_server_certificate, BODY_NORMAL},
    {"host.get_management_interface", IN_TXN(get_management_interface)},
    {"host.is_in_emergency_mode", is_in_emergency_mode, BODY_INLINE},
    {"host.ha_xapi_healthcheck", is_well, BODY_INLINE},
    {"host.list_methods", list_methods, BODY_PRIORITY},
    {"host.refresh_pack_info", refresh_pack_info, BODY_NORMAL},
    {"host.sync_data", sync_data, BODY_NORMAL},
    {0},
};
