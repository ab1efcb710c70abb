// SPDX-License-Identifier: GPL-2.0-or-later
/* vm-uninstall, template-uninstall, snapshot-uninstall. */
#include "cli/verb_vm.h"

#include "cli/doomed.h"
#include "cli/fail.h"
#include "cli/target.h"
#include "model/model.h"

/* Asks once for all, then goes through with it. */
static struct err *uninstall(struct run *run, const ref_list *vms)
{
    struct doomed doomed = {0};
    struct err *e = NULL;

    for (size_t i = 0; i < vms->n && !e; i++)
        e = doomed_add(run, vms->at[i], &doomed);
    if (!e)
        e = doomed_confirm(run, &doomed);
    if (!e)
        e = doomed_destroy(run, &doomed);
    if (!e)
        run_say(run, "All objects destroyed");
    doomed_fini(&doomed);
    return e;
}

struct err *verb_vm_uninstall(struct run *run)
{
    ref_list vms = VEC_INIT;
    struct err *e = target_select(run, &vms);

    if (!e)
        e = uninstall(run, &vms);
    VEC_FINI(&vms);
    return e;
}

/* The VM that one of the arguments gives by UUID. */
static struct err *uninstall_one(struct run *run, const char *argument, const char *other)
{
    const char *name = args_get(run->args, argument) ? argument : other;
    ref_list vms = VEC_INIT;
    const char *uuid, *ref;
    struct err *e = args_require(run->args, name, &uuid);

    if (!e)
        e = catalog_by_uuid(run->catalog, CLASS_VM, uuid, &ref);
    if (!e) {
        *VEC_PUSH(&vms) = ref;
        e = uninstall(run, &vms);
    }
    VEC_FINI(&vms);
    return e;
}

struct err *verb_template_uninstall(struct run *run)
{
    return uninstall_one(run, "template-uuid", "uuid");
}

struct err *verb_snapshot_uninstall(struct run *run)
{
    return uninstall_one(run, "snapshot-uuid", "uuid");
}
