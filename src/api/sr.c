// SPDX-License-Identifier: GPL-2.0-or-later
/* SR and PBD messages. */
#include "api/bodies.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/journal.h"
#include "api/sr_plug.h"
#include "api/vdi_record.h"
#include "base/alloc.h"
#include "base/uuid.h"
#include "model/map_key.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

static char *lower(const char *text)
{
    char *out = xstrdup(text);

    for (char *c = out; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

static struct err *need_type(struct call *call, const char *type)
{
    autorows sms = {0};

    db_list(call->db, CLASS_SM, &sms);
    for (size_t i = 0; i < sms.n; i++)
        if (strcmp(row_text(sms.at[i], F_SM_TYPE), type) == 0)
            return NULL;
    return err_params(ERR_SR_UNKNOWN_DRIVER, type, NULL);
}

/* ---- create ---- */

struct creating {
    struct call *call;
    const char *type, *sr_uuid;
    char sr_ref[64], pbd_ref[64];
};

/* Arguments: host, device_config, physical_size, name_label, name_description, type,
 * content_type, shared, sm_config */
static struct err *rows_txn(struct txn *t, void *arg)
{
    struct creating *c = arg;
    struct call *call = c->call;
    const char *sr = txn_create_as(t, CLASS_SR, NULL, c->sr_uuid),
               *pbd = txn_create(t, CLASS_PBD);

    txn_set(t, CLASS_SR, sr, F_SR_NAME_LABEL, val_str(arg_text(call, 3)));
    txn_set(t, CLASS_SR, sr, F_SR_NAME_DESCRIPTION, val_str(arg_text(call, 4)));
    txn_set(t, CLASS_SR, sr, F_SR_TYPE, val_str(c->type));
    txn_set(t, CLASS_SR, sr, F_SR_CONTENT_TYPE, val_str(arg_text(call, 6)));
    txn_set(t, CLASS_SR, sr, F_SR_SHARED, val_bool(arg_bool(call, 7)));
    txn_set(t, CLASS_SR, sr, F_SR_SM_CONFIG, val_ref(&call->args[8]));
    txn_set(t, CLASS_SR, sr, F_SR_PHYSICAL_SIZE, val_int(-1));
    txn_set(t, CLASS_SR, sr, F_SR_PHYSICAL_UTILISATION, val_int(-1));
    txn_set(t, CLASS_PBD, pbd, F_PBD_HOST, val_str(call->manager->self.host_ref));
    txn_set(t, CLASS_PBD, pbd, F_PBD_SR, val_str(sr));
    txn_set(t, CLASS_PBD, pbd, F_PBD_DEVICE_CONFIG, val_ref(&call->args[1]));
    op_refresh(t, &sr_op_rules, sr);
    snprintf(c->sr_ref, sizeof(c->sr_ref), "%s", sr);
    snprintf(c->pbd_ref, sizeof(c->pbd_ref), "%s", pbd);
    return NULL;
}

static struct err *sr_create(struct call *call, struct val *ret_result)
{
    autofree char *type = lower(arg_text(call, 5));
    struct uuid uuid = uuid_new();
    struct creating c = {.call = call, .type = type, .sr_uuid = uuid.text};
    struct val params;
    struct err *e = need_type(call, type);

    if (!e)
        e = journal_step(call, JOURNAL_SR_MADE, uuid.text, NULL);
    if (!e)
        e = db_run(call->db, rows_txn, &c);
    if (e)
        return e;
    params = val_map(5);
    val_put_str(&params, "sr", val_str(uuid.text));
    val_put_str(&params, "type", val_str(type));
    val_put_str(&params, "device_config", val_ref(&call->args[1]));
    val_put_str(&params, "name_label", val_str(arg_text(call, 3)));
    val_put_str(&params, "name_description", val_str(arg_text(call, 4)));
    e = agents_call(call->manager->agents, AGENT_STORED, "sr.create", params, NULL, 0, 0,
                    NULL, NULL, NULL);
    if (!e)
        e = sr_plug(call->manager, c.pbd_ref);
    if (!e)
        e = sr_scan(call->manager, c.sr_ref);
    if (!e)
        *ret_result = val_str(c.sr_ref);
    return e;
}

/* ---- introduce, forget, destroy ---- */

struct introducing {
    struct call *call;
    const char *type;
    char ref[64];
};

/* Arguments: uuid, name_label, name_description, type, content_type, shared, sm_config */
static struct err *introduce_txn(struct txn *t, void *arg)
{
    struct introducing *i = arg;
    struct call *call = i->call;
    const char *uuid = arg_text(call, 0), *ref;

    if (*uuid && txn_get_by_uuid(t, CLASS_SR, uuid))
        return err_params(ERR_SR_UUID_EXISTS, uuid, NULL);
    ref = txn_create_as(t, CLASS_SR, NULL, *uuid ? uuid : NULL);
    txn_set(t, CLASS_SR, ref, F_SR_NAME_LABEL, val_str(arg_text(call, 1)));
    txn_set(t, CLASS_SR, ref, F_SR_NAME_DESCRIPTION, val_str(arg_text(call, 2)));
    txn_set(t, CLASS_SR, ref, F_SR_TYPE, val_str(i->type));
    txn_set(t, CLASS_SR, ref, F_SR_CONTENT_TYPE, val_str(arg_text(call, 4)));
    txn_set(t, CLASS_SR, ref, F_SR_SHARED, val_bool(arg_bool(call, 5)));
    txn_set(t, CLASS_SR, ref, F_SR_SM_CONFIG, val_ref(&call->args[6]));
    op_refresh(t, &sr_op_rules, ref);
    snprintf(i->ref, sizeof(i->ref), "%s", ref);
    return NULL;
}

static struct err *sr_introduce(struct call *call, struct val *ret_result)
{
    autofree char *type = lower(arg_text(call, 3));
    struct introducing i = {.call = call, .type = type};
    const char *uuid = arg_text(call, 0);
    struct err *e = *uuid && !uuid_is_valid(uuid)
                        ? err_params(ERR_UUID_INVALID, "SR", uuid, NULL)
                        : need_type(call, type);

    if (!e)
        e = db_run(call->db, introduce_txn, &i);
    if (!e)
        *ret_result = val_str(i.ref);
    return e;
}

static struct err *delete_rows_txn(struct txn *t, void *arg)
{
    sr_record_delete(t, arg);
    return NULL;
}

/* Deletes the rows under 'op'; on failure the SR is as before. */
static struct err *leave(struct call *call, int op,
                         struct err *(*backend)(struct call *, const char *sr_ref))
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &sr_op_rules, ref, op);

    if (e)
        return e;
    e = backend ? backend(call, ref) : NULL;
    if (!e)
        e = journal_commit(call, delete_rows_txn, (void *)ref);
    if (e)
        op_end(call, &sr_op_rules, ref);
    else
        op_wake();
    return e;
}

static struct err *sr_forget(struct call *call, struct val *ret_result)
{
    return leave(call, E_STORAGE_OPERATIONS_FORGET, NULL);
}

/* The backend destroys an SR that it has attached; the API wants its PBDs unplugged:
 * attach, destroy. */
static struct err *destroy_backend(struct call *call, const char *sr_ref)
{
    struct val params = val_map(3);
    autoptr(row) sr = NULL;
    autoptr(row) pbd = NULL;
    struct err *e = db_need(call->db, CLASS_SR, sr_ref, &sr);

    if (!e &&
        map_key_is_on(row_get(sr, F_SR_OTHER_CONFIG), KEY_SR_OTHER_CONFIG_INDESTRUCTIBLE))
        e = err_params(ERR_SR_INDESTRUCTIBLE, sr_ref, NULL);
    if (!e)
        e = db_need(call->db, CLASS_PBD, val_text(val_at(row_get(sr, F_SR_PBDS), 0)), &pbd);
    if (e) {
        val_unref(&params);
        return e;
    }
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "type", val_str(row_text(sr, F_SR_TYPE)));
    val_put_str(&params, "device_config", val_ref(row_get(pbd, F_PBD_DEVICE_CONFIG)));
    e = journal_step(call, JOURNAL_PBD, row_ref(pbd), NULL);
    if (!e)
        e = agents_call(call->manager->agents, AGENT_STORED, "sr.attach", take_val(params),
                        NULL, 0, 0, NULL, NULL, NULL);
    val_unref(&params);
    /* Only what was there may be found half gone. */
    if (!e)
        e = journal_step(call, JOURNAL_SR_GOING, row_uuid(sr), NULL);
    if (e)
        return e;
    params = val_map(1);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    return agents_call(call->manager->agents, AGENT_STORED, "sr.destroy", params, NULL, 0,
                       0, NULL, NULL, NULL);
}

static struct err *sr_destroy(struct call *call, struct val *ret_result)
{
    return leave(call, E_STORAGE_OPERATIONS_DESTROY, destroy_backend);
}

/* ---- scan, probe, types ---- */

static struct err *body_scan(struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    struct err *e = op_begin(call, &sr_op_rules, ref, E_STORAGE_OPERATIONS_SCAN);

    if (e)
        return e;
    e = sr_scan(call->manager, ref);
    op_end(call, &sr_op_rules, ref);
    return e;
}

static struct err *sr_get_supported_types(struct call *call, struct val *ret_result)
{
    autorows sms = {0};

    db_list(call->db, CLASS_SM, &sms);
    *ret_result = val_set(sms.n);
    for (size_t i = 0; i < sms.n; i++)
        val_push(ret_result, val_str(row_text(sms.at[i], F_SM_TYPE)));
    return NULL;
}

static struct err *sr_set_text(struct call *call, int field)
{
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_SR, arg_text(call, 0), &sr);

    return e ? e
             : db_set(call->db, CLASS_SR, arg_text(call, 0), field,
                      val_str(arg_text(call, 1)));
}

static struct err *sr_set_name_label(struct call *call, struct val *ret_result)
{
    return sr_set_text(call, F_SR_NAME_LABEL);
}

static struct err *sr_set_name_description(struct call *call, struct val *ret_result)
{
    return sr_set_text(call, F_SR_NAME_DESCRIPTION);
}

static struct err *sr_set_shared(struct call *call, struct val *ret_result)
{
    const struct val *pbds;
    autoptr(row) sr = NULL;
    struct err *e = db_need(call->db, CLASS_SR, arg_text(call, 0), &sr);

    if (e)
        return e;
    pbds = row_get(sr, F_SR_PBDS);
    if (!arg_bool(call, 1) && val_count(pbds) > 1) {
        e = err_params(ERR_SR_HAS_MULTIPLE_PBDS, NULL);
        for (size_t i = 0; i < val_count(pbds); i++)
            e = err_param(e, val_text(val_at(pbds, i)));
        return e;
    }
    return db_set(call->db, CLASS_SR, arg_text(call, 0), F_SR_SHARED,
                  val_bool(arg_bool(call, 1)));
}

static struct err *sr_make(struct call *call, struct val *ret_result)
{
    return err_params(ERR_MESSAGE_DEPRECATED, NULL);
}

/* ---- PBD ---- */

static struct err *pbd_create_txn(struct txn *t, void *arg)
{
    struct creating *c = arg;
    const struct val *cells = &c->call->args[0];
    const char *host = val_text(val_at(cells, F_PBD_HOST)),
               *sr_ref = val_text(val_at(cells, F_PBD_SR)), *ref;
    const struct val *config = val_at(cells, F_PBD_DEVICE_CONFIG), *pbds;
    const struct row *sr, *host_row;
    struct err *e = txn_need(t, CLASS_HOST, host, &host_row);

    if (!e)
        e = txn_need(t, CLASS_SR, sr_ref, &sr);
    if (e)
        return e;
    if (map_key_is_set(config, KEY_PBD_DEVICE_CONFIG_SRMASTER))
        return err_params(ERR_VALUE_NOT_SUPPORTED,
                          map_key_name(KEY_PBD_DEVICE_CONFIG_SRMASTER),
                          map_key_text(config, KEY_PBD_DEVICE_CONFIG_SRMASTER),
                          "This key is the server's own", NULL);
    pbds = row_get(sr, F_SR_PBDS);
    for (size_t i = 0; i < val_count(pbds); i++) {
        const struct row *pbd = txn_get(t, CLASS_PBD, val_text(val_at(pbds, i)));

        if (pbd && strcmp(row_text(pbd, F_PBD_HOST), host) == 0)
            return err_params(ERR_PBD_EXISTS, sr_ref, host, row_ref(pbd), NULL);
    }
    ref = txn_create(t, CLASS_PBD);
    txn_set(t, CLASS_PBD, ref, F_PBD_HOST, val_str(host));
    txn_set(t, CLASS_PBD, ref, F_PBD_SR, val_str(sr_ref));
    txn_set(t, CLASS_PBD, ref, F_PBD_DEVICE_CONFIG, val_ref(config));
    op_refresh(t, &sr_op_rules, sr_ref);
    snprintf(c->pbd_ref, sizeof(c->pbd_ref), "%s", ref);
    return NULL;
}

static struct err *pbd_create(struct call *call, struct val *ret_result)
{
    struct creating c = {.call = call};
    struct err *e = db_run(call->db, pbd_create_txn, &c);

    if (!e)
        *ret_result = val_str(c.pbd_ref);
    return e;
}

/* Runs 'step' on the PBD under an operation of its SR. */
static struct err *pbd_under(struct call *call, int op, bool wanted,
                             struct err *(*step)(struct manager *, const char *))
{
    const char *ref = arg_text(call, 0);
    autoptr(row) pbd = NULL;
    autofree char *sr_ref = NULL;
    struct err *e = db_need(call->db, CLASS_PBD, ref, &pbd);

    if (e || row_bool(pbd, F_PBD_CURRENTLY_ATTACHED) == wanted)
        return e;
    sr_ref = xstrdup(row_text(pbd, F_PBD_SR));
    e = op_begin(call, &sr_op_rules, sr_ref, op);
    if (e)
        return e;
    e = journal_step(call, JOURNAL_PBD, ref, NULL);
    if (!e)
        e = step(call->manager, ref);
    if (!e && wanted)
        e = sr_scan(call->manager, sr_ref);
    op_end(call, &sr_op_rules, sr_ref);
    return e;
}

static struct err *pbd_plug(struct call *call, struct val *ret_result)
{
    return pbd_under(call, E_STORAGE_OPERATIONS_PLUG, true, sr_plug);
}

/* VDIs of the SR that a VM has now. */
static struct err *check_unused_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const struct row *pbd, *sr;
    struct err *e = txn_need(t, CLASS_PBD, arg_text(call, 0), &pbd), *in_use = NULL;
    const struct val *vdis;

    if (!e)
        e = txn_need(t, CLASS_SR, row_text(pbd, F_PBD_SR), &sr);
    if (e)
        return e;
    vdis = row_get(sr, F_SR_VDIS);
    for (size_t i = 0; i < val_count(vdis); i++) {
        const struct row *vdi = txn_get(t, CLASS_VDI, val_text(val_at(vdis, i)));
        const struct val *vbds = vdi ? row_get(vdi, F_VDI_VBDS) : NULL;
        bool used = false;

        for (size_t j = 0; vbds && j < val_count(vbds); j++) {
            const struct row *vbd = txn_get(t, CLASS_VBD, val_text(val_at(vbds, j)));

            used = used || (vbd && row_bool(vbd, F_VBD_CURRENTLY_ATTACHED));
        }
        if (used)
            in_use =
                err_param(in_use ? in_use : err_params(ERR_VDI_IN_USE, NULL), row_ref(vdi));
    }
    return in_use;
}

static struct err *pbd_unplug(struct call *call, struct val *ret_result)
{
    struct err *e = db_run(call->db, check_unused_txn, call);

    return e ? e : pbd_under(call, E_STORAGE_OPERATIONS_UNPLUG, false, sr_unplug);
}

static struct err *pbd_destroy_txn(struct txn *t, void *arg)
{
    struct call *call = arg;
    const char *ref = arg_text(call, 0);
    autofree char *sr_ref = NULL;
    const struct row *pbd;
    struct err *e = txn_need(t, CLASS_PBD, ref, &pbd);

    if (e)
        return e;
    if (row_bool(pbd, F_PBD_CURRENTLY_ATTACHED))
        return err_params(ERR_OPERATION_NOT_ALLOWED, "The PBD is plugged: unplug it first",
                          NULL);
    sr_ref = xstrdup(row_text(pbd, F_PBD_SR));
    txn_delete(t, CLASS_PBD, ref);
    op_refresh(t, &sr_op_rules, sr_ref);
    return NULL;
}

static struct err *pbd_destroy(struct call *call, struct val *ret_result)
{
    return db_run(call->db, pbd_destroy_txn, call);
}

const struct body_def sr_bodies[] = {
    {"SR.create", sr_create, BODY_NORMAL},
    {"SR.introduce", sr_introduce, BODY_NORMAL},
    {"SR.forget", sr_forget, BODY_NORMAL},
    {"SR.destroy", sr_destroy, BODY_NORMAL},
    {"SR.scan", body_scan, BODY_NORMAL},
    {"SR.update", body_scan, BODY_NORMAL},
    {"SR.get_supported_types", sr_get_supported_types, BODY_INLINE},
    {"SR.set_name_label", sr_set_name_label, BODY_NORMAL},
    {"SR.set_name_description", sr_set_name_description, BODY_NORMAL},
    {"SR.set_shared", sr_set_shared, BODY_NORMAL},
    {"SR.make", sr_make, BODY_NORMAL},
    {"PBD.create", pbd_create, BODY_NORMAL},
    {"PBD.plug", pbd_plug, BODY_NORMAL},
    {"PBD.unplug", pbd_unplug, BODY_NORMAL},
    {"PBD.destroy", pbd_destroy, BODY_NORMAL},
    {0},
};
