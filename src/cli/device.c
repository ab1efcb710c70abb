// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/device.h"

#include <string.h>

#include "cli/client.h"
#include "cli/fail.h"
#include "model/model.h"

struct err *device_set(struct run *run, int cls, const char *ref, const char *field, int of,
                       ref_list *ret_refs)
{
    const struct val *set;
    struct err *e = catalog_field(run->catalog, cls, ref, field, &set);

    if (e)
        return e;
    if (!set || set->kind != VAL_SET)
        return fail("The object is gone, or has no %s", field);
    for (size_t i = 0; i < val_count(set); i++)
        *VEC_PUSH(ret_refs) = val_text(val_at(set, i));
    return ret_refs->n > 0 ? catalog_want(run->catalog, of, ret_refs) : NULL;
}

const char *device_text(struct run *run, int cls, const char *ref, const char *field)
{
    const struct val *record = catalog_record(run->catalog, cls, ref);

    return record ? val_find_text(record, field, "") : "";
}

bool device_true(struct run *run, int cls, const char *ref, const char *field)
{
    const struct val *record = catalog_record(run->catalog, cls, ref);
    const struct val *v = record ? val_find(record, field) : NULL;

    return v && v->kind == VAL_BOOL && v->b;
}

struct err *device_vbds(struct run *run, const char *vm, const char *type,
                        ref_list *ret_vbds)
{
    ref_list all = VEC_INIT;
    struct err *e = device_set(run, CLASS_VM, vm, "VBDs", CLASS_VBD, &all);

    for (size_t i = 0; i < all.n && !e; i++)
        if (STREQ(device_text(run, CLASS_VBD, all.at[i], "type"), type))
            *VEC_PUSH(ret_vbds) = all.at[i];
    VEC_FINI(&all);
    return e;
}

struct err *device_cd(struct run *run, const char *vm, bool empty, const char **ret_vbd)
{
    ref_list drives = VEC_INIT;
    const char *found = NULL;
    size_t n_found = 0;
    struct err *e = device_vbds(run, vm, "CD", &drives);

    for (size_t i = 0; i < drives.n && !e; i++)
        if (device_true(run, CLASS_VBD, drives.at[i], "empty") == empty) {
            found = drives.at[i];
            n_found++;
        }
    if (!e && n_found == 0)
        e = fail("The VM has no CD drive that %s", empty ? "is empty" : "holds a CD");
    if (!e && n_found > 1)
        e = fail("The VM has %zu CD drives that %s: use vbd-%s with the UUID of one",
                 n_found, empty ? "are empty" : "hold a CD", empty ? "insert" : "eject");
    VEC_FINI(&drives);
    if (!e)
        *ret_vbd = found;
    return e;
}

/* Among disks of one name, those on a storage repository of CDs. */
static struct err *keep_cds(struct run *run, const ref_list *vdis, ref_list *ret_cds)
{
    ref_list srs = VEC_INIT;
    struct err *e = catalog_want(run->catalog, CLASS_VDI, vdis);

    for (size_t i = 0; i < vdis->n && !e; i++)
        *VEC_PUSH(&srs) = device_text(run, CLASS_VDI, vdis->at[i], "SR");
    if (!e)
        e = catalog_want(run->catalog, CLASS_SR, &srs);
    for (size_t i = 0; i < vdis->n && !e; i++)
        if (STREQ(device_text(run, CLASS_SR, srs.at[i], "content_type"), "iso"))
            *VEC_PUSH(ret_cds) = vdis->at[i];
    VEC_FINI(&srs);
    return e;
}

struct err *device_cd_image(struct run *run, const char *name, const char **ret_vdi)
{
    autobuf expression = BUF_INIT;
    ref_list named = VEC_INIT, cds = VEC_INIT;
    struct err *e;

    if (strpbrk(name, "\"\\"))
        return fail("No CD is called %s", name);
    buf_addf(&expression, "field \"name__label\" = \"%s\"", name);
    e = catalog_query(run->catalog, CLASS_VDI, buf_str(&expression), &named);
    if (!e && named.n > 0)
        e = keep_cds(run, &named, &cds);
    if (!e && cds.n == 0)
        e = fail("No CD is called %s", name);
    if (!e && cds.n > 1)
        e = fail("%zu CDs are called %s: use vbd-insert with the UUID of one", cds.n, name);
    if (!e)
        *ret_vdi = cds.at[0];
    VEC_FINI(&named);
    VEC_FINI(&cds);
    return e;
}
