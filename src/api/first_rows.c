// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/first_rows.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/bios.h"
#include "api/features.h"
#include "api/host.h"
#include "api/role.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/uuid.h"
#include "model/map_key.h"
#include "rpc/manager.h"

#define API_MAJOR   2
#define API_MINOR   23
#define AS_TEXT_(n) #n
#define AS_TEXT(n)  AS_TEXT_(n)
#define API_VERSION AS_TEXT(API_MAJOR) "." AS_TEXT(API_MINOR)

struct start {
    const char *hostname;
    const char *host_uuid;
    int64_t started;
    char host_ref[64], pool_ref[64];
};

/* One field of a row being filled in. */
struct cell {
    int field;
    struct val value;
};

static void set_cells(struct txn *t, int cls, const char *ref, struct cell *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        txn_set(t, cls, ref, cells[i].field, take_val(cells[i].value));
}
#define SET_CELLS(t, cls, ref, cells) set_cells(t, cls, ref, cells, ARRAY_SIZE(cells))

/* ---- roles and the superuser ---- */

static void make_roles(struct txn *t)
{
    for (int i = 0; i < N_ROLES; i++) {
        autoval struct val ref = role_ref(i);
        struct cell cells[] = {
            {F_ROLE_NAME_LABEL, val_str(role_names[i])},
            {F_ROLE_NAME_DESCRIPTION, val_str(role_docs[i])},
            {F_ROLE_IS_INTERNAL, val_bool(1u << i == ROLE_CLIENT_CERT)},
        };

        if (!txn_get(t, CLASS_ROLE, val_text(&ref)))
            txn_create_as(t, CLASS_ROLE, val_text(&ref), role_uuids[i]);
        SET_CELLS(t, CLASS_ROLE, val_text(&ref), cells);
    }
}

static void make_user(struct txn *t)
{
    struct cell cells[] = {
        {F_USER_SHORT_NAME, val_str("root")},
        {F_USER_FULLNAME, val_str("superuser")},
    };
    size_t n;

    txn_list(t, CLASS_USER, &n);
    if (n == 0)
        SET_CELLS(t, CLASS_USER, txn_create(t, CLASS_USER), cells);
    for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
        val_unref(&cells[i].value);
}

/* ---- the host ---- */

/* What lk-hostd told of the machine before stays until it tells again. */
static struct val make_software_version(const struct row *host)
{
    static const char *const rows[][2] = {
        {"product_brand", "Latchkey"},
        {"product_version", LATCHKEY_VERSION},
        {"product_version_text", LATCHKEY_VERSION},
        {"product_version_text_short", LATCHKEY_VERSION},
        {"platform_name", "Latchkey"},
        {"platform_version", "3.4.0"}, /* what clients compare with */
        {"build_number", "0"},
        {"xapi", API_VERSION},
        {"xencenter_min", API_VERSION},
        {"xencenter_max", API_VERSION},
        {"network_backend", "bridge"},
    };
    struct val version = val_ref(row_get(host, F_HOST_SOFTWARE_VERSION));

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        autoval struct val before = version;

        version = val_map_with(&before, rows[i][0], val_str(rows[i][1]));
    }
    return version;
}

/* What a host starts with once in its life. */
static void make_host(struct txn *t, struct start *start)
{
    struct val versions = val_set(3), bootloaders = val_set(2);
    const char *ref = txn_create_as(t, CLASS_HOST, NULL, start->host_uuid);

    for (int i = 0; i < 3; i++)
        val_push(&versions, val_int(i));
    val_push(&bootloaders, val_str("pygrub"));
    val_push(&bootloaders, val_str("eliloader"));

    struct cell cells[] = {
        {F_HOST_NAME_LABEL, val_str(start->hostname)},
        {F_HOST_NAME_DESCRIPTION, val_str("Default install")},
        {F_HOST_HOSTNAME, val_str(start->hostname)},
        {F_HOST_ADDRESS, val_str("127.0.0.1")},
        {F_HOST_METRICS, val_str(txn_create(t, CLASS_HOST_METRICS))},
        {F_HOST_SCHED_POLICY, val_str("credit")},
        {F_HOST_VIRTUAL_HARDWARE_PLATFORM_VERSIONS, versions},
        {F_HOST_SUPPORTED_BOOTLOADERS, bootloaders},
    };
    SET_CELLS(t, CLASS_HOST, ref, cells);
    snprintf(start->host_ref, sizeof(start->host_ref), "%s", ref);
}

/* What is told anew at each start; facts of the machine: see host_facts.h. */
static void refresh_host(struct txn *t, const struct start *start)
{
    const struct row *host = txn_get(t, CLASS_HOST, start->host_ref);
    struct val config = val_map_with(row_get(host, F_HOST_OTHER_CONFIG), "agent_start_time",
                                     val_strf("%lld.", (long long)start->started));
    struct val vendor_implementation = val_map(0), editions = val_set(1);

    val_push(&editions, val_str("free"));

    struct cell cells[] = {
        {F_HOST_API_VERSION_MAJOR, val_int(API_MAJOR)},
        {F_HOST_API_VERSION_MINOR, val_int(API_MINOR)},
        {F_HOST_API_VERSION_VENDOR, val_str("Latchkey")},
        {F_HOST_API_VERSION_VENDOR_IMPLEMENTATION, vendor_implementation},
        {F_HOST_SOFTWARE_VERSION, make_software_version(host)},
        {F_HOST_OTHER_CONFIG, config},
        {F_HOST_BIOS_STRINGS, bios_strings_of_host()},
        {F_HOST_LICENSE_PARAMS, features_license_params()},
        {F_HOST_EDITIONS, editions},
        {F_HOST_EDITION, val_str("free")},
        {F_HOST_ENABLED,
         val_bool(!map_key_is_set(&config, KEY_HOST_OTHER_CONFIG_LATCHKEY_STAYS_DISABLED))},
    };
    SET_CELLS(t, CLASS_HOST, start->host_ref, cells);

    txn_set(t, CLASS_HOST_METRICS,
            row_text(txn_get(t, CLASS_HOST, start->host_ref), F_HOST_METRICS),
            F_HOST_METRICS_LIVE, val_bool(true));
}

/* ---- the control domain ---- */

static void make_control_domain(struct txn *t, const struct start *start)
{
    const char *metrics = txn_create(t, CLASS_VM_METRICS);
    const char *ref = txn_create(t, CLASS_VM);
    struct cell cells[] = {
        {F_VM_NAME_LABEL, val_strf("Control domain on host: %s", start->hostname)},
        {F_VM_NAME_DESCRIPTION,
         val_str("The domain that manages physical devices and the other domains")},
        {F_VM_POWER_STATE, val_int(E_VM_POWER_STATE_RUNNING)},
        {F_VM_USER_VERSION, val_int(1)},
        {F_VM_IS_CONTROL_DOMAIN, val_bool(true)},
        {F_VM_DOMID, val_int(0)},
        {F_VM_AFFINITY, val_str(start->host_ref)},
        {F_VM_RESIDENT_ON, val_str(start->host_ref)},
        {F_VM_DOMAIN_TYPE, val_int(E_DOMAIN_TYPE_PV)},
        {F_VM_ACTIONS_AFTER_SHUTDOWN, val_int(E_ON_NORMAL_EXIT_DESTROY)},
        {F_VM_ACTIONS_AFTER_REBOOT, val_int(E_ON_NORMAL_EXIT_DESTROY)},
        {F_VM_ACTIONS_AFTER_CRASH, val_int(E_ON_CRASH_BEHAVIOUR_DESTROY)},
        {F_VM_METRICS, val_str(metrics)},
    };

    SET_CELLS(t, CLASS_VM, ref, cells);
    txn_set(t, CLASS_HOST, start->host_ref, F_HOST_CONTROL_DOMAIN, val_str(ref));
}

/* ---- the pool ---- */

static const char *make_pool(struct txn *t, const struct start *start)
{
    const char *ref = txn_create(t, CLASS_POOL);
    struct val config = val_map(2);

    val_put_str(&config, "memory-ratio-hvm", val_str("0.25"));
    val_put_str(&config, "memory-ratio-pv", val_str("0.25"));

    struct cell cells[] = {
        {F_POOL_MASTER, val_str(start->host_ref)},
        {F_POOL_OTHER_CONFIG, config},
        {F_POOL_HA_CLUSTER_STACK, val_str("xhad")},
    };
    SET_CELLS(t, CLASS_POOL, ref, cells);
    return ref;
}

static void refresh_pool(struct txn *t, struct start *start)
{
    size_t n;
    const struct row *const *pools = txn_list(t, CLASS_POOL, &n);
    const char *ref = n ? row_ref(pools[0]) : make_pool(t, start);

    snprintf(start->pool_ref, sizeof(start->pool_ref), "%s", ref);
    txn_set(t, CLASS_POOL, ref, F_POOL_RESTRICTIONS, features_license_params());
}

static struct err *make_rows(struct txn *t, void *arg)
{
    struct start *start = arg;
    const struct row *host = txn_get_by_uuid(t, CLASS_HOST, start->host_uuid);

    make_roles(t);
    make_user(t);
    if (host)
        snprintf(start->host_ref, sizeof(start->host_ref), "%s", row_ref(host));
    else
        make_host(t, start);
    refresh_host(t, start);
    if (strcmp(row_text(txn_get(t, CLASS_HOST, start->host_ref), F_HOST_CONTROL_DOMAIN),
               NULL_REF) == 0)
        make_control_domain(t, start);
    refresh_pool(t, start);
    return NULL;
}

/* ---- who this host is ---- */

/* The uuid in <state_dir>/host-uuid, made at the first start. */
static struct err *read_host_uuid(const char *state_dir, char ret_uuid[UUID_LEN + 1])
{
    autoclose int dir = fd_open_dir(state_dir, 0700);
    autobuf file = BUF_INIT;
    struct uuid uuid = uuid_new();
    int r;

    if (dir < 0)
        return err_errno(-dir, "opening the state folder %s", state_dir);
    r = fd_read_file(dir, "host-uuid", 256, &file);
    if (r == -ENOENT) {
        buf_addf(&file, "%s\n", uuid.text);
        r = fd_replace_file(dir, "host-uuid", file.data, file.size, 0644);
    }
    if (r < 0)
        return err_errno(-r, "keeping the host's uuid in %s", state_dir);
    snprintf(ret_uuid, UUID_LEN + 1, "%s", buf_str(&file));
    if (!uuid_is_valid(ret_uuid))
        return err_new(ERR_INTERNAL_ERROR, "reading %s/host-uuid: no uuid in it",
                       state_dir);
    return NULL;
}

struct err *first_rows(struct manager *manager)
{
    char hostname[HOST_NAME_MAX + 1] = "";
    struct start start = {.hostname = hostname, .started = clock_wall_seconds()};
    struct err *e = read_host_uuid(manager->config->state_dir, manager->self.host_uuid);

    if (e)
        return e;
    gethostname(hostname, sizeof(hostname) - 1);
    start.host_uuid = manager->self.host_uuid;
    e = db_run(manager->db, make_rows, &start);
    if (e)
        return err_context(e, "making the first rows");
    snprintf(manager->self.host_ref, sizeof(manager->self.host_ref), "%s", start.host_ref);
    snprintf(manager->self.pool_ref, sizeof(manager->self.pool_ref), "%s", start.pool_ref);
    return NULL;
}
