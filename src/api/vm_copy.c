// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_copy.h"

#include <stdio.h>
#include <string.h>

#include "api/ops.h"
#include "api/vm_checks.h"
#include "api/vm_devices.h"
#include "base/clock.h"
#include "base/rand.h"
#include "base/uuid.h"
#include "model/db_text.h"
#include "model/map_key.h"

/* What a copy starts afresh. */
static const int fresh_fields[] = {
    F_VM_UUID,
    F_VM_ALLOWED_OPERATIONS,
    F_VM_APPLIANCE,
    F_VM_BLOBS,
    F_VM_BLOCKED_OPERATIONS,
    F_VM_CURRENT_OPERATIONS,
    F_VM_DOMARCH,
    F_VM_DOMID,
    F_VM_GROUPS,
    F_VM_GUEST_METRICS,
    F_VM_HA_ALWAYS_RUN,
    F_VM_IS_A_SNAPSHOT,
    F_VM_IS_DEFAULT_TEMPLATE,
    F_VM_IS_VMSS_SNAPSHOT,
    F_VM_METRICS,
    F_VM_NAME_LABEL,
    F_VM_ORDER,
    F_VM_PARENT,
    F_VM_PENDING_GUIDANCES,
    F_VM_PENDING_GUIDANCES_FULL,
    F_VM_PENDING_GUIDANCES_RECOMMENDED,
    F_VM_POWER_STATE,
    F_VM_PROTECTION_POLICY,
    F_VM_REQUIRES_REBOOT,
    F_VM_RESIDENT_ON,
    F_VM_SCHEDULED_TO_BE_RESIDENT_ON,
    F_VM_SHUTDOWN_DELAY,
    F_VM_SNAPSHOT_INFO,
    F_VM_SNAPSHOT_METADATA,
    F_VM_SNAPSHOT_OF,
    F_VM_SNAPSHOT_SCHEDULE,
    F_VM_SNAPSHOT_TIME,
    F_VM_START_DELAY,
    F_VM_SUSPEND_SR,
    F_VM_SUSPEND_VDI,
    F_VM_TRANSPORTABLE_SNAPSHOT_ID,
    F_VM_VERSION,
};

static bool is_copied(int field)
{
    for (size_t i = 0; i < ARRAY_SIZE(fresh_fields); i++)
        if (fresh_fields[i] == field)
            return false;
    return classes[CLASS_VM].fields[field].relation != REL_DERIVED;
}

static void replace_key(struct val *map, enum map_key_id key, const char *value)
{
    struct val with = map_key_with(map, key, val_str(value));

    val_unref(map);
    *map = with;
}

static void drop_key(struct val *map, enum map_key_id key)
{
    struct val without = map_key_without(map, key);

    val_unref(map);
    *map = without;
}

static struct val other_config_of(const struct vm_copying *c)
{
    struct val config = val_ref(row_get(c->source, F_VM_OTHER_CONFIG));

    drop_key(&config, KEY_VM_OTHER_CONFIG_DEFAULT_TEMPLATE);
    drop_key(&config, KEY_VM_OTHER_CONFIG_XENSOURCE_INTERNAL);
    if (!c->is_snapshot)
        replace_key(&config, KEY_VM_OTHER_CONFIG_MAC_SEED, uuid_new().text);
    if (row_bool(c->source, F_VM_IS_A_TEMPLATE) &&
        !map_key_is_set(&config, KEY_VM_OTHER_CONFIG_BASE_TEMPLATE_NAME))
        replace_key(&config, KEY_VM_OTHER_CONFIG_BASE_TEMPLATE_NAME,
                    row_name_label(c->source));
    return config;
}

/* A row like 'ref' without its uuid; a fresh one, or none, when there is none. */
static const char *copy_metrics(struct txn *t, int cls, const char *ref, bool needed)
{
    const struct row *source = txn_get(t, cls, ref);
    const char *copy;

    if (!source && !needed)
        return NULL_REF;
    copy = txn_create(t, cls);
    for (int field = 0; source && field < classes[cls].n_fields; field++)
        if (field != classes[cls].uuid_field &&
            classes[cls].fields[field].relation != REL_DERIVED)
            txn_set(t, cls, copy, field, val_ref(row_get(source, field)));
    return copy;
}

static void write_fields(struct txn *t, const struct vm_copying *c, const char *ref)
{
    const struct row *source = c->source;

    for (int field = 0; field < classes[CLASS_VM].n_fields; field++)
        if (is_copied(field))
            txn_set(t, CLASS_VM, ref, field, val_ref(row_get(source, field)));
    txn_set(t, CLASS_VM, ref, F_VM_NAME_LABEL, val_str(c->name));
    txn_set(t, CLASS_VM, ref, F_VM_OTHER_CONFIG, other_config_of(c));
    txn_set(t, CLASS_VM, ref, F_VM_DOMID, val_int(-1));
    txn_set(
        t, CLASS_VM, ref, F_VM_POWER_STATE,
        val_int(c->is_suspended ? E_VM_POWER_STATE_SUSPENDED : E_VM_POWER_STATE_HALTED));
    txn_set(t, CLASS_VM, ref, F_VM_SUSPEND_VDI,
            val_str(c->suspend_vdi ? c->suspend_vdi : NULL_REF));
    if (*row_text(source, F_VM_GENERATION_ID))
        txn_set(t, CLASS_VM, ref, F_VM_GENERATION_ID,
                val_strf("%lld:%lld", (long long)(rand_u64() >> 1),
                         (long long)(rand_u64() >> 1)));
    txn_set(
        t, CLASS_VM, ref, F_VM_METRICS,
        val_str(copy_metrics(t, CLASS_VM_METRICS, row_text(source, F_VM_METRICS), true)));
    txn_set(t, CLASS_VM, ref, F_VM_GUEST_METRICS,
            val_str(copy_metrics(t, CLASS_VM_GUEST_METRICS,
                                 row_text(source, F_VM_GUEST_METRICS), false)));
}

/* The source as it is, so that VM.revert can make it so again. */
static struct val dump(const struct row *source)
{
    autobuf text = BUF_INIT;

    db_text_add_row(&text, row_class(source), row_get(source, 0));
    return val_str_n(buf_str(&text), text.size);
}

/* Between the source and its parent of so far. */
static void write_snapshot(struct txn *t, const struct vm_copying *c, const char *ref)
{
    const struct row *source = c->source;
    int64_t state = row_int(source, F_VM_POWER_STATE);
    struct val info = val_map(2);

    val_put_str(
        &info, "power-state-at-snapshot",
        val_str(enum_text(classes[CLASS_VM].fields[F_VM_POWER_STATE].type->enm, state)));
    val_put_str(&info, "disk-snapshot-type",
                val_str(c->is_quiesced ? "quiesced" : "crash_consistent"));
    txn_set(t, CLASS_VM, ref, F_VM_IS_A_TEMPLATE, val_bool(true));
    txn_set(t, CLASS_VM, ref, F_VM_IS_A_SNAPSHOT, val_bool(true));
    txn_set(t, CLASS_VM, ref, F_VM_SNAPSHOT_OF, val_str(row_ref(source)));
    txn_set(t, CLASS_VM, ref, F_VM_SNAPSHOT_TIME, val_int(clock_wall_seconds()));
    txn_set(t, CLASS_VM, ref, F_VM_SNAPSHOT_INFO, info);
    txn_set(t, CLASS_VM, ref, F_VM_SNAPSHOT_METADATA, dump(source));
    txn_set(t, CLASS_VM, ref, F_VM_PARENT, val_ref(row_get(source, F_VM_PARENT)));
    txn_set(t, CLASS_VM, row_ref(source), F_VM_PARENT, val_str(ref));
}

struct err *vm_copy_txn(struct txn *t, void *arg)
{
    struct vm_copying *c = arg;
    const struct row *source;
    const char *ref;
    struct err *e = txn_need(t, CLASS_VM, row_ref(c->source), &source);

    if (e)
        return e;
    ref = txn_create(t, CLASS_VM);
    write_fields(t, c, ref);
    if (c->is_snapshot)
        write_snapshot(t, c, ref);
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD,
            val_int(vm_memory_overhead(txn_get(t, CLASS_VM, ref))));
    e = vm_devices_copy(t, c, ref);
    if (e)
        return e;
    vm_ops_refresh(t, ref);
    snprintf(c->ref, sizeof(c->ref), "%s", ref);
    return NULL;
}

void vm_copy_reparent(struct txn *t, const struct row *vm)
{
    autoval struct val children = val_ref(row_get(vm, F_VM_CHILDREN));

    for (size_t i = 0; i < val_count(&children); i++)
        txn_set(t, CLASS_VM, val_text(val_at(&children, i)), F_VM_PARENT,
                val_ref(row_get(vm, F_VM_PARENT)));
}
