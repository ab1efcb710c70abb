// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/host_facts.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

#define MAX_CPUS 8192

struct refresh {
    const char *host_ref, *pool_ref;
    const struct val *facts; /* the result of host.info */
};

/* Members of an answer; one of another kind counts as absent. */

static const struct val *member(const struct val *map, const char *key)
{
    return map && map->kind == VAL_MAP ? val_find(map, key) : NULL;
}

static struct val text_of(const struct val *map, const char *key)
{
    const struct val *v = member(map, key);

    return v && v->kind == VAL_STR ? val_ref(v) : val_str("");
}

static int64_t int_of(const struct val *map, const char *key)
{
    const struct val *v = member(map, key);

    return v && v->kind == VAL_INT ? v->i : 0;
}

static bool bool_of(const struct val *map, const char *key)
{
    const struct val *v = member(map, key);

    return v && v->kind == VAL_BOOL && v->b;
}

/* Those of its members that are text. */
static struct val texts_of(const struct val *map)
{
    size_t n = map && map->kind == VAL_MAP ? val_count(map) : 0;
    struct val texts = val_map(n);

    for (size_t i = 0; i < n; i++)
        if (val_value_at(map, i)->kind == VAL_STR)
            val_put(&texts, val_ref(val_key_at(map, i)), val_ref(val_value_at(map, i)));
    return texts;
}

static void put(struct val *map, const char *key, struct val value)
{
    struct val with = val_map_with(map, key, value);

    val_unref(map);
    *map = with;
}

static struct val number_text(const struct val *map, const char *key)
{
    return val_strf("%lld", (long long)int_of(map, key));
}

static struct val cpu_info(const struct val *cpu)
{
    struct val v = val_map(11);

    val_put_str(&v, "cpu_count", number_text(cpu, "count"));
    val_put_str(&v, "socket_count", number_text(cpu, "sockets"));
    val_put_str(&v, "threads_per_core", number_text(cpu, "threads_per_core"));
    val_put_str(&v, "nr_nodes", number_text(cpu, "nodes"));
    val_put_str(&v, "vendor", text_of(cpu, "vendor"));
    val_put_str(&v, "speed", text_of(cpu, "speed_mhz"));
    val_put_str(&v, "modelname", text_of(cpu, "modelname"));
    val_put_str(&v, "family", number_text(cpu, "family"));
    val_put_str(&v, "model", number_text(cpu, "model"));
    val_put_str(&v, "stepping", text_of(cpu, "stepping"));
    val_put_str(&v, "flags", text_of(cpu, "flags"));
    return v;
}

/* A machine that does not say is at UTC. */
static struct val timezone_of(const struct val *facts)
{
    autoval struct val zone = text_of(facts, "timezone");

    return val_len(&zone) ? val_ref(&zone) : val_str("UTC");
}

static void refresh_host(struct txn *t, const struct refresh *r, const struct row *host)
{
    const struct val *facts = r->facts;
    struct val version = val_ref(row_get(host, F_HOST_SOFTWARE_VERSION)),
               config = val_ref(row_get(host, F_HOST_OTHER_CONFIG)), chipset = val_map(1);

    put(&version, "hostname", text_of(facts, "hostname"));
    put(&version, "linux", text_of(facts, "kernel"));
    put(&version, "distribution", text_of(facts, "distribution"));
    put(&config, "boot_time", val_strf("%lld.", (long long)int_of(facts, "boot_time")));
    val_put_str(
        &chipset, "iommu",
        val_str(bool_of(member(facts, "virtualization"), "iommu") ? "true" : "false"));
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_HOSTNAME, text_of(facts, "hostname"));
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_TIMEZONE, timezone_of(facts));
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_SOFTWARE_VERSION, version);
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_OTHER_CONFIG, config);
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_CHIPSET_INFO, chipset);
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_CPU_INFO, cpu_info(member(facts, "cpu")));
    txn_set(t, CLASS_HOST, r->host_ref, F_HOST_BIOS_STRINGS,
            texts_of(member(facts, "firmware")));
}

static void refresh_metrics(struct txn *t, const struct refresh *r, const char *ref)
{
    const struct val *memory = member(r->facts, "memory");

    txn_set(t, CLASS_HOST_METRICS, ref, F_HOST_METRICS_MEMORY_TOTAL,
            val_int(int_of(memory, "total")));
    txn_set(t, CLASS_HOST_METRICS, ref, F_HOST_METRICS_MEMORY_FREE,
            val_int(int_of(memory, "free")));
    txn_set(t, CLASS_HOST_METRICS, ref, F_HOST_METRICS_LAST_UPDATED,
            val_int(clock_wall_seconds()));
}

static void fill_cpu(struct txn *t, const char *ref, const struct val *cpu)
{
    autoval struct val speed = text_of(cpu, "speed_mhz");
    char *speed_end;

    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_VENDOR, text_of(cpu, "vendor"));
    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_SPEED,
            val_int(strtoll(val_text(&speed), &speed_end, 10)));
    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_MODELNAME, text_of(cpu, "modelname"));
    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_FAMILY, val_int(int_of(cpu, "family")));
    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_MODEL, val_int(int_of(cpu, "model")));
    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_STEPPING, text_of(cpu, "stepping"));
    txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_FLAGS, text_of(cpu, "flags"));
}

/* One row a CPU, numbered from 0. */
static void refresh_cpus(struct txn *t, const struct refresh *r, const struct row *host)
{
    const struct val *cpu = member(r->facts, "cpu"),
                     *refs = row_get(host, F_HOST_HOST_CPUS);
    int64_t n_cpus = int_of(cpu, "count"), n_rows = 0;

    if (n_cpus > MAX_CPUS)
        n_cpus = MAX_CPUS;
    for (size_t i = 0; i < val_count(refs); i++) {
        const char *ref = val_text(val_at(refs, i));
        const struct row *row = txn_get(t, CLASS_HOST_CPU, ref);

        if (!row)
            continue;
        if (row_int(row, F_HOST_CPU_NUMBER) >= n_cpus) {
            txn_delete(t, CLASS_HOST_CPU, ref);
        } else {
            fill_cpu(t, ref, cpu);
            n_rows++;
        }
    }
    for (; n_rows < n_cpus; n_rows++) {
        const char *ref = txn_create(t, CLASS_HOST_CPU);

        txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_HOST, val_str(r->host_ref));
        txn_set(t, CLASS_HOST_CPU, ref, F_HOST_CPU_NUMBER, val_int(n_rows));
        fill_cpu(t, ref, cpu);
    }
}

static void refresh_control_domain(struct txn *t, const struct refresh *r, const char *ref)
{
    int64_t n_cpus = int_of(member(r->facts, "cpu"), "count");

    if (!txn_get(t, CLASS_VM, ref))
        return;
    txn_set(t, CLASS_VM, ref, F_VM_VCPUS_MAX, val_int(n_cpus));
    txn_set(t, CLASS_VM, ref, F_VM_VCPUS_AT_STARTUP, val_int(n_cpus));
}

static void refresh_pool(struct txn *t, const struct refresh *r)
{
    const struct val *cpu = member(r->facts, "cpu");
    struct val v = val_map(3);

    val_put_str(&v, "cpu_count", number_text(cpu, "count"));
    val_put_str(&v, "socket_count", number_text(cpu, "sockets"));
    val_put_str(&v, "vendor", text_of(cpu, "vendor"));
    txn_set(t, CLASS_POOL, r->pool_ref, F_POOL_CPU_INFO, v);
}

static struct err *refresh_rows(struct txn *t, void *arg)
{
    const struct refresh *r = arg;
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, r->host_ref, &host);

    if (e)
        return e;
    refresh_metrics(t, r, row_text(host, F_HOST_METRICS));
    refresh_control_domain(t, r, row_text(host, F_HOST_CONTROL_DOMAIN));
    refresh_cpus(t, r, host);
    refresh_host(t, r, txn_get(t, CLASS_HOST, r->host_ref));
    refresh_pool(t, r);
    return NULL;
}

void host_facts_refresh(struct manager *m)
{
    autoval struct val facts = val_void();
    struct refresh refresh = {m->self.host_ref, m->self.pool_ref, &facts};
    struct err *e = agents_call(m->agents, AGENT_HOSTD, "host.info", val_map(0), NULL, 0, 0,
                                &facts, NULL, NULL);

    if (!e)
        e = db_run(m->db, refresh_rows, &refresh);
    if (e)
        log_error(API, "asking lk-hostd what this machine is: %s", err_sentence(e));
    err_free(e);
}
