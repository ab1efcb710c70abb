// SPDX-License-Identifier: GPL-2.0-or-later
/* Data sources of hosts, VMs and SRs: numbers that can be asked for now.  Nothing records
 * them over time, so that none is enabled; recording and forgetting are not implemented. */
#include <math.h>
#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "api/ops.h"
#include "api/vm_checks.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

/* What the sources of one object are read from. */
struct reading {
    const struct row *row;
    struct val stat; /* of the agent */
    int64_t running_vms, running_vcpus;
};

static double stat_number(const struct reading *r, const char *key)
{
    const struct val *v = val_find(&r->stat, key);

    if (v && v->kind == VAL_INT)
        return (double)v->i;
    return v && v->kind == VAL_FLOAT ? v->d : 0;
}

static double host_total(const struct reading *r)
{
    return stat_number(r, "total") / 1024;
}

static double host_free(const struct reading *r)
{
    return stat_number(r, "free") / 1024;
}

static double host_load(const struct reading *r)
{
    return stat_number(r, "load");
}

static double host_vms(const struct reading *r)
{
    return (double)r->running_vms;
}

static double host_vcpus(const struct reading *r)
{
    return (double)r->running_vcpus;
}

static double vm_memory(const struct reading *r)
{
    return stat_number(r, "memory_actual");
}

static double vm_target(const struct reading *r)
{
    return (double)row_int(r->row, F_VM_MEMORY_DYNAMIC_MAX);
}

static double vm_vcpus(const struct reading *r)
{
    return stat_number(r, "vcpus");
}

static double vm_cpu_time(const struct reading *r)
{
    return stat_number(r, "cpu_us") / 1e6;
}

static double sr_size(const struct reading *r)
{
    return (double)row_int(r->row, F_SR_PHYSICAL_SIZE);
}

static double sr_used(const struct reading *r)
{
    return (double)row_int(r->row, F_SR_PHYSICAL_UTILISATION);
}

static double sr_promised(const struct reading *r)
{
    return (double)row_int(r->row, F_SR_VIRTUAL_ALLOCATION);
}

static const struct source {
    int cls;
    const char *name, *doc, *units;
    double (*read)(const struct reading *r);
} sources[] = {
    {CLASS_HOST, "memory_total_kib", "All memory of the host", "KiB", host_total},
    {CLASS_HOST, "memory_free_kib", "Memory that can be had without swapping", "KiB",
     host_free},
    {CLASS_HOST, "loadavg", "Processes that run or wait to, over a minute", "(fraction)",
     host_load},
    {CLASS_HOST, "running_domains", "VMs that are on", "count", host_vms},
    {CLASS_HOST, "running_vcpus", "Virtual CPUs of VMs that are on", "count", host_vcpus},
    {CLASS_VM, "memory", "Memory the VM has", "B", vm_memory},
    {CLASS_VM, "memory_target", "Memory the VM is to have", "B", vm_target},
    {CLASS_VM, "vcpus", "Virtual CPUs the VM has", "count", vm_vcpus},
    {CLASS_VM, "cpu_time", "Time its virtual CPUs ran since it was started", "s",
     vm_cpu_time},
    {CLASS_SR, "physical_size", "The space of the SR", "B", sr_size},
    {CLASS_SR, "physical_utilisation", "The space in use", "B", sr_used},
    {CLASS_SR, "virtual_allocation", "The sizes of its disks, in all", "B", sr_promised},
};

/* ---- reading ---- */

static struct err *ask(struct call *call, enum agent_id agent, const char *verb,
                       struct val params, struct reading *r)
{
    return agents_call(call->manager->agents, agent, verb, params, NULL, 0, 0, &r->stat,
                       NULL, NULL);
}

static void count_vms(struct call *call, struct reading *r)
{
    autorows vms = {0};

    db_list(call->db, CLASS_VM, &vms);
    for (size_t i = 0; i < vms.n; i++) {
        if (row_bool(vms.at[i], F_VM_IS_CONTROL_DOMAIN) ||
            !STREQ(row_text(vms.at[i], F_VM_RESIDENT_ON), row_ref(r->row)))
            continue;
        r->running_vms++;
        r->running_vcpus += row_int(vms.at[i], F_VM_VCPUS_AT_STARTUP);
    }
}

static struct err *check_vm_txn(struct txn *t, void *arg)
{
    return op_check(t, &vm_op_rules, arg, E_VM_OPERATIONS_DATA_SOURCE_OP);
}

static struct err *read_vm(struct call *call, struct reading *r)
{
    struct val params;
    struct err *e = db_run(call->db, check_vm_txn, (void *)row_ref(r->row));

    if (e)
        return e;
    params = val_map(1);
    val_put_str(&params, "vm", val_str(row_uuid(r->row)));
    return row_bool(r->row, F_VM_IS_CONTROL_DOMAIN)
               ? (val_unref(&params), NULL)
               : ask(call, AGENT_VMD, "vm.stat", params, r);
}

static struct err *read_host(struct call *call, struct reading *r)
{
    struct err *e = host_need_this(call, row_ref(r->row));

    if (!e)
        e = ask(call, AGENT_HOSTD, "host.stat", val_map(0), r);
    if (!e)
        count_vms(call, r);
    return e;
}

static struct err *read_object(struct call *call, struct row **ret_row, struct reading *r)
{
    int cls = call->method->cls;
    struct err *e = db_need(call->db, cls, arg_text(call, 0), ret_row);

    if (e)
        return e;
    r->row = *ret_row;
    if (cls == CLASS_HOST)
        return read_host(call, r);
    return cls == CLASS_VM ? read_vm(call, r) : NULL;
}

/* ---- messages ---- */

/* Cells in the order of the record's fields. */
static struct val describe(const struct source *source, const struct reading *r)
{
    struct val cells = val_set(8);

    val_push(&cells, val_str(source->name));
    val_push(&cells, val_str(source->doc));
    val_push(&cells, val_bool(false)); /* enabled: recorded over time */
    val_push(&cells, val_bool(true));  /* standard */
    val_push(&cells, val_str(source->units));
    val_push(&cells, val_float(0));
    val_push(&cells, val_float((double)INFINITY));
    val_push(&cells, val_float(source->read(r)));
    return cells;
}

static struct err *get_data_sources(struct call *call, struct val *ret_result)
{
    struct reading r = {.stat = val_void()};
    autoptr(row) row = NULL;
    struct err *e = read_object(call, &row, &r);

    if (!e) {
        *ret_result = val_set(ARRAY_SIZE(sources));
        for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
            if (sources[i].cls == call->method->cls)
                val_push(ret_result, describe(&sources[i], &r));
    }
    val_unref(&r.stat);
    return e;
}

static const struct source *find_source(int cls, const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
        if (sources[i].cls == cls && STREQ(sources[i].name, name))
            return &sources[i];
    return NULL;
}

static struct err *query_data_source(struct call *call, struct val *ret_result)
{
    const struct source *source = find_source(call->method->cls, arg_text(call, 1));
    struct reading r = {.stat = val_void()};
    autoptr(row) row = NULL;
    struct err *e = read_object(call, &row, &r);

    if (!e && !source)
        e = err_params(ERR_INVALID_VALUE, "data_source", arg_text(call, 1), NULL);
    if (!e)
        *ret_result = val_float(source->read(&r));
    val_unref(&r.stat);
    return e;
}

const struct body_def data_source_bodies[] = {
    {"host.get_data_sources", get_data_sources, BODY_NORMAL},
    {"host.query_data_source", query_data_source, BODY_NORMAL},
    {"VM.get_data_sources", get_data_sources, BODY_NORMAL},
    {"VM.query_data_source", query_data_source, BODY_NORMAL},
    {"SR.get_data_sources", get_data_sources, BODY_NORMAL},
    {"SR.query_data_source", query_data_source, BODY_NORMAL},
    {0},
};
