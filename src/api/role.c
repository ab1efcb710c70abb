// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/role.h"

#include <string.h>

#include "api/bodies.h"
#include "rpc/rbac.h"

int role_by_ref(const char *ref)
{
    for (int i = 0; i < N_ROLES; i++) {
        if (strncmp(ref, "OpaqueRef:", 10) == 0 && strcmp(ref + 10, role_uuids[i]) == 0)
            return i;
    }
    return -1;
}

struct val role_ref(int role)
{
    return val_strf("OpaqueRef:%s", role_uuids[role]);
}

static struct err *get_permissions_name_label(struct call *call, struct val *ret_result)
{
    int role = role_by_ref(arg_text(call, 0));

    if (role < 0)
        return err_params(ERR_HANDLE_INVALID, "role", arg_text(call, 0), NULL);
    *ret_result = rbac_permissions((uint16_t)(1u << role));
    return NULL;
}

static struct err *get_by_permission_name_label(struct call *call, struct val *ret_result)
{
    *ret_result = val_set(N_ROLES);
    for (int i = 0; i < N_ROLES; i++) {
        autoval struct val names = rbac_permissions((uint16_t)(1u << i));

        if (val_set_has(&names, arg_text(call, 0)))
            val_push(ret_result, role_ref(i));
    }
    return NULL;
}

const struct body_def role_bodies[] = {
    {"role.get_permissions_name_label", get_permissions_name_label, BODY_PRIORITY},
    {"role.get_by_permission_name_label", get_by_permission_name_label, BODY_PRIORITY},
    {0},
};
