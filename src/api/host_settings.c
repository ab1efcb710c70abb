// SPDX-License-Identifier: GPL-2.0-or-later
/* What a host is set to: its iSCSI name, how it is powered on, its edition, its cache. */
#include <string.h>

#include "api/bodies.h"
#include "api/ops.h"
#include "api/setter.h"
#include "model/map_key.h"
#include "rpc/manager.h"

/* ---- storage ---- */

/* The storage drivers of this API read both from other_config. */
static void note(struct txn *t, const char *ref, const char *key, const char *value)
{
    const struct row *host = txn_get(t, CLASS_HOST, ref);

    txn_set(t, CLASS_HOST, ref, F_HOST_OTHER_CONFIG,
            val_map_with(row_get(host, F_HOST_OTHER_CONFIG), key, val_str(value)));
}

static struct err *set_iscsi_iqn(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0), *iqn = arg_text(call, 1);
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, ref, &host);

    if (!e && !*iqn)
        e = invalid_text("value", iqn);
    if (e)
        return e;
    txn_set(t, CLASS_HOST, ref, F_HOST_ISCSI_IQN, val_str(iqn));
    note(t, ref, "iscsi_iqn", iqn);
    return NULL;
}

static struct err *set_multipathing(struct txn *t, struct call *call,
                                    struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, ref, &host);

    if (e)
        return e;
    txn_set(t, CLASS_HOST, ref, F_HOST_MULTIPATHING, val_bool(arg_bool(call, 1)));
    note(t, ref, "multipathing", arg_bool(call, 1) ? "true" : "false");
    return NULL;
}

/* ---- a cache of shared disks on local storage ---- */

static struct err *enable_caching(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    const struct row *host, *sr;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (!e)
        e = txn_need(t, CLASS_SR, arg_text(call, 1), &sr);
    /* A storage type that could hold a cache would say so; none does. */
    return e ? e : err_params(ERR_SR_OPERATION_NOT_SUPPORTED, row_ref(sr), NULL);
}

static void stop_caching(struct txn *t, const struct row *host)
{
    const char *sr = row_text(host, F_HOST_LOCAL_CACHE_SR);

    if (txn_get(t, CLASS_SR, sr))
        txn_set(t, CLASS_SR, sr, F_SR_LOCAL_CACHE_ENABLED, val_bool(false));
    txn_set(t, CLASS_HOST, row_ref(host), F_HOST_LOCAL_CACHE_SR, val_str(NULL_REF));
}

static struct err *disable_caching(struct txn *t, struct call *call,
                                   struct val *ret_result UNUSED)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (!e)
        stop_caching(t, host);
    return e;
}

/* HOSTS_FAILED_TO_ENABLE_CACHING [hosts]: each of them, see enable_caching. */
static struct err *enable_pool_caching(struct txn *t, struct call *call,
                                       struct val *ret_result UNUSED)
{
    const struct row *pool;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (e)
        return e;
    e = err_params(ERR_HOSTS_FAILED_TO_ENABLE_CACHING, NULL);
    for (size_t i = 0; i < n; i++)
        e = err_param(e, row_ref(hosts[i]));
    return e;
}

static struct err *disable_pool_caching(struct txn *t, struct call *call,
                                        struct val *ret_result UNUSED)
{
    const struct row *pool;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    for (size_t i = 0; !e && i < n; i++)
        stop_caching(t, hosts[i]);
    return e;
}

/* ---- power ---- */

/* The secret a host's configuration names goes with it. */
static void drop_password(struct txn *t, const struct row *host, const struct val *config)
{
    const char *uuid = map_key_text(row_get(host, F_HOST_POWER_ON_CONFIG),
                                    KEY_HOST_POWER_ON_CONFIG_POWER_ON_PASSWORD_SECRET),
               *kept =
                   map_key_text(config, KEY_HOST_POWER_ON_CONFIG_POWER_ON_PASSWORD_SECRET);
    const struct row *secret = *uuid ? txn_get_by_uuid(t, CLASS_SECRET, uuid) : NULL;

    if (secret && !STREQ(uuid, kept))
        txn_delete(t, CLASS_SECRET, row_ref(secret));
}

/* Arguments: host, power_on_mode, power_on_config */
static struct err *set_power_on_mode(struct txn *t, struct call *call,
                                     struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, ref, &host);

    if (e)
        return e;
    drop_password(t, host, &call->args[2]);
    txn_set(t, CLASS_HOST, ref, F_HOST_POWER_ON_MODE, val_ref(&call->args[1]));
    txn_set(t, CLASS_HOST, ref, F_HOST_POWER_ON_CONFIG, val_ref(&call->args[2]));
    return NULL;
}

/* Each way to power another machine on is a plugin of that name; none comes with this. */
static struct err *power_on(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0), *mode;
    const struct row *host;
    struct err *e = op_check(t, &host_op_rules, ref, E_HOST_ALLOWED_OPERATIONS_POWER_ON);

    if (!e)
        e = txn_need(t, CLASS_HOST, ref, &host);
    if (e)
        return e;
    mode = row_text(host, F_HOST_POWER_ON_MODE);
    return *mode ? err_params(ERR_XENAPI_MISSING_PLUGIN, mode, NULL)
                 : err_params(ERR_HOST_POWER_ON_MODE_DISABLED, NULL);
}

/* ---- editions ---- */

static struct err *apply(struct txn *t, const struct row *host, const char *edition)
{
    if (!val_set_has(row_get(host, F_HOST_EDITIONS), edition))
        return err_params(ERR_INVALID_EDITION, edition, NULL);
    txn_set(t, CLASS_HOST, row_ref(host), F_HOST_EDITION, val_str(edition));
    return NULL;
}

static struct err *apply_edition(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    return e ? e : apply(t, host, arg_text(call, 1));
}

/* What is left without a licence file. */
static struct err *license_remove(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    return e ? e : apply(t, host, "free");
}

static struct err *apply_pool_edition(struct txn *t, struct call *call,
                                      struct val *ret_result UNUSED)
{
    const struct row *pool;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    for (size_t i = 0; !e && i < n; i++)
        e = apply(t, hosts[i], arg_text(call, 1));
    return e;
}

static struct err *get_license_state(struct txn *t, struct call *call,
                                     struct val *ret_result)
{
    const struct row *pool, *master;
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e)
        e = txn_need(t, CLASS_HOST, row_text(pool, F_POOL_MASTER), &master);
    if (e)
        return e;
    *ret_result = val_map(2);
    val_put_str(ret_result, "edition", val_str(row_text(master, F_HOST_EDITION)));
    val_put_str(ret_result, "expiry", val_str("never"));
    return NULL;
}

/* ---- TLS ---- */

/* Nothing older than TLS 1.2 is spoken, and nothing here can change that. */
static struct err *set_ssl_legacy(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    const struct row *host;
    struct err *e = txn_need(t, CLASS_HOST, arg_text(call, 0), &host);

    if (!e && arg_bool(call, 1))
        e = err_params(ERR_VALUE_NOT_SUPPORTED, "value", "true",
                       "TLS 1.2 is the oldest that is spoken", NULL);
    if (!e)
        txn_set(t, CLASS_HOST, row_ref(host), F_HOST_SSL_LEGACY, val_bool(false));
    return e;
}

static struct err *disable_ssl_legacy(struct txn *t, struct call *call,
                                      struct val *ret_result UNUSED)
{
    const struct row *pool;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    for (size_t i = 0; !e && i < n; i++)
        txn_set(t, CLASS_HOST, row_ref(hosts[i]), F_HOST_SSL_LEGACY, val_bool(false));
    return e;
}

/* Connections of this server to another always check its certificate; the rows say so from
 * now on. */
static struct err *enable_tls_verification(struct txn *t, struct call *call UNUSED,
                                           struct val *ret_result UNUSED)
{
    size_t n_pools, n_hosts;
    const struct row *const *pools = txn_list(t, CLASS_POOL, &n_pools);
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n_hosts);

    for (size_t i = 0; i < n_pools; i++)
        txn_set(t, CLASS_POOL, row_ref(pools[i]), F_POOL_TLS_VERIFICATION_ENABLED,
                val_bool(true));
    for (size_t i = 0; i < n_hosts; i++)
        txn_set(t, CLASS_HOST, row_ref(hosts[i]), F_HOST_TLS_VERIFICATION_ENABLED,
                val_bool(true));
    return NULL;
}

/* Nobody logs in with a certificate. */
static struct err *disable_client_certificates(struct txn *t, struct call *call,
                                               struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *pool;
    struct err *e = txn_need(t, CLASS_POOL, ref, &pool);

    if (e)
        return e;
    txn_set(t, CLASS_POOL, ref, F_POOL_CLIENT_CERTIFICATE_AUTH_ENABLED, val_bool(false));
    txn_set(t, CLASS_POOL, ref, F_POOL_CLIENT_CERTIFICATE_AUTH_NAME, val_str(""));
    return NULL;
}

/* ---- directories of users: none is joined, so leaving leaves nothing ---- */

static struct err *leave_directory(struct txn *t, struct call *call,
                                   struct val *ret_result UNUSED)
{
    const struct row *row;

    return txn_need(t, call->method->cls, arg_text(call, 0), &row);
}

/* Every host must be in the same one. */
static struct err *detect_nonhomogeneous(struct txn *t, struct call *call,
                                         struct val *ret_result UNUSED)
{
    static const int fields[] = {F_HOST_EXTERNAL_AUTH_TYPE,
                                 F_HOST_EXTERNAL_AUTH_SERVICE_NAME};
    const struct row *pool;
    size_t n;
    const struct row *const *hosts = txn_list(t, CLASS_HOST, &n);
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    for (size_t i = 1; !e && i < n; i++)
        for (size_t j = 0; j < ARRAY_SIZE(fields); j++)
            if (!STREQ(row_text(hosts[i], fields[j]), row_text(hosts[0], fields[j])))
                return err_params(ERR_HOSTS_NOT_HOMOGENEOUS,
                                  "The hosts are in different directories of users", NULL);
    return e;
}

const struct body_def host_setting_bodies[] = {
    {"host.set_ssl_legacy", IN_TXN(set_ssl_legacy)},
    {"pool.disable_ssl_legacy", IN_TXN(disable_ssl_legacy)},
    {"pool.enable_tls_verification", IN_TXN(enable_tls_verification)},
    {"pool.disable_client_certificate_auth", IN_TXN(disable_client_certificates)},
    {"host.set_iscsi_iqn", IN_TXN(set_iscsi_iqn)},
    {"host.set_multipathing", IN_TXN(set_multipathing)},
    {"host.enable_local_storage_caching", IN_TXN(enable_caching)},
    {"host.disable_local_storage_caching", IN_TXN(disable_caching)},
    {"pool.enable_local_storage_caching", IN_TXN(enable_pool_caching)},
    {"pool.disable_local_storage_caching", IN_TXN(disable_pool_caching)},
    {"host.set_power_on_mode", IN_TXN(set_power_on_mode)},
    {"host.power_on", IN_TXN(power_on)},
    {"host.apply_edition", IN_TXN(apply_edition)},
    {"host.license_remove", IN_TXN(license_remove)},
    {"pool.apply_edition", IN_TXN(apply_pool_edition)},
    {"pool.get_license_state", IN_TXN(get_license_state)},
    {"host.disable_external_auth", IN_TXN(leave_directory)},
    {"pool.disable_external_auth", IN_TXN(leave_directory)},
    {"pool.detect_nonhomogeneous_external_auth", IN_TXN(detect_nonhomogeneous)},
    {0},
};
