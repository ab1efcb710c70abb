// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/sr_plug.h"

#include <string.h>

#include "api/journal.h"
#include "api/vdi_record.h"
#include "base/log.h"
#include "rpc/agents.h"

/* Each takes as long as lk-stored needs to look: disks come and go slower than that. */
#define SCAN_ATTEMPTS 50

struct marking {
    const char *pbd_ref;
    bool attached;
};

static struct err *mark_txn(struct txn *t, void *arg)
{
    const struct marking *m = arg;
    const struct row *pbd = txn_get(t, CLASS_PBD, m->pbd_ref);

    if (!pbd)
        return err_params(ERR_HANDLE_INVALID, "PBD", m->pbd_ref, NULL);
    txn_set(t, CLASS_PBD, m->pbd_ref, F_PBD_CURRENTLY_ATTACHED, val_bool(m->attached));
    op_refresh(t, &sr_op_rules, row_text(pbd, F_PBD_SR));
    return NULL;
}

static struct err *sr_of_pbd(struct manager *m, const char *pbd_ref, struct row **ret_pbd,
                             struct row **ret_sr)
{
    struct err *e = db_need(m->db, CLASS_PBD, pbd_ref, ret_pbd);

    return e ? e : db_need(m->db, CLASS_SR, row_text(*ret_pbd, F_PBD_SR), ret_sr);
}

struct err *sr_plug(struct manager *m, const char *pbd_ref)
{
    struct marking mark = {pbd_ref, true};
    autoptr(row) pbd = NULL;
    autoptr(row) sr = NULL;
    struct val params;
    struct err *e = sr_of_pbd(m, pbd_ref, &pbd, &sr);

    if (e)
        return e;
    params = val_map(3);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    val_put_str(&params, "type", val_str(row_text(sr, F_SR_TYPE)));
    val_put_str(&params, "device_config", val_ref(row_get(pbd, F_PBD_DEVICE_CONFIG)));
    e = agents_call(m->agents, AGENT_STORED, "sr.attach", params, NULL, 0, 0, NULL, NULL,
                    NULL);
    if (!e)
        e = db_run(m->db, mark_txn, &mark);
    return err_context(e, "plugging SR %s", row_uuid(sr));
}

struct err *sr_unplug(struct manager *m, const char *pbd_ref)
{
    struct marking mark = {pbd_ref, false};
    autoptr(row) pbd = NULL;
    autoptr(row) sr = NULL;
    struct val params;
    struct err *e = sr_of_pbd(m, pbd_ref, &pbd, &sr);

    if (e)
        return e;
    params = val_map(1);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    e = agents_call(m->agents, AGENT_STORED, "sr.detach", params, NULL, 0, 0, NULL, NULL,
                    NULL);
    if (!e)
        e = db_run(m->db, mark_txn, &mark);
    return err_context(e, "unplugging SR %s", row_uuid(sr));
}

struct scan {
    const char *sr_ref;
    struct val found;
    uint64_t asked_at; /* journal_disk_changes() then */
    bool is_stale;
};

/* Disks that came or went between question and answer would be taken for others. */
static struct err *scan_txn(struct txn *t, void *arg)
{
    struct scan *s = arg;

    s->is_stale = journal_disk_changes() != s->asked_at;
    if (!s->is_stale)
        sr_record_scan(t, s->sr_ref, &s->found);
    return NULL;
}

static struct err *scan_once(struct manager *m, struct scan *s)
{
    autoptr(row) sr = NULL;
    struct val params;
    struct err *e = db_need(m->db, CLASS_SR, s->sr_ref, &sr);

    if (e)
        return e;
    params = val_map(1);
    val_put_str(&params, "sr", val_str(row_uuid(sr)));
    s->asked_at = journal_disk_changes();
    e = agents_call(m->agents, AGENT_STORED, "sr.scan", params, NULL, 0, 0, &s->found, NULL,
                    NULL);
    if (!e)
        e = db_run(m->db, scan_txn, s);
    val_unref(&s->found);
    return e;
}

struct err *sr_scan(struct manager *m, const char *sr_ref)
{
    struct scan s = {.sr_ref = sr_ref};
    struct err *e = NULL;

    for (int i = 0; i == 0 || (!e && s.is_stale && i < SCAN_ATTEMPTS); i++)
        e = scan_once(m, &s);
    if (!e && s.is_stale)
        e = err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "SR", sr_ref, NULL);
    return e;
}

/* ---- lk-stored came (back) ---- */

static const struct row *sm_of_type(struct txn *t, const char *type)
{
    size_t n;
    const struct row *const *sms = txn_list(t, CLASS_SM, &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(row_text(sms[i], F_SM_TYPE), type) == 0)
            return sms[i];
    return NULL;
}

static struct err *drivers_txn(struct txn *t, void *arg)
{
    const struct val *drivers = arg;

    for (size_t i = 0; i < val_count(drivers); i++) {
        const struct val *d = val_at(drivers, i), *names = val_find(d, "features");
        const char *type = val_find_text(d, "type", "");
        const struct row *old = sm_of_type(t, type);
        const char *ref = old ? row_ref(old) : txn_create(t, CLASS_SM);
        struct val features = val_map(0), capabilities = val_set(0);

        for (size_t j = 0; names && j < val_count(names); j++) {
            val_put(&features, val_ref(val_at(names, j)), val_int(1));
            val_push(&capabilities, val_ref(val_at(names, j)));
        }
        txn_set(t, CLASS_SM, ref, F_SM_TYPE, val_str(type));
        txn_set(t, CLASS_SM, ref, F_SM_NAME_LABEL, val_str(val_find_text(d, "name", type)));
        txn_set(t, CLASS_SM, ref, F_SM_NAME_DESCRIPTION,
                val_str(val_find_text(d, "description", "")));
        txn_set(t, CLASS_SM, ref, F_SM_VENDOR, val_str("Latchkey"));
        txn_set(t, CLASS_SM, ref, F_SM_VERSION, val_str(LATCHKEY_VERSION));
        txn_set(t, CLASS_SM, ref, F_SM_FEATURES, features);
        txn_set(t, CLASS_SM, ref, F_SM_CAPABILITIES, capabilities);
        if (val_find(d, "device_config") && val_find(d, "device_config")->kind == VAL_MAP)
            txn_set(t, CLASS_SM, ref, F_SM_CONFIGURATION,
                    val_ref(val_find(d, "device_config")));
    }
    return NULL;
}

static struct err *record_drivers(struct manager *m)
{
    autoval struct val answer = val_void();
    struct err *e = agents_call(m->agents, AGENT_STORED, "sr.drivers", val_map(0), NULL, 0,
                                0, &answer, NULL, NULL);
    const struct val *drivers = e ? NULL : val_find(&answer, "drivers");

    if (e || !drivers)
        return e;
    return db_run(m->db, drivers_txn, (void *)drivers);
}

static bool is_attached_here(const struct manager *m, const struct row *pbd)
{
    return row_bool(pbd, F_PBD_CURRENTLY_ATTACHED) &&
           strcmp(row_text(pbd, F_PBD_HOST), m->self.host_ref) == 0;
}

void sr_plug_reconcile(struct manager *m)
{
    autorows pbds = {0};
    struct err *e = record_drivers(m);

    if (e)
        log_warn(API, "asking lk-stored which storage types it serves: %s",
                 err_sentence(e));
    err_free(e);
    db_list(m->db, CLASS_PBD, &pbds);
    for (size_t i = 0; i < pbds.n; i++) {
        const char *ref = row_ref(pbds.at[i]);

        if (!is_attached_here(m, pbds.at[i]))
            continue;
        e = sr_plug(m, ref);
        if (e && agents_lost(e)) {
            err_ignore(e, "it is attached when lk-stored is there again");
            return;
        }
        if (e) {
            struct marking mark = {ref, false};

            log_error(API, "%s", err_sentence(e));
            err_ignore(db_run(m->db, mark_txn, &mark), "the PBD is gone");
        }
        err_free(e);
    }
}

void sr_for_each_attached(struct manager *m,
                          void (*fn)(struct manager *m, const struct row *sr))
{
    autorows pbds = {0};

    db_list(m->db, CLASS_PBD, &pbds);
    for (size_t i = 0; i < pbds.n; i++) {
        autoptr(row) sr = NULL;

        if (is_attached_here(m, pbds.at[i]))
            sr = db_get(m->db, CLASS_SR, row_text(pbds.at[i], F_PBD_SR));
        if (sr)
            fn(m, sr);
    }
}
