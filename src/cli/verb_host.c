// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_host.h"

#include <string.h>

#include "base/alloc.h"
#include "cli/client.h"
#include "cli/confirm.h"
#include "cli/device.h"
#include "cli/fail.h"
#include "cli/result.h"
#include "cli/shown.h"
#include "cli/target.h"
#include "model/model.h"

static struct err *call_on(struct run *run, const char *method, const char *ref)
{
    autoval struct val nothing = val_void();

    return client_ask(run->client, &nothing, method, ref, NULL);
}

/* ---- what cannot be taken back ---- */

static void say_object(struct run *run, const char *what, int cls, const char *ref)
{
    run_say(run, "%s: %s (%s)", what, device_text(run, cls, ref, "uuid"),
            device_text(run, cls, ref, "name_label"));
}

/* Names the disks that only this host reaches. */
static struct err *say_local_disks(struct run *run, const char *host)
{
    ref_list pbds = VEC_INIT, srs = VEC_INIT;
    struct err *e = device_set(run, CLASS_HOST, host, "PBDs", CLASS_PBD, &pbds);

    for (size_t i = 0; i < pbds.n && !e; i++)
        *VEC_PUSH(&srs) = device_text(run, CLASS_PBD, pbds.at[i], "SR");
    if (!e && srs.n > 0)
        e = catalog_want(run->catalog, CLASS_SR, &srs);
    for (size_t i = 0; i < srs.n && !e; i++) {
        ref_list vdis = VEC_INIT;

        if (device_true(run, CLASS_SR, srs.at[i], "shared"))
            continue;
        e = device_set(run, CLASS_SR, srs.at[i], "VDIs", CLASS_VDI, &vdis);
        for (size_t v = 0; v < vdis.n && !e; v++)
            say_object(run, "VDI", CLASS_VDI, vdis.at[v]);
        VEC_FINI(&vdis);
    }
    VEC_FINI(&pbds);
    VEC_FINI(&srs);
    return e;
}

struct err *verb_pool_eject(struct run *run)
{
    const char *host;
    struct err *e = target_argument(run, "host-uuid", CLASS_HOST, &host);

    if (!e && !args_true(run->args, "force")) {
        run_say(run, "The host is installed anew and loses what its local storage holds.");
        e = say_local_disks(run, host);
    }
    if (!e)
        e = confirm(run);
    return e ? e : call_on(run, "pool.eject", host);
}

static struct err *warn_and_call(struct run *run, const char *method, const char *warning)
{
    const char *host;
    struct err *e = target_argument(run, "uuid", CLASS_HOST, &host);

    if (!e)
        run_say(run, "%s", args_true(run->args, "force") ? "" : warning);
    if (!e)
        e = confirm(run);
    return e ? e : call_on(run, method, host);
}

struct err *verb_host_forget(struct run *run)
{
    return warn_and_call(run, "host.destroy",
                         "The host is removed from the pool for good, with its local "
                         "storage repositories.");
}

struct err *verb_host_declare_dead(struct run *run)
{
    return warn_and_call(run, "host.declare_dead",
                         "If the host still runs, its VMs run twice and destroy their "
                         "disks.");
}

struct err *verb_pool_disable_ssl_legacy(struct run *run)
{
    run_say(run, "TLS before 1.2 is never spoken.");
    return NULL;
}

/* ---- editions ---- */

static struct err *set_key(struct run *run, const char *cls, const char *ref,
                           const char *key, const char *value)
{
    autofree char *remove = xasprintf("%s.remove_from_license_server", cls);
    autofree char *add = xasprintf("%s.add_to_license_server", cls);
    autoval struct val nothing = val_void();
    struct err *e;

    if (!value)
        return NULL;
    e = client_ask(run->client, &nothing, remove, ref, key, NULL);
    return e ? e : client_ask(run->client, &nothing, add, ref, key, value, NULL);
}

static struct err *apply_edition(struct run *run, const char *cls, const char *ref)
{
    autofree char *method = xasprintf("%s.apply_edition", cls);
    autoval struct val nothing = val_void();
    struct err *e =
        set_key(run, cls, ref, "address", args_get(run->args, "license-server-address"));

    if (!e)
        e = set_key(run, cls, ref, "port", args_get(run->args, "license-server-port"));
    return e ? e
             : client_ask(run->client, &nothing, method, ref,
                          args_get(run->args, "edition"), NULL);
}

struct err *verb_pool_apply_edition(struct run *run)
{
    const char *pool;
    struct err *e = target_pool(run, &pool);

    return e ? e : apply_edition(run, "pool", pool);
}

/* The host of argument 'name', or the one that answers. */
static struct err *host_or_this(struct run *run, const char *name, const char **ret_host)
{
    return args_get(run->args, name) ? target_argument(run, name, CLASS_HOST, ret_host)
                                     : target_host(run, ret_host);
}

struct err *verb_host_apply_edition(struct run *run)
{
    const char *host;
    struct err *e = host_or_this(run, "host-uuid", &host);

    return e ? e : apply_edition(run, "host", host);
}

/* ---- maps that a host keeps ---- */

static struct err *print_field(struct run *run, int cls, const char *ref, const char *field)
{
    const struct type *type = field_by_name(&classes[cls], field)->type;
    const struct val *v;
    struct err *e = catalog_field(run->catalog, cls, ref, field, &v);

    return e || !v ? e : result_print(run, type, v);
}

static struct err *print_features(struct run *run, int cls, const char *ref)
{
    static const char *const keys[] = {"features", "features_hvm", "features_pv"};
    const struct val *info;
    const char *text = NULL;
    struct err *e = catalog_field(run->catalog, cls, ref, "cpu_info", &info);

    if (e)
        return e;
    for (size_t i = 0; i < ARRAY_SIZE(keys) && info && !text; i++)
        text = val_find_text(info, keys[i], NULL);
    run_print(run, text ? text : "");
    return NULL;
}

struct err *verb_pool_get_cpu_features(struct run *run)
{
    const char *pool;
    struct err *e = target_pool(run, &pool);

    return e ? e : print_features(run, CLASS_POOL, pool);
}

struct err *verb_host_get_cpu_features(struct run *run)
{
    const char *host;
    struct err *e = host_or_this(run, "uuid", &host);

    return e ? e : print_features(run, CLASS_HOST, host);
}

struct err *verb_host_cpu_info(struct run *run)
{
    const char *host;
    struct err *e = host_or_this(run, "uuid", &host);

    return e ? e : print_field(run, CLASS_HOST, host, "cpu_info");
}

struct err *verb_host_license_view(struct run *run)
{
    const char *host;
    struct err *e = host_or_this(run, "host-uuid", &host);

    return e ? e : print_field(run, CLASS_HOST, host, "license_params");
}

struct err *verb_diagnostic_license_status(struct run *run)
{
    ref_list hosts = VEC_INIT;
    struct err *e = catalog_query(run->catalog, CLASS_HOST, NULL, &hosts);

    for (size_t i = 0; i < hosts.n && !e; i++)
        fprintf(run->out, "%s %s %s\n", device_text(run, CLASS_HOST, hosts.at[i], "uuid"),
                device_text(run, CLASS_HOST, hosts.at[i], "hostname"),
                device_text(run, CLASS_HOST, hosts.at[i], "edition"));
    VEC_FINI(&hosts);
    return e;
}

struct err *verb_diagnostic_timing_stats(struct run *run)
{
    const struct method_def *method = method_by_name("host.get_diagnostic_timing_stats");
    ref_list hosts = VEC_INIT;
    struct err *e = catalog_query(run->catalog, CLASS_HOST, NULL, &hosts);

    for (size_t i = 0; i < hosts.n && !e; i++) {
        autoval struct val stats = val_void();

        say_object(run, "host", CLASS_HOST, hosts.at[i]);
        e = client_ask(run->client, &stats, method->wire_name, hosts.at[i], NULL);
        if (!e)
            e = result_print(run, method->result, &stats);
    }
    VEC_FINI(&hosts);
    return e;
}
