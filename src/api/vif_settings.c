// SPDX-License-Identifier: GPL-2.0-or-later
/* What an interface may send, and the network it is on. */
#include <string.h>

#include "api/bodies.h"
#include "api/features.h"
#include "api/ip_text.h"
#include "api/ops.h"
#include "api/setter.h"
#include "api/vm_devices.h"

/* ---- addresses that a locked interface may use ---- */

static bool is_allowed_form(const char *text, bool v6)
{
    return v6 ? ip_is_v6(text) || ip_is_v6_cidr(text)
              : ip_is_v4(text) || ip_is_v4_cidr(text);
}

static struct err *check_addresses(const struct call *call, bool v6)
{
    const struct val *value = &call->args[1];
    bool good = true;

    if (value->kind == VAL_STR)
        good = is_allowed_form(val_text(value), v6);
    else
        for (size_t i = 0; i < val_count(value); i++)
            good = good && is_allowed_form(val_text(val_at(value, i)), v6);
    return good ? NULL
                : err_params(ERR_INVALID_IP_ADDRESS_SPECIFIED,
                             v6 ? "ipv6_allowed" : "ipv4_allowed", NULL);
}

static struct err *v4_addresses(struct txn *t UNUSED, const struct row *vif UNUSED,
                                const struct call *call)
{
    return check_addresses(call, false);
}

static struct err *v6_addresses(struct txn *t UNUSED, const struct row *vif UNUSED,
                                const struct call *call)
{
    return check_addresses(call, true);
}

/* Each address once. */
static void keep_once(struct txn *t, const char *ref, int field)
{
    const struct val *given = row_get(txn_get(t, CLASS_VIF, ref), field);
    struct val once = val_set(val_count(given));

    for (size_t i = 0; i < val_count(given); i++)
        if (!val_set_has(&once, val_text(val_at(given, i))))
            val_push(&once, val_ref(val_at(given, i)));
    txn_set(t, CLASS_VIF, ref, field, once);
}

static void keep_v4_once(struct txn *t, const char *ref)
{
    keep_once(t, ref, F_VIF_IPV4_ALLOWED);
}

static void keep_v6_once(struct txn *t, const char *ref)
{
    keep_once(t, ref, F_VIF_IPV6_ALLOWED);
}

/* ---- locking ---- */

/* Nothing here filters what a guest sends: an interface that should be held to its
 * addresses, or be silent, is refused rather than let loose. */
struct err *vif_check_locking(int mode)
{
    if (mode == E_VIF_LOCKING_MODE_UNLOCKED || mode == E_VIF_LOCKING_MODE_NETWORK_DEFAULT)
        return NULL;
    return feature_check("VIF_locking");
}

static struct err *only_open(struct txn *t UNUSED, const struct row *vif UNUSED,
                             const struct call *call)
{
    return vif_check_locking((int)arg_int(call, 1));
}

/* ---- another network ---- */

static struct err *move(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0), *network_ref = arg_text(call, 1);
    const struct row *vif, *network;
    struct err *e = txn_need(t, CLASS_VIF, ref, &vif);

    if (!e)
        e = txn_need(t, CLASS_NETWORK, network_ref, &network);
    if (!e)
        e = op_in_progress(&vif_op_rules, vif);
    if (!e && row_bool(vif, F_VIF_CURRENTLY_ATTACHED))
        e = err_params(ERR_NOT_IMPLEMENTED, "VIF.move of an interface in use", NULL);
    if (e)
        return e;
    txn_set(t, CLASS_VIF, ref, F_VIF_NETWORK, val_str(network_ref));
    op_refresh(t, &vif_op_rules, ref);
    return NULL;
}

const struct body_def vif_setting_bodies[] = {
    {"VIF.set_ipv4_allowed",
     SETTER(setter_set, .check = v4_addresses, .written = keep_v4_once)},
    {"VIF.add_ipv4_allowed",
     SETTER(setter_add, .field = F_VIF_IPV4_ALLOWED, .check = v4_addresses)},
    {"VIF.remove_ipv4_allowed", SETTER(setter_remove, .field = F_VIF_IPV4_ALLOWED)},
    {"VIF.set_ipv6_allowed",
     SETTER(setter_set, .check = v6_addresses, .written = keep_v6_once)},
    {"VIF.add_ipv6_allowed",
     SETTER(setter_add, .field = F_VIF_IPV6_ALLOWED, .check = v6_addresses)},
    {"VIF.remove_ipv6_allowed", SETTER(setter_remove, .field = F_VIF_IPV6_ALLOWED)},
    {"VIF.set_locking_mode", SETTER(setter_set, .check = only_open)},
    {"VIF.move", IN_TXN(move)},
    {0},
};
