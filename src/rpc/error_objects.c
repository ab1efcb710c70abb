// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/error_objects.h"

#include "model/model.h"

static struct err *put_refs(struct txn *t, void *arg)
{
    struct err *e = arg;

    for (size_t i = 0; i < n_error_objects; i++) {
        const struct error_object *o = &error_objects[i];
        const struct row *row;

        if (o->code != err_code(e) || o->param >= err_n_params(e))
            continue;
        row = txn_get_by_uuid(t, o->cls, err_param_at(e, o->param));
        if (row)
            err_set_param(e, o->param, row_ref(row));
    }
    return NULL;
}

void error_objects_to_refs(struct db *db, struct err *e)
{
    if (err_code(e) != ERR_UNKNOWN && err_n_params(e) > 0)
        err_ignore(db_run(db, put_refs, e), "the error names the object by its UUID");
}
