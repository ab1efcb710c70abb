// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/recovery.h"

struct err *recovery_check_session(struct txn *t, const char *session_ref)
{
    if (txn_get(t, CLASS_SESSION, session_ref))
        return NULL;
    return err_params(ERR_SESSION_INVALID, session_ref, NULL);
}

/* Discs in drives stay behind. */
static const struct row *sr_of(struct txn *t, const char *vbd_ref)
{
    const struct row *vbd = txn_get(t, CLASS_VBD, vbd_ref), *vdi;

    if (!vbd || row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_CD)
        return NULL;
    vdi = txn_get(t, CLASS_VDI, row_text(vbd, F_VBD_VDI));
    return vdi ? txn_get(t, CLASS_SR, row_text(vdi, F_VDI_SR)) : NULL;
}

void recovery_add_srs(struct txn *t, const struct row *vm, struct val *srs)
{
    const struct val *vbds = row_get(vm, F_VM_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        const struct row *sr = sr_of(t, val_text(val_at(vbds, i)));

        if (sr && !val_set_has(srs, row_ref(sr)))
            val_push(srs, val_str(row_ref(sr)));
    }
}

static bool is_plugged(struct txn *t, const char *sr_ref)
{
    const struct row *sr = txn_get(t, CLASS_SR, sr_ref);
    const struct val *pbds = sr ? row_get(sr, F_SR_PBDS) : NULL;

    for (size_t i = 0; pbds && i < val_count(pbds); i++) {
        const struct row *pbd = txn_get(t, CLASS_PBD, val_text(val_at(pbds, i)));

        if (pbd && row_bool(pbd, F_PBD_CURRENTLY_ATTACHED))
            return true;
    }
    return false;
}

struct err *recovery_check_storage(struct txn *t, const struct row *vm)
{
    autoval struct val srs = val_set(0);

    recovery_add_srs(t, vm, &srs);
    for (size_t i = 0; i < val_count(&srs); i++)
        if (!is_plugged(t, val_text(val_at(&srs, i))))
            return err_params(ERR_VM_REQUIRES_SR, row_ref(vm), val_text(val_at(&srs, i)),
                              NULL);
    return NULL;
}
