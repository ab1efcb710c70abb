// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/blob.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/bodies.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "rpc/manager.h"

#define DEFAULT_TYPE "application/octet-stream"

/* Who may have blobs. */
static const struct {
    int cls, field;
} owners[] = {
    {CLASS_VM, F_VM_BLOBS},           {CLASS_HOST, F_HOST_BLOBS}, {CLASS_SR, F_SR_BLOBS},
    {CLASS_NETWORK, F_NETWORK_BLOBS}, {CLASS_POOL, F_POOL_BLOBS},
};

static const char *make(struct txn *t, const char *mime_type, bool public)
{
    const char *ref = txn_create(t, CLASS_BLOB);

    txn_set(t, CLASS_BLOB, ref, F_BLOB_MIME_TYPE,
            val_str(*mime_type ? mime_type : DEFAULT_TYPE));
    txn_set(t, CLASS_BLOB, ref, F_BLOB_PUBLIC, val_bool(public));
    txn_set(t, CLASS_BLOB, ref, F_BLOB_LAST_UPDATED, val_int(clock_wall_seconds()));
    return ref;
}

static struct err *create(struct txn *t, struct call *call, struct val *ret_result)
{
    *ret_result = val_str(make(t, arg_text(call, 0), arg_bool(call, 1)));
    return NULL;
}

/* X.create_new_blob(self, name, mime_type, public). */
static struct err *create_for(struct txn *t, struct call *call, struct val *ret_result)
{
    const char *self = arg_text(call, 0), *name = arg_text(call, 1), *blob;
    const struct row *row;
    size_t i = 0;
    struct err *e = txn_need(t, call->method->cls, self, &row);

    if (e)
        return e;
    while (owners[i].cls != call->method->cls)
        i++;
    if (val_find(row_get(row, owners[i].field), name))
        return err_params(ERR_MAP_DUPLICATE_KEY, classes[owners[i].cls].name, "blobs", self,
                          name, NULL);
    blob = make(t, arg_text(call, 2), arg_bool(call, 3));
    txn_set(t, owners[i].cls, self, owners[i].field,
            val_map_with(row_get(row, owners[i].field), name, val_str(blob)));
    *ret_result = val_str(blob);
    return NULL;
}

void blobs_delete(struct txn *t, const struct val *blobs)
{
    for (size_t i = 0; i < val_count(blobs); i++)
        if (txn_get(t, CLASS_BLOB, val_text(val_value_at(blobs, i))))
            txn_delete(t, CLASS_BLOB, val_text(val_value_at(blobs, i)));
}

/* ---- destroy ---- */

/* The map without the names of 'blob'. */
static struct val without_blob(const struct val *blobs, const char *blob)
{
    struct val left = val_map(val_count(blobs));

    for (size_t i = 0; i < val_count(blobs); i++)
        if (strcmp(val_text(val_value_at(blobs, i)), blob) != 0)
            val_put(&left, val_ref(val_key_at(blobs, i)), val_ref(val_value_at(blobs, i)));
    return left;
}

static void forget_at_owners(struct txn *t, int cls, int field, const char *blob)
{
    size_t n;
    const struct row *const *rows = txn_list(t, cls, &n);

    for (size_t i = 0; i < n; i++)
        if (val_count(row_get(rows[i], field)))
            txn_set(t, cls, row_ref(rows[i]), field,
                    without_blob(row_get(rows[i], field), blob));
}

static struct err *destroy_step(struct txn *t, struct call *call, struct val *ret_result)
{
    const char *ref = arg_text(call, 0);
    const struct row *blob;
    struct err *e = txn_need(t, CLASS_BLOB, ref, &blob);

    if (e)
        return e;
    for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
        forget_at_owners(t, owners[i].cls, owners[i].field, ref);
    txn_delete(t, CLASS_BLOB, ref);
    return NULL;
}

static void remove_bytes(const struct manager *m, const char *uuid)
{
    autofree char *path = xasprintf("%s/blobs/%s", m->config->state_dir, uuid);

    if (unlink(path) < 0 && errno != ENOENT)
        log_warn(API, "removing the bytes of blob %s: %s", uuid, strerror(errno));
}

static struct err *destroy(struct call *call, struct val *ret_result)
{
    autoptr(row) blob = db_get(call->db, CLASS_BLOB, arg_text(call, 0));
    struct err *e = call_in_txn(call, ret_result);

    if (!e && blob)
        remove_bytes(call->manager, row_uuid(blob));
    return e;
}

const struct body_def blob_bodies[] = {
    {"blob.create", IN_TXN(create)},
    {"blob.destroy", destroy, BODY_NORMAL, destroy_step},
    {"VM.create_new_blob", IN_TXN(create_for)},
    {"host.create_new_blob", IN_TXN(create_for)},
    {"SR.create_new_blob", IN_TXN(create_for)},
    {"network.create_new_blob", IN_TXN(create_for)},
    {"pool.create_new_blob", IN_TXN(create_for)},
    {0},
};
