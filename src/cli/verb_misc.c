// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_misc.h"

#include <string.h>
#include <strings.h>

#include "cli/client.h"
#include "cli/convert.h"
#include "cli/device.h"
#include "cli/fail.h"
#include "cli/result.h"
#include "cli/target.h"
#include "model/model.h"

/* ---- users ---- */

struct err *verb_subject_add(struct run *run)
{
    const char *name = args_get(run->args, "subject-name");
    autoval struct val id = val_void(), facts = val_void(), subject = val_void();
    struct val record, params;
    struct err *e = client_ask(run->client, &id, "auth.get_subject_identifier", name, NULL);

    if (!e)
        e = client_ask(run->client, &facts, "auth.get_subject_information_from_identifier",
                       val_text(&id), NULL);
    if (e)
        return e;
    record = val_map(2);
    params = val_set(1);
    val_put_str(&record, "subject_identifier", val_ref(&id));
    val_put_str(&record, "other_config", val_ref(&facts));
    val_push(&params, record);
    e = client_call(run->client, "subject.create", params, &subject);
    return e ? e : result_print_uuid(run, CLASS_SUBJECT, val_text(&subject));
}

struct err *verb_logout_all_subjects(struct run *run)
{
    autoval struct val ids = val_void();
    struct err *e =
        client_ask(run->client, &ids, "session.get_all_subject_identifiers", NULL);

    for (size_t i = 0; !e && ids.kind == VAL_SET && i < val_count(&ids); i++) {
        autoval struct val nothing = val_void();

        e = client_ask(run->client, &nothing, "session.logout_subject_identifier",
                       val_text(val_at(&ids, i)), NULL);
    }
    return e;
}

/* ---- limits ---- */

static struct err *print_usage(struct run *run, const char *label, const char *method,
                               const char *about)
{
    autoval struct val answer = val_void();
    struct err *e = client_ask(run->client, &answer, method, about, NULL);

    if (e)
        return e;
    fprintf(run->out, "%s: ", label);
    return result_print(run, method_by_name(method)->result, &answer);
}

struct err *verb_caller_query_usage(struct run *run)
{
    const char *group = args_get(run->args, "group"), *caller;
    struct err *e;

    if (group) {
        e = print_usage(run, "calls", "Caller.query_group_call_count", group);
        return e ? e : print_usage(run, "tokens", "Caller.query_group_token_usage", group);
    }
    if (!args_get(run->args, "uuid"))
        return fail_usage("Required parameter not found: uuid");
    e = target_argument(run, "uuid", CLASS_CALLER, &caller);
    if (!e)
        e = print_usage(run, "calls", "Caller.query_call_count", caller);
    return e ? e : print_usage(run, "tokens", "Caller.query_token_usage", caller);
}

static struct err *add_callers(struct run *run, const char *limit, const char *uuids)
{
    const struct type *type = method_by_name("Rate_limit.add_caller")->params[1].type;

    while (*uuids) {
        size_t len = strcspn(uuids, ",");
        autoval struct val uuid = val_str_n(uuids, len);
        autoval struct val caller = val_void(), nothing = val_void();
        struct err *e =
            convert_text(run->catalog, type, "caller-uuids", val_text(&uuid), &caller);

        if (!e)
            e = client_ask(run->client, &nothing, "Rate_limit.add_caller", limit,
                           val_text(&caller), NULL);
        if (e)
            return e;
        uuids += len + (uuids[len] == ',');
    }
    return NULL;
}

struct err *verb_rate_limit_create(struct run *run)
{
    static const struct {
        const char *argument, *field;
    } texts[] = {{"name-label", "name_label"}, {"name-description", "name_description"}};
    static const struct {
        const char *argument, *field;
    } numbers[] = {{"burst-size", "burst_size"}, {"fill-rate", "fill_rate"}};
    const char *callers = args_get(run->args, "caller-uuids");
    autoval struct val limit = val_void(), record = val_map(4);
    struct val params;
    struct err *e = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        const char *text = args_get(run->args, texts[i].argument);

        val_put_str(&record, texts[i].field, val_str(text ? text : ""));
    }
    for (size_t i = 0; i < ARRAY_SIZE(numbers) && !e; i++) {
        struct val number;

        e = convert_text(run->catalog, &(const struct type){.kind = TYPE_FLOAT},
                         numbers[i].argument, args_get(run->args, numbers[i].argument),
                         &number);
        if (!e)
            val_put_str(&record, numbers[i].field, number);
    }
    if (e)
        return e;
    params = val_set(1);
    val_push(&params, val_ref(&record));
    e = client_call(run->client, "Rate_limit.create", params, &limit);
    if (!e && callers)
        e = add_callers(run, val_text(&limit), callers);
    return e ? e : result_print_uuid(run, CLASS_RATE_LIMIT, val_text(&limit));
}

/* ---- hosts and networks ---- */

struct err *verb_hostdriver_select(struct run *run)
{
    const char *name = args_get(run->args, "variant-name"), *driver, *found = NULL;
    autoval struct val nothing = val_void();
    ref_list variants = VEC_INIT;
    struct err *e = target_argument(run, "uuid", CLASS_HOST_DRIVER, &driver);

    if (!e)
        e = device_set(run, CLASS_HOST_DRIVER, driver, "variants", CLASS_DRIVER_VARIANT,
                       &variants);
    for (size_t i = 0; i < variants.n && !e && !found; i++)
        if (STREQ(device_text(run, CLASS_DRIVER_VARIANT, variants.at[i], "name"), name))
            found = variants.at[i];
    VEC_FINI(&variants);
    if (!e && !found)
        e = fail("The driver has no variant %s", name);
    return e ? e
             : client_ask(run->client, &nothing, "Host_driver.select", driver, found, NULL);
}

/* The UUID is that of the VLAN, or of the interface it makes. */
struct err *verb_vlan_destroy(struct run *run)
{
    autoval struct val nothing = val_void();
    const char *ref, *pif;
    struct err *e = target_argument(run, "uuid", CLASS_VLAN, &ref), *other;

    if (!e)
        return client_ask(run->client, &nothing, "VLAN.destroy", ref, NULL);
    if (err_code(e) != ERR_UUID_INVALID)
        return e;
    other = target_argument(run, "uuid", CLASS_PIF, &pif);
    if (other) {
        err_ignore(other, "it is no interface either");
        return e;
    }
    err_ignore(e, "it is an interface");
    return client_ask(run->client, &nothing, "PIF.destroy", pif, NULL);
}

/* ---- VMs ---- */

struct err *verb_snapshot_reset_powerstate(struct run *run)
{
    const char *name = args_get(run->args, "snapshot-uuid") ? "snapshot-uuid" : "uuid";
    autoval struct val nothing = val_void();
    const char *uuid, *vm;
    struct err *e = args_require(run->args, name, &uuid);

    if (!e && !args_true(run->args, "force"))
        e = fail_usage("Required parameter not found: force");
    if (!e)
        e = catalog_by_uuid(run->catalog, CLASS_VM, uuid, &vm);
    return e ? e : client_ask(run->client, &nothing, "VM.power_state_reset", vm, NULL);
}

/* To a host of the same pool. */
static struct err *migrate(struct run *run, const char *vm)
{
    static const char *const options[] = {"live", "force", "copy", "compress"};
    const struct method_def *method = method_by_name("VM.pool_migrate");
    const char *name = args_get(run->args, "host-uuid") ? "host-uuid" : "host";
    autoval struct val host = val_void(), nothing = val_void();
    struct val params, map;
    const char *text;
    struct err *e = args_require(run->args, name, &text);

    if (!e)
        e = convert_text(run->catalog, method->params[1].type, name, text, &host);
    if (e)
        return e;
    params = val_set(3);
    map = val_map(ARRAY_SIZE(options));
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (args_get(run->args, options[i]))
            val_put_str(&map, options[i], val_str(args_get(run->args, options[i])));
    val_push(&params, val_str(vm));
    val_push(&params, val_ref(&host));
    val_push(&params, map);
    return client_call(run->client, method->wire_name, params, &nothing);
}

struct err *verb_vm_migrate(struct run *run)
{
    static const char *const elsewhere[] = {"remote-", "vif:", "vdi:", "image-format:"};

    for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
        if (args_has_prefix(run->args, elsewhere[i]))
            return fail("vm-migrate to another pool, or with disks, is not implemented");
    return target_each(run, migrate);
}

static struct err *print_bios(struct run *run, const char *vm)
{
    const struct val *strings;
    const char *vendor;
    struct err *e = catalog_field(run->catalog, CLASS_VM, vm, "bios_strings", &strings);

    if (e)
        return e;
    if (!strings || val_count(strings) == 0) {
        run_print(run, "The VM has no BIOS strings yet.");
        return NULL;
    }
    vendor = val_find_text(strings, "bios-vendor", "");
    run_print(run, STREQ(vendor, "Xen") ? "The VM is BIOS-generic."
                                        : "The VM is BIOS-customized.");
    return NULL;
}

struct err *verb_vm_is_bios_customized(struct run *run)
{
    return target_each(run, print_bios);
}

/* ---- high availability ---- */

/* "vm-uuid=... restart-priority=..." as often as there are VMs. */
struct err *verb_ha_compute_hypothetical(struct run *run)
{
    const char *method = "pool.ha_compute_hypothetical_max_host_failures_to_tolerate";
    autoval struct val plan = val_map(4), answer = val_void();
    const char *vm = NULL;
    struct val params;
    struct err *e = NULL;

    for (size_t i = 0; i < run->args->list.n && !e; i++) {
        const struct arg *arg = &run->args->list.at[i];

        if (strcasecmp(arg->key, "vm-uuid") == 0) {
            e = catalog_by_uuid(run->catalog, CLASS_VM, arg->value, &vm);
        } else if (strcasecmp(arg->key, "restart-priority") == 0) {
            if (!vm)
                e = fail_usage("Syntax error: restart-priority without vm-uuid before it");
            else
                val_put_str(&plan, vm, val_str(arg->value));
            vm = NULL;
        }
    }
    if (e)
        return e;
    params = val_set(1);
    val_push(&params, val_ref(&plan));
    e = client_call(run->client, method, params, &answer);
    return e ? e : result_print(run, method_by_name(method)->result, &answer);
}

/* What would become of the VMs that now run on the hosts. */
struct err *verb_ha_compute_failover_plan(struct run *run)
{
    const struct method_def *method = method_by_name("pool.ha_compute_vm_failover_plan");
    autoval struct val hosts = val_void(), vms = val_set(8), answer = val_void();
    struct val params;
    struct err *e = convert_text(run->catalog, method->params[0].type, "host-uuids",
                                 args_get(run->args, "host-uuids"), &hosts);

    for (size_t i = 0; !e && i < val_count(&hosts); i++) {
        ref_list residents = VEC_INIT;

        e = device_set(run, CLASS_HOST, val_text(val_at(&hosts, i)), "resident_VMs",
                       CLASS_VM, &residents);
        for (size_t v = 0; v < residents.n && !e; v++)
            if (!device_true(run, CLASS_VM, residents.at[v], "is_control_domain"))
                val_push(&vms, val_str(residents.at[v]));
        VEC_FINI(&residents);
    }
    if (e)
        return e;
    params = val_set(2);
    val_push(&params, val_ref(&hosts));
    val_push(&params, val_ref(&vms));
    e = client_call(run->client, method->wire_name, params, &answer);
    return e ? e : result_print(run, method->result, &answer);
}
