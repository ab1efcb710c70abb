// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots of disks in use that were cut off: by the death of the manager, of an agent or
 * of the VM.  lk-stored tells what was begun, lk-vmd how far it went. */
#include <string.h>

#include "api/disk_agents.h"
#include "api/disk_live.h"
#include "api/merges.h"
#include "api/sr_plug.h"
#include "base/log.h"
#include "rpc/manager.h"

static struct err *scan(struct manager *m, const struct row *sr, struct val *ret_found)
{
    struct val params = val_map(1);

    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    return disk_agents_call(m, AGENT_STORED, "sr.scan", params, ret_found);
}

static bool is_known(struct manager *m, const char *vdi_uuid)
{
    autoptr(row) vdi = NULL;
    struct err *e = db_need_uuid(m->db, CLASS_VDI, vdi_uuid, &vdi);

    err_free(e);
    return !e;
}

/* Nobody asked for it any more. */
static void destroy_unknown(struct manager *m, const struct row *sr, const char *uuid)
{
    struct val params;

    if (is_known(m, uuid))
        return;
    params = val_map(2);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(uuid));
    err_ignore(disk_agents_call(m, AGENT_STORED, "vdi.destroy", params, NULL),
               "the next scan shows it");
}

static struct err *end_snapshot(struct manager *m, const struct row *sr,
                                const struct row *vdi, const char *snapshot)
{
    struct val params;
    autoval struct val answer = val_void();
    autoptr(row) vm = NULL;
    char top[40];
    int device;
    struct err *e;

    /* A VM that ended closes its disks, and that ends it too. */
    if (!disk_live_find(m->db, vdi, &vm, &device))
        return NULL;
    e = disk_agents_top(m, row_uuid(vm), device, top);
    if (e)
        return e;
    params = val_map(5);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "vdi", val_str(row_uuid(vdi)));
    val_put_str(&params, "holder", val_str(row_uuid(vm)));
    val_put_str(&params, "new", val_str(snapshot));
    e = disk_agents_end_snapshot(m, params, top, &answer);
    if (!e)
        log_info(API, "snapshot %s of VDI %s, which was cut off, is ended", snapshot,
                 row_uuid(vdi));
    if (!e)
        destroy_unknown(m, sr, snapshot);
    return e;
}

/* 'described' as lk-stored has it. */
static void settle_one(struct manager *m, const struct row *sr, const struct row *vdi,
                       const struct val *described)
{
    const char *snapshot = val_find_text(described, "snapshotting", "");
    struct err *e;

    if (!*snapshot)
        return;
    e = end_snapshot(m, sr, vdi, snapshot);
    if (e)
        log_error(API, "ending the snapshot of VDI %s: %s", row_uuid(vdi), err_sentence(e));
    err_free(e);
}

static const struct val *find_described(const struct val *found, const struct row *vdi)
{
    const struct val *vdis = val_find(found, "vdis");

    for (size_t i = 0; vdis && i < val_count(vdis); i++)
        if (strcmp(val_find_text(val_at(vdis, i), "uuid", ""), row_uuid(vdi)) == 0)
            return val_at(vdis, i);
    return NULL;
}

static bool is_merging(const struct val *described)
{
    const struct val *holders = described ? val_find(described, "holders") : NULL;

    for (size_t i = 0; holders && i < val_count(holders); i++)
        if (val_find(val_at(holders, i), "merging"))
            return true;
    return false;
}

static bool is_held(struct manager *m, const struct row *vm, int device)
{
    autoval struct val disk = val_void();
    struct err *e = disk_agents_layers(m, row_uuid(vm), device, &disk);
    const struct val *held = e ? NULL : val_find(&disk, "held");

    if (e)
        err_ignore(e, "its VM ended, or its disks do not change");
    return held && held->kind == VAL_BOOL && held->b;
}

/* A VM that stands still for a merge which lk-stored has recorded already (merge_live.c):
 * looked at while none can be under way.  One that is not recorded is gone on with. */
static void resume_writer(struct manager *m, const struct row *sr, const struct row *vdi)
{
    autoval struct val found = val_void();
    autoptr(row) vm = NULL;
    struct val params;
    struct err *e;
    int device;

    if (!disk_live_find(m->db, vdi, &vm, &device) || !is_held(m, vm, device))
        return;
    merges_bar(m->merges, row_uuid(vm));
    e = scan(m, sr, &found);
    if (!e && !is_merging(find_described(&found, vdi))) {
        params = val_map(1);
        val_put_str(&params, "vm", val_str(row_uuid(vm)));
        e = disk_agents_call(m, AGENT_VMD, "vm.disk_resume", params, NULL);
    }
    if (e)
        log_error(API, "having VM %s run on: %s", row_uuid(vm), err_sentence(e));
    err_free(e);
    merges_unbar(m->merges, row_uuid(vm), row_uuid(sr));
}

void disk_live_settle_disk(struct manager *m, const struct row *sr, const struct row *vdi)
{
    autoval struct val found = val_void();
    struct err *e = scan(m, sr, &found);
    const struct val *described = e ? NULL : find_described(&found, vdi);

    err_free(e);
    if (described)
        settle_one(m, sr, vdi, described);
}

void disk_live_settle(struct manager *m, const struct row *sr)
{
    autoval struct val found = val_void();
    const struct val *refs = row_get(sr, F_SR_VDIS);
    struct err *e = scan(m, sr, &found);

    if (e) {
        err_ignore(e, "it is settled when the SR can be scanned");
        return;
    }
    for (size_t i = 0; i < val_count(refs); i++) {
        autoptr(row) vdi = db_get(m->db, CLASS_VDI, val_text(val_at(refs, i)));
        const struct val *described = vdi ? find_described(&found, vdi) : NULL;

        /* One that is being worked on is ended by who does that. */
        if (!described || val_count(row_get(vdi, F_VDI_CURRENT_OPERATIONS)) > 0)
            continue;
        settle_one(m, sr, vdi, described);
        resume_writer(m, sr, vdi);
    }
}

void disk_live_settle_all(struct manager *m)
{
    sr_for_each_attached(m, disk_live_settle);
}
