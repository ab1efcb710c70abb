// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/disk_verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "vm/config.h"
#include "vm/disks.h"

#define MAX_DISKS 256

static const char *vm_of(const struct verb_call *call)
{
    return call_text(call, "vm");
}

static unsigned device_of(const struct verb_call *call)
{
    return (unsigned)call_int(call, "device", 0);
}

static struct err *refuse(const char *where, const char *why)
{
    return err_params(ERR_INVALID_VALUE, where, why, NULL);
}

/* ---- snapshots ---- */

static struct err *parse_top(const struct verb_call *call, const struct val *entry,
                             size_t i, struct vm_top *top)
{
    const struct val *device, *layer;
    char where[32];

    snprintf(where, sizeof(where), "disks[%zu]", i);
    if (entry->kind != VAL_MAP)
        return refuse(where, "no object");
    device = val_find(entry, "device");
    layer = val_find(entry, "top");
    if (!device || device->kind != VAL_INT || device->i < 0 || device->i >= MAX_DISKS)
        return refuse(where, "no device number");
    if (!layer || layer->kind != VAL_MAP || val_count(entry) != 2)
        return refuse(where, "no layer, or more than that");
    top->device = (unsigned)device->i;
    snprintf(where, sizeof(where), "disks[%zu].top", i);
    return vm_layer_parse(layer, where, call->fds, call->n_fds, &top->layer);
}

static struct val tops_answer(const struct vm_top *tops, size_t n)
{
    struct val disks = val_set(n);

    for (size_t i = 0; i < n; i++) {
        struct val disk = val_map(2);

        val_put_str(&disk, "device", val_int(tops[i].device));
        val_put_str(&disk, "top", val_str(tops[i].layer.id));
        val_push(&disks, disk);
    }
    return disks;
}

struct err *run_disk_snapshot(struct verb_call *call, struct val *ret_result)
{
    const struct val *list = call_arg(call, "disks");
    size_t n = val_count(list);
    autofree struct vm_top *tops = xcalloc(n + 1, sizeof(tops[0]));
    struct disks_wait wait = {0};
    struct err *e = n == 0 || n > MAX_DISKS ? refuse("disks", "none, or too many") : NULL;

    for (size_t i = 0; !e && i < n; i++)
        e = parse_top(call, val_at(list, i), i, &tops[i]);
    if (!e)
        e = disks_snapshot(call->state, vm_of(call), tops, n,
                           call_bool(call, "quiesce", false), &wait);
    if (e)
        return e;
    *ret_result = val_map(4);
    val_put_str(ret_result, "wait_us", val_int((int64_t)wait.us));
    val_put_str(ret_result, "disks", tops_answer(tops, n));
    val_put_str(ret_result, "frozen", val_int(wait.n_frozen));
    val_put_str(ret_result, "thawed", val_int(wait.n_thawed));
    return NULL;
}

/* ---- layers ---- */

static struct val layers_answer(struct vm_disk_live *disk)
{
    static const char *const jobs[] = {
        [VM_DISK_JOB_NONE] = "none",     [VM_DISK_JOB_RUNNING] = "running",
        [VM_DISK_JOB_READY] = "ready",   [VM_DISK_JOB_DONE] = "done",
        [VM_DISK_JOB_FAILED] = "failed",
    };
    struct val answer = val_map(5), layers = val_set(disk->n_layers);

    for (size_t i = 0; i < disk->n_layers; i++)
        val_push(&layers, val_str(disk->layers[i].text));
    free(disk->layers);
    val_put_str(&answer, "layers", layers);
    val_put_str(&answer, "job", val_str(jobs[disk->job]));
    val_put_str(&answer, "progress", val_float(disk->progress));
    val_put_str(&answer, "error", val_str(disk->error));
    val_put_str(&answer, "held", val_bool(disk->is_held));
    return answer;
}

struct err *run_disk_layers(struct verb_call *call, struct val *ret_result)
{
    struct vm_disk_live disk = {0};
    struct err *e = disks_layers(call->state, vm_of(call), device_of(call), &disk);

    if (!e)
        *ret_result = layers_answer(&disk);
    return e;
}

/* ---- merges ---- */

static struct err *parse_layer(const struct verb_call *call, const char *name,
                               struct vm_layer *layer)
{
    return vm_layer_parse(call_arg(call, name), name, call->fds, call->n_fds, layer);
}

struct err *run_disk_commit(struct verb_call *call, struct val *ret_result)
{
    struct vm_commit commit = {.device = device_of(call),
                               .overlay.fd = -1,
                               .rate = (uint64_t)call_int(call, "rate", 0)};
    struct err *e = parse_layer(call, "lower", &commit.lower);

    if (!e && call_arg(call, "overlay"))
        e = parse_layer(call, "overlay", &commit.overlay);
    snprintf(commit.upper, sizeof(commit.upper), "%s", call_text(call, "upper"));
    return e ? e : disks_commit(call->state, vm_of(call), &commit);
}

struct err *run_disk_commit_rate(struct verb_call *call, struct val *ret_result)
{
    return disks_commit_rate(call->state, vm_of(call), device_of(call),
                             (uint64_t)call_int(call, "rate", 0));
}

struct err *run_disk_commit_cancel(struct verb_call *call, struct val *ret_result)
{
    return disks_commit_cancel(call->state, vm_of(call), device_of(call));
}

struct err *run_disk_pivot(struct verb_call *call, struct val *ret_result)
{
    struct vm_disk_live disk = {0};
    struct err *e = disks_pivot(call->state, vm_of(call), device_of(call), &disk);

    if (!e)
        *ret_result = layers_answer(&disk);
    return e;
}

struct err *run_disk_resume(struct verb_call *call, struct val *ret_result)
{
    return disks_resume(call->state, vm_of(call));
}
