// SPDX-License-Identifier: GPL-2.0-or-later
/* vm-install: a template becomes a VM, with the disks it asks for. */
#include "cli/verb_vm.h"

#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/uuid.h"
#include "cli/client.h"
#include "cli/doomed.h"
#include "cli/fail.h"
#include "cli/record.h"
#include "cli/result.h"
#include "cli/select.h"
#include "cli/target.h"
#include "model/model.h"

#define DESCRIPTION "Installed by xe"

/* The template that 'text' names: by UUID, or by a name no other template has. */
static struct err *find_template(struct run *run, const char *text, const char **ret_ref)
{
    const struct xe_object *object = object_by_name("template");
    filter_terms terms = VEC_INIT;
    ref_list refs = VEC_INIT;
    struct err *e;

    if (uuid_is_valid(text))
        return catalog_by_uuid(run->catalog, CLASS_VM, text, ret_ref);
    e = filter_term_add(&terms, object, "name-label", text);
    if (!e)
        e = filter_term_add(&terms, object, "is-a-template", "true");
    if (!e)
        e = select_objects(run->catalog, object, &terms, &refs);
    filter_terms_fini(&terms);
    if (!e && refs.n == 0)
        e = fail("No template is called %s", text);
    if (!e && refs.n > 1)
        e = fail("%zu templates are called %s: give the UUID of one", refs.n, text);
    if (!e)
        *ret_ref = refs.at[0];
    VEC_FINI(&refs);
    return e;
}

static struct err *sr_by_name(struct run *run, const char *name, const char **ret_ref)
{
    autoval struct val refs = val_void();
    struct err *e = client_ask(run->client, &refs, "SR.get_by_name_label", name, NULL);
    const struct val *uuid;

    if (e)
        return e;
    if (val_count(&refs) != 1)
        return fail("%zu storage repositories are called %s", val_count(&refs), name);
    e = catalog_field(run->catalog, CLASS_SR, val_text(val_at(&refs, 0)), "uuid", &uuid);
    return e ? e : catalog_by_uuid(run->catalog, CLASS_SR, val_text(uuid), ret_ref);
}

/* Where the disks go when the command line says; NULL_REF when it does not. */
static struct err *wanted_sr(struct run *run, const char **ret_ref)
{
    const char *name = args_get(run->args, "sr-name-label");

    if (name)
        return sr_by_name(run, name, ret_ref);
    return target_argument(run, "sr-uuid", CLASS_SR, ret_ref);
}

static struct err *template_argument(struct run *run, const char **ret_ref)
{
    static const char *const names[] = {"template", "template-uuid", "template-name",
                                        "template-name-label"};
    const char *text = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(names) && !text; i++)
        text = args_get(run->args, names[i]);
    if (!text)
        return fail_usage("Required parameter not found: template");
    return find_template(run, text, ret_ref);
}

/* A copy on the wanted SR, or a clone where the template's disks are. */
static struct err *make_vm(struct run *run, const char *template, const char *sr,
                           struct val *ret_vm)
{
    const char *name = args_get(run->args, "new-name-label");
    const struct val *is_snapshot;
    struct err *e =
        catalog_field(run->catalog, CLASS_VM, template, "is_a_snapshot", &is_snapshot);

    if (e)
        return e;
    if (STREQ(sr, NULL_REF) || (is_snapshot && is_snapshot->b))
        return client_ask(run->client, ret_vm, "VM.clone", template, name, NULL);
    return client_ask(run->client, ret_vm, "VM.copy", template, name, sr, NULL);
}

/* Writes 'uuid' into every sr="..." of the description of a template's disks. */
static char *with_sr(const char *xml, const char *uuid)
{
    static const char attribute[] = " sr=\"";
    autobuf out = BUF_INIT;
    const char *at;

    while ((at = strstr(xml, attribute))) {
        const char *value = at + strlen(attribute);
        const char *end = strchr(value, '"');

        if (!end)
            break;
        buf_add(&out, xml, (size_t)(value - xml));
        buf_add_str(&out, uuid);
        xml = end;
    }
    buf_add_str(&out, xml);
    return buf_take(&out);
}

/* Tells provisioning where the disks go. */
static struct err *place_disks(struct run *run, const char *vm, const char *sr)
{
    const struct val *config, *uuid;
    autoval struct val nothing = val_void();
    autofree char *disks = NULL;
    struct err *e = catalog_field(run->catalog, CLASS_VM, vm, "other_config", &config);

    if (e)
        return e;
    if (!config || !val_find(config, "disks"))
        return NULL;
    if (STREQ(sr, NULL_REF))
        e = target_default_sr(run, &sr);
    if (!e)
        e = catalog_field(run->catalog, CLASS_SR, sr, "uuid", &uuid);
    if (!e && !uuid)
        e = fail("The pool's default SR is gone");
    if (e)
        return e;
    disks = with_sr(val_find_text(config, "disks", ""), val_text(uuid));
    e = client_ask(run->client, &nothing, "VM.remove_from_other_config", vm, "disks", NULL);
    if (e)
        return e;
    return client_ask(run->client, &nothing, "VM.add_to_other_config", vm, "disks", disks,
                      NULL);
}

static struct err *call_with_bool(struct run *run, const char *method, const char *ref,
                                  bool value)
{
    autoval struct val nothing = val_void();
    struct val params = val_set(2);

    val_push(&params, val_str(ref));
    val_push(&params, val_bool(value));
    return client_call(run->client, method, params, &nothing);
}

/* Windows templates recommend a device that brings drivers; the pool may forbid it. */
static struct err *set_vendor_device(struct run *run, const char *vm)
{
    const struct val *text, *forbidden;
    const char *at, *pool;
    struct err *e = catalog_field(run->catalog, CLASS_VM, vm, "recommendations", &text);

    if (e)
        return e;
    at = text && text->kind == VAL_STR ? strstr(val_text(text), "\"has-vendor-device\"")
                                       : NULL;
    if (!at || !str_has_prefix(at + strlen("\"has-vendor-device\""), " value=\"true\""))
        return NULL;
    e = target_pool(run, &pool);
    if (!e)
        e = catalog_field(run->catalog, CLASS_POOL, pool, "policy_no_vendor_device",
                          &forbidden);
    if (e || (forbidden && forbidden->b))
        return e;
    return call_with_bool(run, "VM.set_has_vendor_device", vm, true);
}

/* ---- what the guest's cloud-init is told ---- */

#define MAX_FILE (1u << 20) /* the server has limits of its own, by key */

static const struct {
    const char *argument, *key;
    bool may_be_file;
} guest_settings[] = {
    {"hostname", "cloud-init-hostname", false},
    {"ssh-key", "cloud-init-ssh-keys", true},
    {"user-data", "cloud-init-user-data", true},
    {"network-config", "cloud-init-network-config", true},
};

/* The text itself, or "@file". */
static struct err *text_or_file(const char *text, bool may_be_file, struct buf *ret_text)
{
    int r;

    if (!may_be_file || *text != '@') {
        buf_add_str(ret_text, text);
        return NULL;
    }
    r = fd_read_file(AT_FDCWD, text + 1, MAX_FILE, ret_text);
    if (r < 0)
        return fail("reading %s: %s", text + 1, strerrordesc_np(-r));
    if (memchr(buf_str(ret_text), '\0', ret_text->size))
        return fail("%s is not a text", text + 1);
    return NULL;
}

/* Read before anything is made. */
static struct err *read_settings(struct run *run, struct val *ret_settings)
{
    *ret_settings = val_map(ARRAY_SIZE(guest_settings));
    for (size_t i = 0; i < ARRAY_SIZE(guest_settings); i++) {
        const char *given = args_get(run->args, guest_settings[i].argument);
        autobuf text = BUF_INIT;
        struct err *e;

        if (!given)
            continue;
        e = text_or_file(given, guest_settings[i].may_be_file, &text);
        if (e)
            return e;
        val_put_str(ret_settings, guest_settings[i].key, val_str(buf_str(&text)));
    }
    return NULL;
}

static struct err *write_settings(struct run *run, const char *vm,
                                  const struct val *settings)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(settings); i++) {
        const char *key = val_text(val_key_at(settings, i));
        autoval struct val nothing = val_void(), nothing_again = val_void();

        /* What the template says of it is replaced. */
        e = client_ask(run->client, &nothing, "VM.remove_from_other_config", vm, key, NULL);
        if (!e)
            e = client_ask(run->client, &nothing_again, "VM.add_to_other_config", vm, key,
                           val_text(val_value_at(settings, i)), NULL);
    }
    return e;
}

/* ---- the whole ---- */

static struct err *finish(struct run *run, const char *vm, const char *sr)
{
    autoval struct val nothing = val_void();
    const char *host;
    struct err *e =
        client_ask(run->client, &nothing, "VM.set_name_description", vm, DESCRIPTION, NULL);

    if (!e && !STREQ(sr, NULL_REF))
        e = client_ask(run->client, &nothing, "VM.set_suspend_SR", vm, sr, NULL);
    if (!e)
        e = place_disks(run, vm, sr);
    if (!e)
        e = set_vendor_device(run, vm);
    if (!e)
        e = target_argument(run, "copy-bios-strings-from", CLASS_HOST, &host);
    if (!e && !STREQ(host, NULL_REF))
        e = client_ask(run->client, &nothing, "VM.copy_bios_strings", vm, host, NULL);
    if (!e)
        e = client_ask(run->client, &nothing, "VM.provision", vm, NULL);
    return e;
}

struct err *verb_vm_install(struct run *run)
{
    autoval struct val vm = val_void(), settings = val_void();
    const char *template, *sr;
    struct err *e = template_argument(run, &template);

    if (!e)
        e = wanted_sr(run, &sr);
    if (!e)
        e = read_settings(run, &settings);
    if (!e)
        e = make_vm(run, template, sr, &vm);
    if (e)
        return e;
    e = write_settings(run, val_text(&vm), &settings);
    if (!e)
        e = finish(run, val_text(&vm), sr);
    if (e) {
        err_ignore(doomed_undo(run, val_text(&vm)), "what went wrong before is reported");
        return e;
    }
    return result_print_uuid(run, CLASS_VM, val_text(&vm));
}
