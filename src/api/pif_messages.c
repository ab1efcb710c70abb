// SPDX-License-Identifier: GPL-2.0-or-later
/* PIF messages. */
#include <stdio.h>
#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "api/ip_text.h"
#include "api/pif.h"
#include "api/setter.h"
#include "base/buf.h"
#include "base/mac.h"
#include "base/str.h"
#include "rpc/agents.h"
#include "rpc/generated.h"
#include "rpc/manager.h"

#define DEFAULT_MTU 1500

/* ---- cards that are there ---- */

/* What lk-hostd answers of each: {device, mac, mtu, carrier, speed, duplex, vendor_id,
 * device_id, pci_bus_path}. */
static struct err *ask_cards(struct call *call, const char *host, struct val *ret_answer)
{
    struct err *e = host_need_this(call, host);

    return e ? e
             : agents_call(call->manager->agents, AGENT_HOSTD, "host.nics", val_map(0),
                           NULL, 0, 0, ret_answer, NULL, NULL);
}

static int64_t int_of(const struct val *map, const char *key)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_INT ? v->i : 0;
}

static bool bool_of(const struct val *map, const char *key)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_BOOL && v->b;
}

static const char *bridge_network(struct txn *t, const char *device)
{
    char bridge[32];
    size_t n;
    const struct row *const *networks = txn_list(t, CLASS_NETWORK, &n);
    const char *ref;

    if (str_has_prefix(device, "eth"))
        snprintf(bridge, sizeof(bridge), "xenbr%.15s", device + 3);
    else
        snprintf(bridge, sizeof(bridge), "br%.15s", device);
    for (size_t i = 0; i < n; i++)
        if (STREQ(row_text(networks[i], F_NETWORK_BRIDGE), bridge))
            return row_ref(networks[i]);
    ref = txn_create(t, CLASS_NETWORK);
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_NAME_LABEL,
            val_strf("Pool-wide network associated with %s", device));
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_BRIDGE, val_str(bridge));
    txn_set(t, CLASS_NETWORK, ref, F_NETWORK_MTU, val_int(DEFAULT_MTU));
    return ref;
}

static void fill_metrics(struct txn *t, const char *pif, const struct val *card)
{
    static const struct {
        const char *key;
        int field;
    } texts[] = {
        {"vendor_id", F_PIF_METRICS_VENDOR_ID},
        {"device_id", F_PIF_METRICS_DEVICE_ID},
        {"pci_bus_path", F_PIF_METRICS_PCI_BUS_PATH},
    };
    const char *ref = row_text(txn_get(t, CLASS_PIF, pif), F_PIF_METRICS);

    if (!txn_get(t, CLASS_PIF_METRICS, ref))
        return;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        txn_set(t, CLASS_PIF_METRICS, ref, texts[i].field,
                val_str(val_find_text(card, texts[i].key, "")));
    txn_set(t, CLASS_PIF_METRICS, ref, F_PIF_METRICS_CARRIER,
            val_bool(bool_of(card, "carrier")));
    txn_set(t, CLASS_PIF_METRICS, ref, F_PIF_METRICS_DUPLEX,
            val_bool(bool_of(card, "duplex")));
    txn_set(t, CLASS_PIF_METRICS, ref, F_PIF_METRICS_SPEED, val_int(int_of(card, "speed")));
}

static const char *introduce_card(struct txn *t, const char *host, const struct val *card,
                                  bool managed)
{
    const char *device = val_find_text(card, "device", "");
    const char *pif = pif_create(t, &(struct pif_new){
                                        .host = host,
                                        .network = bridge_network(t, device),
                                        .device = device,
                                        .mac = val_find_text(card, "mac", ""),
                                        .mtu = int_of(card, "mtu"),
                                        .vlan = PIF_NO_VLAN,
                                        .physical = true,
                                        .managed = managed,
                                    });

    fill_metrics(t, pif, card);
    return pif;
}

struct looking {
    struct call *call;
    const struct val *cards; /* all of the host */
    const struct val *card;  /* the one to introduce */
    char pif[64];
};

static struct err *introduce_txn(struct txn *t, void *arg)
{
    struct looking *l = arg;
    const char *host = arg_text(l->call, 0), *device = arg_text(l->call, 2);

    if (pif_find(t, host, device, PIF_NO_VLAN))
        return err_params(ERR_DUPLICATE_PIF_DEVICE_NAME, device, NULL);
    if (!l->card)
        return err_params(
            ERR_COULD_NOT_FIND_NETWORK_INTERFACE_WITH_SPECIFIED_DEVICE_NAME_AND_MAC_ADDRESS,
            device, arg_text(l->call, 1), NULL);
    snprintf(l->pif, sizeof(l->pif), "%s",
             introduce_card(t, host, l->card, arg_bool(l->call, 3)));
    return NULL;
}

static const struct val *find_card(const struct val *cards, const char *device,
                                   const char *mac)
{
    for (size_t i = 0; cards && i < val_count(cards); i++) {
        const struct val *card = val_at(cards, i);

        if (STREQ(val_find_text(card, "device", ""), device) &&
            (!*mac || STREQ(val_find_text(card, "mac", ""), mac)))
            return card;
    }
    return NULL;
}

/* Arguments: host, MAC ("": as it is), device, managed */
static struct err *introduce(struct call *call, struct val *ret_result)
{
    autoval struct val answer = val_void();
    struct looking l = {.call = call};
    struct mac mac = {""};
    struct err *e = NULL;

    if (*arg_text(call, 1) && !mac_parse(arg_text(call, 1), &mac))
        return err_params(ERR_MAC_INVALID, arg_text(call, 1), NULL);
    e = ask_cards(call, arg_text(call, 0), &answer);
    if (e)
        return e;
    l.card = find_card(val_find(&answer, "nics"), arg_text(call, 2), mac.text);
    e = db_run(call->db, introduce_txn, &l);
    if (!e)
        *ret_result = val_str(l.pif);
    return e;
}

/* Cards are known by their address: one that is at another place now is the same. */
static const struct row *known_card(struct txn *t, const char *host, const struct val *card)
{
    size_t n;
    const struct row *const *pifs = txn_list(t, CLASS_PIF, &n);

    for (size_t i = 0; i < n; i++)
        if (STREQ(row_text(pifs[i], F_PIF_HOST), host) &&
            row_bool(pifs[i], F_PIF_PHYSICAL) &&
            STREQ(row_text(pifs[i], F_PIF_MAC), val_find_text(card, "mac", "")))
            return pifs[i];
    return NULL;
}

static struct err *scan_txn(struct txn *t, void *arg)
{
    const struct looking *l = arg;
    const char *host = arg_text(l->call, 0);

    for (size_t i = 0; l->cards && i < val_count(l->cards); i++) {
        const struct val *card = val_at(l->cards, i);
        const struct row *known = known_card(t, host, card);

        if (known)
            fill_metrics(t, row_ref(known), card);
        else if (!pif_find(t, host, val_find_text(card, "device", ""), PIF_NO_VLAN))
            introduce_card(t, host, card, true);
    }
    return NULL;
}

static struct err *scan(struct call *call, struct val *ret_result UNUSED)
{
    autoval struct val answer = val_void();
    struct looking l = {.call = call};
    struct err *e = ask_cards(call, arg_text(call, 0), &answer);

    if (e)
        return e;
    l.cards = val_find(&answer, "nics");
    return db_run(call->db, scan_txn, &l);
}

/* ---- rows made and removed by hand ---- */

static struct err *db_introduce(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct class_def *cls = &classes[CLASS_PIF];
    const char *metrics, *ref;
    struct err *e = NULL;

    for (size_t i = 0; !e && i < call->method->n_params; i++)
        e = generated_check_refs(t, call->method->params[i].type, &call->args[i]);
    if (e)
        return e;
    metrics = txn_create(t, CLASS_PIF_METRICS);
    ref = txn_create(t, CLASS_PIF);
    /* Each parameter is called as its field. */
    for (size_t i = 0; i < call->method->n_params; i++) {
        const struct field_def *field = field_by_name(cls, call->method->params[i].name);

        txn_set(t, CLASS_PIF, ref, field_index(cls, field), val_ref(&call->args[i]));
    }
    txn_set(t, CLASS_PIF, ref, F_PIF_METRICS, val_str(metrics));
    txn_set(t, CLASS_PIF, ref, F_PIF_CURRENTLY_ATTACHED, val_bool(false));
    *ret_result = val_str(ref);
    return NULL;
}

static struct err *db_forget(struct txn *t, struct call *call,
                             struct val *ret_result UNUSED)
{
    const struct row *pif;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e)
        pif_delete(t, row_ref(pif));
    return e;
}

/* Others stand on it. */
static struct err *check_alone(struct txn *t, const struct row *pif)
{
    static const struct {
        int field;
        enum err_code code;
    } above[] = {
        {F_PIF_VLAN_SLAVE_OF, ERR_PIF_VLAN_STILL_EXISTS},
        {F_PIF_TUNNEL_TRANSPORT_PIF_OF, ERR_PIF_TUNNEL_STILL_EXISTS},
        {F_PIF_SRIOV_PHYSICAL_PIF_OF, ERR_PIF_SRIOV_STILL_EXISTS},
    };

    if (row_bool(pif, F_PIF_MANAGEMENT))
        return err_params(ERR_PIF_IS_MANAGEMENT_INTERFACE, row_ref(pif), NULL);
    if (txn_get(t, CLASS_BOND, row_text(pif, F_PIF_BOND_SLAVE_OF)) ||
        val_count(row_get(pif, F_PIF_BOND_MASTER_OF)))
        return err_params(ERR_PIF_ALREADY_BONDED, row_ref(pif), NULL);
    for (size_t i = 0; i < ARRAY_SIZE(above); i++)
        if (val_count(row_get(pif, above[i].field)))
            return err_params(above[i].code, row_ref(pif), NULL);
    return NULL;
}

static struct err *forget(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *pif, *vlan;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e)
        e = check_alone(t, pif);
    if (!e)
        e = pif_check_unattached(pif, call);
    if (e)
        return e;
    vlan = vlan_of(t, row_ref(pif));
    if (vlan)
        return err_params(ERR_PIF_VLAN_STILL_EXISTS, row_ref(pif), NULL);
    pif_delete(t, row_ref(pif));
    return NULL;
}

/* The PIF of a VLAN, by its VLAN; a card is forgotten, not destroyed. */
static struct err *destroy(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *pif, *vlan = NULL;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e)
        vlan = vlan_of(t, row_ref(pif));
    if (e)
        return e;
    return vlan ? vlan_destroy(t, call, vlan)
                : err_params(ERR_PIF_IS_PHYSICAL, row_ref(pif), NULL);
}

/* ---- up and down ---- */

static struct err *unplug(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *pif;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e)
        e = pif_check_idle(t, pif);
    return e ? e : pif_check_unattached(pif, call);
}

static struct err *plug(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct row *pif;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e && !row_bool(pif, F_PIF_MANAGED))
        e = err_params(ERR_PIF_UNMANAGED, row_ref(pif), NULL);
    if (!e && txn_get(t, CLASS_BOND, row_text(pif, F_PIF_BOND_SLAVE_OF)))
        e = err_params(ERR_CANNOT_PLUG_BOND_SLAVE, row_ref(pif), NULL);
    if (!e && !row_bool(pif, F_PIF_CURRENTLY_ATTACHED))
        e = err_params(ERR_NOT_IMPLEMENTED, call->method->wire_name, NULL);
    return e;
}

/* ---- addresses ---- */

/* What is configured while an interface is down takes hold when it comes up. */
static struct err *check_configurable(struct txn *t, const struct call *call,
                                      const struct row **ret_pif)
{
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), ret_pif);

    if (!e && !row_bool(*ret_pif, F_PIF_MANAGED))
        e = err_params(ERR_PIF_UNMANAGED, row_ref(*ret_pif), NULL);
    if (!e && txn_get(t, CLASS_BOND, row_text(*ret_pif, F_PIF_BOND_SLAVE_OF)))
        e = err_params(ERR_CANNOT_PLUG_BOND_SLAVE, row_ref(*ret_pif), NULL);
    return e;
}

static struct err *check_list(const char *list, bool (*is_good)(const char *),
                              const char *name)
{
    autobuf one = BUF_INIT;

    for (const char *at = list; *at;) {
        size_t len = strcspn(at, ",");

        buf_clear(&one);
        buf_add(&one, at, len);
        if (!is_good(buf_str(&one)))
            return err_params(ERR_INVALID_IP_ADDRESS_SPECIFIED, name, NULL);
        at += len + (at[len] == ',');
    }
    return NULL;
}

static struct err *check_v4(const struct call *call)
{
    bool is_static = arg_int(call, 1) == E_IP_CONFIGURATION_MODE_STATIC;
    const char *ip = arg_text(call, 2), *mask = arg_text(call, 3),
               *gateway = arg_text(call, 4);

    if (is_static && !ip_is_v4(ip))
        return err_params(ERR_INVALID_IP_ADDRESS_SPECIFIED, "IP", NULL);
    if (is_static && !ip_is_v4_mask(mask))
        return err_params(ERR_INVALID_IP_ADDRESS_SPECIFIED, "netmask", NULL);
    if (*gateway && !ip_is_v4(gateway))
        return err_params(ERR_INVALID_IP_ADDRESS_SPECIFIED, "gateway", NULL);
    return check_list(arg_text(call, 5), ip_is_v4, "DNS");
}

/* Arguments: PIF, mode, IP, netmask, gateway, DNS */
static struct err *reconfigure_ip(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    static const int fields[] = {F_PIF_IP_CONFIGURATION_MODE, F_PIF_IP, F_PIF_NETMASK,
                                 F_PIF_GATEWAY, F_PIF_DNS};
    const struct row *pif;
    struct err *e = check_configurable(t, call, &pif);

    if (!e && arg_int(call, 1) == E_IP_CONFIGURATION_MODE_NONE &&
        row_bool(pif, F_PIF_MANAGEMENT) &&
        row_int(pif, F_PIF_PRIMARY_ADDRESS_TYPE) == E_PRIMARY_ADDRESS_TYPE_IPV4)
        e = err_params(ERR_PIF_IS_MANAGEMENT_INTERFACE, row_ref(pif), NULL);
    if (!e)
        e = check_v4(call);
    if (!e)
        e = pif_check_unattached(pif, call);
    for (size_t i = 0; !e && i < ARRAY_SIZE(fields); i++)
        txn_set(t, CLASS_PIF, row_ref(pif), fields[i], val_ref(&call->args[i + 1]));
    return e;
}

static struct err *check_v6(const struct call *call)
{
    bool is_static = arg_int(call, 1) == E_IPV6_CONFIGURATION_MODE_STATIC;

    if (is_static && !ip_is_v6_cidr(arg_text(call, 2)))
        return err_params(ERR_INVALID_CIDR_ADDRESS_SPECIFIED, "IPv6", NULL);
    if (*arg_text(call, 3) && !ip_is_v6(arg_text(call, 3)))
        return err_params(ERR_INVALID_IP_ADDRESS_SPECIFIED, "gateway", NULL);
    return check_list(arg_text(call, 4), ip_is_v6, "DNS");
}

/* Arguments: PIF, mode, IPv6, gateway, DNS */
static struct err *reconfigure_ipv6(struct txn *t, struct call *call,
                                    struct val *ret_result UNUSED)
{
    struct val addresses;
    const struct row *pif;
    const char *ref;
    struct err *e = check_configurable(t, call, &pif);

    if (!e && arg_int(call, 1) == E_IPV6_CONFIGURATION_MODE_NONE &&
        row_bool(pif, F_PIF_MANAGEMENT) &&
        row_int(pif, F_PIF_PRIMARY_ADDRESS_TYPE) == E_PRIMARY_ADDRESS_TYPE_IPV6)
        e = err_params(ERR_PIF_IS_MANAGEMENT_INTERFACE, row_ref(pif), NULL);
    if (!e)
        e = check_v6(call);
    if (!e)
        e = pif_check_unattached(pif, call);
    if (e)
        return e;
    ref = row_ref(pif);
    addresses = val_set(1);
    if (*arg_text(call, 2))
        val_push(&addresses, val_ref(&call->args[2]));
    txn_set(t, CLASS_PIF, ref, F_PIF_IPV6_CONFIGURATION_MODE, val_ref(&call->args[1]));
    txn_set(t, CLASS_PIF, ref, F_PIF_IPV6, addresses);
    txn_set(t, CLASS_PIF, ref, F_PIF_IPV6_GATEWAY, val_ref(&call->args[3]));
    if (*arg_text(call, 4))
        txn_set(t, CLASS_PIF, ref, F_PIF_DNS, val_ref(&call->args[4]));
    return NULL;
}

/* The type that a management interface is reached by needs an address of it. */
static struct err *has_type(struct txn *t UNUSED, const struct row *pif,
                            const struct call *call)
{
    bool has =
        arg_int(call, 1) == E_PRIMARY_ADDRESS_TYPE_IPV4
            ? row_int(pif, F_PIF_IP_CONFIGURATION_MODE) != E_IP_CONFIGURATION_MODE_NONE
            : row_int(pif, F_PIF_IPV6_CONFIGURATION_MODE) != E_IPV6_CONFIGURATION_MODE_NONE;

    if (row_bool(pif, F_PIF_MANAGEMENT) && !has)
        return err_params(ERR_PIF_INCOMPATIBLE_PRIMARY_ADDRESS_TYPE, row_ref(pif), NULL);
    return NULL;
}

/* ---- properties ---- */

/* Arguments: PIF, name, value */
static struct err *set_property(struct txn *t, struct call *call,
                                struct val *ret_result UNUSED)
{
    const char *name = arg_text(call, 1), *value = arg_text(call, 2);
    const struct row *pif;
    struct err *e = txn_need(t, CLASS_PIF, arg_text(call, 0), &pif);

    if (!e && !STREQ(name, "gro"))
        e = invalid_text("properties", name);
    if (!e && !STREQ(value, "on") && !STREQ(value, "off"))
        e = invalid_text(name, value);
    if (!e && row_int(pif, F_PIF_VLAN) >= 0)
        e = err_params(ERR_CANNOT_CHANGE_PIF_PROPERTIES, row_ref(pif), NULL);
    if (!e)
        e = pif_check_unattached(pif, call);
    if (!e)
        txn_set(t, CLASS_PIF, row_ref(pif), F_PIF_PROPERTIES,
                val_map_with(row_get(pif, F_PIF_PROPERTIES), name, val_str(value)));
    return e;
}

const struct body_def pif_bodies[] = {
    {"PIF.introduce", introduce, BODY_NORMAL},
    {"PIF.scan", scan, BODY_NORMAL},
    {"PIF.db_introduce", IN_TXN(db_introduce)},
    {"PIF.pool_introduce", IN_TXN(db_introduce)},
    {"PIF.db_forget", IN_TXN(db_forget)},
    {"PIF.forget", IN_TXN(forget)},
    {"PIF.destroy", IN_TXN(destroy)},
    {"PIF.plug", IN_TXN(plug)},
    {"PIF.unplug", IN_TXN(unplug)},
    {"PIF.reconfigure_ip", IN_TXN(reconfigure_ip)},
    {"PIF.reconfigure_ipv6", IN_TXN(reconfigure_ipv6)},
    {"PIF.set_primary_address_type", SETTER(setter_set, .check = has_type)},
    {"PIF.set_disallow_unplug", SETTER(setter_set)},
    {"PIF.set_property", IN_TXN(set_property)},
    {0},
};
