// SPDX-License-Identifier: GPL-2.0-or-later
/* VDI.pool_migrate: a disk of halted VMs goes to another SR.  Its VMs are held from
 * starting until they have the copy; a manager that dies before leaves the disk where it
 * was, and perhaps a copy nobody uses. */
#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/vdi_life.h"
#include "base/log.h"

struct move {
    const char *vdi_ref;
    struct ref copy;
    struct val vms; /* whose disk it is */
};

static struct err *find_vms(struct txn *t, void *arg)
{
    struct move *m = arg;
    const struct row *vdi;
    struct err *e = txn_need(t, CLASS_VDI, m->vdi_ref, &vdi);
    const struct val *vbds = e ? NULL : row_get(vdi, F_VDI_VBDS);

    if (e)
        return e;
    val_unref(&m->vms);
    m->vms = val_set(val_count(vbds));
    for (size_t i = 0; i < val_count(vbds); i++) {
        const struct row *vbd = txn_get(t, CLASS_VBD, val_text(val_at(vbds, i)));

        if (vbd && !val_set_has(&m->vms, row_text(vbd, F_VBD_VM)))
            val_push(&m->vms, val_str(row_text(vbd, F_VBD_VM)));
    }
    return val_count(&m->vms) ? NULL
                              : err_params(ERR_VDI_NEEDS_VM_FOR_MIGRATE, m->vdi_ref, NULL);
}

static bool may_switch(struct txn *t, const struct move *m, const struct row *vbd)
{
    return vbd && val_set_has(&m->vms, row_text(vbd, F_VBD_VM)) &&
           !row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) && !row_bool(vbd, F_VBD_RESERVED);
}

/* Whoever had the old disk has the new one. */
static struct err *switch_txn(struct txn *t, void *arg)
{
    const struct move *m = arg;
    const struct row *vdi;
    size_t n;
    struct err *e = txn_need(t, CLASS_VDI, m->vdi_ref, &vdi);
    const struct row *const *vdis = txn_list(t, CLASS_VDI, &n);
    autoval struct val vbds = e ? val_void() : val_ref(row_get(vdi, F_VDI_VBDS));

    for (size_t i = 0; !e && i < val_count(&vbds); i++) {
        const char *ref = val_text(val_at(&vbds, i));

        if (!may_switch(t, m, txn_get(t, CLASS_VBD, ref)))
            e = err_params(ERR_VDI_IN_USE, m->vdi_ref, "pool_migrate", NULL);
        else
            txn_set(t, CLASS_VBD, ref, F_VBD_VDI, val_str(m->copy.text));
    }
    for (size_t i = 0; !e && i < n; i++)
        if (STREQ(row_text(vdis[i], F_VDI_SNAPSHOT_OF), m->vdi_ref))
            txn_set(t, CLASS_VDI, row_ref(vdis[i]), F_VDI_SNAPSHOT_OF,
                    val_str(m->copy.text));
    return e;
}

static struct err *move_disk(struct call *call, struct move *m)
{
    struct err *e = vdi_life_copy(call, m->vdi_ref, arg_text(call, 1), &m->copy);

    if (e)
        return e;
    e = db_run(call->db, switch_txn, m);
    if (e) {
        err_ignore(vdi_life_destroy(call, m->copy.text), "the disk stays where it is");
        return e;
    }
    e = vdi_life_destroy(call, m->vdi_ref);
    if (e)
        log_warn(API, "the old image of a disk that was moved stays: %s", err_sentence(e));
    err_free(e);
    return NULL;
}

/* Arguments: vdi, sr, options */
static struct err *pool_migrate(struct call *call, struct val *ret_result)
{
    struct move m = {.vdi_ref = arg_text(call, 0), .vms = val_void()};
    struct err *e = db_run(call->db, find_vms, &m);
    size_t n_held = 0;

    while (!e && n_held < val_count(&m.vms)) {
        e = op_begin(call, &vm_op_rules, val_text(val_at(&m.vms, n_held)),
                     E_VM_OPERATIONS_COPY);
        n_held += e == NULL;
    }
    if (!e)
        e = move_disk(call, &m);
    while (n_held > 0)
        op_end(call, &vm_op_rules, val_text(val_at(&m.vms, --n_held)));
    val_unref(&m.vms);
    if (!e)
        *ret_result = val_str(m.copy.text);
    return e;
}

const struct body_def vdi_move_bodies[] = {
    {"VDI.pool_migrate", pool_migrate, BODY_NORMAL},
    {0},
};
