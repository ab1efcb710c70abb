// SPDX-License-Identifier: GPL-2.0-or-later
/* A merge in the process of a running VM: lk-stored grants it the layers, QEMU copies, and
 * lk-stored records what it has in the end.  Each step may be asked again, and each begins
 * with what the agents say; so a new manager goes on where an earlier one died. */
#include <string.h>
#include <unistd.h>

#include "api/disk_agents.h"
#include "api/disk_live.h"
#include "api/merges.h"
#include "base/log.h"
#include "io/frame.h"
#include "rpc/manager.h"
#include "task/task.h"

struct granted {
    struct merge_task *one;
    int device;
    struct val answer; /* of layer.merge_begin */
    int fds[FRAME_MAX_FDS];
    size_t n_fds;
    struct val disk; /* the latest answer of vm.disk_layers */
    bool gives_way;  /* something else is to be done with the VM's disks */
};

static void granted_fini(struct granted *g)
{
    for (size_t i = 0; i < g->n_fds; i++)
        close(g->fds[i]);
    val_unref(&g->answer);
    val_unref(&g->disk);
}

static struct val vmd_params(const struct granted *g)
{
    struct val params = val_map(7);

    val_put_str(&params, "vm", val_str(g->one->vm.text));
    val_put_str(&params, "device", val_int(g->device));
    return params;
}

static struct err *look(struct granted *g)
{
    val_unref(&g->disk);
    return disk_agents_layers(g->one->m, g->one->vm.text, g->device, &g->disk);
}

static bool job_is(const struct granted *g, const char *state)
{
    return strcmp(val_find_text(&g->disk, "job", ""), state) == 0;
}

static bool has_layer(const struct granted *g, const char *id)
{
    const struct val *layers = val_find(&g->disk, "layers");

    return layers && layers->kind == VAL_SET && val_set_has(layers, id);
}

/* ---- step 1: the grant ---- */

static struct err *grant(struct granted *g)
{
    const struct merge_task *one = g->one;
    struct val params = val_map(3);
    autoptr(row) vdi = NULL;
    autoptr(row) vm = NULL;
    struct err *e;

    val_put_str(&params, "sr", val_str(one->sr.text));
    val_put_str(&params, "lower", val_str(one->lower.text));
    val_put_str(&params, "holder", val_str(one->vm.text));
    e = agents_call(one->m->agents, AGENT_STORED, "layer.merge_begin", params, NULL, 0, 0,
                    &g->answer, g->fds, &g->n_fds);
    if (!e)
        e = db_need_uuid(one->m->db, CLASS_VDI, val_find_text(&g->answer, "vdi", ""), &vdi);
    if (!e && (!disk_live_find(one->m->db, vdi, &vm, &g->device) ||
               strcmp(row_uuid(vm), one->vm.text) != 0))
        e = err_params(ERR_INTERNAL_ERROR, "The disk is not the VM's any more", NULL);
    return e;
}

/* ---- step 2: QEMU copies ---- */

static struct err *copy(struct granted *g)
{
    static const char *const layers[] = {"lower", "upper", "overlay"};
    struct val params;
    struct err *e = look(g);

    /* It went in before: only lk-stored does not know yet. */
    if (e || !has_layer(g, val_find_text(&g->answer, "upper", "")))
        return e;
    params = vmd_params(g);
    for (size_t i = 0; i < ARRAY_SIZE(layers); i++)
        if (val_find(&g->answer, layers[i]))
            val_put_str(&params, layers[i], val_ref(val_find(&g->answer, layers[i])));
    val_put_str(&params, "rate", val_int((int64_t)merges_rate(g->one)));
    e = agents_call(g->one->m->agents, AGENT_VMD, "vm.disk_commit", params, g->fds,
                    g->n_fds, 0, NULL, NULL, NULL);
    return e ? e : look(g);
}

static struct err *set_rate(struct granted *g, uint64_t rate)
{
    struct val params = vmd_params(g);

    val_put_str(&params, "rate", val_int((int64_t)rate));
    return disk_agents_call(g->one->m, AGENT_VMD, "vm.disk_commit_rate", params, NULL);
}

static struct err *cancel(struct granted *g)
{
    return disk_agents_call(g->one->m, AGENT_VMD, "vm.disk_commit_cancel", vmd_params(g),
                            NULL);
}

/* Until it runs no more.  False: the manager ends, and the copying goes on. */
static struct err *follow(struct granted *g, struct task *task, bool *ret_left)
{
    uint64_t rate = merges_rate(g->one), now;
    const struct val *progress;
    struct err *e = NULL;

    *ret_left = false;
    while (!e && job_is(g, "running")) {
        bool ends = merges_wait(g->one);

        if (merges_is_stopping(g->one)) {
            *ret_left = true;
            return NULL;
        }
        now = merges_rate(g->one);
        if (now != rate)
            e = set_rate(g, now);
        rate = now;
        g->gives_way = ends;
        if (!e && (ends || task_cancel_requested(task)))
            e = cancel(g);
        if (!e)
            e = look(g);
        progress = e ? NULL : val_find(&g->disk, "progress");
        if (progress && progress->kind == VAL_FLOAT)
            task_progress(task, progress->d);
    }
    return e;
}

/* ---- step 3: the guest's own layer changes; it stands still until step 5 ---- */

static struct err *pivot(struct granted *g)
{
    struct val answer = val_void();
    struct err *e =
        disk_agents_call(g->one->m, AGENT_VMD, "vm.disk_pivot", vmd_params(g), &answer);

    if (e)
        return e;
    val_unref(&g->disk);
    g->disk = answer;
    return NULL;
}

/* ---- step 4: lk-stored records; step 5: the guest goes on ---- */

static struct err *record(struct granted *g, bool *ret_merged)
{
    const struct val *layers = val_find(&g->disk, "layers"), *merged;
    struct val params = val_map(4);
    autoval struct val answer = val_void();
    struct err *e;

    val_put_str(&params, "sr", val_str(g->one->sr.text));
    val_put_str(&params, "lower", val_str(g->one->lower.text));
    val_put_str(&params, "holder", val_str(g->one->vm.text));
    val_put_str(&params, "chain", layers ? val_ref(layers) : val_set(0));
    e = disk_agents_call(g->one->m, AGENT_STORED, "layer.merge_end", params, &answer);
    merged = e ? NULL : val_find(&answer, "merged");
    *ret_merged = merged && merged->kind == VAL_BOOL && merged->b;
    return e;
}

static struct err *resume(struct granted *g)
{
    struct val params = val_map(1);

    val_put_str(&params, "vm", val_str(g->one->vm.text));
    return disk_agents_call(g->one->m, AGENT_VMD, "vm.disk_resume", params, NULL);
}

/* Whatever became of it: nothing copies, both agents know of the same layers, and the guest
 * runs. */
static struct err *conclude(struct granted *g, bool *ret_merged)
{
    struct err *e = look(g);

    while (!e && (job_is(g, "running") || job_is(g, "ready"))) {
        e = cancel(g);
        if (!e)
            e = look(g);
        if (merges_is_stopping(g->one))
            return e;
        if (!e && job_is(g, "running"))
            (void)merges_wait(g->one);
    }
    if (!e)
        e = record(g, ret_merged);
    if (!e)
        e = resume(g);
    if (!e)
        err_ignore(look(g), "what the merge left in QEMU is cleared away before the next");
    return e;
}

static struct err *run_steps(struct granted *g, struct task *task, bool *ret_left)
{
    struct err *e = copy(g);

    if (!e)
        e = follow(g, task, ret_left);
    if (!e && !*ret_left && job_is(g, "failed"))
        e = err_params(ERR_INTERNAL_ERROR, val_find_text(&g->disk, "error", "it failed"),
                       NULL);
    if (!e && !*ret_left && job_is(g, "ready"))
        e = pivot(g);
    return e;
}

struct err *merge_live(struct merge_task *one, struct task *task)
{
    CLEANUP(granted_fini) struct granted g = {.one = one};
    bool merged = false, left = false;
    struct err *e = grant(&g), *ending;

    if (e)
        return err_context(e, "letting VM %s merge", one->vm.text);
    e = run_steps(&g, task, &left);
    if (left)
        return e;
    ending = conclude(&g, &merged);
    if (ending) {
        err_ignore(e, "what came after it failed too");
        return err_context(ending, "ending the merge in VM %s", one->vm.text);
    }
    if (merged || g.gives_way || task_cancel_requested(task)) {
        err_ignore(e, "it is as if it had not been, or was asked for");
        e = merged ? NULL : err_params(ERR_TASK_CANCELLED, task_ref(task), NULL);
    }
    return e;
}
