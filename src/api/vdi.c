// SPDX-License-Identifier: GPL-2.0-or-later
/* VDI messages; the work is in vdi_life. */
#include "api/bodies.h"

#include "api/journal.h"
#include "api/vdi_life.h"
#include "api/vdi_record.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

struct finishing {
    const char *ref;
    const struct val *cells;
};

/* What VDI.create was given beyond what lk-stored needs. */
static struct err *finish_txn(struct txn *t, void *arg)
{
    static const int given[] = {
        F_VDI_SHARABLE,      F_VDI_READ_ONLY, F_VDI_OTHER_CONFIG,
        F_VDI_XENSTORE_DATA, F_VDI_TAGS,
    };
    const struct finishing *f = arg;

    for (size_t i = 0; i < ARRAY_SIZE(given); i++)
        txn_set(t, CLASS_VDI, f->ref, given[i],
                val_ref(val_at(f->cells, (size_t)given[i])));
    return NULL;
}

static struct err *vdi_create(struct call *call, struct val *ret_result)
{
    const struct val *cells = &call->args[0];
    int type = (int)val_at(cells, F_VDI_TYPE)->i;
    int64_t size = val_at(cells, F_VDI_VIRTUAL_SIZE)->i;
    struct finishing f = {.cells = cells};
    struct ref vdi;
    struct err *e;

    if (type == E_VDI_TYPE_CBT_METADATA)
        return err_params(ERR_VDI_INCOMPATIBLE_TYPE, "", "CBT metadata", NULL);
    if (size < 0)
        return err_paramf(err_params(ERR_INVALID_VALUE, "virtual_size", NULL), "%lld",
                          (long long)size);
    e = vdi_life_create(call, val_text(val_at(cells, F_VDI_SR)), size, type,
                        val_text(val_at(cells, F_VDI_NAME_LABEL)),
                        val_text(val_at(cells, F_VDI_NAME_DESCRIPTION)), &vdi);
    if (e)
        return e;
    f.ref = vdi.text;
    e = journal_commit(call, finish_txn, &f);
    if (!e)
        *ret_result = val_str(vdi.text);
    return e;
}

static struct err *vdi_destroy(struct call *call, struct val *ret_result)
{
    return vdi_life_destroy(call, arg_text(call, 0));
}

static struct err *answer_ref(struct err *e, const struct ref *ref, struct val *ret_result)
{
    if (!e)
        *ret_result = val_str(ref->text);
    return e;
}

static struct err *vdi_clone(struct call *call, struct val *ret_result)
{
    struct ref copy;

    return answer_ref(vdi_life_clone(call, arg_text(call, 0), &copy), &copy, ret_result);
}

static struct err *vdi_snapshot(struct call *call, struct val *ret_result)
{
    struct ref copy;

    return answer_ref(vdi_life_snapshot(call, arg_text(call, 0), &copy), &copy, ret_result);
}

static struct err *vdi_copy(struct call *call, struct val *ret_result)
{
    autoptr(row) into = db_get(call->db, CLASS_VDI, arg_text(call, 3));
    struct ref copy;

    if (into)
        return err_params(ERR_NOT_IMPLEMENTED, "VDI.copy into an existing VDI", NULL);
    return answer_ref(vdi_life_copy(call, arg_text(call, 0), arg_text(call, 1), &copy),
                      &copy, ret_result);
}

static struct err *vdi_resize(struct call *call, struct val *ret_result)
{
    return vdi_life_resize(call, arg_text(call, 0), arg_int(call, 1));
}

static struct err *vdi_revert(struct call *call, struct val *ret_result)
{
    return vdi_life_revert(call, arg_text(call, 0));
}

static struct err *forget_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *vdi;
    struct err *e = op_check(t, &vdi_op_rules, arg_text(call, 0), E_VDI_OPERATIONS_FORGET);

    if (!e)
        e = txn_need(t, CLASS_VDI, arg_text(call, 0), &vdi);
    if (!e)
        vdi_record_delete(t, vdi);
    return e;
}

/* The row only: the next scan of the SR finds the disk again. */
static struct err *vdi_forget(struct call *call, struct val *ret_result)
{
    return db_run(call->db, forget_txn, call);
}

/* Names live on the SR too, so that another host can introduce it with nothing else.  A
 * name that is NULL stays. */
static struct err *describe(struct call *call, const struct row *vdi, const char *label,
                            const char *description)
{
    struct val params;
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_SR, row_text(vdi, F_VDI_SR), &sr);

    if (e)
        return e;
    params = val_map(4);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(row_uuid(vdi)));
    if (label)
        val_put_str(&params, "name_label", val_str(label));
    if (description)
        val_put_str(&params, "name_description", val_str(description));
    return agents_call(call->manager->agents, AGENT_STORED, "vdi.describe", params, NULL, 0,
                       0, NULL, NULL, NULL);
}

static struct err *set_name(struct call *call, int field)
{
    const char *name = arg_text(call, 1);
    autoptr(row) vdi = NULL;
    struct err *e = db_need(call->db, CLASS_VDI, arg_text(call, 0), &vdi);

    if (!e)
        e = describe(call, vdi, field == F_VDI_NAME_LABEL ? name : NULL,
                     field == F_VDI_NAME_DESCRIPTION ? name : NULL);
    return e ? e : db_set(call->db, CLASS_VDI, arg_text(call, 0), field, val_str(name));
}

/* What the SR keeps of the record is written anew. */
static struct err *vdi_update(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    autoptr(row) vdi = NULL;
    struct err *e = op_begin(call, &vdi_op_rules, ref, E_VDI_OPERATIONS_UPDATE);

    if (e)
        return e;
    e = db_need(call->db, CLASS_VDI, ref, &vdi);
    if (!e)
        e = describe(call, vdi, row_text(vdi, F_VDI_NAME_LABEL),
                     row_text(vdi, F_VDI_NAME_DESCRIPTION));
    op_end(call, &vdi_op_rules, ref);
    return e;
}

static struct err *vdi_set_name_label(struct call *call, struct val *ret_result)
{
    return set_name(call, F_VDI_NAME_LABEL);
}

static struct err *vdi_set_name_description(struct call *call, struct val *ret_result)
{
    return set_name(call, F_VDI_NAME_DESCRIPTION);
}

/* Plain writes of one field, arguments (self, value). */
static struct err *set_field(struct call *call, int field)
{
    autoptr(row) vdi = NULL;
    struct err *e = db_need(call->db, CLASS_VDI, arg_text(call, 0), &vdi);

    return e ? e
             : db_set(call->db, CLASS_VDI, arg_text(call, 0), field,
                      val_ref(&call->args[1]));
}

static struct err *vdi_set_sharable(struct call *call, struct val *ret_result)
{
    return set_field(call, F_VDI_SHARABLE);
}

static struct err *vdi_set_read_only(struct call *call, struct val *ret_result)
{
    return set_field(call, F_VDI_READ_ONLY);
}

static struct err *vdi_force_unlock(struct call *call, struct val *ret_result)
{
    return err_params(ERR_MESSAGE_DEPRECATED, NULL);
}

const struct body_def vdi_bodies[] = {
    {"VDI.create", vdi_create, BODY_NORMAL},
    {"VDI.destroy", vdi_destroy, BODY_NORMAL},
    {"VDI.clone", vdi_clone, BODY_NORMAL},
    {"VDI.snapshot", vdi_snapshot, BODY_NORMAL},
    {"VDI.copy", vdi_copy, BODY_NORMAL},
    {"VDI.resize", vdi_resize, BODY_NORMAL},
    {"VDI.resize_online", vdi_resize, BODY_NORMAL},
    {"VDI.revert", vdi_revert, BODY_NORMAL},
    {"VDI.forget", vdi_forget, BODY_NORMAL},
    {"VDI.set_name_label", vdi_set_name_label, BODY_NORMAL},
    {"VDI.set_name_description", vdi_set_name_description, BODY_NORMAL},
    {"VDI.update", vdi_update, BODY_NORMAL},
    {"VDI.set_sharable", vdi_set_sharable, BODY_NORMAL},
    {"VDI.set_read_only", vdi_set_read_only, BODY_NORMAL},
    {"VDI.force_unlock", vdi_force_unlock, BODY_NORMAL},
    {0},
};
