// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/doomed.h"

#include <string.h>

#include "cli/client.h"
#include "cli/confirm.h"
#include "cli/fail.h"
#include "model/model.h"

void doomed_fini(struct doomed *doomed)
{
    VEC_FINI(&doomed->vms);
    VEC_FINI(&doomed->vdis);
}

static void add_once(ref_list *list, const char *ref)
{
    for (size_t i = 0; i < list->n; i++)
        if (STREQ(list->at[i], ref))
            return;
    *VEC_PUSH(list) = ref;
}

/* Reads the objects that the set 'field' of an object names; '*ret_set' is borrowed. */
static struct err *read_set(struct run *run, int cls, const char *ref, const char *field,
                            int of, const struct val **ret_set)
{
    ref_list refs = VEC_INIT;
    struct err *e = catalog_field(run->catalog, cls, ref, field, ret_set);

    if (!e && !*ret_set)
        e = fail("The VM is gone");
    for (size_t i = 0; !e && i < val_count(*ret_set); i++)
        *VEC_PUSH(&refs) = val_text(val_at(*ret_set, i));
    if (!e && refs.n > 0)
        e = catalog_want(run->catalog, of, &refs);
    VEC_FINI(&refs);
    return e;
}

static void add_owned_disk(struct run *run, const char *vbd, struct doomed *doomed)
{
    const struct val *record = catalog_record(run->catalog, CLASS_VBD, vbd);
    const struct val *config = record ? val_find(record, "other_config") : NULL;
    const struct val *vdi = record ? val_find(record, "VDI") : NULL;

    if (config && val_find(config, "owner") && vdi && !STREQ(val_text(vdi), NULL_REF))
        add_once(&doomed->vdis, val_text(vdi));
}

static struct err *add_one(struct run *run, const char *vm, struct doomed *doomed)
{
    const struct val *vbds, *suspended;
    struct err *e = read_set(run, CLASS_VM, vm, "VBDs", CLASS_VBD, &vbds);

    for (size_t i = 0; !e && i < val_count(vbds); i++)
        add_owned_disk(run, val_text(val_at(vbds, i)), doomed);
    if (!e)
        e = catalog_field(run->catalog, CLASS_VM, vm, "suspend_VDI", &suspended);
    if (!e && suspended && !STREQ(val_text(suspended), NULL_REF))
        add_once(&doomed->vdis, val_text(suspended));
    if (!e)
        add_once(&doomed->vms, vm);
    return e;
}

struct err *doomed_add(struct run *run, const char *vm, struct doomed *doomed)
{
    const struct val *snapshots;
    struct err *e = read_set(run, CLASS_VM, vm, "snapshots", CLASS_VM, &snapshots);

    for (size_t i = 0; !e && i < val_count(snapshots); i++)
        e = add_one(run, val_text(val_at(snapshots, i)), doomed);
    if (!e)
        e = add_one(run, vm, doomed);
    if (!e && doomed->vdis.n > 0)
        e = catalog_want(run->catalog, CLASS_VDI, &doomed->vdis);
    return e;
}

static void say_name(struct run *run, const char *kind, int cls, const char *ref)
{
    const struct val *record = catalog_record(run->catalog, cls, ref);

    if (record)
        run_say(run, "%-3s: %s (%s)", kind, val_find_text(record, "uuid", ""),
                val_find_text(record, "name_label", ""));
}

struct err *doomed_confirm(struct run *run, const struct doomed *doomed)
{
    if (args_true(run->args, "force"))
        return NULL;
    run_say(run, "The following items are about to be destroyed");
    for (size_t i = 0; i < doomed->vms.n; i++)
        say_name(run, "VM", CLASS_VM, doomed->vms.at[i]);
    for (size_t i = 0; i < doomed->vdis.n; i++)
        say_name(run, "VDI", CLASS_VDI, doomed->vdis.at[i]);
    return confirm(run);
}

static struct err *destroy_vm(struct run *run, const char *vm)
{
    autoval struct val nothing = val_void();
    const struct val *state;
    struct err *e = catalog_field(run->catalog, CLASS_VM, vm, "power_state", &state);

    if (e)
        return e;
    if (state && !STREQ(val_text(state), "Halted"))
        e = client_ask(run->client, &nothing, "VM.hard_shutdown", vm, NULL);
    if (!e)
        e = client_ask(run->client, &nothing, "VM.destroy", vm, NULL);
    return e;
}

static struct err *destroy_vdi(struct run *run, const char *vdi)
{
    autoval struct val nothing = val_void();
    struct err *e;

    if (!catalog_record(run->catalog, CLASS_VDI, vdi))
        return NULL;
    e = client_ask(run->client, &nothing, "VDI.destroy", vdi, NULL);
    /* A suspend image goes with its VM's shutdown. */
    if (e && err_code(e) == ERR_HANDLE_INVALID) {
        err_ignore(e, "the disk is gone already");
        e = NULL;
    }
    return e;
}

static void keep_first(struct err **first, struct err *e)
{
    if (!*first)
        *first = e;
    else
        err_ignore(e, "an earlier failure is reported");
}

struct err *doomed_destroy(struct run *run, const struct doomed *doomed)
{
    struct err *first = NULL;

    for (size_t i = 0; i < doomed->vms.n; i++)
        keep_first(&first, destroy_vm(run, doomed->vms.at[i]));
    /* A VM that stays keeps its disks. */
    for (size_t i = 0; !first && i < doomed->vdis.n; i++)
        keep_first(&first, destroy_vdi(run, doomed->vdis.at[i]));
    return first;
}

struct err *doomed_undo(struct run *run, const char *vm)
{
    struct doomed doomed = {0};
    struct err *e;

    catalog_forget(run->catalog, CLASS_VM, vm);
    e = doomed_add(run, vm, &doomed);
    if (!e)
        e = doomed_destroy(run, &doomed);
    doomed_fini(&doomed);
    return e;
}
