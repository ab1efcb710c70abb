// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_devices.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "api/disk_live.h"
#include "base/alloc.h"
#include "base/str.h"
#include "model/map_key.h"

struct mac vif_mac_from_seed(const char *seed, unsigned device)
{
    unsigned char h[EVP_MAX_MD_SIZE], k[EVP_MAX_MD_SIZE];
    struct mac mac;

    EVP_Digest(seed, strlen(seed), h, NULL, EVP_md5(), NULL);
    for (unsigned i = 0; i < 2 * device; i++) {
        EVP_Digest(h, 16, k, NULL, EVP_md5(), NULL);
        memcpy(h, k, 16);
    }
    EVP_Digest(h, 16, k, NULL, EVP_md5(), NULL);
    /* Locally administered, unicast. */
    snprintf(mac.text, sizeof(mac.text), "%02x:%02x:%02x:%02x:%02x:%02x", (h[0] | 2) & ~1,
             h[1], h[2], h[3], k[1], k[2]);
    return mac;
}

/* A disk that travels with the VM: not a disc in a drive, not an empty one. */
static bool is_copied(const struct row *vbd)
{
    return row_int(vbd, F_VBD_TYPE) == E_VBD_TYPE_DISK && !row_bool(vbd, F_VBD_EMPTY);
}

/* How the disks of a VM are made out of another's. */
struct disk_copying {
    bool snapshot;
    const char *sr_ref; /* a full copy there; "": on each disk's own; NULL: a clone */
    const struct val *ignored; /* not these; NULL: all */
};

static struct err *copy_disk(struct call *call, const struct row *vbd,
                             const struct disk_copying *how, struct ref *ret_copy)
{
    const char *vdi_ref = row_text(vbd, F_VBD_VDI);
    autoptr(row) vdi = NULL;
    struct err *e;

    if (how->snapshot)
        return vdi_life_snapshot(call, vdi_ref, ret_copy);
    if (!how->sr_ref)
        return vdi_life_clone(call, vdi_ref, ret_copy);
    e = db_need(call->db, CLASS_VDI, vdi_ref, &vdi);
    return e ? e
             : vdi_life_copy(call, vdi_ref,
                             *how->sr_ref ? how->sr_ref : row_text(vdi, F_VDI_SR),
                             ret_copy);
}

static bool is_ignored(const struct val *ignored, const struct row *vbd)
{
    return ignored && val_set_has(ignored, row_text(vbd, F_VBD_VDI));
}

static struct err *copy_disks(struct call *call, const struct row *source,
                              const struct disk_copying *how, struct vdi_copies *copies)
{
    const struct val *vbds = row_get(source, F_VM_VBDS);
    size_t n = val_count(vbds);
    struct err *e = NULL;

    copies->at = xcalloc(n + 1, sizeof(*copies->at));
    for (size_t i = 0; !e && i < n; i++) {
        struct vdi_copy *copy = &copies->at[copies->n];
        autoptr(row) vbd = NULL;

        e = db_need(call->db, CLASS_VBD, val_text(val_at(vbds, i)), &vbd);
        if (e || !is_copied(vbd) || is_ignored(how->ignored, vbd))
            continue;
        snprintf(copy->source.text, sizeof(copy->source.text), "%s",
                 row_text(vbd, F_VBD_VDI));
        e = copy_disk(call, vbd, how, &copy->copy);
        if (!e)
            copies->n++;
        task_progress(call->task, (double)(i + 1) / (double)(n + 1));
        if (!e)
            e = task_check_cancel(call->task);
    }
    return e;
}

struct err *vm_devices_copy_disks(struct call *call, const struct row *source,
                                  const char *sr_ref, struct vdi_copies *copies)
{
    struct disk_copying how = {.sr_ref = sr_ref};

    return copy_disks(call, source, &how, copies);
}

static bool is_written_to(const struct row *vbd)
{
    return row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) &&
           row_int(vbd, F_VBD_MODE) == E_VBD_MODE_RW;
}

/* The disks the VM writes to now, as sources of 'ret_live'. */
static struct err *find_live(struct call *call, const struct row *source,
                             const struct val *ignored, struct vdi_copies *ret_live)
{
    const struct val *vbds = row_get(source, F_VM_VBDS);
    struct err *e = NULL;

    ret_live->at = xcalloc(val_count(vbds) + 1, sizeof(*ret_live->at));
    for (size_t i = 0; !e && i < val_count(vbds); i++) {
        struct vdi_copy *copy = &ret_live->at[ret_live->n];
        autoptr(row) vbd = NULL;

        e = db_need(call->db, CLASS_VBD, val_text(val_at(vbds, i)), &vbd);
        if (e || !is_copied(vbd) || is_ignored(ignored, vbd) || !is_written_to(vbd))
            continue;
        snprintf(copy->source.text, sizeof(copy->source.text), "%s",
                 row_text(vbd, F_VBD_VDI));
        ret_live->n++;
    }
    return e;
}

static void join(struct vdi_copies *copies, const struct vdi_copies *more)
{
    copies->at = xreallocarray(copies->at, copies->n + more->n + 1, sizeof(*copies->at));
    for (size_t i = 0; i < more->n; i++)
        if (more->at[i].copy.text[0])
            copies->at[copies->n++] = more->at[i];
}

/* Those in use first: that is the moment the snapshot is of. */
struct err *vm_devices_snapshot_disks(struct call *call, const struct snapshotting *s,
                                      struct vdi_copies *copies)
{
    CLEANUP(vdi_copies_fini) struct vdi_copies live = {0};
    struct live_snapshot snapshot = {.vm = s->source,
                                     .disks = &live,
                                     .quiesce = s->quiesce,
                                     .at_moment = s->at_moment,
                                     .arg = s->arg};
    autoval struct val done = s->ignored ? val_ref(s->ignored) : val_set(0);
    struct disk_copying how = {.snapshot = true, .ignored = &done};
    struct err *e = find_live(call, s->source, s->ignored, &live);

    if (!e && live.n)
        e = disk_live_snapshot(call, &snapshot);
    else if (!e && s->at_moment)
        e = s->at_moment(call, s->arg);
    for (size_t i = 0; !e && i < live.n; i++) {
        struct val with = val_set_with(&done, val_str(live.at[i].source.text));

        val_unref(&done);
        done = with;
    }
    if (!e)
        e = copy_disks(call, s->source, &how, copies);
    join(copies, &live);
    return e;
}

static struct err *copy_vbd(struct txn *t, const char *source_ref, const char *vm_ref,
                            const struct vm_copying *c)
{
    static const int copied[] = {
        F_VBD_USERDEVICE,
        F_VBD_BOOTABLE,
        F_VBD_MODE,
        F_VBD_TYPE,
        F_VBD_UNPLUGGABLE,
        F_VBD_EMPTY,
        F_VBD_QOS_ALGORITHM_TYPE,
        F_VBD_QOS_ALGORITHM_PARAMS,
    };
    const struct row *source;
    const struct val *other_config;
    const char *ref, *vdi;
    struct err *e = txn_need(t, CLASS_VBD, source_ref, &source);

    if (e || is_ignored(c->ignored, source))
        return e;
    ref = txn_create(t, CLASS_VBD);
    for (size_t i = 0; i < ARRAY_SIZE(copied); i++)
        txn_set(t, CLASS_VBD, ref, copied[i], val_ref(row_get(source, copied[i])));
    vdi = vdi_copies_find(c->disks, row_text(source, F_VBD_VDI));
    txn_set(t, CLASS_VBD, ref, F_VBD_VDI, val_str(vdi ? vdi : row_text(source, F_VBD_VDI)));
    txn_set(t, CLASS_VBD, ref, F_VBD_VM, val_str(vm_ref));
    other_config = row_get(source, F_VBD_OTHER_CONFIG);
    txn_set(t, CLASS_VBD, ref, F_VBD_OTHER_CONFIG,
            is_copied(source) && !map_key_is_set(other_config, KEY_VBD_OTHER_CONFIG_OWNER)
                ? map_key_with(other_config, KEY_VBD_OTHER_CONFIG_OWNER, val_str(""))
                : val_ref(other_config));
    txn_set(t, CLASS_VBD, ref, F_VBD_RESERVED,
            val_bool(c->is_suspended && (row_bool(source, F_VBD_CURRENTLY_ATTACHED) ||
                                         row_bool(source, F_VBD_RESERVED))));
    return NULL;
}

/* 'seed' NULL: with the address of the source. */
static struct err *copy_vif(struct txn *t, const char *source_ref, const char *vm_ref,
                            const struct vm_copying *c, const char *seed)
{
    static const int copied[] = {
        F_VIF_DEVICE,
        F_VIF_NETWORK,
        F_VIF_MTU,
        F_VIF_OTHER_CONFIG,
        F_VIF_QOS_ALGORITHM_TYPE,
        F_VIF_QOS_ALGORITHM_PARAMS,
        F_VIF_LOCKING_MODE,
        F_VIF_IPV4_ALLOWED,
        F_VIF_IPV6_ALLOWED,
    };
    const struct row *source;
    uint64_t device = 0;
    const char *ref;
    struct err *e = txn_need(t, CLASS_VIF, source_ref, &source);

    if (e)
        return e;
    if (str_to_uint64(row_text(source, F_VIF_DEVICE), &device) < 0 || device > 255)
        return err_params(ERR_INVALID_DEVICE, row_text(source, F_VIF_DEVICE), NULL);
    ref = txn_create(t, CLASS_VIF);
    for (size_t i = 0; i < ARRAY_SIZE(copied); i++)
        txn_set(t, CLASS_VIF, ref, copied[i], val_ref(row_get(source, copied[i])));
    txn_set(t, CLASS_VIF, ref, F_VIF_VM, val_str(vm_ref));
    txn_set(t, CLASS_VIF, ref, F_VIF_MAC,
            seed ? val_str(vif_mac_from_seed(seed, (unsigned)device).text)
                 : val_ref(row_get(source, F_VIF_MAC)));
    txn_set(t, CLASS_VIF, ref, F_VIF_MAC_AUTOGENERATED,
            seed ? val_bool(true) : val_ref(row_get(source, F_VIF_MAC_AUTOGENERATED)));
    txn_set(t, CLASS_VIF, ref, F_VIF_RESERVED,
            val_bool(c->is_suspended && (row_bool(source, F_VIF_CURRENTLY_ATTACHED) ||
                                         row_bool(source, F_VIF_RESERVED))));
    return NULL;
}

struct err *vm_devices_copy(struct txn *t, const struct vm_copying *c, const char *vm_ref)
{
    const struct val *vbds = row_get(c->source, F_VM_VBDS),
                     *vifs = row_get(c->source, F_VM_VIFS);
    autofree char *seed =
        xstrdup(map_key_text(row_get(txn_get(t, CLASS_VM, vm_ref), F_VM_OTHER_CONFIG),
                             KEY_VM_OTHER_CONFIG_MAC_SEED));
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(vbds); i++)
        e = copy_vbd(t, val_text(val_at(vbds, i)), vm_ref, c);
    for (size_t i = 0; !e && i < val_count(vifs); i++)
        e = copy_vif(t, val_text(val_at(vifs, i)), vm_ref, c, c->is_snapshot ? NULL : seed);
    return e;
}

static void delete_all(struct txn *t, int cls, const struct val *refs)
{
    for (size_t i = 0; i < val_count(refs); i++)
        txn_delete(t, cls, val_text(val_at(refs, i)));
}

void vm_devices_delete(struct txn *t, const struct row *vm)
{
    delete_all(t, CLASS_VBD, row_get(vm, F_VM_VBDS));
    delete_all(t, CLASS_VIF, row_get(vm, F_VM_VIFS));
    delete_all(t, CLASS_CONSOLE, row_get(vm, F_VM_CONSOLES));
    delete_all(t, CLASS_VTPM, row_get(vm, F_VM_VTPMS));
    delete_all(t, CLASS_VGPU, row_get(vm, F_VM_VGPUS));
    delete_all(t, CLASS_VUSB, row_get(vm, F_VM_VUSBS));
}
