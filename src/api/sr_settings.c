// SPDX-License-Identifier: GPL-2.0-or-later
/* SR and PBD messages beside those that make and end them: sizes a driver tells, what can
 * be found at a place, who sees it. */
#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/setter.h"
#include "base/buf.h"
#include "model/map_key.h"
#include "rpc/agents.h"
#include "rpc/manager.h"
#include "wire/xml.h"

/* ---- setters ---- */

static struct err *not_negative(struct txn *t UNUSED, const struct row *sr UNUSED,
                                const struct call *call)
{
    return arg_int(call, 1) >= 0
               ? NULL
               : invalid_int(call->method->name + strlen("set_"), arg_int(call, 1));
}

/* What an attached SR was attached with cannot change under it. */
static struct err *only_unplugged(struct txn *t UNUSED, const struct row *pbd,
                                  const struct call *call)
{
    const struct val *config = &call->args[1];

    if (row_bool(pbd, F_PBD_CURRENTLY_ATTACHED))
        return err_params(ERR_OPERATION_NOT_ALLOWED, "The PBD is plugged: unplug it first",
                          NULL);
    if (map_key_is_set(config, KEY_PBD_DEVICE_CONFIG_SRMASTER))
        return err_params(ERR_VALUE_NOT_SUPPORTED,
                          map_key_name(KEY_PBD_DEVICE_CONFIG_SRMASTER),
                          map_key_text(config, KEY_PBD_DEVICE_CONFIG_SRMASTER),
                          "This key is the server's own", NULL);
    return NULL;
}

/* ---- who sees it ---- */

static struct err *get_live_hosts(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *sr;
    struct err *e = txn_need(t, CLASS_SR, arg_text(call, 0), &sr);
    const struct val *pbds = e ? NULL : row_get(sr, F_SR_PBDS);

    if (e)
        return e;
    *ret_result = val_set(val_count(pbds));
    for (size_t i = 0; i < val_count(pbds); i++) {
        const struct row *pbd = txn_get(t, CLASS_PBD, val_text(val_at(pbds, i)));

        const struct row *host =
            pbd ? txn_get(t, CLASS_HOST, row_text(pbd, F_PBD_HOST)) : NULL;

        if (host && row_bool(pbd, F_PBD_CURRENTLY_ATTACHED) && host_is_live(t, host))
            val_push(ret_result, val_ref(row_get(pbd, F_PBD_HOST)));
    }
    return NULL;
}

/* ---- the database on an SR ---- */

/* Nothing is ever replicated, so there is nothing to stop. */
static struct err *disable_replication(struct txn *t, struct call *call,
                                       struct val *ret_result UNUSED)
{
    const struct row *sr;

    return txn_need(t, CLASS_SR, arg_text(call, 0), &sr);
}

/* A state file and a replica must be attached before there is a database: the storage type
 * must be able to say how. */
static struct err *need_static_attach(struct txn *t, struct call *call,
                                      struct val *ret_result UNUSED)
{
    const struct row *sr;
    size_t n;
    const struct row *const *sms = txn_list(t, CLASS_SM, &n);
    struct err *e = txn_need(t, CLASS_SR, arg_text(call, 0), &sr);

    for (size_t i = 0; !e && i < n; i++)
        if (STREQ(row_text(sms[i], F_SM_TYPE), row_text(sr, F_SR_TYPE)) &&
            val_find(row_get(sms[i], F_SM_FEATURES), "VDI_GENERATE_CONFIG"))
            return err_params(ERR_NOT_IMPLEMENTED, call->method->wire_name, NULL);
    return e ? e : err_params(ERR_SR_OPERATION_NOT_SUPPORTED, row_ref(sr), NULL);
}

/* ---- probing ---- */

/* Arguments: host, device_config, type, sm_config */
static struct err *ask_probe(struct call *call, struct val *ret_found)
{
    const char *type = arg_text(call, 2);
    struct val params;
    autoptr(row) host = NULL;
    autorows sms = {0};
    bool known = false;
    struct err *e = db_need(call->db, CLASS_HOST, arg_text(call, 0), &host);

    if (e)
        return e;
    if (!STREQ(row_ref(host), call->manager->self.host_ref))
        return err_params(ERR_HOST_OFFLINE, row_ref(host), NULL);
    db_list(call->db, CLASS_SM, &sms);
    for (size_t i = 0; i < sms.n; i++)
        known = known || STREQ(row_text(sms.at[i], F_SM_TYPE), type);
    if (!known)
        return err_params(ERR_SR_UNKNOWN_DRIVER, type, NULL);
    params = val_map(2);
    val_put_str(&params, "type", val_str(type));
    val_put_str(&params, "device_config", val_ref(&call->args[1]));
    return agents_call(call->manager->agents, AGENT_STORED, "sr.probe", params, NULL, 0, 0,
                       ret_found, NULL, NULL);
}

static size_t n_found(const struct val *found)
{
    const struct val *srs = val_find(found, "srs");

    return srs && srs->kind == VAL_SET ? val_count(srs) : 0;
}

/* The list of SRs in the form storage drivers of this API give it. */
static struct err *probe(struct call *call, struct val *ret_result)
{
    static const char *const parts[][2] = {{"UUID", "uuid"},
                                           {"name_label", "name_label"},
                                           {"name_description", "name_description"}};
    autoval struct val found = val_void();
    autobuf xml = BUF_INIT;
    struct err *e = ask_probe(call, &found);

    if (e)
        return e;
    buf_add_str(&xml, "<?xml version=\"1.0\" ?>\n<SRlist>\n");
    for (size_t i = 0; i < n_found(&found); i++) {
        const struct val *sr = val_at(val_find(&found, "srs"), i);

        buf_add_str(&xml, "<SR>\n");
        for (size_t j = 0; j < ARRAY_SIZE(parts); j++) {
            const char *text = val_find_text(sr, parts[j][1], "");

            buf_addf(&xml, "<%s>", parts[j][0]);
            xml_add_text(&xml, text, strlen(text));
            buf_addf(&xml, "</%s>\n", parts[j][0]);
        }
        buf_add_str(&xml, "</SR>\n");
    }
    buf_add_str(&xml, "</SRlist>\n");
    *ret_result = val_str(buf_str(&xml));
    return NULL;
}

/* -1: not told, as in an SR's own fields. */
static int64_t size_of(const struct val *map, const char *key)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_INT ? v->i : -1;
}

/* Cells in the order of the record's fields. */
static struct val stat_of(const struct val *sr)
{
    struct val stat = val_set(7), uuid = val_set(1);

    val_push(&uuid, val_str(val_find_text(sr, "uuid", "")));
    val_push(&stat, uuid);
    val_push(&stat, val_str(val_find_text(sr, "name_label", "")));
    val_push(&stat, val_str(val_find_text(sr, "name_description", "")));
    val_push(&stat, val_int(size_of(sr, "free")));
    val_push(&stat, val_int(size_of(sr, "total")));
    val_push(&stat, val_bool(false));
    val_push(&stat, val_int(E_SR_HEALTH_HEALTHY));
    return stat;
}

static struct err *probe_ext(struct call *call, struct val *ret_result)
{
    autoval struct val found = val_void();
    struct err *e = ask_probe(call, &found);

    if (e)
        return e;
    *ret_result = val_set(n_found(&found));
    for (size_t i = 0; i < n_found(&found); i++) {
        struct val result = val_set(4), sr = val_set(1);

        val_push(&sr, stat_of(val_at(val_find(&found, "srs"), i)));
        val_push(&result, val_ref(&call->args[1]));
        val_push(&result, val_bool(true));
        val_push(&result, sr);
        val_push(&result, val_map(0));
        val_push(ret_result, result);
    }
    return NULL;
}

const struct body_def sr_setting_bodies[] = {
    {"SR.set_physical_size", SETTER(setter_set, .check = not_negative)},
    {"SR.set_physical_utilisation", SETTER(setter_set, .check = not_negative)},
    {"SR.set_virtual_allocation", SETTER(setter_set, .check = not_negative)},
    {"PBD.set_device_config", SETTER(setter_set, .check = only_unplugged)},
    {"SR.get_live_hosts", IN_TXN(get_live_hosts)},
    {"SR.probe", probe, BODY_NORMAL},
    {"SR.probe_ext", probe_ext, BODY_NORMAL},
    {"SR.disable_database_replication", IN_TXN(disable_replication)},
    {"SR.enable_database_replication", IN_TXN(need_static_attach)},
    {"SR.assert_supports_database_replication", IN_TXN(need_static_attach)},
    {"SR.assert_can_host_ha_statefile", IN_TXN(need_static_attach)},
    {0},
};
