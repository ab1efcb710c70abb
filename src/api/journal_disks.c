// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps of the journal at lk-stored: disks, holds, SRs. */
#include <string.h>

#include "api/disk_live.h"
#include "api/journal_settle.h"
#include "api/vdi_record.h"
#include "base/alloc.h"
#include "rpc/agents.h"

bool journal_is_refusal(const struct err *e)
{
    return err_code(e) != ERR_INTERNAL_ERROR;
}

/* The row with a uuid, or NULL when there is none (any more). */
static struct row *find(struct manager *m, int cls, const char *uuid)
{
    struct row *row = NULL;
    struct err *e = db_need_uuid(m->db, cls, uuid, &row);

    if (e)
        err_ignore(e, "there is nothing to settle");
    return e ? NULL : row;
}

static struct err *stored(struct manager *m, const char *verb, struct val params)
{
    return agents_call(m->agents, AGENT_STORED, verb, params, NULL, 0, 0, NULL, NULL, NULL);
}

static struct val disk_params(const char *sr_uuid, const char *vdi_uuid)
{
    struct val params = val_map(3);

    val_put_str(&params, "sr", val_str(sr_uuid));
    val_put_str(&params, "vdi", val_str(vdi_uuid));
    return params;
}

/* ---- disks ---- */

static struct err *depart_txn(struct txn *t, void *arg)
{
    const struct row *vdi = txn_get_by_uuid(t, CLASS_VDI, arg);
    autofree char *sr_ref = vdi ? xstrdup(row_text(vdi, F_VDI_SR)) : NULL;

    if (!vdi)
        return NULL;
    vdi_record_delete(t, vdi);
    sr_record_sum(t, sr_ref);
    return NULL;
}

static struct err *remove_disk(const struct journal_settling *s, const char *vdi_uuid)
{
    autoptr(row) sr = find(s->m, CLASS_SR, s->words[0]);
    struct err *e =
        sr ? stored(s->m, "vdi.destroy", disk_params(s->words[0], vdi_uuid)) : NULL;

    if (e && err_code(e) == ERR_VDI_MISSING) {
        err_ignore(e, "it is gone, or was never made");
        e = NULL;
    }
    return e ? e : db_run(s->m->db, depart_txn, (void *)vdi_uuid);
}

struct err *journal_settle_vdi_made(const struct journal_settling *s,
                                    enum journal_end *ret_end)
{
    return remove_disk(s, s->words[1]);
}

/* Has lk-stored a snapshot of the disk that was begun and is neither taken nor dropped? */
static struct err *is_begun(struct manager *m, const char *const *words, bool *ret_begun)
{
    autoval struct val answer = val_void();
    struct val params = val_map(1);
    const struct val *vdis;
    struct err *e;

    val_put_str(&params, "sr", val_str(words[0]));
    e = agents_call(m->agents, AGENT_STORED, "sr.scan", params, NULL, 0, 0, &answer, NULL,
                    NULL);
    vdis = e ? NULL : val_find(&answer, "vdis");
    *ret_begun = false;
    for (size_t i = 0; vdis && i < val_count(vdis); i++)
        if (strcmp(val_find_text(val_at(vdis, i), "snapshotting", ""), words[2]) == 0)
            *ret_begun = true;
    return e;
}

struct err *journal_settle_snapshot(const struct journal_settling *s,
                                    enum journal_end *ret_end)
{
    autoptr(row) sr = find(s->m, CLASS_SR, s->words[0]);
    autoptr(row) vdi = find(s->m, CLASS_VDI, s->words[1]);
    bool is_open = false;
    struct err *e = NULL;

    if (sr && vdi)
        disk_live_settle_disk(s->m, sr, vdi);
    if (sr)
        e = is_begun(s->m, s->words, &is_open);
    if (!e && is_open)
        e = err_param(
            err_new(ERR_INTERNAL_ERROR, "ending a snapshot of VDI %s", s->words[1]),
            "nobody knows yet whether the snapshot was taken");
    return e ? e : remove_disk(s, s->words[2]);
}

struct err *journal_settle_vdi_going(const struct journal_settling *s,
                                     enum journal_end *ret_end)
{
    struct err *e = remove_disk(s, s->words[1]);

    /* Not attached is no answer: it may be half gone. */
    if (e && journal_is_refusal(e) && err_code(e) != ERR_SR_NOT_ATTACHED) {
        err_ignore(e, "the disk stays");
        return NULL;
    }
    *ret_end = JOURNAL_FINISHED;
    return e;
}

struct err *journal_settle_held(const struct journal_settling *s, enum journal_end *ret_end)
{
    autoptr(row) sr = find(s->m, CLASS_SR, s->words[0]);
    struct val params;

    if (!sr)
        return NULL;
    params = disk_params(s->words[0], s->words[1]);
    val_put_str(&params, "holder", val_str(s->words[2]));
    return stored(s->m, "vdi.close", params);
}

/* ---- SRs ---- */

static struct row *pbd_of(struct manager *m, const struct row *sr)
{
    const struct val *pbds = row_get(sr, F_SR_PBDS);

    for (size_t i = 0; i < val_count(pbds); i++) {
        struct row *pbd = db_get(m->db, CLASS_PBD, val_text(val_at(pbds, i)));

        if (pbd && strcmp(row_text(pbd, F_PBD_HOST), m->self.host_ref) == 0)
            return pbd;
        row_release(pbd);
    }
    return NULL;
}

static struct val sr_params(const struct row *sr, const struct row *pbd)
{
    struct val params = val_map(5);

    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    if (!pbd)
        return params;
    val_put_str(&params, "type", val_str(row_text(sr, F_SR_TYPE)));
    val_put_str(&params, "device_config", val_ref(row_get(pbd, F_PBD_DEVICE_CONFIG)));
    return params;
}

/* Attaches it, also one of which only a part is there: that is made whole again, so that it
 * can be destroyed. */
static struct err *attach_what_is_left(struct manager *m, const struct row *sr,
                                       const struct row *pbd)
{
    struct err *e = stored(m, "sr.attach", sr_params(sr, pbd));
    struct val params;

    if (!e || !journal_is_refusal(e))
        return e;
    err_ignore(e, "it may be there in part");
    params = sr_params(sr, pbd);
    val_put_str(&params, "name_label", val_str(row_name_label(sr)));
    e = stored(m, "sr.create", params);
    return e ? e : stored(m, "sr.attach", sr_params(sr, pbd));
}

static struct err *destroy_sr(struct manager *m, const struct row *sr,
                              const struct row *pbd, bool *ret_stays)
{
    struct err *e = attach_what_is_left(m, sr, pbd);

    if (e && journal_is_refusal(e)) {
        err_ignore(e, "nothing of it is there");
        return NULL;
    }
    if (!e)
        e = stored(m, "sr.destroy", sr_params(sr, NULL));
    if (!e || !journal_is_refusal(e))
        return e;
    *ret_stays = true;
    err_ignore(e, "the SR stays");
    return stored(m, "sr.detach", sr_params(sr, NULL));
}

static struct err *delete_rows_txn(struct txn *t, void *arg)
{
    sr_record_delete(t, arg);
    return NULL;
}

struct err *journal_settle_sr_made(const struct journal_settling *s,
                                   enum journal_end *ret_end)
{
    autoptr(row) sr = find(s->m, CLASS_SR, s->words[0]);
    autoptr(row) pbd = sr ? pbd_of(s->m, sr) : NULL;
    bool stays = false;
    struct err *e = pbd ? destroy_sr(s->m, sr, pbd, &stays) : NULL;

    return e || !sr ? e : db_run(s->m->db, delete_rows_txn, (void *)row_ref(sr));
}

struct err *journal_settle_sr_going(const struct journal_settling *s,
                                    enum journal_end *ret_end)
{
    autoptr(row) sr = find(s->m, CLASS_SR, s->words[0]);
    autoptr(row) pbd = sr ? pbd_of(s->m, sr) : NULL;
    bool stays = false;
    struct err *e = pbd ? destroy_sr(s->m, sr, pbd, &stays) : NULL;

    if (e || stays)
        return e;
    *ret_end = JOURNAL_FINISHED;
    return sr ? db_run(s->m->db, delete_rows_txn, (void *)row_ref(sr)) : NULL;
}

struct err *journal_settle_pbd(const struct journal_settling *s, enum journal_end *ret_end)
{
    autoptr(row) pbd = db_get(s->m->db, CLASS_PBD, s->words[0]);
    autoptr(row) sr = pbd ? db_get(s->m->db, CLASS_SR, row_text(pbd, F_PBD_SR)) : NULL;
    bool attached = sr && row_bool(pbd, F_PBD_CURRENTLY_ATTACHED);
    struct err *e;

    if (!sr)
        return NULL;
    if (strcmp(row_text(s->entry, F_JOURNAL_METHOD),
               attached ? "PBD.plug" : "PBD.unplug") == 0)
        *ret_end = JOURNAL_FINISHED;
    e = stored(s->m, attached ? "sr.attach" : "sr.detach",
               sr_params(sr, attached ? pbd : NULL));
    if (!e || !journal_is_refusal(e))
        return e;
    err_ignore(e, "the next look at lk-stored tells what is attached");
    return NULL;
}
