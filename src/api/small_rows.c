// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of classes with little more than their rows: secrets, crash dumps, the purposes
 * of a network, groups of devices. */
#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "api/vdi_life.h"
#include "base/uuid.h"
#include "rpc/generated.h"

/* ---- secret ---- */

static struct err *introduce_secret(struct txn *t, struct call *call,
                                    struct val *ret_result)
{
    const char *uuid = arg_text(call, 0), *ref;

    if (!uuid_is_valid(uuid))
        return err_params(ERR_UUID_INVALID, "secret", uuid, NULL);
    if (txn_get_by_uuid(t, CLASS_SECRET, uuid))
        return err_params(ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION, "secret", "uuid", uuid,
                          NULL);
    ref = txn_create_as(t, CLASS_SECRET, NULL, uuid);
    txn_set(t, CLASS_SECRET, ref, F_SECRET_VALUE, val_ref(&call->args[1]));
    txn_set(t, CLASS_SECRET, ref, F_SECRET_OTHER_CONFIG, val_ref(&call->args[2]));
    *ret_result = val_str(ref);
    return NULL;
}

/* ---- crashdump: with its disk ---- */

static struct err *delete_crashdump(struct txn *t, struct call *call,
                                    struct val *ret_result UNUSED)
{
    txn_delete(t, CLASS_CRASHDUMP, arg_text(call, 0));
    return NULL;
}

static struct err *destroy_crashdump(struct call *call, struct val *ret_result)
{
    autoptr(row) dump = NULL;
    autoptr(row) vdi = NULL;
    struct err *e = db_need(call->db, CLASS_CRASHDUMP, arg_text(call, 0), &dump);

    if (e)
        return e;
    vdi = db_get(call->db, CLASS_VDI, row_text(dump, F_CRASHDUMP_VDI));
    e = vdi ? vdi_life_destroy(call, row_ref(vdi)) : NULL;
    return e ? e : call_in_txn(call, ret_result);
}

/* ---- network ---- */

/* Plain NBD and NBD with TLS exclude each other. */
static struct err *purposes_agree(struct txn *t UNUSED, const struct row *network,
                                  const struct call *call)
{
    const struct val *purposes = row_get(network, F_NETWORK_PURPOSE);
    const struct enum_def *names =
        classes[CLASS_NETWORK].fields[F_NETWORK_PURPOSE].type->elem->enm;

    for (size_t i = 0; i < val_count(purposes); i++)
        if (val_at(purposes, i)->i != arg_int(call, 1))
            return err_params(ERR_NETWORK_INCOMPATIBLE_PURPOSES,
                              enum_text(names, arg_int(call, 1)),
                              enum_text(names, val_at(purposes, i)->i), NULL);
    return NULL;
}

/* Arguments: name_label, name_description, MTU, other_config, bridge, managed, purpose.  A
 * row as another host told it: nothing is chosen here. */
static struct err *introduce_network(struct txn *t, struct call *call,
                                     struct val *ret_result)
{
    static const int fields[] = {
        F_NETWORK_NAME_LABEL,   F_NETWORK_NAME_DESCRIPTION, F_NETWORK_MTU,
        F_NETWORK_OTHER_CONFIG, F_NETWORK_BRIDGE,           F_NETWORK_MANAGED,
        F_NETWORK_PURPOSE,
    };
    const char *ref = txn_create(t, CLASS_NETWORK);

    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        txn_set(t, CLASS_NETWORK, ref, fields[i], val_ref(&call->args[i]));
    *ret_result = val_str(ref);
    return NULL;
}

/* ---- groups of devices ---- */

/* Arguments: name_label, name_description, other_config. */
static const struct group {
    int cls, fields[3];
    /* Who must not be in it when it goes. */
    struct member {
        int field;
        enum err_code code;
    } members[2];
} gpu_group = {CLASS_GPU_GROUP,
               {F_GPU_GROUP_NAME_LABEL, F_GPU_GROUP_NAME_DESCRIPTION,
                F_GPU_GROUP_OTHER_CONFIG},
               {{F_GPU_GROUP_PGPUS, ERR_GPU_GROUP_CONTAINS_PGPU},
                {F_GPU_GROUP_VGPUS, ERR_GPU_GROUP_CONTAINS_VGPU}}},
  usb_group = {
      CLASS_USB_GROUP,
      {F_USB_GROUP_NAME_LABEL, F_USB_GROUP_NAME_DESCRIPTION, F_USB_GROUP_OTHER_CONFIG},
      {{F_USB_GROUP_PUSBS, ERR_USB_GROUP_CONTAINS_PUSB},
       {F_USB_GROUP_VUSBS, ERR_USB_GROUP_CONTAINS_VUSB}}};

static struct err *create_group(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct group *group = call->body->arg;
    const char *ref = txn_create(t, group->cls);

    for (size_t i = 0; i < ARRAY_SIZE(group->fields); i++)
        txn_set(t, group->cls, ref, group->fields[i], val_ref(&call->args[i]));
    *ret_result = val_str(ref);
    return NULL;
}

static struct err *destroy_group(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    const struct group *group = call->body->arg;
    const struct row *row;
    struct err *e = txn_need(t, group->cls, arg_text(call, 0), &row);

    for (size_t i = 0; !e && i < ARRAY_SIZE(group->members); i++) {
        const struct val *members = row_get(row, group->members[i].field);

        if (!val_count(members))
            continue;
        e = err_params(group->members[i].code, NULL);
        for (size_t j = 0; j < val_count(members); j++)
            e = err_param(e, val_text(val_at(members, j)));
    }
    if (!e)
        txn_delete(t, group->cls, row_ref(row));
    return e;
}

#define GROUP(step, group) call_in_txn, BODY_NORMAL, step, &(group)

const struct body_def small_row_bodies[] = {
    {"secret.introduce", IN_TXN(introduce_secret)},
    {"crashdump.destroy", destroy_crashdump, BODY_NORMAL, delete_crashdump},
    {"network.add_purpose",
     SETTER(setter_add, .field = F_NETWORK_PURPOSE, .check = purposes_agree)},
    {"network.remove_purpose", SETTER(setter_remove, .field = F_NETWORK_PURPOSE)},
    {"network.pool_introduce", IN_TXN(introduce_network)},
    {"GPU_group.create", GROUP(create_group, gpu_group)},
    {"GPU_group.destroy", GROUP(destroy_group, gpu_group)},
    {"USB_group.create", GROUP(create_group, usb_group)},
    {"USB_group.destroy", GROUP(destroy_group, usb_group)},
    {0},
};
