// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/host_manage.h"

#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "api/host_facts.h"
#include "api/ops.h"
#include "api/setter.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/parallel.h"
#include "model/map_key.h"
#include "rpc/agents.h"
#include "rpc/inner_call.h"
#include "rpc/manager.h"

#define MAX_SSH_TIMEOUT     INT64_C(172800) /* two days */
#define MAX_CONSOLE_TIMEOUT INT64_C(2592000)

/* ---- means ---- */

static struct err *tell(struct manager *m, const char *verb, const char *key,
                        struct val value)
{
    struct val params = val_map(2);

    val_put_str(&params, key, value);
    return agents_call(m->agents, AGENT_HOSTD, verb, params, NULL, 0, 0, NULL, NULL, NULL);
}

/* The host of the call when it is this one. */
static struct err *need_self(const struct call *call, struct row **ret_host)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    return e ? e : db_need(call->db, CLASS_HOST, arg_text(call, 0), ret_host);
}

/* Calls the host's message of the same name for each host of the pool.  'failed' [hosts] is
 * answered for those that could not. */
static struct err *on_all_hosts(struct call *call, const char *message,
                                enum err_code failed)
{
    autoptr(row) pool = NULL;
    autorows hosts = {0};
    struct err *e = db_need(call->db, CLASS_POOL, arg_text(call, 0), &pool);
    struct err *result = NULL;

    if (e)
        return e;
    db_list(call->db, CLASS_HOST, &hosts);
    for (size_t i = 0; i < hosts.n; i++) {
        struct val args[2] = {val_str(row_ref(hosts.at[i])), val_void()};
        size_t n_args = call->method->n_params;

        if (n_args > 1)
            args[1] = val_ref(&call->args[1]);
        e = rpc_call_inside(call->manager, call->task, message, args, n_args, NULL);
        val_unref(&args[0]);
        val_unref(&args[1]);
        if (!e)
            continue;
        log_warn(API, "%s on %s: %s", message, row_name_label(hosts.at[i]),
                 err_sentence(e));
        err_free(e);
        if (!result)
            result = err_params(failed, NULL);
        result = err_param(result, row_ref(hosts.at[i]));
    }
    return result;
}

/* ---- power ---- */

static const struct power {
    int op;
    const char *mode;
} reboot = {E_HOST_ALLOWED_OPERATIONS_REBOOT, "reboot"},
  poweroff = {E_HOST_ALLOWED_OPERATIONS_SHUTDOWN, "poweroff"};

struct emptying {
    struct call *call;
    const struct val *vms;
};

/* As its guest can, else hard. */
static void stop_vm(size_t i, void *arg)
{
    const struct emptying *emptying = arg;
    struct call *call = emptying->call;
    const struct val *vm = val_at(emptying->vms, i);
    autoptr(row) row = db_get(call->db, CLASS_VM, val_text(vm));
    int64_t state = row ? row_int(row, F_VM_POWER_STATE) : E_VM_POWER_STATE_HALTED;

    if (!row || row_bool(row, F_VM_IS_CONTROL_DOMAIN) ||
        (state != E_VM_POWER_STATE_RUNNING && state != E_VM_POWER_STATE_PAUSED))
        return;
    err_ignore(rpc_call_inside(call->manager, call->task, "VM.shutdown", vm, 1, NULL),
               "it ends with its host");
}

static struct err *set_power(struct call *call, struct val *ret_result UNUSED)
{
    const struct power *power = call->body->arg;
    const char *ref = arg_text(call, 0);
    autoptr(row) host = NULL;
    struct emptying emptying = {.call = call};
    struct err *e = need_self(call, &host);

    if (!e)
        e = op_begin(call, &host_op_rules, ref, power->op);
    if (e)
        return e;
    emptying.vms = row_get(host, F_HOST_RESIDENT_VMS);
    parallel_run(val_count(emptying.vms), stop_vm, &emptying);
    e = task_check_cancel(call->task);
    if (!e)
        e = tell(call->manager, "host.power", "mode", val_str(power->mode));
    op_end(call, &host_op_rules, ref);
    return e;
}

/* ---- name, time zone, logs ---- */

/* Argument 1 becomes a fact of the machine, which is read from it again. */
static struct err *set_fact(struct call *call, const char *verb, const char *key)
{
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    if (!e)
        e = tell(call->manager, verb, key, val_str(arg_text(call, 1)));
    if (!e)
        host_facts_refresh(call->manager);
    return e;
}

static struct err *set_hostname(struct call *call, struct val *ret_result UNUSED)
{
    return set_fact(call, "host.set_hostname", "name");
}

static struct err *set_timezone(struct call *call, struct val *ret_result UNUSED)
{
    return set_fact(call, "host.set_timezone", "zone");
}

static struct err *syslog_reconfigure(struct call *call, struct val *ret_result UNUSED)
{
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    return e ? e
             : tell(call->manager, "host.set_syslog", "destination",
                    val_str(map_key_text(row_get(host, F_HOST_LOGGING),
                                         KEY_HOST_LOGGING_SYSLOG_DESTINATION)));
}

/* ---- time servers ---- */

static struct err *tell_ntp(struct call *call, int64_t mode, const struct val *servers)
{
    const struct enum_def *names = classes[CLASS_HOST].fields[F_HOST_NTP_MODE].type->enm;
    struct val params = val_map(2);

    val_put_str(&params, "mode", val_str(enum_text(names, mode)));
    val_put_str(&params, "servers", val_ref(servers));
    return agents_call(call->manager->agents, AGENT_HOSTD, "host.set_ntp", params, NULL, 0,
                       0, NULL, NULL, NULL);
}

static struct err *set_ntp_mode(struct call *call, struct val *ret_result UNUSED)
{
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    if (!e)
        e = tell_ntp(call, arg_int(call, 1), row_get(host, F_HOST_NTP_CUSTOM_SERVERS));
    return e ? e
             : db_set(call->db, CLASS_HOST, arg_text(call, 0), F_HOST_NTP_MODE,
                      val_ref(&call->args[1]));
}

static struct err *set_ntp_servers(struct call *call, struct val *ret_result UNUSED)
{
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    /* In another mode they wait for theirs. */
    if (!e && row_int(host, F_HOST_NTP_MODE) == E_HOST_NTP_MODE_CUSTOM)
        e = tell_ntp(call, E_HOST_NTP_MODE_CUSTOM, &call->args[1]);
    return e ? e
             : db_set(call->db, CLASS_HOST, arg_text(call, 0), F_HOST_NTP_CUSTOM_SERVERS,
                      val_ref(&call->args[1]));
}

/* ---- SSH ---- */

struct ssh {
    const char *host_ref;
    bool enabled;
    int64_t timeout;
};

/* When it closes again follows from both. */
static struct err *note_ssh(struct txn *t, void *arg)
{
    const struct ssh *ssh = arg;
    int64_t expiry = ssh->enabled && ssh->timeout ? clock_wall_seconds() + ssh->timeout : 0;
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, ssh->host_ref, &host);

    if (e)
        return e;
    txn_set(t, CLASS_HOST, ssh->host_ref, F_HOST_SSH_ENABLED, val_bool(ssh->enabled));
    txn_set(t, CLASS_HOST, ssh->host_ref, F_HOST_SSH_ENABLED_TIMEOUT,
            val_int(ssh->timeout));
    txn_set(t, CLASS_HOST, ssh->host_ref, F_HOST_SSH_EXPIRY, val_int(expiry));
    return NULL;
}

static struct err *switch_ssh(struct manager *m, const struct row *host, bool enabled)
{
    struct ssh ssh = {row_ref(host), enabled, row_int(host, F_HOST_SSH_ENABLED_TIMEOUT)};
    struct err *e = tell(m, "host.set_ssh", "enabled", val_bool(enabled)), *failed;

    if (!e)
        return db_run(m->db, note_ssh, &ssh);
    if (err_code(e) == ERR_PERMISSION_DENIED)
        return e;
    log_warn(API, "%s SSH: %s", enabled ? "opening" : "closing", err_sentence(e));
    err_free(e);
    failed = err_params(enabled ? ERR_ENABLE_SSH_FAILED : ERR_DISABLE_SSH_FAILED,
                        row_ref(host), NULL);
    return failed;
}

static struct err *enable_ssh(struct call *call, struct val *ret_result UNUSED)
{
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    return e ? e : switch_ssh(call->manager, host, true);
}

static struct err *disable_ssh(struct call *call, struct val *ret_result UNUSED)
{
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    return e ? e : switch_ssh(call->manager, host, false);
}

static struct err *set_ssh_timeout(struct call *call, struct val *ret_result UNUSED)
{
    autoptr(row) host = NULL;
    struct ssh ssh = {arg_text(call, 0), false, arg_int(call, 1)};
    struct err *e = need_self(call, &host);

    if (!e && (ssh.timeout < 0 || ssh.timeout > MAX_SSH_TIMEOUT))
        e = invalid_int("ssh_enabled_timeout", ssh.timeout);
    if (e)
        return e;
    ssh.enabled = row_bool(host, F_HOST_SSH_ENABLED);
    return db_run(call->db, note_ssh, &ssh);
}

static struct err *enable_pool_ssh(struct call *call, struct val *ret_result UNUSED)
{
    return on_all_hosts(call, "host.enable_ssh", ERR_ENABLE_SSH_PARTIALLY_FAILED);
}

static struct err *disable_pool_ssh(struct call *call, struct val *ret_result UNUSED)
{
    return on_all_hosts(call, "host.disable_ssh", ERR_DISABLE_SSH_PARTIALLY_FAILED);
}

static struct err *set_pool_ssh_timeout(struct call *call, struct val *ret_result UNUSED)
{
    int64_t seconds = arg_int(call, 1);

    if (seconds < 0 || seconds > MAX_SSH_TIMEOUT)
        return invalid_int("ssh_enabled_timeout", seconds);
    return on_all_hosts(call, "host.set_ssh_enabled_timeout",
                        ERR_SET_SSH_TIMEOUT_PARTIALLY_FAILED);
}

void host_manage_close_ssh(struct manager *m, int64_t now)
{
    autoptr(row) host = db_get(m->db, CLASS_HOST, m->self.host_ref);
    int64_t expiry = host ? row_int(host, F_HOST_SSH_EXPIRY) : 0;

    if (expiry && expiry <= now && row_bool(host, F_HOST_SSH_ENABLED))
        err_ignore(switch_ssh(m, host, false), "it is tried again");
}

/* ---- logins at the console ---- */

static struct err *set_console_timeout(struct call *call, struct val *ret_result UNUSED)
{
    int64_t seconds = arg_int(call, 1);
    autoptr(row) host = NULL;
    struct err *e = need_self(call, &host);

    if (!e && (seconds < 0 || seconds > MAX_CONSOLE_TIMEOUT))
        e = invalid_int("console_idle_timeout", seconds);
    if (!e)
        e = tell(call->manager, "host.set_console_timeout", "seconds", val_int(seconds));
    return e ? e
             : db_set(call->db, CLASS_HOST, arg_text(call, 0), F_HOST_CONSOLE_IDLE_TIMEOUT,
                      val_int(seconds));
}

/* The first host that could not says why. */
static struct err *set_pool_console_timeout(struct call *call,
                                            struct val *ret_result UNUSED)
{
    autoptr(row) pool = NULL;
    autorows hosts = {0};
    struct err *e = db_need(call->db, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e)
        db_list(call->db, CLASS_HOST, &hosts);
    for (size_t i = 0; !e && i < hosts.n; i++) {
        struct val args[2] = {val_str(row_ref(hosts.at[i])), val_int(arg_int(call, 1))};

        e = rpc_call_inside(call->manager, call->task, "host.set_console_idle_timeout",
                            args, 2, NULL);
        val_unref(&args[0]);
    }
    return e;
}

#define POWER(how) set_power, BODY_NORMAL, NULL, &(how)

const struct body_def host_manage_bodies[] = {
    {"host.reboot", POWER(reboot)},
    {"host.shutdown", POWER(poweroff)},
    {"host.set_hostname_live", set_hostname, BODY_NORMAL},
    {"host.set_timezone", set_timezone, BODY_NORMAL},
    {"host.syslog_reconfigure", syslog_reconfigure, BODY_NORMAL},
    {"host.set_ntp_mode", set_ntp_mode, BODY_NORMAL},
    {"host.set_ntp_custom_servers", set_ntp_servers, BODY_NORMAL},
    {"host.enable_ssh", enable_ssh, BODY_NORMAL},
    {"host.disable_ssh", disable_ssh, BODY_NORMAL},
    {"host.set_ssh_enabled_timeout", set_ssh_timeout, BODY_NORMAL},
    {"pool.enable_ssh", enable_pool_ssh, BODY_NORMAL},
    {"pool.disable_ssh", disable_pool_ssh, BODY_NORMAL},
    {"pool.set_ssh_enabled_timeout", set_pool_ssh_timeout, BODY_NORMAL},
    {"host.set_console_idle_timeout", set_console_timeout, BODY_NORMAL},
    {"pool.set_console_idle_timeout", set_pool_console_timeout, BODY_NORMAL},
    {0},
};
