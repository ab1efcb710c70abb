// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "api/bodies.h"
#include "api/role.h"
#include "rpc/rbac.h"

static struct err *change_roles(struct txn *t, void *arg)
{
    const struct call *call = arg;
    const char *ref = arg_text(call, 0), *role = arg_text(call, 1);
    const struct row *subject, *row;
    const struct val *roles;
    struct err *e = txn_need(t, CLASS_SUBJECT, ref, &subject);

    if (!e)
        e = txn_need(t, CLASS_ROLE, role, &row);
    if (e)
        return e;
    roles = row_get(subject, F_SUBJECT_ROLES);
    if (strcmp(call->method->name, "remove_from_roles") == 0) {
        if (!val_set_has(roles, role))
            return err_params(ERR_ROLE_NOT_FOUND, NULL);
        txn_set(t, CLASS_SUBJECT, ref, F_SUBJECT_ROLES, val_set_without(roles, role));
        return NULL;
    }
    if (val_set_has(roles, role))
        return err_params(ERR_ROLE_ALREADY_EXISTS, NULL);
    txn_set(t, CLASS_SUBJECT, ref, F_SUBJECT_ROLES, val_set_with(roles, val_str(role)));
    return NULL;
}

static struct err *add_or_remove_role(struct call *call, struct val *ret_result)
{
    return db_run(call->db, change_roles, call);
}

static struct err *get_permissions_name_label(struct call *call, struct val *ret_result)
{
    autoptr(row) subject = NULL;
    struct err *e = db_need(call->db, CLASS_SUBJECT, arg_text(call, 0), &subject);
    const struct val *roles;
    uint16_t bits = 0;

    if (e)
        return e;
    roles = row_get(subject, F_SUBJECT_ROLES);
    for (size_t i = 0; i < val_count(roles); i++) {
        int role = role_by_ref(val_text(val_at(roles, i)));

        if (role >= 0)
            bits |= (uint16_t)(1u << role);
    }
    *ret_result = rbac_permissions(bits);
    return NULL;
}

const struct body_def subject_bodies[] = {
    {"subject.add_to_roles", add_or_remove_role, BODY_PRIORITY},
    {"subject.remove_from_roles", add_or_remove_role, BODY_PRIORITY},
    {"subject.get_permissions_name_label", get_permissions_name_label, BODY_PRIORITY},
    {0},
};
