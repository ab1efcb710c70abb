// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/disk_live.h"

#include <string.h>
#include <unistd.h>

#include "api/disk_agents.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/vm_life.h"
#include "base/alloc.h"
#include "base/log.h"
#include "io/frame.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

#define TRIES        20
#define TRY_AGAIN_MS 500

/* One disk on its way through the steps. */
struct moving {
    struct row *vdi, *sr;
    int device;
    struct uuid snapshot;
    struct val top;  /* the new layer as lk-stored answered it, VAL_VOID before that */
    char before[40]; /* the layer under it */
    char now[40];    /* the one it writes to in the end */
    bool is_marked;
    struct val described; /* the snapshot, VAL_VOID until it is taken */
};

struct moves {
    struct live_snapshot *s;
    struct call *call;
    struct moving *at;
    size_t n;
    int fds[FRAME_MAX_FDS];
    size_t n_fds;
    bool held_still; /* the guest did until the end, or was not asked to */
};

static bool is_on(const struct row *vm)
{
    return row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_RUNNING ||
           row_int(vm, F_VM_POWER_STATE) == E_VM_POWER_STATE_PAUSED;
}

bool disk_live_find(struct db *db, const struct row *vdi, struct row **ret_vm,
                    int *ret_device)
{
    const struct val *vbds = row_get(vdi, F_VDI_VBDS);

    for (size_t i = 0; i < val_count(vbds); i++) {
        autoptr(row) vbd = db_get(db, CLASS_VBD, val_text(val_at(vbds, i)));
        autoptr(row) vm = vbd ? db_get(db, CLASS_VM, row_text(vbd, F_VBD_VM)) : NULL;

        if (!vm || !is_on(vm) || !row_bool(vbd, F_VBD_CURRENTLY_ATTACHED) ||
            row_int(vbd, F_VBD_MODE) != E_VBD_MODE_RW)
            continue;
        *ret_vm = take_ptr(vm);
        *ret_device = vbd_device_number(row_text(vbd, F_VBD_USERDEVICE));
        return true;
    }
    return false;
}

/* ---- before: rows and marks ---- */

static struct err *find_disk(struct moves *m, const char *vdi_ref, struct moving *d)
{
    autoptr(row) vm = NULL;
    struct err *e = db_need(m->call->db, CLASS_VDI, vdi_ref, &d->vdi);

    if (!e)
        e = vdi_life_need_sr(m->call, row_text(d->vdi, F_VDI_SR), &d->sr);
    if (!e && (!disk_live_find(m->call->db, d->vdi, &vm, &d->device) ||
               strcmp(row_ref(vm), row_ref(m->s->vm)) != 0))
        e = err_params(ERR_VDI_IN_USE, vdi_ref, "snapshot", NULL);
    if (!e)
        e = op_begin(m->call, &vdi_op_rules, vdi_ref, E_VDI_OPERATIONS_SNAPSHOT);
    d->is_marked = !e;
    d->snapshot = uuid_new();
    return e;
}

/* As before the first step. */
static void moves_reset(struct moves *m)
{
    for (size_t i = 0; i < m->n_fds; i++)
        close(m->fds[i]);
    m->n_fds = 0;
    for (size_t i = 0; i < m->n; i++)
        val_unref(&m->at[i].top);
}

static void moves_fini(struct moves *m)
{
    moves_reset(m);
    for (size_t i = 0; i < m->n; i++) {
        struct moving *d = &m->at[i];

        if (d->is_marked)
            op_end(m->call, &vdi_op_rules, row_ref(d->vdi));
        row_release(d->vdi);
        row_release(d->sr);
        val_unref(&d->described);
    }
    free(m->at);
}

/* ---- step 1: lk-stored makes the new layers ---- */

static struct val disk_params(const struct moves *m, const struct moving *d)
{
    struct val params = val_map(7);

    val_put_str(&params, "sr", val_str(row_uuid(d->sr)));
    val_put_str(&params, "vdi", val_str(row_uuid(d->vdi)));
    val_put_str(&params, "holder", val_str(row_uuid(m->s->vm)));
    val_put_str(&params, "new", val_str(d->snapshot.text));
    return params;
}

static struct err *begin_one(struct moves *m, struct moving *d)
{
    autoval struct val answer = val_void();
    struct val params = disk_params(m, d);
    int fds[FRAME_MAX_FDS];
    size_t n_fds = 0;
    const struct val *top, *fd;
    struct err *e;

    val_put_str(&params, "name_label", val_str(row_name_label(d->vdi)));
    val_put_str(&params, "name_description",
                val_str(row_text(d->vdi, F_VDI_NAME_DESCRIPTION)));
    e = journal_step(m->call, JOURNAL_SNAPSHOT, row_uuid(d->sr), row_uuid(d->vdi),
                     d->snapshot.text, NULL);
    if (!e)
        e = agents_call(m->call->manager->agents, AGENT_STORED, "vdi.snapshot_begin",
                        take_val(params), NULL, 0, 0, &answer, fds, &n_fds);
    val_unref(&params);
    if (e)
        return e;
    for (size_t i = 1; i < n_fds; i++) /* there is one */
        close(fds[i]);
    top = val_find(&answer, "top");
    fd = top && top->kind == VAL_MAP ? val_find(top, "fd") : NULL;
    if (n_fds == 0 || !fd || m->n_fds == FRAME_MAX_FDS) {
        if (n_fds)
            close(fds[0]);
        return err_params(ERR_INTERNAL_ERROR, "lk-stored answered without a layer", NULL);
    }
    d->top = val_map_with(top, "fd", val_int((int64_t)m->n_fds));
    m->fds[m->n_fds++] = fds[0];
    snprintf(d->before, sizeof(d->before), "%s", val_find_text(&answer, "before", ""));
    snprintf(d->now, sizeof(d->now), "%s", d->before);
    return NULL;
}

/* What an earlier attempt has begun is ended first. */
static struct err *begin(struct moves *m)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < m->n; i++) {
        struct moving *d = &m->at[i];

        e = begin_one(m, d);
        if (e && err_code(e) == ERR_OTHER_OPERATION_IN_PROGRESS) {
            err_ignore(e, "it is ended, and this one begun");
            disk_live_settle_disk(m->call->manager, d->sr, d->vdi);
            e = begin_one(m, d);
        }
    }
    return e;
}

/* ---- step 2: lk-vmd moves the disks to them ---- */

static int64_t number_of(const struct val *answer, const char *key)
{
    const struct val *n = val_find(answer, key);

    return n && n->kind == VAL_INT ? n->i : 0;
}

static struct err *change_over(struct moves *m)
{
    struct val params = val_map(3), disks = val_set(m->n);
    autoval struct val answer = val_void();
    struct err *e;

    for (size_t i = 0; i < m->n; i++) {
        struct val disk = val_map(2);

        val_put_str(&disk, "device", val_int(m->at[i].device));
        val_put_str(&disk, "top", val_ref(&m->at[i].top));
        val_push(&disks, disk);
    }
    val_put_str(&params, "vm", val_str(row_uuid(m->s->vm)));
    val_put_str(&params, "disks", disks);
    val_put_str(&params, "quiesce", val_bool(m->s->quiesce));
    e = agents_call(m->call->manager->agents, AGENT_VMD, "vm.disk_snapshot", params, m->fds,
                    m->n_fds, 0, &answer, NULL, NULL);
    if (e)
        return e;
    m->held_still = number_of(&answer, "frozen") == number_of(&answer, "thawed");
    for (size_t i = 0; i < m->n; i++)
        snprintf(m->at[i].now, sizeof(m->at[i].now), "%s",
                 val_find_text(&m->at[i].top, "id", ""));
    return NULL;
}

/* After a failure nobody knows of which layer each is: lk-vmd is asked. */
static bool ask_layers(struct moves *m)
{
    bool known = true;

    for (size_t i = 0; i < m->n; i++) {
        struct moving *d = &m->at[i];
        struct err *e;

        if (d->top.kind == VAL_VOID)
            continue;
        e = disk_agents_top(m->call->manager, row_uuid(m->s->vm), d->device, d->now);
        if (!e)
            continue;
        err_ignore(e, "it is settled when lk-vmd is back, or when the VM has ended");
        known = false;
    }
    return known;
}

/* ---- step 3: lk-stored records what is ---- */

static struct err *end_one(struct moves *m, struct moving *d)
{
    autoval struct val answer = val_void();
    const struct val *taken, *snapshot;
    struct err *e =
        disk_agents_end_snapshot(m->call->manager, disk_params(m, d), d->now, &answer);

    if (e)
        return e;
    taken = val_find(&answer, "taken");
    snapshot = val_find(&answer, "snapshot");
    if (taken && taken->kind == VAL_BOOL && taken->b && snapshot)
        d->described = val_ref(snapshot);
    return NULL;
}

/* All are tried; the first error counts. */
static struct err *end(struct moves *m)
{
    struct err *first = NULL;

    for (size_t i = 0; i < m->n; i++) {
        struct err *e = m->at[i].top.kind == VAL_VOID ? NULL : end_one(m, &m->at[i]);

        if (!first)
            first = e;
        else
            err_ignore(e, "an earlier disk failed already");
    }
    return first;
}

/* ---- step 4: the rows ---- */

static struct err *record(struct moves *m)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < m->n; i++) {
        struct moving *d = &m->at[i];

        if (d->described.kind == VAL_VOID)
            return err_params(ERR_INTERNAL_ERROR,
                              "The VM ended while its disks were snapshotted", NULL);
        e = vdi_life_record(m->call, d->sr, d->vdi, &d->described,
                            &m->s->disks->at[i].copy);
        if (!e)
            val_unref(&d->described);
    }
    return e;
}

/* Snapshots that were taken and that nobody will hear of. */
static void destroy_taken(struct moves *m)
{
    for (size_t i = 0; i < m->n; i++) {
        struct moving *d = &m->at[i];
        struct val params;

        if (d->described.kind == VAL_VOID)
            continue;
        params = val_map(2);
        val_put_str(&params, "sr", val_str(row_uuid(d->sr)));
        val_put_str(&params, "vdi", val_str(d->snapshot.text));
        err_ignore(agents_call(m->call->manager->agents, AGENT_STORED, "vdi.destroy",
                               params, NULL, 0, 0, NULL, NULL, NULL),
                   "the next scan shows it");
    }
}

/* lk-vmd names the VM by its uuid, clients know its reference. */
static struct err *for_client(const struct row *vm, struct err *e)
{
    enum err_code code = e ? err_code(e) : 0;
    struct err *told;

    if (!e || err_n_params(e) == 0 || strcmp(err_param_at(e, 0), row_uuid(vm)) != 0)
        return e;
    told = err_param(err_new(code, "%s", err_sentence(e)), row_ref(vm));
    for (size_t i = 1; i < err_n_params(e); i++)
        told = err_param(told, err_param_at(e, i));
    err_free(e);
    return told;
}

static struct err *run_steps(struct moves *m)
{
    struct err *e = begin(m), *ending;
    bool known = true;

    if (!e && m->s->at_moment)
        e = m->s->at_moment(m->call, m->s->arg);
    if (!e) {
        e = change_over(m);
        /* Any other error is a refusal: nothing was changed. */
        if (e && err_code(e) == ERR_INTERNAL_ERROR)
            known = ask_layers(m);
    }
    ending = known ? end(m) : NULL;
    if (!e)
        e = ending;
    else
        err_ignore(ending, "the snapshot failed before");
    if (!e && !m->held_still)
        e = err_params(ERR_VM_SNAPSHOT_WITH_QUIESCE_TIMEOUT, row_ref(m->s->vm), NULL);
    return e ? e : record(m);
}

/* A merge that an earlier manager began is in nobody's hand here at first: it is taken up,
 * and gives way. */
static struct err *run_alone(struct moves *m)
{
    struct merges *merges = m->call->manager->merges;
    const char *vm = row_uuid(m->s->vm), *sr = row_uuid(m->at[0].sr);
    struct err *e = NULL;

    for (unsigned i = 0; i < TRIES; i++) {
        merges_bar(merges, vm);
        e = run_steps(m);
        merges_unbar(merges, vm, sr);
        if (!e || err_code(e) != ERR_OTHER_OPERATION_IN_PROGRESS || i + 1 == TRIES)
            break;
        err_ignore(e, "it is asked again, when what is in its way was taken up");
        e = NULL;
        moves_reset(m);
        if (task_wait_cancel(m->call->task, TRY_AGAIN_MS))
            return task_check_cancel(m->call->task);
    }
    return e;
}

struct err *disk_live_snapshot(struct call *call, struct live_snapshot *s)
{
    struct moves m = {.s = s, .call = call, .held_still = true};
    size_t n = s->disks->n;
    struct err *e = NULL;

    m.at = xcalloc(n + 1, sizeof(m.at[0]));
    for (; !e && m.n < n; m.n++)
        e = find_disk(&m, s->disks->at[m.n].source.text, &m.at[m.n]);
    if (!e && n)
        e = run_alone(&m);
    if (e)
        destroy_taken(&m);
    moves_fini(&m);
    return err_context(for_client(s->vm, e), "snapshotting the disks of VM %s",
                       row_uuid(s->vm));
}
