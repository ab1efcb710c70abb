// SPDX-License-Identifier: GPL-2.0-or-later
/* What a pool is set to, and what it knows of its one member. */
#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "api/ops.h"
#include "api/setter.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/map_key.h"
#include "rpc/manager.h"

#define DAY                INT64_C(86400)
#define TELEMETRY_MAX_DAYS 92 /* three months, the longest of them */

/* ---- the guest agent's configuration ---- */

static bool is_bool(const char *text)
{
    return STREQ(text, "true") || STREQ(text, "false");
}

static bool is_web_url(const char *text)
{
    return str_has_prefix(text, "http://") || str_has_prefix(text, "https://");
}

/* Keys with a rule; others are the agents' own. */
static const struct {
    enum map_key_id key;
    bool (*is_good)(const char *value);
} agent_keys[] = {
    {KEY_POOL_GUEST_AGENT_CONFIG_AUTO_UPDATE_ENABLED, is_bool},
    {KEY_POOL_GUEST_AGENT_CONFIG_AUTO_UPDATE_URL, is_web_url},
};

static struct err *agent_value(struct txn *t UNUSED, const struct row *pool UNUSED,
                               const struct call *call)
{
    const char *key = arg_text(call, 1), *value = arg_text(call, 2);

    for (size_t i = 0; i < ARRAY_SIZE(agent_keys); i++)
        if (STREQ(map_key_name(agent_keys[i].key), key) && !agent_keys[i].is_good(value))
            return invalid_text(key, value);
    return NULL;
}

/* ---- telemetry ---- */

static struct err *soon_enough(struct txn *t UNUSED, const struct row *pool UNUSED,
                               const struct call *call)
{
    char text[CLOCK_TEXT_LEN + 1];

    if (arg_int(call, 1) <= clock_wall_seconds() + TELEMETRY_MAX_DAYS * DAY)
        return NULL;
    clock_to_text(arg_int(call, 1), text);
    return err_params(ERR_TELEMETRY_NEXT_COLLECTION_TOO_LATE, text, NULL);
}

/* A new identity, which tells nothing of the one before. */
static struct err *reset_telemetry_uuid(struct txn *t, struct call *call,
                                        struct val *ret_result UNUSED)
{
    struct uuid uuid = uuid_new();
    const struct row *pool;
    const char *secret;
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (e)
        return e;
    if (txn_get(t, CLASS_SECRET, row_text(pool, F_POOL_TELEMETRY_UUID)))
        txn_delete(t, CLASS_SECRET, row_text(pool, F_POOL_TELEMETRY_UUID));
    secret = txn_create(t, CLASS_SECRET);
    txn_set(t, CLASS_SECRET, secret, F_SECRET_VALUE, val_str(uuid.text));
    txn_set(t, CLASS_POOL, row_ref(pool), F_POOL_TELEMETRY_UUID, val_str(secret));
    return NULL;
}

/* ---- members ---- */

/* A host that is not on cannot take over; the one that is the coordinator stays it. */
static struct err *designate_new_master(struct call *call, struct val *ret_result UNUSED)
{
    return host_need_this(call, arg_text(call, 0));
}

static struct err *is_slave(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        *ret_result = val_bool(false);
    return e;
}

/* Arguments: host_uuid, host_address.  A member announces itself; one that is known is
 * called back, which needs a way to it. */
static struct err *hello(struct txn *t, struct call *call, struct val *ret_result)
{
    const struct row *host = txn_get_by_uuid(t, CLASS_HOST, arg_text(call, 0));
    int answer = E_HELLO_RETURN_OK;

    if (!host)
        answer = E_HELLO_RETURN_UNKNOWN_HOST;
    else if (!host_is_live(t, host))
        answer = E_HELLO_RETURN_CANNOT_TALK_BACK;
    *ret_result = val_int(answer);
    return NULL;
}

/* Members that lost their coordinator and found it again: there are no members. */
static struct err *recover_slaves(struct call *call UNUSED, struct val *ret_result)
{
    *ret_result = val_set(0);
    return NULL;
}

/* Each change is on disk before it is answered, and no member has a copy. */
static struct err *nothing_to_do(struct call *call UNUSED, struct val *ret_result UNUSED)
{
    return NULL;
}

/* ---- questions ---- */

static struct err *get_secureboot_readiness(struct txn *t, struct call *call,
                                            struct val *ret_result)
{
    const struct row *pool;
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    /* No certificates of a firmware are kept for guests. */
    if (!e)
        *ret_result = val_int(E_POOL_GUEST_SECUREBOOT_READINESS_NOT_READY);
    return e;
}

const struct body_def pool_bodies[] = {
    {"pool.add_to_guest_agent_config",
     SETTER(setter_add, .field = F_POOL_GUEST_AGENT_CONFIG, .check = agent_value)},
    {"pool.remove_from_guest_agent_config",
     SETTER(setter_remove, .field = F_POOL_GUEST_AGENT_CONFIG)},
    {"pool.set_telemetry_next_collection", SETTER(setter_set, .check = soon_enough)},
    {"pool.reset_telemetry_uuid", IN_TXN(reset_telemetry_uuid)},
    {"pool.set_ext_auth_cache_enabled", SETTER(setter_set)},
    {"pool.set_ext_auth_cache_size", SETTER(setter_set, .least = 1, .most = INT64_MAX)},
    {"pool.set_ext_auth_cache_expiry", SETTER(setter_set, .least = 1, .most = INT64_MAX)},
    {"pool.set_ext_auth_max_threads", SETTER(setter_set, .least = 1, .most = 64)},
    {"pool.designate_new_master", designate_new_master, BODY_NORMAL},
    {"pool.is_slave", is_slave, BODY_INLINE},
    {"pool.hello", IN_TXN(hello)},
    {"pool.recover_slaves", recover_slaves, BODY_INLINE},
    {"pool.sync_database", nothing_to_do, BODY_INLINE},
    {"pool.disable_redo_log", nothing_to_do, BODY_INLINE},
    {"pool.get_guest_secureboot_readiness", IN_TXN(get_secureboot_readiness)},
    {0},
};
