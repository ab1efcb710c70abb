// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_guest.h"

#include <string.h>

#include "api/ops.h"
#include "base/clock.h"
#include "base/log.h"

#define MAX_ENTRIES 64
#define MAX_TEXT    256

struct report {
    const char *vm_uuid;
    const struct val *body;
};

/* The text entries of 'in', bounded. */
static struct val bounded(const struct val *in)
{
    struct val out = val_map(0);

    for (size_t i = 0; in && in->kind == VAL_MAP && i < val_count(in) && i < MAX_ENTRIES;
         i++) {
        const struct val *key = val_key_at(in, i), *value = val_value_at(in, i);

        if (value->kind == VAL_STR && val_len(key) <= MAX_TEXT &&
            val_len(value) <= MAX_TEXT)
            val_put(&out, val_ref(key), val_ref(value));
    }
    return out;
}

static struct err *report_txn(struct txn *t, void *arg)
{
    static const struct {
        const char *name;
        int field;
    } parts[] = {
        {"os", F_VM_GUEST_METRICS_OS_VERSION},
        {"networks", F_VM_GUEST_METRICS_NETWORKS},
        {"other", F_VM_GUEST_METRICS_OTHER},
        {"drivers", F_VM_GUEST_METRICS_PV_DRIVERS_VERSION},
        {"services", F_VM_GUEST_METRICS_SERVICES},
    };
    const struct report *r = arg;
    const struct row *vm = txn_get_by_uuid(t, CLASS_VM, r->vm_uuid);
    const char *ref = vm ? row_text(vm, F_VM_GUEST_METRICS) : NULL;

    if (!vm || row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_HALTED ||
        !txn_get(t, CLASS_VM_GUEST_METRICS, ref))
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        const struct val *part = val_find(r->body, parts[i].name);

        if (part)
            txn_set(t, CLASS_VM_GUEST_METRICS, ref, parts[i].field, bounded(part));
    }
    txn_set(t, CLASS_VM_GUEST_METRICS, ref, F_VM_GUEST_METRICS_PV_DRIVERS_DETECTED,
            val_bool(true));
    txn_set(t, CLASS_VM_GUEST_METRICS, ref, F_VM_GUEST_METRICS_PV_DRIVERS_UP_TO_DATE,
            val_bool(true));
    txn_set(t, CLASS_VM_GUEST_METRICS, ref, F_VM_GUEST_METRICS_LIVE, val_bool(true));
    txn_set(t, CLASS_VM_GUEST_METRICS, ref, F_VM_GUEST_METRICS_LAST_UPDATED,
            val_int(clock_wall_seconds()));
    return NULL;
}

void vm_guest_report(struct manager *m, const struct val *params)
{
    const struct val *body =
        val_find(params, "report") ? val_find(params, "report") : val_find(params, "guest");
    struct report r = {val_find_text(params, "vm", ""), body};
    struct err *e;

    if (!body || body->kind != VAL_MAP)
        return;
    e = db_run(m->db, report_txn, &r);
    if (e)
        log_warn(API, "keeping the report of VM %s: %s", r.vm_uuid, err_sentence(e));
    err_free(e);
}
