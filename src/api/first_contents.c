// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/first_contents.h"

#include <string.h>

#include "api/ops.h"
#include "api/vm_checks.h"
#include "base/uuid.h"
#include "rpc/manager.h"

#define MIB (INT64_C(1) << 20)
/* Rows computed in one transaction: short ones let others through. */
#define CHUNK 256

/* The one uuid every XenServer-like host gives this template. */
#define OTHER_INSTALL_MEDIA "552bce37-51b2-445d-84f2-5f33fa112d7e"

static void make_network(struct txn *t)
{
    const char *ref = txn_create(t, CLASS_NETWORK);

    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_NAME_LABEL, val_str("Pool-wide network 0"));
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_NAME_DESCRIPTION,
            val_str("The network VMs are on unless told otherwise"));
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_BRIDGE, val_str("xenbr0"));
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_MTU, val_int(1500));
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_MANAGED, val_bool(true));
}

static struct val text_map(const char *const (*pairs)[2], size_t n)
{
    struct val map = val_map(n);

    for (size_t i = 0; i < n; i++)
        val_put_str(&map, pairs[i][0], val_str(pairs[i][1]));
    return map;
}

static void make_template(struct txn *t)
{
    static const char *const platform[][2] = {
        {"nx", "true"},   {"acpi", "1"},        {"apic", "true"},        {"pae", "true"},
        {"hpet", "true"}, {"viridian", "true"}, {"secureboot", "false"},
    };
    static const char *const boot[][2] = {{"firmware", "bios"}, {"order", "cd"}};
    const char *const other_config[][2] = {{"default_template", "true"},
                                           {"install-methods", "cdrom"},
                                           {"mac_seed", uuid_new().text}};
    const char *ref = txn_create_as(t, CLASS_VM, NULL, OTHER_INSTALL_MEDIA),
               *metrics = txn_create(t, CLASS_VM_METRICS);
    const struct {
        int field;
        struct val value;
    } cells[] = {
        {F_VM_NAME_LABEL, val_str("Other install media")},
        {F_VM_NAME_DESCRIPTION,
         val_str("An empty machine: install any system from a CD image")},
        {F_VM_IS_A_TEMPLATE, val_bool(true)},
        {F_VM_IS_DEFAULT_TEMPLATE, val_bool(true)},
        {F_VM_USER_VERSION, val_int(1)},
        {F_VM_MEMORY_STATIC_MIN, val_int(128 * MIB)},
        {F_VM_MEMORY_DYNAMIC_MIN, val_int(256 * MIB)},
        {F_VM_MEMORY_DYNAMIC_MAX, val_int(256 * MIB)},
        {F_VM_MEMORY_STATIC_MAX, val_int(256 * MIB)},
        {F_VM_VCPUS_MAX, val_int(1)},
        {F_VM_VCPUS_AT_STARTUP, val_int(1)},
        {F_VM_ACTIONS_AFTER_SHUTDOWN, val_int(E_ON_NORMAL_EXIT_DESTROY)},
        {F_VM_ACTIONS_AFTER_REBOOT, val_int(E_ON_NORMAL_EXIT_RESTART)},
        {F_VM_ACTIONS_AFTER_CRASH, val_int(E_ON_CRASH_BEHAVIOUR_RESTART)},
        {F_VM_HVM_BOOT_POLICY, val_str("BIOS order")},
        {F_VM_HVM_BOOT_PARAMS, text_map(boot, ARRAY_SIZE(boot))},
        {F_VM_PLATFORM, text_map(platform, ARRAY_SIZE(platform))},
        {F_VM_OTHER_CONFIG, text_map(other_config, ARRAY_SIZE(other_config))},
        {F_VM_DOMAIN_TYPE, val_int(E_DOMAIN_TYPE_HVM)},
        {F_VM_GENERATION_ID, val_str("")},
        {F_VM_HAS_VENDOR_DEVICE, val_bool(false)},
        {F_VM_METRICS, val_str(metrics)},
        {F_VM_DOMID, val_int(-1)},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
        txn_set(t, CLASS_VM, ref, cells[i].field, cells[i].value);
    txn_set(t, CLASS_VM, ref, F_VM_MEMORY_OVERHEAD,
            val_int(vm_memory_overhead(txn_get(t, CLASS_VM, ref))));
}

static struct err *contents_txn(struct txn *t, void *arg)
{
    size_t n;

    txn_list(t, CLASS_NETWORK, &n);
    if (n == 0)
        make_network(t);
    if (!txn_get_by_uuid(t, CLASS_VM, OTHER_INSTALL_MEDIA))
        make_template(t);
    return NULL;
}

struct chunk {
    const struct op_rules *rules;
    struct row **rows;
    size_t n;
};

static struct err *refresh_txn(struct txn *t, void *arg)
{
    const struct chunk *chunk = arg;

    for (size_t i = 0; i < chunk->n; i++)
        op_refresh(t, chunk->rules, row_ref(chunk->rows[i]));
    return NULL;
}

static struct err *refresh_all(struct manager *m, const struct op_rules *rules)
{
    autorows rows = {0};
    struct err *e = NULL;

    db_list(m->db, rules->cls, &rows);
    for (size_t i = 0; !e && i < rows.n; i += CHUNK) {
        struct chunk chunk = {rules, rows.at + i, rows.n - i < CHUNK ? rows.n - i : CHUNK};

        e = db_run(m->db, refresh_txn, &chunk);
    }
    return e;
}

struct err *first_contents(struct manager *m)
{
    static const struct op_rules *const all[] = {&vm_op_rules,  &vbd_op_rules,
                                                 &vif_op_rules, &vdi_op_rules,
                                                 &sr_op_rules,  &host_op_rules};
    struct err *e = db_run(m->db, contents_txn, NULL);

    for (size_t i = 0; !e && i < ARRAY_SIZE(all); i++)
        e = refresh_all(m, all[i]);
    return e;
}
