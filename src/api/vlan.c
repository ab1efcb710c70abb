// SPDX-License-Identifier: GPL-2.0-or-later
/* VLANs: a PIF with a tag over another. */
#include <string.h>

#include "api/bodies.h"
#include "api/pif.h"
#include "rpc/manager.h"

#define LAST_TAG 4094

const struct row *vlan_of(struct txn *t, const char *untagged)
{
    size_t n;
    const struct row *const *vlans = txn_list(t, CLASS_VLAN, &n);

    for (size_t i = 0; i < n; i++)
        if (STREQ(row_text(vlans[i], F_VLAN_UNTAGGED_PIF), untagged))
            return vlans[i];
    return NULL;
}

/* Can this PIF carry tags? */
static struct err *check_carrier(struct txn *t, const struct row *pif)
{
    const char *ref = row_ref(pif);

    if (!row_bool(pif, F_PIF_MANAGED))
        return err_params(ERR_PIF_UNMANAGED, ref, NULL);
    if (txn_get(t, CLASS_BOND, row_text(pif, F_PIF_BOND_SLAVE_OF)))
        return err_params(ERR_CANNOT_ADD_VLAN_TO_BOND_SLAVE, ref, NULL);
    if (row_int(pif, F_PIF_VLAN) >= 0)
        return err_params(ERR_PIF_IS_VLAN, ref, NULL);
    if (val_count(row_get(pif, F_PIF_TUNNEL_ACCESS_PIF_OF)))
        return err_params(ERR_IS_TUNNEL_ACCESS_PIF, ref, NULL);
    return NULL;
}

struct err *vlan_create(struct txn *t, const struct call *call, const char *tagged,
                        int64_t tag, const char *network_ref, const char **ret_vlan,
                        const char **ret_pif)
{
    const struct row *pif, *network;
    const char *untagged, *vlan;
    struct err *e = txn_need(t, CLASS_PIF, tagged, &pif);

    if (!e)
        e = txn_need(t, CLASS_NETWORK, network_ref, &network);
    if (!e && (tag < 0 || tag > LAST_TAG))
        e = err_paramf(err_params(ERR_VLAN_TAG_INVALID, NULL), "%lld", (long long)tag);
    if (!e)
        e = check_carrier(t, pif);
    if (!e)
        e = pif_check_network_free(t, network, row_text(pif, F_PIF_HOST));
    if (!e && pif_find(t, row_text(pif, F_PIF_HOST), row_text(pif, F_PIF_DEVICE), tag))
        e = err_params(ERR_PIF_VLAN_EXISTS, tagged, NULL);
    if (!e)
        e = pif_check_unattached(pif, call); /* the new one would have to come up too */
    if (e)
        return e;
    untagged = pif_create(t, &(struct pif_new){
                                 .host = row_text(pif, F_PIF_HOST),
                                 .network = network_ref,
                                 .device = row_text(pif, F_PIF_DEVICE),
                                 .mac = row_text(pif, F_PIF_MAC),
                                 .mtu = row_int(network, F_NETWORK_MTU),
                                 .vlan = tag,
                                 .managed = true,
                                 .metrics = row_text(pif, F_PIF_METRICS),
                             });
    vlan = txn_create(t, CLASS_VLAN);
    txn_set(t, CLASS_VLAN, vlan, F_VLAN_TAGGED_PIF, val_str(tagged));
    txn_set(t, CLASS_VLAN, vlan, F_VLAN_UNTAGGED_PIF, val_str(untagged));
    txn_set(t, CLASS_VLAN, vlan, F_VLAN_TAG, val_int(tag));
    txn_set(t, CLASS_PIF, untagged, F_PIF_VLAN_MASTER_OF, val_str(vlan));
    if (ret_vlan)
        *ret_vlan = vlan;
    if (ret_pif)
        *ret_pif = untagged;
    return NULL;
}

struct err *vlan_destroy(struct txn *t, const struct call *call, const struct row *vlan)
{
    const char *untagged = row_text(vlan, F_VLAN_UNTAGGED_PIF);
    const struct row *pif = txn_get(t, CLASS_PIF, untagged);
    struct err *e = pif ? pif_check_idle(t, pif) : NULL;

    if (!e && pif)
        e = pif_check_unattached(pif, call);
    if (e)
        return e;
    txn_delete(t, CLASS_VLAN, row_ref(vlan));
    if (pif)
        pif_delete(t, untagged);
    return NULL;
}

/* ---- messages ---- */

/* Arguments: tagged_PIF, tag, network */
static struct err *create(struct txn *t, struct call *call, struct val *ret_result)
{
    const char *vlan;
    struct err *e = vlan_create(t, call, arg_text(call, 0), arg_int(call, 1),
                                arg_text(call, 2), &vlan, NULL);

    if (!e)
        *ret_result = val_str(vlan);
    return e;
}

static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *vlan;
    struct err *e = txn_need(t, CLASS_VLAN, arg_text(call, 0), &vlan);

    return e ? e : vlan_destroy(t, call, vlan);
}

/* Arguments: tagged_PIF, untagged_PIF, tag, other_config.  A row as another host told it.
 */
static struct err *introduce(struct txn *t, struct call *call, struct val *ret_result)
{
    static const int fields[] = {F_VLAN_TAGGED_PIF, F_VLAN_UNTAGGED_PIF, F_VLAN_TAG,
                                 F_VLAN_OTHER_CONFIG};
    const struct row *tagged, *untagged;
    const char *ref;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &tagged);

    if (!e)
        e = txn_need(t, CLASS_PIF, arg_text(call, 1), &untagged);
    if (e)
        return e;
    ref = txn_create(t, CLASS_VLAN);
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        txn_set(t, CLASS_VLAN, ref, fields[i], val_ref(&call->args[i]));
    *ret_result = val_str(ref);
    return NULL;
}

static struct err *on_device(struct txn *t, struct call *call, const char *host,
                             const char *device, const char *network, int64_t tag,
                             const char **ret_pif)
{
    const struct row *tagged = pif_find(t, host, device, PIF_NO_VLAN);

    if (!tagged)
        return err_params(ERR_INVALID_VALUE, "device", device, NULL);
    return vlan_create(t, call, row_ref(tagged), tag, network, NULL, ret_pif);
}

/* PIF.create_VLAN: device, network, host, VLAN */
static struct err *create_on_host(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *host;
    const char *pif;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 2), &host);

    if (!e)
        e = on_device(t, call, arg_text(call, 2), arg_text(call, 0), arg_text(call, 1),
                      arg_int(call, 3), &pif);
    if (!e)
        *ret_result = val_str(pif);
    return e;
}

/* The VLAN on each host that has the device. */
static struct err *on_all_hosts(struct txn *t, struct call *call, const char *device,
                                struct val *ret_result)
{
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    autoval struct val made = val_set(n);

    for (size_t i = 0; i < n; i++) {
        const char *pif;
        struct err *e;

        if (!pif_find(t, row_ref(hosts[i]), device, PIF_NO_VLAN))
            continue;
        e = on_device(t, call, row_ref(hosts[i]), device, arg_text(call, 1),
                      arg_int(call, 2), &pif);
        if (e)
            return e;
        val_push(&made, val_str(pif));
    }
    if (!val_count(&made))
        return err_params(ERR_INVALID_VALUE, "device", device, NULL);
    *ret_result = take_val(made);
    return NULL;
}

/* pool.create_VLAN: device, network, VLAN */
static struct err *create_in_pool(struct txn *t, struct call *call, struct val *ret_result)
{
    return on_all_hosts(t, call, arg_text(call, 0), ret_result);
}

/* pool.create_VLAN_from_PIF: PIF, network, VLAN */
static struct err *create_from_pif(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *pif;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e && row_int(pif, F_PIF_VLAN) >= 0)
        e = err_params(ERR_PIF_IS_VLAN, row_ref(pif), NULL);
    return e ? e : on_all_hosts(t, call, row_text(pif, F_PIF_DEVICE), ret_result);
}

const struct body_def vlan_bodies[] = {
    {"VLAN.create", IN_TXN(create)},
    {"VLAN.destroy", IN_TXN(destroy)},
    {"VLAN.pool_introduce", IN_TXN(introduce)},
    {"PIF.create_VLAN", IN_TXN(create_on_host)},
    {"pool.create_VLAN", IN_TXN(create_in_pool)},
    {"pool.create_VLAN_from_PIF", IN_TXN(create_from_pif)},
    {0},
};
