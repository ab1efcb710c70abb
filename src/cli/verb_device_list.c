// SPDX-License-Identifier: GPL-2.0-or-later
/* vm-disk-list, vm-cd-list, snapshot-disk-list, vm-vif-list, vm-crashdump-list, cd-list. */
#include "cli/verb_device.h"

#include "cli/device.h"
#include "cli/fail.h"
#include "cli/objects.h"
#include "cli/record.h"
#include "cli/target.h"
#include "model/model.h"

#define VBD_PARAMS "uuid,vm-name-label,userdevice"
#define VDI_PARAMS "uuid,name-label,sr-name-label,virtual-size"
#define CD_PARAMS  "uuid,name-label"

/* One object in the layout of lists, under the title "Disk 0 VBD:". */
static struct err *print_part(struct run *run, const char *kind, size_t i, const char *what,
                              const char *object, const char *ref, const char *params)
{
    ref_list one = VEC_INIT;
    struct err *e;

    run_say(run, "%s %zu %s:", kind, i, what);
    *VEC_PUSH(&one) = ref;
    e = objects_print(run, object_by_name(object), &one, params);
    VEC_FINI(&one);
    return e;
}

static struct err *print_devices(struct run *run, const char *vm, const char *type)
{
    const char *vbd_params = args_get(run->args, "vbd-params"),
               *vdi_params = args_get(run->args, "vdi-params");
    ref_list vbds = VEC_INIT;
    struct err *e = device_vbds(run, vm, type, &vbds);

    for (size_t i = 0; i < vbds.n && !e; i++) {
        const char *vbd = vbds.at[i];

        e = print_part(run, type, i, "VBD", "vbd", vbd,
                       vbd_params ? vbd_params : VBD_PARAMS);
        if (!e && !device_true(run, CLASS_VBD, vbd, "empty"))
            e = print_part(run, type, i, "VDI", "vdi",
                           device_text(run, CLASS_VBD, vbd, "VDI"),
                           vdi_params ? vdi_params : VDI_PARAMS);
    }
    VEC_FINI(&vbds);
    return e;
}

static struct err *print_disks(struct run *run, const char *vm)
{
    return print_devices(run, vm, "Disk");
}

static struct err *print_cds(struct run *run, const char *vm)
{
    return print_devices(run, vm, "CD");
}

struct err *verb_vm_disk_list(struct run *run)
{
    return target_each(run, print_disks);
}

struct err *verb_vm_cd_list(struct run *run)
{
    return target_each(run, print_cds);
}

struct err *verb_snapshot_disk_list(struct run *run)
{
    const char *name = args_get(run->args, "snapshot-uuid") ? "snapshot-uuid" : "uuid";
    const char *uuid, *ref;
    struct err *e = args_require(run->args, name, &uuid);

    if (!e)
        e = catalog_by_uuid(run->catalog, CLASS_VM, uuid, &ref);
    return e ? e : print_disks(run, ref);
}

static struct err *print_set(struct run *run, int cls, const char *ref, const char *field,
                             const char *object, const char *params)
{
    const struct xe_object *kind = object_by_name(object);
    ref_list refs = VEC_INIT;
    struct err *e = device_set(run, cls, ref, field, kind->cls, &refs);

    if (!e)
        e = objects_print(run, kind, &refs, params);
    VEC_FINI(&refs);
    return e;
}

static struct err *print_vifs(struct run *run, const char *vm)
{
    return print_set(run, CLASS_VM, vm, "VIFs", "vif", args_get(run->args, "params"));
}

struct err *verb_vm_vif_list(struct run *run)
{
    return target_each(run, print_vifs);
}

static struct err *print_crashdumps(struct run *run, const char *vm)
{
    return print_set(run, CLASS_VM, vm, "crash_dumps", "crashdump", NULL);
}

struct err *verb_vm_crashdump_list(struct run *run)
{
    return target_each(run, print_crashdumps);
}

struct err *verb_cd_list(struct run *run)
{
    const char *params = args_get(run->args, "params");
    ref_list srs = VEC_INIT, cds = VEC_INIT;
    struct err *e =
        catalog_query(run->catalog, CLASS_SR, "field \"content_type\" = \"iso\"", &srs);

    for (size_t i = 0; i < srs.n && !e; i++)
        e = device_set(run, CLASS_SR, srs.at[i], "VDIs", CLASS_VDI, &cds);
    if (!e)
        e = objects_print(run, object_by_name("vdi"), &cds, params ? params : CD_PARAMS);
    VEC_FINI(&srs);
    VEC_FINI(&cds);
    return e;
}
