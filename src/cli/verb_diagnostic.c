// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_diagnostic.h"

#include <string.h>

#include "cli/client.h"
#include "cli/device.h"
#include "cli/fail.h"
#include "cli/objects.h"
#include "cli/record.h"
#include "cli/target.h"
#include "model/model.h"

static struct err *print_one(struct run *run, const char *object, const char *ref,
                             const char *params)
{
    ref_list one = VEC_INIT;
    struct err *e;

    *VEC_PUSH(&one) = ref;
    e = objects_print(run, object_by_name(object), &one, params);
    VEC_FINI(&one);
    return e;
}

static struct err *print_all(struct run *run, int cls, const char *ref, const char *field,
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

/* What a check of the server says: "OK", or the error's code and parameters on a line. */
static void print_verdict(struct run *run, const char *what, struct err *e)
{
    fprintf(run->out, "%s: %s", what, e ? err_code_text(e) : "OK");
    for (size_t i = 0; e && i < err_n_params(e); i++)
        fprintf(run->out, " %s", err_param_at(e, i));
    fputc('\n', run->out);
    err_ignore(e, "it is the verdict");
}

struct err *verb_diagnostic_vm_status(struct run *run)
{
    ref_list hosts = VEC_INIT;
    const char *vm;
    struct err *e = target_argument(run, "uuid", CLASS_VM, &vm);

    if (!e)
        e = print_one(run, "vm", vm, "uuid,name-label,power-state,resident-on");
    if (!e)
        e = print_all(run, CLASS_VM, vm, "VBDs", "vbd",
                      "uuid,vdi-uuid,vdi-name-label,device,empty,currently-attached");
    if (!e)
        e = catalog_query(run->catalog, CLASS_HOST, NULL, &hosts);
    if (!e) {
        autoval struct val nothing = val_void();

        print_verdict(run, "can move freely",
                      client_ask(run->client, &nothing, "VM.assert_agile", vm, NULL));
    }
    for (size_t i = 0; i < hosts.n && !e; i++) {
        autoval struct val nothing = val_void();

        print_verdict(run, device_text(run, CLASS_HOST, hosts.at[i], "name_label"),
                      client_ask(run->client, &nothing, "VM.assert_can_boot_here", vm,
                                 hosts.at[i], NULL));
    }
    VEC_FINI(&hosts);
    return e;
}

struct err *verb_diagnostic_vdi_status(struct run *run)
{
    const char *vdi;
    struct err *e = target_argument(run, "uuid", CLASS_VDI, &vdi);

    if (!e)
        e = print_one(run, "vdi", vdi,
                      "uuid,name-label,sr-uuid,virtual-size,sharable,read-only,missing");
    return e ? e
             : print_all(run, CLASS_VDI, vdi, "VBDs", "vbd",
                         "uuid,vm-uuid,vm-name-label,mode,currently-attached");
}
