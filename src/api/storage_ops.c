// SPDX-License-Identifier: GPL-2.0-or-later
/* Which operations a VDI and an SR allow.  The order of the checks is part of the API. */
#include "api/ops.h"

#include <string.h>

#define VDI_OP(name) E_VDI_OPERATIONS_##name
#define SR_OP(name)  E_STORAGE_OPERATIONS_##name
#define BIT(op)      (UINT64_C(1) << (op))

/* What the storage type must be able to do. */
static const struct {
    int op;
    const char *feature;
} vdi_features[] = {
    {VDI_OP(SNAPSHOT), "VDI_SNAPSHOT"},
    {VDI_OP(CLONE), "VDI_CLONE"},
    {VDI_OP(DESTROY), "VDI_DELETE"},
    {VDI_OP(RESIZE), "VDI_RESIZE"},
    {VDI_OP(RESIZE_ONLINE), "VDI_RESIZE_ONLINE"},
    {VDI_OP(UPDATE), "VDI_UPDATE"},
    {VDI_OP(MIRROR), "VDI_MIRROR"},
    {VDI_OP(GENERATE_CONFIG), "VDI_GENERATE_CONFIG"},
    {VDI_OP(ENABLE_CBT), "VDI_CONFIG_CBT"},
    {VDI_OP(DISABLE_CBT), "VDI_CONFIG_CBT"},
    {VDI_OP(DATA_DESTROY), "VDI_CONFIG_CBT"},
    {VDI_OP(LIST_CHANGED_BLOCKS), "VDI_CONFIG_CBT"},
    {VDI_OP(SET_ON_BOOT), "VDI_RESET_ON_BOOT"},
    {VDI_OP(REVERT_TO), "VDI_REVERT"},
    {VDI_OP(REVERT_FROM), "VDI_REVERT"},
};
static const struct {
    int op;
    const char *feature;
} sr_features[] = {
    {SR_OP(VDI_CREATE), "VDI_CREATE"},
    {SR_OP(VDI_DESTROY), "VDI_DELETE"},
    {SR_OP(VDI_RESIZE), "VDI_RESIZE"},
    {SR_OP(VDI_SNAPSHOT), "VDI_SNAPSHOT"},
    {SR_OP(VDI_INTRODUCE), "VDI_INTRODUCE"},
    {SR_OP(VDI_MIRROR), "VDI_MIRROR"},
    {SR_OP(UPDATE), "SR_UPDATE"},
    {SR_OP(VDI_REVERT), "VDI_REVERT"},
};

/* Operations that go on while a VM has the disk. */
#define WHILE_ATTACHED                                                                     \
    (BIT(VDI_OP(SNAPSHOT)) | BIT(VDI_OP(RESIZE_ONLINE)) | BIT(VDI_OP(BLOCKED)) |           \
     BIT(VDI_OP(CLONE)) | BIT(VDI_OP(MIRROR)) | BIT(VDI_OP(ENABLE_CBT)) |                  \
     BIT(VDI_OP(DISABLE_CBT)) | BIT(VDI_OP(DATA_DESTROY)) | BIT(VDI_OP(REVERT_TO)))

/* Storage types are rows of class SM, one a type. */
static bool sr_can(struct txn *t, const struct row *sr, const char *feature)
{
    size_t n;
    const struct row *const *sms = txn_list(t, CLASS_SM, &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(row_text(sms[i], F_SM_TYPE), row_text(sr, F_SR_TYPE)) == 0)
            return val_find(row_get(sms[i], F_SM_FEATURES), feature) != NULL;
    return false;
}

static bool has_plugged_pbd(struct txn *t, const struct row *sr)
{
    const struct val *pbds = row_get(sr, F_SR_PBDS);

    for (size_t i = 0; i < val_count(pbds); i++) {
        const struct row *pbd = txn_get(t, CLASS_PBD, val_text(val_at(pbds, i)));

        if (pbd && row_bool(pbd, F_PBD_CURRENTLY_ATTACHED))
            return true;
    }
    return false;
}

static struct err *check_users(struct txn *t, const struct row *vdi, int op)
{
    const struct val *vbds = row_get(vdi, F_VDI_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        const struct row *vbd = txn_get(t, CLASS_VBD, val_text(val_at(vbds, i)));
        bool attached = vbd && (row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) ||
                                row_bool(vbd, F_VBD_RESERVED));

        if (!attached || (BIT(op) & WHILE_ATTACHED))
            continue;
        if (op == VDI_OP(COPY) && row_int(vbd, F_VBD_MODE) != E_VBD_MODE_RW)
            continue;
        return err_params(ERR_VDI_IN_USE, row_ref(vdi),
                          enum_text(op_names(&vdi_op_rules), op), NULL);
    }
    return NULL;
}

static struct err *vdi_check(struct txn *t, const struct row *vdi, int op)
{
    const struct row *sr;
    struct err *e = op == VDI_OP(COPY) ? NULL : op_in_progress(&vdi_op_rules, vdi);

    if (!e)
        e = txn_need(t, CLASS_SR, row_text(vdi, F_VDI_SR), &sr);
    if (e)
        return e;
    if (op == VDI_OP(RESIZE) && !has_plugged_pbd(t, sr))
        return err_params(ERR_SR_HAS_NO_PBDS, row_ref(sr), NULL);
    e = check_users(t, vdi, op);
    if (e)
        return e;
    for (size_t i = 0; i < ARRAY_SIZE(vdi_features); i++)
        if (vdi_features[i].op == op && !sr_can(t, sr, vdi_features[i].feature))
            return err_params(ERR_SR_OPERATION_NOT_SUPPORTED, row_ref(sr), NULL);
    if (op == VDI_OP(SNAPSHOT) && row_bool(vdi, F_VDI_SHARABLE))
        return err_params(ERR_VDI_IS_SHARABLE, row_ref(vdi), NULL);
    if (op == VDI_OP(REVERT_TO) && !row_bool(vdi, F_VDI_IS_A_SNAPSHOT))
        return err_params(ERR_REVERT_ONLY_ALLOWED_ON_SNAPSHOT, NULL);
    return NULL;
}

static bool vdi_listed(int op)
{
    return op == VDI_OP(CLONE) || op == VDI_OP(COPY) || op == VDI_OP(RESIZE) ||
           op == VDI_OP(RESIZE_ONLINE) || op == VDI_OP(SNAPSHOT) || op == VDI_OP(DESTROY) ||
           op == VDI_OP(FORGET) || op == VDI_OP(UPDATE);
}

const struct op_rules vdi_op_rules = {
    .cls = CLASS_VDI,
    .allowed_field = F_VDI_ALLOWED_OPERATIONS,
    .current_field = F_VDI_CURRENT_OPERATIONS,
    .listed = vdi_listed,
    .check = vdi_check,
};

static struct err *sr_check_destroy(struct txn *t, const struct row *sr, int op)
{
    const struct val *vdis = row_get(sr, F_SR_VDIS);

    if (op != SR_OP(DESTROY) && op != SR_OP(FORGET))
        return NULL;
    if (has_plugged_pbd(t, sr))
        return err_params(ERR_SR_HAS_PBD, row_ref(sr), NULL);
    if (op == SR_OP(FORGET))
        return NULL;
    if (val_count(row_get(sr, F_SR_PBDS)) == 0)
        return err_params(ERR_SR_HAS_NO_PBDS, row_ref(sr), NULL);
    for (size_t i = 0; i < val_count(vdis); i++) {
        const struct row *vdi = txn_get(t, CLASS_VDI, val_text(val_at(vdis, i)));

        if (vdi && row_bool(vdi, F_VDI_MANAGED) &&
            row_int(vdi, F_VDI_TYPE) != E_VDI_TYPE_RRD)
            return err_params(ERR_SR_NOT_EMPTY, NULL);
    }
    return NULL;
}

static struct err *sr_check(struct txn *t, const struct row *sr, int op)
{
    struct err *e;

    for (size_t i = 0; i < ARRAY_SIZE(sr_features); i++)
        if (sr_features[i].op == op && !sr_can(t, sr, sr_features[i].feature))
            return err_params(ERR_SR_OPERATION_NOT_SUPPORTED, row_ref(sr), NULL);
    e = sr_check_destroy(t, sr, op);
    if (e)
        return e;
    /* Disks come and go side by side; what concerns the whole SR stands alone. */
    if (op == SR_OP(SCAN) || op == SR_OP(DESTROY) || op == SR_OP(FORGET) ||
        op == SR_OP(PLUG) || op == SR_OP(UNPLUG))
        return op_in_progress(&sr_op_rules, sr);
    return NULL;
}

static bool sr_listed(int op)
{
    return op == SR_OP(SCAN) || op == SR_OP(DESTROY) || op == SR_OP(FORGET) ||
           op == SR_OP(PLUG) || op == SR_OP(UNPLUG) || op == SR_OP(UPDATE) ||
           op == SR_OP(PBD_CREATE) || op == SR_OP(PBD_DESTROY) || op == SR_OP(VDI_CREATE) ||
           op == SR_OP(VDI_DESTROY) || op == SR_OP(VDI_RESIZE) || op == SR_OP(VDI_CLONE) ||
           op == SR_OP(VDI_SNAPSHOT);
}

const struct op_rules sr_op_rules = {
    .cls = CLASS_SR,
    .allowed_field = F_SR_ALLOWED_OPERATIONS,
    .current_field = F_SR_CURRENT_OPERATIONS,
    .listed = sr_listed,
    .check = sr_check,
};
