// SPDX-License-Identifier: GPL-2.0-or-later
/* Bonds: a PIF over several cards. */
#include <stdio.h>
#include <string.h>

#include "api/bodies.h"
#include "api/pif.h"
#include "api/setter.h"
#include "base/mac.h"
#include "base/str.h"

/* ---- properties ---- */

static bool is_number(const char *value)
{
    uint64_t number;

    return str_to_uint64(value, &number) == 0 && number <= INT32_MAX;
}

static bool is_flag(const char *value)
{
    return STREQ(value, "true") || STREQ(value, "false");
}

static bool is_hashing(const char *value)
{
    return STREQ(value, "src_mac") || STREQ(value, "tcpudp_ports");
}

static bool is_lacp_time(const char *value)
{
    return STREQ(value, "slow") || STREQ(value, "fast");
}

static const struct {
    const char *name;
    bool (*is_good)(const char *value);
} properties[] = {
    {"hashing_algorithm", is_hashing},
    {"lacp-time", is_lacp_time},
    {"lacp-aggregation-key", is_number},
    {"lacp-actor-key", is_number},
    {"lacp-fallback-ab", is_flag},
    {"miimon", is_number},
    {"updelay", is_number},
    {"downdelay", is_number},
    {"use_carrier", is_number},
};

static struct err *check_property(const char *name, const char *value)
{
    for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
        if (STREQ(properties[i].name, name))
            return properties[i].is_good(value) ? NULL : invalid_text(name, value);
    return invalid_text("properties", name);
}

static struct err *check_properties(const struct val *given)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(given); i++)
        e = check_property(val_text(val_key_at(given, i)),
                           val_text(val_value_at(given, i)));
    return e;
}

/* ---- create ---- */

static struct err *check_member(struct txn *t, const struct call *call,
                                const struct row *pif, const char *host)
{
    const char *ref = row_ref(pif);

    if (!row_bool(pif, F_PIF_MANAGED))
        return err_params(ERR_PIF_UNMANAGED, ref, NULL);
    if (!STREQ(row_text(pif, F_PIF_HOST), host))
        return err_params(ERR_PIF_CANNOT_BOND_CROSS_HOST, NULL);
    if (txn_get(t, CLASS_BOND, row_text(pif, F_PIF_BOND_SLAVE_OF)) ||
        val_count(row_get(pif, F_PIF_BOND_MASTER_OF)))
        return err_params(ERR_PIF_ALREADY_BONDED, ref, NULL);
    if (row_int(pif, F_PIF_VLAN) >= 0)
        return err_params(ERR_PIF_VLAN_EXISTS, ref, NULL);
    if (val_count(row_get(pif, F_PIF_TUNNEL_ACCESS_PIF_OF)))
        return err_params(ERR_IS_TUNNEL_ACCESS_PIF, ref, NULL);
    return pif_check_unattached(pif, call);
}

static bool has_address(const struct row *pif)
{
    return row_int(pif, F_PIF_IP_CONFIGURATION_MODE) != E_IP_CONFIGURATION_MODE_NONE ||
           row_int(pif, F_PIF_IPV6_CONFIGURATION_MODE) != E_IPV6_CONFIGURATION_MODE_NONE;
}

/* The members' rows in 'ret_primary': the one with an address, else the first. */
static struct err *check_members(struct txn *t, const struct call *call,
                                 const struct val *members, const struct row **ret_primary)
{
    const struct row *first, *with_address = NULL;
    size_t n_addresses = 0;
    bool different = false;
    struct err *e;

    for (size_t i = 0; i < val_count(members); i++)
        different = different || !val_equal(val_at(members, i), val_at(members, 0));
    if (!different)
        return err_params(ERR_PIF_BOND_NEEDS_MORE_MEMBERS, NULL);
    e = txn_need(t, CLASS_PIF, val_text(val_at(members, 0)), &first);
    for (size_t i = 0; !e && i < val_count(members); i++) {
        const struct row *pif;

        e = txn_need(t, CLASS_PIF, val_text(val_at(members, i)), &pif);
        if (!e)
            e = check_member(t, call, pif, row_text(first, F_PIF_HOST));
        if (e || !has_address(pif))
            continue;
        n_addresses++;
        with_address = pif;
    }
    if (!e && n_addresses > 1)
        e = err_params(ERR_PIF_BOND_MORE_THAN_ONE_IP, NULL);
    if (!e)
        *ret_primary = with_address ? with_address : first;
    return e;
}

static void choose_device(struct txn *t, const char *host, char ret_device[16])
{
    int i = 0;

    do
        snprintf(ret_device, 16, "bond%d", i++);
    while (pif_find(t, host, ret_device, PIF_NO_VLAN));
}

/* VLANs follow the interface that carries them. */
static void move_vlans(struct txn *t, const struct row *from, const char *to)
{
    autoval struct val vlans = val_ref(row_get(from, F_PIF_VLAN_SLAVE_OF));
    autoval struct val device = val_ref(row_get(txn_get(t, CLASS_PIF, to), F_PIF_DEVICE));

    for (size_t i = 0; i < val_count(&vlans); i++) {
        const char *ref = val_text(val_at(&vlans, i));
        const struct row *vlan = txn_get(t, CLASS_VLAN, ref);
        const char *untagged = row_text(vlan, F_VLAN_UNTAGGED_PIF);

        txn_set(t, CLASS_VLAN, ref, F_VLAN_TAGGED_PIF, val_str(to));
        if (txn_get(t, CLASS_PIF, untagged))
            txn_set(t, CLASS_PIF, untagged, F_PIF_DEVICE, val_ref(&device));
    }
}

/* So do the interfaces of VMs that are off. */
static void move_vifs(struct txn *t, const struct row *from, const char *to_network)
{
    const struct row *network = txn_get(t, CLASS_NETWORK, row_text(from, F_PIF_NETWORK));
    autoval struct val vifs =
        network ? val_ref(row_get(network, F_NETWORK_VIFS)) : val_set(0);

    for (size_t i = 0; i < val_count(&vifs); i++) {
        const char *ref = val_text(val_at(&vifs, i));

        if (!row_bool(txn_get(t, CLASS_VIF, ref), F_VIF_CURRENTLY_ATTACHED))
            txn_set(t, CLASS_VIF, ref, F_VIF_NETWORK, val_str(to_network));
    }
}

static const int addresses[] = {
    F_PIF_IP_CONFIGURATION_MODE,
    F_PIF_IP,
    F_PIF_NETMASK,
    F_PIF_GATEWAY,
    F_PIF_DNS,
    F_PIF_IPV6_CONFIGURATION_MODE,
    F_PIF_IPV6,
    F_PIF_IPV6_GATEWAY,
    F_PIF_PRIMARY_ADDRESS_TYPE,
    F_PIF_MANAGEMENT,
    F_PIF_DISALLOW_UNPLUG,
};

/* The address moves: where it was, none is left. */
static void move_addresses(struct txn *t, const struct row *from, const char *to)
{
    struct val none_v6 = val_set(0);

    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
        txn_set(t, CLASS_PIF, to, addresses[i], val_ref(row_get(from, addresses[i])));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_IP_CONFIGURATION_MODE,
            val_int(E_IP_CONFIGURATION_MODE_NONE));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_IP, val_str(""));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_NETMASK, val_str(""));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_GATEWAY, val_str(""));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_DNS, val_str(""));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_IPV6_CONFIGURATION_MODE,
            val_int(E_IPV6_CONFIGURATION_MODE_NONE));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_IPV6, none_v6);
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_IPV6_GATEWAY, val_str(""));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_MANAGEMENT, val_bool(false));
    txn_set(t, CLASS_PIF, row_ref(from), F_PIF_DISALLOW_UNPLUG, val_bool(false));
}

/* Arguments: network, members, MAC, mode, properties */
static const char *make(struct txn *t, const struct call *call, const struct row *network,
                        const struct row *primary, const char *mac)
{
    const struct val *members = &call->args[1];
    const char *bond = txn_create(t, CLASS_BOND), *master;
    char device[16];

    choose_device(t, row_text(primary, F_PIF_HOST), device);
    master = pif_create(t, &(struct pif_new){
                               .host = row_text(primary, F_PIF_HOST),
                               .network = row_ref(network),
                               .device = device,
                               .mac = *mac ? mac : row_text(primary, F_PIF_MAC),
                               .mtu = row_int(network, F_NETWORK_MTU),
                               .vlan = PIF_NO_VLAN,
                               .managed = true,
                           });
    txn_set(t, CLASS_BOND, bond, F_BOND_MASTER, val_str(master));
    txn_set(t, CLASS_BOND, bond, F_BOND_PRIMARY_SLAVE, val_str(row_ref(primary)));
    txn_set(t, CLASS_BOND, bond, F_BOND_MODE, val_ref(&call->args[3]));
    txn_set(t, CLASS_BOND, bond, F_BOND_PROPERTIES, val_ref(&call->args[4]));
    txn_set(t, CLASS_BOND, bond, F_BOND_AUTO_UPDATE_MAC, val_bool(!*mac));
    move_addresses(t, primary, master);
    for (size_t i = 0; i < val_count(members); i++) {
        const char *member = val_text(val_at(members, i));

        move_vlans(t, txn_get(t, CLASS_PIF, member), master);
        move_vifs(t, txn_get(t, CLASS_PIF, member), row_ref(network));
        txn_set(t, CLASS_PIF, member, F_PIF_BOND_SLAVE_OF, val_str(bond));
    }
    return bond;
}

static struct err *create(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *network, *primary = NULL;
    struct mac mac = {""};
    struct err *e = txn_need(t, CLASS_NETWORK, arg_text(call, 0), &network);

    if (!e && *arg_text(call, 2) && !mac_parse(arg_text(call, 2), &mac))
        e = err_params(ERR_MAC_INVALID, arg_text(call, 2), NULL);
    if (!e)
        e = check_properties(&call->args[4]);
    if (!e)
        e = check_members(t, call, &call->args[1], &primary);
    if (!e)
        e = pif_check_network_free(t, network, row_text(primary, F_PIF_HOST));
    if (!e)
        *ret_result = val_str(make(t, call, network, primary, mac.text));
    return e;
}

/* ---- destroy ---- */

static void take_apart(struct txn *t, const struct row *bond, const struct row *master)
{
    autoval struct val slaves = val_ref(row_get(bond, F_BOND_SLAVES));
    const char *primary = row_text(bond, F_BOND_PRIMARY_SLAVE);
    const struct row *heir = txn_get(t, CLASS_PIF, primary);

    for (size_t i = 0; i < val_count(&slaves); i++)
        txn_set(t, CLASS_PIF, val_text(val_at(&slaves, i)), F_PIF_BOND_SLAVE_OF,
                val_str(NULL_REF));
    if (heir && master) {
        move_vlans(t, master, primary);
        move_vifs(t, master, row_text(heir, F_PIF_NETWORK));
        move_addresses(t, master, primary);
    }
    txn_delete(t, CLASS_BOND, row_ref(bond));
    if (master)
        pif_delete(t, row_ref(master));
}

static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *bond, *master = NULL;
    struct err *e = txn_need(t, CLASS_BOND, arg_text(call, 0), &bond);

    if (!e)
        master = txn_get(t, CLASS_PIF, row_text(bond, F_BOND_MASTER));
    if (!e && master)
        e = pif_check_unattached(master, call);
    if (!e)
        take_apart(t, bond, master);
    return e;
}

/* ---- settings: they take hold when the bond comes up ---- */

static struct err *check_down(struct txn *t, const struct row *bond,
                              const struct call *call)
{
    const struct row *master = txn_get(t, CLASS_PIF, row_text(bond, F_BOND_MASTER));

    return master ? pif_check_unattached(master, call) : NULL;
}

/* Arguments: Bond, name, value */
static struct err *set_property(struct txn *t, struct call *call,
                                struct val *ret_result UNUSED)
{
    const char *name = arg_text(call, 1), *value = arg_text(call, 2);
    const struct row *bond;
    struct err *e = txn_need(t, CLASS_BOND, arg_text(call, 0), &bond);

    if (!e)
        e = check_property(name, value);
    if (!e)
        e = check_down(t, bond, call);
    if (!e)
        txn_set(t, CLASS_BOND, row_ref(bond), F_BOND_PROPERTIES,
                val_map_with(row_get(bond, F_BOND_PROPERTIES), name, val_str(value)));
    return e;
}

const struct body_def bond_bodies[] = {
    {"Bond.create", IN_TXN(create)},
    {"Bond.destroy", IN_TXN(destroy)},
    {"Bond.set_mode", SETTER(setter_set, .check = check_down)},
    {"Bond.set_property", IN_TXN(set_property)},
    {0},
};
