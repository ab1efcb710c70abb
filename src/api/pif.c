// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/pif.h"

#include <string.h>

#include "base/clock.h"

const char *pif_create(struct txn *t, const struct pif_new *new)
{
    const char *ref = txn_create(t, CLASS_PIF), *metrics = new->metrics;

    if (!metrics) {
        metrics = txn_create(t, CLASS_PIF_METRICS);
        txn_set(t, CLASS_PIF_METRICS, metrics, F_PIF_METRICS_LAST_UPDATED,
                val_int(clock_wall_seconds()));
    }
    txn_set(t, CLASS_PIF, ref, F_PIF_HOST, val_str(new->host));
    txn_set(t, CLASS_PIF, ref, F_PIF_NETWORK, val_str(new->network));
    txn_set(t, CLASS_PIF, ref, F_PIF_DEVICE, val_str(new->device));
    txn_set(t, CLASS_PIF, ref, F_PIF_MAC, val_str(new->mac));
    txn_set(t, CLASS_PIF, ref, F_PIF_MTU, val_int(new->mtu));
    txn_set(t, CLASS_PIF, ref, F_PIF_VLAN, val_int(new->vlan));
    txn_set(t, CLASS_PIF, ref, F_PIF_PHYSICAL, val_bool(new->physical));
    txn_set(t, CLASS_PIF, ref, F_PIF_MANAGED, val_bool(new->managed));
    txn_set(t, CLASS_PIF, ref, F_PIF_METRICS, val_str(metrics));
    txn_set(t, CLASS_PIF, ref, F_PIF_CURRENTLY_ATTACHED, val_bool(false));
    return ref;
}

void pif_delete(struct txn *t, const char *ref)
{
    const struct row *pif = txn_get(t, CLASS_PIF, ref);
    const char *metrics = row_text(pif, F_PIF_METRICS);
    size_t n;
    const struct row *const *pifs = txn_list(t, CLASS_PIF, &n);
    bool shared = false;

    for (size_t i = 0; i < n; i++)
        shared = shared || (!STREQ(row_ref(pifs[i]), ref) &&
                            STREQ(row_text(pifs[i], F_PIF_METRICS), metrics));
    if (!shared && txn_get(t, CLASS_PIF_METRICS, metrics))
        txn_delete(t, CLASS_PIF_METRICS, metrics);
    txn_delete(t, CLASS_PIF, ref);
}

const struct row *pif_find(struct txn *t, const char *host, const char *device,
                           int64_t vlan)
{
    size_t n;
    const struct row *const *pifs = txn_list(t, CLASS_PIF, &n);

    for (size_t i = 0; i < n; i++)
        if (STREQ(row_text(pifs[i], F_PIF_HOST), host) &&
            STREQ(row_text(pifs[i], F_PIF_DEVICE), device) &&
            row_int(pifs[i], F_PIF_VLAN) == vlan)
            return pifs[i];
    return NULL;
}

struct err *pif_check_network_free(struct txn *t, const struct row *network,
                                   const char *host)
{
    const struct val *pifs = row_get(network, F_NETWORK_PIFS);

    for (size_t i = 0; i < val_count(pifs); i++) {
        const struct row *pif = txn_get(t, CLASS_PIF, val_text(val_at(pifs, i)));

        if (pif && STREQ(row_text(pif, F_PIF_HOST), host))
            return err_params(ERR_NETWORK_ALREADY_CONNECTED, row_ref(network), row_ref(pif),
                              NULL);
    }
    return NULL;
}

/* An interface of a VM that is on and that this PIF carries. */
static struct err *check_vifs(struct txn *t, const struct row *pif)
{
    const struct row *network = txn_get(t, CLASS_NETWORK, row_text(pif, F_PIF_NETWORK));
    const struct val *vifs = network ? row_get(network, F_NETWORK_VIFS) : NULL;

    for (size_t i = 0; vifs && i < val_count(vifs); i++) {
        const struct row *vif = txn_get(t, CLASS_VIF, val_text(val_at(vifs, i))), *vm;

        vm = vif ? txn_get(t, CLASS_VM, row_text(vif, F_VIF_VM)) : NULL;
        if (vm && row_bool(vif, F_VIF_CURRENTLY_ATTACHED) &&
            STREQ(row_text(vm, F_VM_RESIDENT_ON), row_text(pif, F_PIF_HOST)))
            return err_params(ERR_VIF_IN_USE, row_ref(network), row_ref(vif), NULL);
    }
    return NULL;
}

struct err *pif_check_idle(struct txn *t, const struct row *pif)
{
    struct err *e;

    if (!row_bool(pif, F_PIF_MANAGED))
        return err_params(ERR_PIF_UNMANAGED, row_ref(pif), NULL);
    if (row_bool(pif, F_PIF_MANAGEMENT))
        return err_params(ERR_PIF_IS_MANAGEMENT_INTERFACE, row_ref(pif), NULL);
    e = check_vifs(t, pif);
    if (!e && row_bool(pif, F_PIF_DISALLOW_UNPLUG))
        e = err_params(ERR_PIF_DOES_NOT_ALLOW_UNPLUG, row_ref(pif), NULL);
    return e;
}

struct err *pif_check_unattached(const struct row *pif, const struct call *call)
{
    if (!row_bool(pif, F_PIF_CURRENTLY_ATTACHED))
        return NULL;
    return err_params(ERR_NOT_IMPLEMENTED, call->method->wire_name, NULL);
}
