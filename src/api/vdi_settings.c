// SPDX-License-Identifier: GPL-2.0-or-later
/* VDI messages that write the record alone (most of them for storage drivers), and those
 * that the storage types here have no means for. */
#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/setter.h"
#include "api/vdi_record.h"
#include "base/uuid.h"
#include "rpc/generated.h"

/* ---- setters ---- */

static void refresh(struct txn *t, const char *ref)
{
    op_refresh(t, &vdi_op_rules, ref);
}

static void resum(struct txn *t, const char *ref)
{
    sr_record_sum(t, row_text(txn_get(t, CLASS_VDI, ref), F_VDI_SR));
}

static struct err *not_negative(struct txn *t UNUSED, const struct row *vdi UNUSED,
                                const struct call *call)
{
    return arg_int(call, 1) >= 0
               ? NULL
               : invalid_int(call->method->name + strlen("set_"), arg_int(call, 1));
}

/* No VM that has the disk may be on. */
static struct err *users_halted(struct txn *t, const struct row *vdi,
                                const struct call *call UNUSED)
{
    const struct val *vbds = row_get(vdi, F_VDI_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        const struct row *vbd = txn_get(t, CLASS_VBD, val_text(val_at(vbds, i))), *vm;

        vm = vbd ? txn_get(t, CLASS_VM, row_text(vbd, F_VBD_VM)) : NULL;
        if (vm && row_int(vm, F_VM_POWER_STATE) != E_VM_POWER_STATE_HALTED)
            return vm_bad_power_state(vm, "halted");
    }
    return NULL;
}

/* ---- rows made and forgotten by hand ---- */

/* Parameters of db_introduce, introduce and pool_introduce that become fields as they are.
 */
static const struct {
    const char *param;
    int field;
} introduced[] = {
    {"name_label", F_VDI_NAME_LABEL},
    {"name_description", F_VDI_NAME_DESCRIPTION},
    {"SR", F_VDI_SR},
    {"type", F_VDI_TYPE},
    {"sharable", F_VDI_SHARABLE},
    {"read_only", F_VDI_READ_ONLY},
    {"other_config", F_VDI_OTHER_CONFIG},
    {"location", F_VDI_LOCATION},
    {"xenstore_data", F_VDI_XENSTORE_DATA},
    {"sm_config", F_VDI_SM_CONFIG},
    {"managed", F_VDI_MANAGED},
    {"virtual_size", F_VDI_VIRTUAL_SIZE},
    {"physical_utilisation", F_VDI_PHYSICAL_UTILISATION},
    {"metadata_of_pool", F_VDI_METADATA_OF_POOL},
    {"is_a_snapshot", F_VDI_IS_A_SNAPSHOT},
    {"snapshot_time", F_VDI_SNAPSHOT_TIME},
    {"snapshot_of", F_VDI_SNAPSHOT_OF},
    {"cbt_enabled", F_VDI_CBT_ENABLED},
};

static const struct val *param_of(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->method->n_params; i++)
        if (STREQ(call->method->params[i].name, name))
            return &call->args[i];
    return NULL;
}

static struct err *check_location(struct txn *t, const struct row *sr, const char *location)
{
    const struct val *vdis = row_get(sr, F_SR_VDIS);

    for (size_t i = 0; i < val_count(vdis); i++) {
        const struct row *vdi = txn_get(t, CLASS_VDI, val_text(val_at(vdis, i)));

        if (vdi && STREQ(row_text(vdi, F_VDI_LOCATION), location))
            return err_params(ERR_LOCATION_NOT_UNIQUE, row_ref(sr), location, NULL);
    }
    return NULL;
}

static struct err *check_introduced(struct txn *t, const struct call *call)
{
    const char *uuid = arg_text(call, 0);
    const struct row *sr;
    struct err *e = NULL;

    if (!uuid_is_valid(uuid))
        return err_params(ERR_UUID_INVALID, "VDI", uuid, NULL);
    for (size_t i = 0; !e && i < call->method->n_params; i++)
        e = generated_check_refs(t, call->method->params[i].type, &call->args[i]);
    if (!e)
        e = txn_need(t, CLASS_SR, val_text(param_of(call, "SR")), &sr);
    if (!e && txn_get_by_uuid(t, CLASS_VDI, uuid))
        e = err_params(ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION, "VDI", "uuid", uuid, NULL);
    if (!e && !STREQ(call->method->name, "db_introduce"))
        e = check_location(t, sr, val_text(param_of(call, "location")));
    return e;
}

static struct err *db_introduce(struct txn *t, struct call *call, struct val *ret_result)
{
    struct err *e = check_introduced(t, call);
    const char *ref;

    if (e)
        return e;
    ref = txn_create_as(t, CLASS_VDI, NULL, arg_text(call, 0));
    for (size_t i = 0; i < ARRAY_SIZE(introduced); i++)
        if (param_of(call, introduced[i].param))
            txn_set(t, CLASS_VDI, ref, introduced[i].field,
                    val_ref(param_of(call, introduced[i].param)));
    resum(t, ref);
    refresh(t, ref);
    *ret_result = val_str(ref);
    return NULL;
}

static struct err *db_forget(struct txn *t, struct call *call,
                             struct val *ret_result UNUSED)
{
    const struct row *vdi;
    struct err *e = txn_need(t, CLASS_VDI, arg_text(call, 0), &vdi);
    autoval struct val sr = val_void();

    if (e)
        return e;
    sr = val_ref(row_get(vdi, F_VDI_SR));
    vdi_record_delete(t, vdi);
    sr_record_sum(t, val_text(&sr));
    return NULL;
}

/* ---- questions ---- */

/* Where the disk can be read by NBD: nowhere, no host serves it. */
static struct err *get_nbd_info(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *vdi;
    struct err *e = txn_need(t, CLASS_VDI, arg_text(call, 0), &vdi);

    if (!e && row_int(vdi, F_VDI_TYPE) == E_VDI_TYPE_CBT_METADATA)
        e = err_params(ERR_VDI_INCOMPATIBLE_TYPE, row_ref(vdi), "CBT metadata", NULL);
    if (!e)
        *ret_result = val_set(0);
    return e;
}

static struct err *need_metadata(struct txn *t, struct call *call)
{
    const struct row *vdi;
    struct err *e = txn_need(t, CLASS_VDI, arg_text(call, 0), &vdi);

    if (e || row_int(vdi, F_VDI_TYPE) == E_VDI_TYPE_METADATA)
        return e;
    return err_params(ERR_VDI_INCOMPATIBLE_TYPE, row_ref(vdi),
                      enum_text(classes[CLASS_VDI].fields[F_VDI_TYPE].type->enm,
                                row_int(vdi, F_VDI_TYPE)),
                      NULL);
}

/* The pool whose database lies on the disk: none does. */
static struct err *read_database_pool_uuid(struct txn *t, struct call *call,
                                           struct val *ret_result)
{
    const struct row *vdi;
    struct err *e = txn_need(t, CLASS_VDI, arg_text(call, 0), &vdi);

    if (!e)
        *ret_result = val_str("");
    return e;
}

static struct err *open_database(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    struct err *e = need_metadata(t, call);

    return e ? e : err_params(ERR_NOT_IMPLEMENTED, call->method->wire_name, NULL);
}

/* ---- what needs more than the storage types here can ---- */

struct beyond {
    const struct op_rules *rules;
    int op;
    size_t arg; /* which argument is the object */
};

static struct err *beyond(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct beyond *b = call->body->arg;
    struct err *e = op_check(t, b->rules, arg_text(call, b->arg), b->op);

    return e ? e : err_params(ERR_NOT_IMPLEMENTED, call->method->wire_name, NULL);
}

#define BEYOND(op_rules, operation, number)                                                \
    call_in_txn, BODY_NORMAL, beyond, &(const struct beyond)                               \
    {                                                                                      \
        .rules = (op_rules), .op = (operation), .arg = (number)                            \
    }
#define BEYOND_VDI(operation) BEYOND(&vdi_op_rules, E_VDI_OPERATIONS_##operation, 0)

const struct body_def vdi_setting_bodies[] = {
    {"VDI.set_managed", SETTER(setter_set, .written = refresh)},
    {"VDI.set_missing", SETTER(setter_set)},
    {"VDI.set_is_a_snapshot", SETTER(setter_set, .written = refresh)},
    {"VDI.set_snapshot_of", SETTER(setter_set)},
    {"VDI.set_snapshot_time", SETTER(setter_set)},
    {"VDI.set_virtual_size", SETTER(setter_set, .check = not_negative, .written = resum)},
    {"VDI.set_physical_utilisation", SETTER(setter_set, .check = not_negative)},
    {"VDI.set_metadata_of_pool", SETTER(setter_set)},
    {"VDI.set_cbt_enabled", SETTER(setter_set, .written = refresh)},
    {"VDI.set_allow_caching", SETTER(setter_set, .check = users_halted)},
    {"VDI.set_on_boot", SETTER(setter_set, .op_rules = &vdi_op_rules,
                               .op = E_VDI_OPERATIONS_SET_ON_BOOT, .check = users_halted)},
    {"VDI.db_introduce", IN_TXN(db_introduce)},
    {"VDI.pool_introduce", IN_TXN(db_introduce)},
    {"VDI.db_forget", IN_TXN(db_forget)},
    {"VDI.get_nbd_info", IN_TXN(get_nbd_info)},
    {"VDI.read_database_pool_uuid", IN_TXN(read_database_pool_uuid)},
    {"VDI.open_database", IN_TXN(open_database)},
    {"VDI.introduce", BEYOND(&sr_op_rules, E_STORAGE_OPERATIONS_VDI_INTRODUCE, 3)},
    {"VDI.generate_config", BEYOND(&vdi_op_rules, E_VDI_OPERATIONS_GENERATE_CONFIG, 1)},
    {"VDI.enable_cbt", BEYOND_VDI(ENABLE_CBT)},
    {"VDI.disable_cbt", BEYOND_VDI(DISABLE_CBT)},
    {"VDI.data_destroy", BEYOND_VDI(DATA_DESTROY)},
    {"VDI.list_changed_blocks", BEYOND_VDI(LIST_CHANGED_BLOCKS)},
    {0},
};
