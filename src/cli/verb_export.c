// SPDX-License-Identifier: GPL-2.0-or-later
/* VMs and disks as files: vm-export, template-export, snapshot-export-to-template,
 * vm-import, vdi-export, vdi-import. */
#include <string.h>

#include "base/str.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/result.h"
#include "cli/target.h"
#include "cli/transfer.h"
#include "cli/verb_transfer.h"
#include "model/model.h"

/* An argument into the query under another name, when it is there. */
static void add_given(struct run *run, struct transfer *transfer, const char *argument,
                      const char *name)
{
    const char *value = args_get(run->args, argument);

    if (value)
        transfer_add(transfer, name, value);
}

/* What is true on the command line is "true" on the wire, whatever word said so. */
static void add_flag(struct run *run, struct transfer *transfer, const char *argument,
                     const char *name)
{
    transfer_add(transfer, name, args_true(run->args, argument) ? "true" : "false");
}

/* ---- disks ---- */

static struct err *move_vdi(struct run *run, struct transfer *transfer)
{
    autobuf result = BUF_INIT;
    const char *vdi;
    struct err *e = target_argument(run, "uuid", CLASS_VDI, &vdi);

    if (!e) {
        transfer->label = run->command->name;
        transfer->file = args_get(run->args, "filename");
        transfer_add(transfer, "vdi", vdi);
        add_given(run, transfer, "format", "format");
        e = transfer_run(run, transfer, &result);
    }
    transfer_fini(transfer);
    return e;
}

struct err *verb_vdi_export(struct run *run)
{
    struct transfer transfer = {.path = "/export_raw_vdi"};
    const char *base;
    struct err *e = target_argument(run, "base", CLASS_VDI, &base);

    if (e)
        return e;
    if (!STREQ(base, NULL_REF))
        transfer_add(&transfer, "base", base);
    e = move_vdi(run, &transfer);
    if (!e && *args_get(run->args, "filename"))
        run_say(run, "VDI export succeeded");
    return e;
}

struct err *verb_vdi_import(struct run *run)
{
    struct transfer transfer = {.path = "/import_raw_vdi", .is_upload = true};

    return move_vdi(run, &transfer);
}

/* ---- VMs to files ---- */

/* "true" is gzip. */
static const char *compression(struct run *run)
{
    const char *text = args_get(run->args, "compress");
    bool on;

    if (!text)
        return "false";
    return args_parse_bool(text, &on) == 0 ? (on ? "true" : "false") : text;
}

static struct err *export_vm(struct run *run, const char *vm)
{
    struct transfer transfer = {.label = run->command->name,
                                .file = args_get(run->args, "filename")};
    autobuf result = BUF_INIT;
    struct err *e;

    transfer.path = args_true(run->args, "metadata") ? "/export_metadata" : "/export";
    transfer_add(&transfer, "ref", vm);
    transfer_add(&transfer, "use_compression", compression(run));
    add_flag(run, &transfer, "preserve-power-state", "preserve_power_state");
    add_given(run, &transfer, "include-snapshots", "export_snapshots");
    add_given(run, &transfer, "excluded-device-types", "excluded_device_types");
    e = transfer_run(run, &transfer, &result);
    if (!e && *transfer.file)
        run_say(run, "Export succeeded");
    transfer_fini(&transfer);
    return e;
}

struct err *verb_vm_export(struct run *run)
{
    return target_each(run, export_vm);
}

static struct err *export_one(struct run *run, const char *argument)
{
    const char *vm;
    struct err *e = target_argument(run, argument, CLASS_VM, &vm);

    return e ? e : export_vm(run, vm);
}

struct err *verb_template_export(struct run *run)
{
    return export_one(run, "template-uuid");
}

struct err *verb_snapshot_export(struct run *run)
{
    return export_one(run, "snapshot-uuid");
}

/* ---- files to VMs ---- */

/* Prints the UUIDs of all references in the result, whatever is written around them. */
static struct err *print_vms(struct run *run, const char *result)
{
    static const char prefix[] = "OpaqueRef:";
    autobuf line = BUF_INIT;

    while ((result = strstr(result, prefix))) {
        size_t len = strlen(prefix) + strspn(result + strlen(prefix), "0123456789abcdef-");
        autoval struct val ref = val_str_n(result, len);
        const struct val *uuid;
        struct err *e =
            catalog_field(run->catalog, CLASS_VM, val_text(&ref), "uuid", &uuid);

        if (e)
            return e;
        if (uuid)
            buf_addf(&line, "%s%s", line.size ? "," : "", val_text(uuid));
        result += len;
    }
    run_print(run, buf_str(&line));
    return NULL;
}

/* vdi:<its UUID in the file>=<the disk to take for it> */
static void add_disks(struct run *run, struct transfer *transfer)
{
    for (size_t i = 0; i < run->args->list.n; i++) {
        const struct arg *arg = &run->args->list.at[i];

        if (str_has_prefix(arg->key, "vdi:"))
            transfer_add(transfer, arg->key, arg->value);
    }
}

static struct err *import_url(struct run *run, const char *url, const char *sr)
{
    const struct method_def *method = method_by_name("VM.import");
    autoval struct val vms = val_void();
    struct val params = val_set(4);
    struct err *e;

    val_push(&params, val_str(url));
    val_push(&params, val_str(sr));
    val_push(&params, val_bool(args_true(run->args, "preserve")));
    val_push(&params, val_bool(args_true(run->args, "force")));
    e = client_call(run->client, method->wire_name, params, &vms);
    return e ? e : result_print(run, method->result, &vms);
}

static struct err *import_file(struct run *run, const char *file, const char *sr)
{
    bool metadata = args_true(run->args, "metadata");
    struct transfer transfer = {.label = run->command->name,
                                .path = metadata ? "/import_metadata" : "/import",
                                .file = file,
                                .is_upload = true};
    autobuf result = BUF_INIT;
    struct err *e;

    transfer_add(&transfer, "sr_id", sr);
    add_flag(run, &transfer, "preserve", "restore");
    add_flag(run, &transfer, "force", "force");
    add_flag(run, &transfer, "dry-run", "dry_run");
    add_disks(run, &transfer);
    e = transfer_run(run, &transfer, &result);
    transfer_fini(&transfer);
    return e ? e : print_vms(run, buf_str(&result));
}

struct err *verb_vm_import(struct run *run)
{
    const char *file = args_get(run->args, "filename"), *url = args_get(run->args, "url");
    const char *sr;
    struct err *e;

    if (args_get(run->args, "type"))
        return fail("VMs of other systems are not imported: type=%s",
                    args_get(run->args, "type"));
    if (!file && !url)
        return fail_usage("Required parameter not found: filename");
    e = target_sr(run, &sr);
    if (e)
        return e;
    return file ? import_file(run, file, sr) : import_url(run, url, sr);
}
