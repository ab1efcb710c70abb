// SPDX-License-Identifier: GPL-2.0-or-later
/* Plugins and extensions: programs of the host that lk-hostd runs with a call as XML-RPC
 * and that answer like a server of this API. */
#include <ctype.h>
#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "api/ops.h"
#include "base/buf.h"
#include "rpc/agents.h"
#include "rpc/manager.h"
#include "wire/xml.h"

/* A little more than lk-hostd grants them. */
#define TIMEOUT_MS (UINT64_C(31) * 60 * 1000)
#define MAX_NAME   128
#define MAX_CALL   (100u << 10)

/* What lk-hostd takes as a name; another one is nobody's. */
static bool is_name(const char *name)
{
    if (!*name || *name == '.' || *name == '-' || strlen(name) > MAX_NAME)
        return false;
    for (; *name; name++)
        if (!isascii(*name) || (!isalnum((unsigned char)*name) && !strchr("._-", *name)))
            return false;
    return true;
}

static struct val program(const char *kind, const char *name)
{
    struct val params = val_map(3);

    val_put_str(&params, "kind", val_str(kind));
    val_put_str(&params, "name", val_str(name));
    return params;
}

/* ---- answers ---- */

/* XENAPI_PLUGIN_FAILURE [what happened, its output, its errors]. */
static struct err *failed(const char *how, const struct val *ran)
{
    return err_params(ERR_XENAPI_PLUGIN_FAILURE, how, val_find_text(ran, "out", ""),
                      val_find_text(ran, "errors", ""), NULL);
}

/* The error that a program answers: its code and parameters. */
static struct err *error_of(const struct val *description, const struct val *ran)
{
    struct err *e;

    if (!description || description->kind != VAL_SET || !val_count(description))
        return failed("an error without a description", ran);
    for (size_t i = 0; i < val_count(description); i++)
        if (val_at(description, i)->kind != VAL_STR)
            return failed("an error that is no text", ran);
    e = err_foreign(val_text(val_at(description, 0)), "a plugin's own error");
    for (size_t i = 1; i < val_count(description); i++)
        e = err_param(e, val_text(val_at(description, i)));
    return e;
}

static struct err *read_answer(const struct val *ran, struct val *ret_result)
{
    const struct val *out = val_find(ran, "out"), *status = val_find(ran, "status"), *value;
    autoval struct val answer = val_void();
    bool fault = false;

    if (!out || out->kind != VAL_STR || !status || status->kind != VAL_INT)
        return err_new(ERR_INTERNAL_ERROR, "reading what lk-hostd says of a plugin");
    if (status->i != 0)
        return failed(status->i < 0 ? "killed by a signal" : "non-zero exit", ran);
    if (xml_parse_response(val_text(out), val_len(out), &fault, &answer, NULL) < 0 ||
        fault || answer.kind != VAL_MAP)
        return failed("no answer in XML-RPC", ran);
    if (!STREQ(val_find_text(&answer, "Status", ""), "Success"))
        return error_of(val_find(&answer, "ErrorDescription"), ran);
    value = val_find(&answer, "Value");
    if (!value || value->kind != VAL_STR)
        return failed("a result that is no text", ran);
    *ret_result = val_ref(value);
    return NULL;
}

/* ---- calls ---- */

static struct err *run(struct call *call, const char *kind, const char *name,
                       const char *method, struct val params, struct val *ret_result)
{
    autoval struct val ran = val_void();
    autobuf xml = BUF_INIT;
    struct val ask;
    struct err *e;

    xml_add_call(&xml, method, &params);
    val_unref(&params);
    if (xml.size > MAX_CALL)
        return err_params(ERR_INVALID_VALUE, "args", "longer than a program can take",
                          NULL);
    ask = program(kind, name);
    val_put_str(&ask, "call", val_str(buf_str(&xml)));
    e = agents_call(call->manager->agents, AGENT_HOSTD, "host.run_program", ask, NULL, 0,
                    TIMEOUT_MS, &ran, NULL, NULL);
    return e ? e : read_answer(&ran, ret_result);
}

static struct val params_with(const struct call *call, const struct val *more)
{
    struct val params = val_set(2);

    val_push(&params, val_str(call->caller->session_ref));
    if (more)
        val_push(&params, val_ref(more));
    return params;
}

/* Arguments: host, plugin, fn, args */
static struct err *call_plugin(struct call *call, struct val *ret_result)
{
    const char *name = arg_text(call, 1);
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e && !is_name(name))
        e = err_params(ERR_XENAPI_MISSING_PLUGIN, name, NULL);
    return e ? e
             : run(call, "plugin", name, arg_text(call, 2),
                   params_with(call, &call->args[3]), ret_result);
}

/* Arguments: host, call.  An extension that is not there is a message that is not there. */
static struct err *call_extension(struct call *call, struct val *ret_result)
{
    const char *name = arg_text(call, 1);
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (e)
        return e;
    e = is_name(name)
            ? run(call, "extension", name, name, params_with(call, NULL), ret_result)
            : err_params(ERR_XENAPI_MISSING_PLUGIN, name, NULL);
    if (!e || err_code(e) != ERR_XENAPI_MISSING_PLUGIN)
        return e;
    err_free(e);
    return err_params(ERR_MESSAGE_METHOD_UNKNOWN, name, NULL);
}

/* Arguments: host or pool, name */
static struct err *has_extension(struct call *call, struct val *ret_result)
{
    const char *name = arg_text(call, 1);
    autoval struct val answer = val_void();
    const struct val *exists;
    autoptr(row) row = NULL;
    struct err *e = db_need(call->db, call->method->cls, arg_text(call, 0), &row);

    if (!e && call->method->cls == CLASS_HOST)
        e = host_need_this(call, arg_text(call, 0));
    if (!e && is_name(name))
        e = agents_call(call->manager->agents, AGENT_HOSTD, "host.has_program",
                        program("extension", name), NULL, 0, 0, &answer, NULL, NULL);
    if (e)
        return e;
    exists = answer.kind == VAL_MAP ? val_find(&answer, "exists") : NULL;
    *ret_result = val_bool(exists && exists->kind == VAL_BOOL && exists->b);
    return NULL;
}

/* ---- plugins beside a VM: none is made for guests ---- */

/* Arguments: VM, plugin, fn, args */
static struct err *call_vm_plugin(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    struct err *e =
        op_check(t, &vm_op_rules, arg_text(call, 0), E_VM_OPERATIONS_CALL_PLUGIN);

    return e ? e : err_params(ERR_XENAPI_MISSING_PLUGIN, arg_text(call, 1), NULL);
}

const struct body_def plugin_bodies[] = {
    {"host.call_plugin", call_plugin, BODY_NORMAL},
    {"host.call_extension", call_extension, BODY_NORMAL},
    {"host.has_extension", has_extension, BODY_NORMAL},
    {"pool.has_extension", has_extension, BODY_NORMAL},
    {"VM.call_plugin", IN_TXN(call_vm_plugin)},
    {"VM.call_host_plugin", IN_TXN(call_vm_plugin)},
    {0},
};
