// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vdi_record.h"

#include <string.h>

#include "api/journal.h"
#include "base/clock.h"

static int64_t int_of(const struct val *map, const char *key)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_INT ? v->i : 0;
}

static bool bool_of(const struct val *map, const char *key)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_BOOL && v->b;
}

static void write_names(struct txn *t, const char *ref, const struct val *described)
{
    int type = enum_parse(classes[CLASS_VDI].fields[F_VDI_TYPE].type->enm,
                          val_find_text(described, "kind", "user"));

    txn_set(t, CLASS_VDI, ref, F_VDI_NAME_LABEL,
            val_str(val_find_text(described, "name_label", "")));
    txn_set(t, CLASS_VDI, ref, F_VDI_NAME_DESCRIPTION,
            val_str(val_find_text(described, "name_description", "")));
    txn_set(t, CLASS_VDI, ref, F_VDI_TYPE, val_int(type >= 0 ? type : E_VDI_TYPE_USER));
    txn_set(t, CLASS_VDI, ref, F_VDI_READ_ONLY, val_bool(bool_of(described, "read_only")));
    txn_set(t, CLASS_VDI, ref, F_VDI_MANAGED, val_bool(true));
}

static void write_snapshot(struct txn *t, const char *ref, const struct val *described)
{
    const char *of_uuid = val_find_text(described, "snapshot_of", "");
    const struct row *of = *of_uuid ? txn_get_by_uuid(t, CLASS_VDI, of_uuid) : NULL;
    int64_t when = 0;

    if (!bool_of(described, "is_a_snapshot"))
        return;
    txn_set(t, CLASS_VDI, ref, F_VDI_IS_A_SNAPSHOT, val_bool(true));
    txn_set(t, CLASS_VDI, ref, F_VDI_SNAPSHOT_OF, val_str(of ? row_ref(of) : NULL_REF));
    if (clock_from_text(val_find_text(described, "snapshot_time", ""), &when) == 0)
        txn_set(t, CLASS_VDI, ref, F_VDI_SNAPSHOT_TIME, val_int(when));
}

const char *vdi_record_write(struct txn *t, const char *sr_ref, const struct val *described)
{
    const char *uuid = val_find_text(described, "uuid", NULL), *ref;
    const struct row *old = uuid ? txn_get_by_uuid(t, CLASS_VDI, uuid) : NULL;

    if (!uuid)
        return NULL;
    ref = old ? row_ref(old) : txn_create_as(t, CLASS_VDI, NULL, uuid);
    if (!old)
        write_names(t, ref, described);
    txn_set(t, CLASS_VDI, ref, F_VDI_SR, val_str(sr_ref));
    txn_set(t, CLASS_VDI, ref, F_VDI_MISSING, val_bool(false));
    txn_set(t, CLASS_VDI, ref, F_VDI_VIRTUAL_SIZE,
            val_int(int_of(described, "virtual_size")));
    txn_set(t, CLASS_VDI, ref, F_VDI_PHYSICAL_UTILISATION,
            val_int(int_of(described, "physical_utilisation")));
    txn_set(t, CLASS_VDI, ref, F_VDI_LOCATION,
            val_str(val_find_text(described, "location", uuid)));
    if (val_find(described, "sm_config") &&
        val_find(described, "sm_config")->kind == VAL_MAP)
        txn_set(t, CLASS_VDI, ref, F_VDI_SM_CONFIG,
                val_ref(val_find(described, "sm_config")));
    write_snapshot(t, ref, described);
    op_refresh(t, &vdi_op_rules, ref);
    return ref;
}

void vdi_record_delete(struct txn *t, const struct row *vdi)
{
    const struct val *vbds = row_get(vdi, F_VDI_VBDS);
    const char *ref = row_ref(vdi);
    size_t n_vms;
    const struct row *const *vms = txn_list(t, CLASS_VM, &n_vms);

    for (size_t i = 0; i < val_count(vbds); i++) {
        const char *vbd_ref = val_text(val_at(vbds, i));
        const struct row *vbd = txn_get(t, CLASS_VBD, vbd_ref);

        if (vbd && row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD) {
            txn_set(t, CLASS_VBD, vbd_ref, F_VBD_VDI, val_str(NULL_REF));
            txn_set(t, CLASS_VBD, vbd_ref, F_VBD_EMPTY, val_bool(true));
        } else if (vbd) {
            txn_delete(t, CLASS_VBD, vbd_ref);
        }
    }
    for (size_t i = 0; row_int(vdi, F_VDI_TYPE) == E_VDI_TYPE_SUSPEND && i < n_vms; i++)
        if (strcmp(row_text(vms[i], F_VM_SUSPEND_VDI), ref) == 0)
            txn_set(t, CLASS_VM, row_ref(vms[i]), F_VM_SUSPEND_VDI, val_str(NULL_REF));
    txn_delete(t, CLASS_VDI, ref);
}

void sr_record_sum(struct txn *t, const char *sr_ref)
{
    const struct row *sr = txn_get(t, CLASS_SR, sr_ref);
    const struct val *vdis = sr ? row_get(sr, F_SR_VDIS) : NULL;
    int64_t sum = 0;

    for (size_t i = 0; vdis && i < val_count(vdis); i++) {
        const struct row *vdi = txn_get(t, CLASS_VDI, val_text(val_at(vdis, i)));

        sum += vdi ? row_int(vdi, F_VDI_VIRTUAL_SIZE) : 0;
    }
    if (!sr)
        return;
    txn_set(t, CLASS_SR, sr_ref, F_SR_VIRTUAL_ALLOCATION, val_int(sum));
    op_refresh(t, &sr_op_rules, sr_ref);
}

static bool described_in(const struct val *vdis, const char *uuid)
{
    for (size_t i = 0; i < val_count(vdis); i++)
        if (strcmp(val_find_text(val_at(vdis, i), "uuid", ""), uuid) == 0)
            return true;
    return false;
}

void sr_record_scan(struct txn *t, const char *sr_ref, const struct val *scanned)
{
    const struct val *vdis = val_find(scanned, "vdis");
    const struct row *sr = txn_get(t, CLASS_SR, sr_ref);
    autoval struct val had = sr ? val_ref(row_get(sr, F_SR_VDIS)) : val_set(0);

    if (!sr)
        return;
    if (val_find(scanned, "total")) {
        txn_set(t, CLASS_SR, sr_ref, F_SR_PHYSICAL_SIZE, val_int(int_of(scanned, "total")));
        txn_set(t, CLASS_SR, sr_ref, F_SR_PHYSICAL_UTILISATION,
                val_int(int_of(scanned, "total") - int_of(scanned, "free")));
    }
    for (size_t i = 0; vdis && i < val_count(vdis); i++)
        if (!journal_names(t, val_find_text(val_at(vdis, i), "uuid", "")))
            vdi_record_write(t, sr_ref, val_at(vdis, i));
    for (size_t i = 0; vdis && i < val_count(&had); i++) {
        const struct row *vdi = txn_get(t, CLASS_VDI, val_text(val_at(&had, i)));

        if (vdi && !described_in(vdis, row_uuid(vdi)) &&
            val_count(row_get(vdi, F_VDI_CURRENT_OPERATIONS)) == 0 &&
            !journal_names(t, row_uuid(vdi)))
            vdi_record_delete(t, vdi);
    }
    sr_record_sum(t, sr_ref);
}

void sr_record_delete(struct txn *t, const char *sr_ref)
{
    const struct row *sr = txn_get(t, CLASS_SR, sr_ref);
    autoval struct val vdis = val_void(), pbds = val_void();

    if (!sr)
        return;
    vdis = val_ref(row_get(sr, F_SR_VDIS));
    pbds = val_ref(row_get(sr, F_SR_PBDS));
    for (size_t i = 0; i < val_count(&vdis); i++) {
        const struct row *vdi = txn_get(t, CLASS_VDI, val_text(val_at(&vdis, i)));

        if (vdi)
            vdi_record_delete(t, vdi);
    }
    for (size_t i = 0; i < val_count(&pbds); i++)
        txn_delete(t, CLASS_PBD, val_text(val_at(&pbds, i)));
    txn_delete(t, CLASS_SR, sr_ref);
}
