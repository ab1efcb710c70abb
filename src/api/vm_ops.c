// SPDX-License-Identifier: GPL-2.0-or-later
/* Which operations a VM allows: power states, templates, snapshots, control domains, what
 * may run beside what.
 *
 * The order of the checks is part of the API: the first rule that forbids an operation
 * gives the error. */
#include "api/ops.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "model/map_key.h"

#define OP(name)  E_VM_OPERATIONS_##name
#define BIT(op)   (UINT64_C(1) << (op))
#define STATE(op) (1u << E_VM_POWER_STATE_##op)
#define HALTED    STATE(HALTED)
#define PAUSED    STATE(PAUSED)
#define RUNNING   STATE(RUNNING)
#define SUSPENDED STATE(SUSPENDED)
#define ANY_STATE (HALTED | PAUSED | RUNNING | SUSPENDED)

enum {
    ON_TEMPLATE = 1 << 0,         /* allowed on a template */
    ON_DEFAULT_TEMPLATE = 1 << 1, /* and on one that came with the product */
    ON_SNAPSHOT = 1 << 2,
    ON_CONTROL_DOMAIN = 1 << 3,
    LISTED = 1 << 4, /* shows in allowed_operations: those the daemon can do now */
    NEEDS_MOBILE = 1 << 5,
};

struct vm_op {
    unsigned states, flags;
    uint64_t beside; /* may start while only these run */
};

#define EVERYWHERE (ON_TEMPLATE | ON_DEFAULT_TEMPLATE)

static const struct vm_op vm_ops[] = {
    [OP(SNAPSHOT)] = {ANY_STATE, LISTED,
                      BIT(OP(SNAPSHOT)) | BIT(OP(CHECKPOINT)) |
                          BIT(OP(SNAPSHOT_WITH_QUIESCE))},
    [OP(CLONE)] = {HALTED, LISTED | EVERYWHERE | ON_SNAPSHOT,
                   BIT(OP(CLONE)) | BIT(OP(COPY)) | BIT(OP(EXPORT))},
    [OP(COPY)] = {HALTED, LISTED | EVERYWHERE | ON_SNAPSHOT,
                  BIT(OP(CLONE)) | BIT(OP(COPY)) | BIT(OP(EXPORT))},
    [OP(CREATE_TEMPLATE)] = {HALTED | SUSPENDED, 0, 0},
    [OP(REVERT)] = {ANY_STATE, LISTED | ON_SNAPSHOT, 0},
    [OP(CHECKPOINT)] = {PAUSED | SUSPENDED | RUNNING, LISTED | NEEDS_MOBILE,
                        BIT(OP(SNAPSHOT))}, /* two would have one suspend_VDI */
    [OP(SNAPSHOT_WITH_QUIESCE)] = {RUNNING, 0, 0},
    [OP(PROVISION)] = {HALTED, LISTED | EVERYWHERE, 0},
    [OP(START)] = {HALTED, LISTED | ON_CONTROL_DOMAIN, 0},
    [OP(START_ON)] = {HALTED, LISTED | ON_CONTROL_DOMAIN, 0},
    [OP(PAUSE)] = {RUNNING, LISTED, 0},
    [OP(UNPAUSE)] = {PAUSED, LISTED, 0},
    [OP(CLEAN_SHUTDOWN)] = {RUNNING, LISTED, 0},
    [OP(CLEAN_REBOOT)] = {RUNNING, LISTED, 0},
    [OP(HARD_SHUTDOWN)] = {PAUSED | SUSPENDED | RUNNING, LISTED | ON_SNAPSHOT,
                           ~BIT(OP(HARD_SHUTDOWN))},
    [OP(POWER_STATE_RESET)] = {ANY_STATE, 0, 0},
    [OP(HARD_REBOOT)] = {PAUSED | RUNNING, LISTED,
                         ~(BIT(OP(HARD_SHUTDOWN)) | BIT(OP(HARD_REBOOT)))},
    [OP(SUSPEND)] = {RUNNING, LISTED | NEEDS_MOBILE, 0},
    [OP(CSVM)] = {SUSPENDED, 0, 0},
    [OP(RESUME)] = {SUSPENDED, LISTED, 0},
    [OP(RESUME_ON)] = {SUSPENDED, LISTED, 0},
    [OP(POOL_MIGRATE)] = {RUNNING, NEEDS_MOBILE, 0},
    [OP(MIGRATE_SEND)] = {HALTED | SUSPENDED | RUNNING, NEEDS_MOBILE | ON_TEMPLATE, 0},
    [OP(GET_BOOT_RECORD)] = {PAUSED | SUSPENDED | RUNNING, 0, BIT(OP(GET_BOOT_RECORD))},
    [OP(SEND_SYSRQ)] = {RUNNING, 0, 0},
    [OP(SEND_TRIGGER)] = {RUNNING, 0, 0},
    [OP(QUERY_SERVICES)] = {ANY_STATE, 0, 0},
    [OP(SHUTDOWN)] = {PAUSED | SUSPENDED | RUNNING, 0, 0},
    [OP(CALL_PLUGIN)] = {RUNNING, 0, 0},
    [OP(CHANGING_MEMORY_LIVE)] = {RUNNING, ON_CONTROL_DOMAIN, 0},
    [OP(AWAITING_MEMORY_LIVE)] = {RUNNING, ON_CONTROL_DOMAIN, 0},
    [OP(CHANGING_DYNAMIC_RANGE)] = {HALTED | RUNNING,
                                    LISTED | EVERYWHERE | ON_CONTROL_DOMAIN, 0},
    [OP(CHANGING_STATIC_RANGE)] = {HALTED, LISTED | EVERYWHERE | ON_CONTROL_DOMAIN, 0},
    [OP(CHANGING_MEMORY_LIMITS)] = {HALTED, EVERYWHERE | ON_CONTROL_DOMAIN, 0},
    [OP(CHANGING_SHADOW_MEMORY)] = {HALTED, LISTED | EVERYWHERE, 0},
    [OP(CHANGING_SHADOW_MEMORY_LIVE)] = {RUNNING, 0, 0},
    [OP(CHANGING_VCPUS)] = {HALTED, EVERYWHERE | ON_CONTROL_DOMAIN, 0},
    [OP(CHANGING_VCPUS_LIVE)] = {RUNNING, LISTED, 0},
    [OP(CHANGING_NVRAM)] = {HALTED, EVERYWHERE, 0},
    [OP(ASSERT_OPERATION_VALID)] = {ANY_STATE, 0, 0},
    [OP(DATA_SOURCE_OP)] = {RUNNING, ON_CONTROL_DOMAIN, 0},
    [OP(UPDATE_ALLOWED_OPERATIONS)] = {ANY_STATE, 0, 0},
    [OP(MAKE_INTO_TEMPLATE)] = {HALTED, LISTED, 0},
    [OP(IMPORT)] = {0, 0, 0},
    [OP(EXPORT)] = {HALTED | SUSPENDED, EVERYWHERE | ON_SNAPSHOT,
                    BIT(OP(CLONE)) | BIT(OP(COPY)) | BIT(OP(EXPORT))},
    [OP(METADATA_EXPORT)] = {ANY_STATE, EVERYWHERE | ON_SNAPSHOT | ON_CONTROL_DOMAIN,
                             BIT(OP(MIGRATE_SEND))},
    [OP(REVERTING)] = {ANY_STATE, 0, 0},
    [OP(DESTROY)] = {HALTED | SUSPENDED,
                     LISTED | ON_TEMPLATE | ON_SNAPSHOT | ON_CONTROL_DOMAIN, 0},
    [OP(CREATE_VTPM)] = {HALTED, 0, 0},
    [OP(SYSPREP)] = {RUNNING, 0, 0},
};
_Static_assert(ARRAY_SIZE(vm_ops) <= 64, "operations are bits of a 64-bit word");

/* A power state as error parameters spell it. */
static const char *state_text(int64_t state)
{
    static const char *const names[] = {
        [E_VM_POWER_STATE_HALTED] = "halted",
        [E_VM_POWER_STATE_PAUSED] = "paused",
        [E_VM_POWER_STATE_RUNNING] = "running",
        [E_VM_POWER_STATE_SUSPENDED] = "suspended",
    };

    return names[state];
}

struct err *vm_bad_power_state(const struct row *vm, const char *expected)
{
    return err_params(ERR_VM_BAD_POWER_STATE, row_ref(vm), expected,
                      state_text(row_int(vm, F_VM_POWER_STATE)), NULL);
}

/* An operation as error parameters spell it: a few differ from the enum. */
static const char *op_text(int op)
{
    switch (op) {
    case OP(ASSERT_OPERATION_VALID):
        return "assertoperationvalid";
    case OP(DATA_SOURCE_OP):
        return "data_sources_op";
    case OP(CHANGING_VCPUS):
    case OP(CHANGING_MEMORY_LIMITS):
    case OP(QUERY_SERVICES):
    case OP(CREATE_TEMPLATE):
        return "(unknown operation)";
    default:
        return enum_text(op_names(&vm_op_rules), op);
    }
}

static struct err *bad_power_state(const struct row *vm, unsigned allowed)
{
    autobuf states = BUF_INIT;

    for (int state = 0; state < 4; state++)
        if (allowed & (1u << state))
            buf_addf(&states, "%s%s", states.size ? ", " : "", state_text(state));
    return vm_bad_power_state(vm, buf_str(&states));
}

/* Control domains accept two more in any state they can have. */
static unsigned states_of(const struct row *vm, int op)
{
    unsigned states = vm_ops[op].states;

    if (row_bool(vm, F_VM_IS_CONTROL_DOMAIN) &&
        (op == OP(CHANGING_VCPUS) || op == OP(CHANGING_STATIC_RANGE) ||
         op == OP(CHANGING_MEMORY_LIMITS)))
        states |= RUNNING;
    if ((op == OP(CLONE) || op == OP(COPY)) && row_bool(vm, F_VM_IS_A_SNAPSHOT))
        states |= SUSPENDED;
    return states;
}

static struct err *check_current(const struct row *vm, int op)
{
    const struct val *current = row_get(vm, F_VM_CURRENT_OPERATIONS);
    size_t n = val_count(current);
    autobuf ops = BUF_INIT, tasks = BUF_INIT;
    bool compatible = true;

    for (size_t i = 0; i < n; i++) {
        int other = (int)val_value_at(current, i)->i;

        compatible = compatible && (vm_ops[op].beside & BIT(other));
        buf_addf(&ops, "%s%s", i ? "," : "", op_text(other));
        buf_addf(&tasks, "%s%s", i ? "," : "", val_text(val_key_at(current, i)));
    }
    /* Exporting metadata is part of sending one migration, not of two. */
    if (op == OP(METADATA_EXPORT) && n > 1)
        compatible = false;
    if (compatible)
        return NULL;
    if (n == 1)
        return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VM", row_ref(vm), buf_str(&ops),
                          buf_str(&tasks), NULL);
    return err_paramf(
        err_paramf(err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VM", row_ref(vm), NULL),
                   "{%s}", buf_str(&ops)),
        "{%s}", buf_str(&tasks));
}

static struct err *check_kind(const struct row *vm, int op)
{
    unsigned flags = vm_ops[op].flags;
    bool is_template = row_bool(vm, F_VM_IS_A_TEMPLATE),
         is_snapshot = row_bool(vm, F_VM_IS_A_SNAPSHOT);
    unsigned needs =
        row_bool(vm, F_VM_IS_DEFAULT_TEMPLATE) ? ON_DEFAULT_TEMPLATE : ON_TEMPLATE;

    if (is_template && !is_snapshot && !(flags & needs))
        return err_params(ERR_VM_IS_TEMPLATE, row_ref(vm), op_text(op), NULL);
    if (is_snapshot && !(flags & ON_SNAPSHOT))
        return err_params(ERR_VM_IS_SNAPSHOT, row_ref(vm), op_text(op), NULL);
    if (op == OP(PROVISION) && !is_template)
        return err_params(ERR_PROVISION_ONLY_ALLOWED_ON_TEMPLATE, NULL);
    if (op == OP(REVERT) && !is_snapshot)
        return err_params(ERR_REVERT_ONLY_ALLOWED_ON_SNAPSHOT, NULL);
    return NULL;
}

static struct err *check_control_domain(const struct row *vm, int op)
{
    if (!row_bool(vm, F_VM_IS_CONTROL_DOMAIN))
        return NULL;
    if (!(vm_ops[op].flags & ON_CONTROL_DOMAIN) || op == OP(CHANGING_VCPUS) ||
        op == OP(DESTROY))
        return err_params(ERR_OPERATION_NOT_ALLOWED,
                          "This operation is not allowed on a control domain", NULL);
    return NULL;
}

/* Its agent said that it can hold back the guest's writes. */
static bool guest_freezes(struct txn *t, const struct row *vm)
{
    const struct row *metrics =
        txn_get(t, CLASS_VM_GUEST_METRICS, row_text(vm, F_VM_GUEST_METRICS));

    return metrics && STREQ(map_key_text(row_get(metrics, F_VM_GUEST_METRICS_OTHER),
                                         KEY_VM_GUEST_METRICS_OTHER_FEATURE_FREEZE),
                            "1");
}

static struct err *check_features(struct txn *t, const struct row *vm, int op)
{
    const struct row *metrics;

    if (op == OP(SNAPSHOT_WITH_QUIESCE) && !guest_freezes(t, vm))
        return err_params(ERR_VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED, row_ref(vm),
                          "No agent in the guest answers that can do it", NULL);
    if (!(vm_ops[op].flags & NEEDS_MOBILE))
        return NULL;
    metrics = txn_get(t, CLASS_VM_METRICS, row_text(vm, F_VM_METRICS));
    if (metrics && (row_bool(metrics, F_VM_METRICS_NOMIGRATE) ||
                    row_bool(metrics, F_VM_METRICS_NESTED_VIRT)))
        return err_params(ERR_VM_IS_IMMOBILE, row_ref(vm), NULL);
    if (val_count(row_get(vm, F_VM_VUSBS)))
        return err_params(ERR_VM_HAS_VUSBS, row_ref(vm), NULL);
    return NULL;
}

static struct err *check_membership(const struct row *vm, int op)
{
    static const struct {
        int field;
        enum err_code code;
    } ties[] = {
        {F_VM_APPLIANCE, ERR_VM_IS_PART_OF_AN_APPLIANCE},
        {F_VM_PROTECTION_POLICY, ERR_VM_ASSIGNED_TO_PROTECTION_POLICY},
        {F_VM_SNAPSHOT_SCHEDULE, ERR_VM_ASSIGNED_TO_SNAPSHOT_SCHEDULE},
    };

    if (op != OP(MAKE_INTO_TEMPLATE))
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(ties); i++)
        if (strcmp(row_text(vm, ties[i].field), NULL_REF) != 0)
            return err_params(ties[i].code, row_ref(vm), row_text(vm, ties[i].field), NULL);
    return NULL;
}

/* Why the VM's owner blocked 'op', or NULL. */
static const char *blocked_reason(const struct row *vm, int op)
{
    const struct val *blocked = row_get(vm, F_VM_BLOCKED_OPERATIONS);

    for (size_t i = 0; i < val_count(blocked); i++)
        if (val_key_at(blocked, i)->i == op)
            return val_text(val_value_at(blocked, i));
    return NULL;
}

static struct err *vm_check(struct txn *t, const struct row *vm, int op)
{
    const char *blocked = blocked_reason(vm, op);
    unsigned states = states_of(vm, op);
    struct err *e;

    if (blocked)
        return err_params(ERR_OPERATION_BLOCKED, row_ref(vm), blocked, NULL);
    if (!(states & (1u << row_int(vm, F_VM_POWER_STATE))))
        return bad_power_state(vm, states);
    e = check_current(vm, op);
    if (!e)
        e = check_kind(vm, op);
    if (!e)
        e = check_control_domain(vm, op);
    if (!e)
        e = check_features(t, vm, op);
    if (!e)
        e = check_membership(vm, op);
    return e;
}

static bool vm_listed(int op)
{
    return vm_ops[op].flags & LISTED;
}

void vm_ops_refresh(struct txn *t, const char *vm_ref)
{
    const struct row *vm = txn_get(t, CLASS_VM, vm_ref);

    if (!vm)
        return;
    op_refresh(t, &vm_op_rules, vm_ref);
    for (size_t i = 0; i < val_count(row_get(vm, F_VM_VBDS)); i++)
        op_refresh(t, &vbd_op_rules, val_text(val_at(row_get(vm, F_VM_VBDS), i)));
    for (size_t i = 0; i < val_count(row_get(vm, F_VM_VIFS)); i++)
        op_refresh(t, &vif_op_rules, val_text(val_at(row_get(vm, F_VM_VIFS), i)));
    op_refresh(t, &vm_appliance_op_rules, row_text(vm, F_VM_APPLIANCE));
}

const struct op_rules vm_op_rules = {
    .cls = CLASS_VM,
    .allowed_field = F_VM_ALLOWED_OPERATIONS,
    .current_field = F_VM_CURRENT_OPERATIONS,
    .listed = vm_listed,
    .check = vm_check,
};
