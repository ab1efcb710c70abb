// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_provision.h"

#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "api/ops.h"
#include "api/vdi_life.h"
#include "base/str.h"
#include "model/map_key.h"

#define MAX_DISKS 64

struct disk {
    char device[16], sr_uuid[64];
    uint64_t size;
    bool bootable;
    int type;
    struct ref vdi;
};

struct wanted {
    struct disk disks[MAX_DISKS];
    size_t n;
    int depth;
    const char *fault; /* NULL while all is well */
};

static const struct {
    const char *text;
    int type;
} disk_types[] = {
    {"system", E_VDI_TYPE_SYSTEM},       {"user", E_VDI_TYPE_USER},
    {"ephemeral", E_VDI_TYPE_EPHEMERAL}, {"suspend", E_VDI_TYPE_SUSPEND},
    {"crashdump", E_VDI_TYPE_CRASHDUMP},
};

static void set_attribute(struct wanted *w, struct disk *d, const char *name,
                          const char *value)
{
    if (strcmp(name, "device") == 0 && strlen(value) < sizeof(d->device)) {
        snprintf(d->device, sizeof(d->device), "%s", value);
    } else if (strcmp(name, "size") == 0) {
        if (str_to_uint64(value, &d->size) < 0 || d->size > INT64_MAX)
            w->fault = "a disk's size is not a number of bytes";
    } else if (strcmp(name, "sr") == 0 && strlen(value) < sizeof(d->sr_uuid)) {
        snprintf(d->sr_uuid, sizeof(d->sr_uuid), "%s", value);
    } else if (strcmp(name, "bootable") == 0) {
        d->bootable = strcmp(value, "true") == 0;
    } else if (strcmp(name, "type") == 0) {
        for (size_t i = 0; i < ARRAY_SIZE(disk_types); i++)
            if (strcmp(disk_types[i].text, value) == 0)
                d->type = disk_types[i].type;
    } else {
        w->fault = "a disk has an attribute that is unknown or too long";
    }
}

static void XMLCALL on_start(void *data, const char *element, const char **attributes)
{
    struct wanted *w = data;
    struct disk *d;

    if (w->depth++ == 0) {
        if (strcmp(element, "provision") != 0)
            w->fault = "the root element is not 'provision'";
        return;
    }
    if (w->depth != 2 || strcmp(element, "disk") != 0 || w->n == MAX_DISKS) {
        w->fault = w->n == MAX_DISKS ? "too many disks" : "an element other than 'disk'";
        return;
    }
    d = &w->disks[w->n++];
    d->type = E_VDI_TYPE_SYSTEM;
    for (; *attributes; attributes += 2)
        set_attribute(w, d, attributes[0], attributes[1]);
}

static void XMLCALL on_end(void *data, const char *element)
{
    ((struct wanted *)data)->depth--;
}

static void XMLCALL on_doctype(void *data, const char *name, const char *system,
                               const char *public, int internal)
{
    ((struct wanted *)data)->fault = "a document type declaration";
}

static struct err *parse(const char *text, struct wanted *w)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    bool well_formed;

    if (!parser)
        return err_errno(ENOMEM, "parsing other_config:disks");
    XML_SetUserData(parser, w);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    well_formed = XML_Parse(parser, text, (int)strlen(text), 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    if (!well_formed)
        w->fault = "it is not well-formed XML";
    return w->fault ? err_params(ERR_INVALID_VALUE, "other_config:disks", w->fault, NULL)
                    : NULL;
}

struct plugging {
    struct wanted *wanted;
    const char *vm_ref;
};

static struct err *plug_txn(struct txn *t, void *arg)
{
    const struct plugging *p = arg;

    for (size_t i = 0; i < p->wanted->n; i++) {
        const struct disk *d = &p->wanted->disks[i];
        const char *ref = txn_create(t, CLASS_VBD);
        autoval struct val nothing = val_map(0);

        txn_set(t, CLASS_VBD, ref, F_VBD_VM, val_str(p->vm_ref));
        txn_set(t, CLASS_VBD, ref, F_VBD_VDI, val_str(d->vdi.text));
        txn_set(t, CLASS_VBD, ref, F_VBD_USERDEVICE, val_str(d->device));
        txn_set(t, CLASS_VBD, ref, F_VBD_BOOTABLE, val_bool(d->bootable));
        txn_set(t, CLASS_VBD, ref, F_VBD_MODE, val_int(E_VBD_MODE_RW));
        txn_set(t, CLASS_VBD, ref, F_VBD_TYPE, val_int(E_VBD_TYPE_DISK));
        txn_set(t, CLASS_VBD, ref, F_VBD_UNPLUGGABLE,
                val_bool(d->type != E_VDI_TYPE_SYSTEM));
        txn_set(t, CLASS_VBD, ref, F_VBD_OTHER_CONFIG,
                map_key_with(&nothing, KEY_VBD_OTHER_CONFIG_OWNER, val_str("")));
        op_refresh(t, &vbd_op_rules, ref);
    }
    return NULL;
}

static struct err *make_disks(struct call *call, struct wanted *w)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < w->n; i++) {
        struct disk *d = &w->disks[i];
        autoptr(row) sr = NULL;

        e = db_need_uuid(call->db, CLASS_SR, d->sr_uuid, &sr);
        if (!e)
            e = vdi_life_create(call, row_ref(sr), (int64_t)d->size, d->type, d->device,
                                "Made for a VM by its template", &d->vdi);
    }
    return e;
}

struct err *vm_provision_disks(struct call *call, const char *vm_ref)
{
    struct wanted wanted = {0};
    struct plugging p = {&wanted, vm_ref};
    autoptr(row) vm = NULL;
    const char *text;
    struct err *e = db_need(call->db, CLASS_VM, vm_ref, &vm);

    if (e)
        return e;
    text = map_key_text(row_get(vm, F_VM_OTHER_CONFIG), KEY_VM_OTHER_CONFIG_DISKS);
    if (!text)
        return NULL;
    e = parse(text, &wanted);
    if (!e)
        e = make_disks(call, &wanted);
    if (!e)
        e = db_run(call->db, plug_txn, &p);
    return e;
}
