// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_device.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "cli/client.h"
#include "cli/convert.h"
#include "cli/device.h"
#include "cli/fail.h"
#include "cli/result.h"
#include "cli/target.h"
#include "cli/word.h"
#include "model/model.h"

#define RETRY_MS 1000

/* ---- making a device ---- */

struct new_vbd {
    const char *vm, *vdi;
    bool is_cd, is_owned;
};

/* A VBD at the place that argument 'device' names. */
static struct err *create_vbd(struct run *run, const struct new_vbd *wanted,
                              struct val *ret_vbd)
{
    struct val record = val_map(16), config = val_map(1), params = val_set(1);

    if (wanted->is_owned)
        val_put_str(&config, "owner", val_str(""));
    val_put_str(&record, "VM", val_str(wanted->vm));
    val_put_str(&record, "VDI", val_str(wanted->vdi));
    val_put_str(&record, "userdevice", val_str(args_get(run->args, "device")));
    val_put_str(&record, "type", val_str(wanted->is_cd ? "CD" : "Disk"));
    val_put_str(&record, "mode", val_str(wanted->is_cd ? "RO" : "RW"));
    val_put_str(&record, "bootable", val_bool(false));
    val_put_str(&record, "empty", val_bool(false));
    val_put_str(&record, "unpluggable", val_bool(true));
    val_put_str(&record, "other_config", config);
    word_add_required(&classes[CLASS_VBD], &record);
    val_push(&params, record);
    return client_call(run->client, "VBD.create", params, ret_vbd);
}

static void destroy(struct run *run, const char *method, const char *ref)
{
    autoval struct val nothing = val_void();

    err_ignore(client_ask(run->client, &nothing, method, ref, NULL),
               "what went wrong before is reported");
}

/* A running VM gets the device at once; where it does not, there is none. */
static struct err *plug_if_running(struct run *run, const char *vm, const char *vbd)
{
    autoval struct val nothing = val_void();
    const struct val *state;
    struct err *e = catalog_field(run->catalog, CLASS_VM, vm, "power_state", &state);

    if (e || !state || !STREQ(val_text(state), "Running"))
        return e;
    e = client_ask(run->client, &nothing, "VBD.plug", vbd, NULL);
    if (e)
        destroy(run, "VBD.destroy", vbd);
    return e;
}

/* ---- CDs ---- */

static struct err *add_cd(struct run *run, const char *vm)
{
    struct new_vbd wanted = {.vm = vm, .is_cd = true};
    autoval struct val vbd = val_void();
    struct err *e = device_cd_image(run, args_get(run->args, "cd-name"), &wanted.vdi);

    if (!e)
        e = create_vbd(run, &wanted, &vbd);
    return e ? e : plug_if_running(run, vm, val_text(&vbd));
}

struct err *verb_vm_cd_add(struct run *run)
{
    return target_each(run, add_cd);
}

static struct err *insert_cd(struct run *run, const char *vm)
{
    autoval struct val nothing = val_void();
    const char *vdi, *vbd;
    struct err *e = device_cd_image(run, args_get(run->args, "cd-name"), &vdi);

    if (!e)
        e = device_cd(run, vm, true, &vbd);
    if (!e)
        e = client_ask(run->client, &nothing, "VBD.insert", vbd, vdi, NULL);
    return e;
}

struct err *verb_vm_cd_insert(struct run *run)
{
    return target_each(run, insert_cd);
}

static struct err *eject_cd(struct run *run, const char *vm)
{
    autoval struct val nothing = val_void();
    const char *vbd;
    struct err *e = device_cd(run, vm, false, &vbd);

    if (!e)
        e = client_ask(run->client, &nothing, "VBD.eject", vbd, NULL);
    return e;
}

struct err *verb_vm_cd_eject(struct run *run)
{
    return target_each(run, eject_cd);
}

/* The drive goes in which the CD of that name lies. */
static struct err *remove_cd(struct run *run, const char *vm)
{
    autoval struct val nothing = val_void();
    const char *name = args_get(run->args, "cd-name"), *found = NULL;
    ref_list drives = VEC_INIT, vdis = VEC_INIT;
    struct err *e = device_vbds(run, vm, "CD", &drives);

    for (size_t i = 0; i < drives.n && !e; i++)
        *VEC_PUSH(&vdis) = device_text(run, CLASS_VBD, drives.at[i], "VDI");
    if (!e && vdis.n > 0)
        e = catalog_want(run->catalog, CLASS_VDI, &vdis);
    for (size_t i = 0; i < drives.n && !e && !found; i++)
        if (STREQ(device_text(run, CLASS_VDI, vdis.at[i], "name_label"), name))
            found = drives.at[i];
    if (!e && !found)
        e = fail("No CD drive of the VM holds %s", name);
    if (!e)
        e = client_ask(run->client, &nothing, "VBD.destroy", found, NULL);
    VEC_FINI(&drives);
    VEC_FINI(&vdis);
    return e;
}

struct err *verb_vm_cd_remove(struct run *run)
{
    return target_each(run, remove_cd);
}

/* ---- disks ---- */

static struct err *create_vdi(struct run *run, const char *sr, struct val *ret_vdi)
{
    const struct type *type = field_by_name(&classes[CLASS_VDI], "virtual_size")->type;
    struct val record = val_map(16), params, size;
    struct err *e = convert_text(run->catalog, type, "disk-size",
                                 args_get(run->args, "disk-size"), &size);

    if (e) {
        val_unref(&record);
        return e;
    }
    params = val_set(1);
    val_put_str(&record, "name_label", val_str("Created by xe"));
    val_put_str(&record, "SR", val_str(sr));
    val_put_str(&record, "virtual_size", size);
    val_put_str(&record, "type", val_str("user"));
    word_add_required(&classes[CLASS_VDI], &record);
    val_push(&params, record);
    return client_call(run->client, "VDI.create", params, ret_vdi);
}

static struct err *add_disk(struct run *run, const char *vm)
{
    autoval struct val vdi = val_void(), vbd = val_void();
    struct new_vbd wanted = {.vm = vm, .is_owned = true};
    const char *sr;
    struct err *e = target_sr(run, &sr);

    if (!e)
        e = create_vdi(run, sr, &vdi);
    if (e)
        return e;
    wanted.vdi = val_text(&vdi);
    e = create_vbd(run, &wanted, &vbd);
    if (!e)
        e = plug_if_running(run, vm, val_text(&vbd));
    if (e)
        destroy(run, "VDI.destroy", wanted.vdi);
    return e;
}

struct err *verb_vm_disk_add(struct run *run)
{
    return target_each(run, add_disk);
}

static struct err *remove_disk(struct run *run, const char *vm)
{
    const char *device = args_get(run->args, "device"), *found = NULL;
    autoval struct val nothing = val_void();
    autoval struct val vdi = val_void();
    ref_list disks = VEC_INIT;
    struct err *e = device_vbds(run, vm, "Disk", &disks);

    for (size_t i = 0; i < disks.n && !e && !found; i++)
        if (STREQ(device_text(run, CLASS_VBD, disks.at[i], "userdevice"), device))
            found = disks.at[i];
    VEC_FINI(&disks);
    if (!e && !found)
        e = fail("The VM has no disk at device %s", device);
    if (e)
        return e;
    vdi = val_str(device_text(run, CLASS_VBD, found, "VDI"));
    e = client_ask(run->client, &nothing, "VBD.destroy", found, NULL);
    return e ? e : client_ask(run->client, &nothing, "VDI.destroy", val_text(&vdi), NULL);
}

struct err *verb_vm_disk_remove(struct run *run)
{
    return target_each(run, remove_disk);
}

/* ---- one device ---- */

/* A guest may need a while before it lets go of a disk. */
struct err *verb_vbd_unplug(struct run *run)
{
    const char *method = args_true(run->args, "force") ? "VBD.unplug_force" : "VBD.unplug";
    const char *timeout = args_get(run->args, "timeout");
    struct val seconds = val_float(0);
    uint64_t deadline;
    const char *vbd;
    struct err *e = target_argument(run, "uuid", CLASS_VBD, &vbd);

    if (!e && timeout)
        e = convert_text(run->catalog, &(const struct type){.kind = TYPE_FLOAT}, "timeout",
                         timeout, &seconds);
    deadline = clock_monotonic_ms() + (uint64_t)(seconds.d > 0 ? seconds.d * 1000 : 0);
    while (!e) {
        autoval struct val nothing = val_void();

        e = client_ask(run->client, &nothing, method, vbd, NULL);
        if (!e || err_code(e) != ERR_DEVICE_DETACH_REJECTED ||
            clock_monotonic_ms() >= deadline)
            return e;
        err_free(e);
        e = NULL;
        poll(NULL, 0, RETRY_MS);
    }
    return e;
}

/* The interface takes its MTU from its network. */
struct err *verb_vif_create(struct run *run)
{
    const char *mac = args_get(run->args, "mac"); /* "random" is the server's choice too */
    autoval struct val vif = val_void();
    const struct val *mtu;
    const char *vm, *network;
    struct val record, params;
    struct err *e = target_argument(run, "network-uuid", CLASS_NETWORK, &network);

    if (!e)
        e = target_argument(run, "vm-uuid", CLASS_VM, &vm);
    if (!e)
        e = catalog_field(run->catalog, CLASS_NETWORK, network, "MTU", &mtu);
    if (e)
        return e;
    record = val_map(16);
    params = val_set(1);
    val_put_str(&record, "device", val_str(args_get(run->args, "device")));
    val_put_str(&record, "network", val_str(network));
    val_put_str(&record, "VM", val_str(vm));
    val_put_str(&record, "MAC", val_str(mac && !STREQ(mac, "random") ? mac : ""));
    if (mtu)
        val_put_str(&record, "MTU", val_ref(mtu));
    word_add_required(&classes[CLASS_VIF], &record);
    val_push(&params, record);
    e = client_call(run->client, "VIF.create", params, &vif);
    return e ? e : result_print_uuid(run, CLASS_VIF, val_text(&vif));
}
