// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend 'qemu': one QEMU process a VM, spoken to over QMP.  What it is made of:
 * docs/design/qemu-backend.md. */
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "vm/backend/qemu/domain.h"

struct qemu_vm *qemu_vm_new(struct qemu_backend *backend, struct vm *handle,
                            const struct vm_identity *id)
{
    struct qemu_vm *vm = xcalloc(1, sizeof(*vm));
    pthread_condattr_t monotonic;

    vm->backend = backend;
    vm->handle = handle;
    vm->id = id;
    vm->process.pidfd = vm->console_fd = vm->log_fd = -1;
    pthread_mutex_init(&vm->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&vm->unplug_heard, &monotonic);
    pthread_cond_init(&vm->job_heard, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_lock(&backend->lock);
    vm->next = backend->vms;
    backend->vms = vm;
    pthread_mutex_unlock(&backend->lock);
    return vm;
}

static void leave_list(struct qemu_vm *vm)
{
    struct qemu_backend *backend = vm->backend;

    pthread_mutex_lock(&backend->lock);
    for (struct qemu_vm **at = &backend->vms; *at; at = &(*at)->next) {
        if (*at != vm)
            continue;
        *at = vm->next;
        break;
    }
    pthread_mutex_unlock(&backend->lock);
}

void qemu_vm_free(struct qemu_vm *vm)
{
    if (!vm)
        return;
    leave_list(vm);
    monitor_free(vm->monitor);
    qemu_process_fini(&vm->process);
    cleanup_close(&vm->console_fd);
    cleanup_close(&vm->log_fd);
    pthread_cond_destroy(&vm->unplug_heard);
    pthread_cond_destroy(&vm->job_heard);
    pthread_mutex_destroy(&vm->lock);
    free(vm);
}

static void backend_close(void *arg)
{
    struct qemu_backend *backend = arg;

    if (!backend)
        return;
    while (backend->vms) {
        struct qemu_vm *vm = backend->vms;

        qemu_vm_deafen(vm);
        qemu_vm_free(vm);
    }
    qemu_host_free(backend->host);
    qemu_thread_free(backend->thread);
    pthread_mutex_destroy(&backend->lock);
    free(backend);
}

static struct err *backend_open(const struct vm_backend_config *config, void **ret_backend)
{
    struct qemu_backend *backend = xcalloc(1, sizeof(*backend));
    struct err *e;

    pthread_mutex_init(&backend->lock, NULL);
    e = qemu_thread_new(&backend->thread);
    if (!e)
        e = qemu_host_new(config->run_dir, backend->thread, &backend->host);
    if (e) {
        backend_close(backend);
        return e;
    }
    *ret_backend = backend;
    return NULL;
}

const struct vm_backend vm_backend_qemu = {
    .name = "qemu",
    .open = backend_open,
    .close = backend_close,
    .create = qemu_create,
    .adopt = qemu_adopt,
    .unpause = qemu_unpause,
    .pause = qemu_pause,
    .suspend = qemu_suspend,
    .shutdown = qemu_shutdown,
    .reset = qemu_reset,
    .destroy = qemu_destroy,
    .console = qemu_console,
    .set_cd = qemu_set_cd,
    .stat = qemu_stat,
    .flash = qemu_flash,
    .disk_plug = qemu_disk_plug,
    .disk_unplug = qemu_disk_unplug,
    .nic_plug = qemu_nic_plug,
    .nic_unplug = qemu_nic_unplug,
    .disk_resize = qemu_disk_resize,
    .disk_limit = qemu_disk_limit,
    .memory = qemu_memory,
    .vcpus = qemu_vcpus,
    .disk_prepare = qemu_disk_prepare,
    .disk_switch = qemu_disk_switch,
    .disk_abandon = qemu_disk_abandon,
    .disk_layers = qemu_disk_layers,
    .disk_commit = qemu_disk_commit,
    .disk_commit_rate = qemu_disk_commit_rate,
    .disk_commit_cancel = qemu_disk_commit_cancel,
    .disk_pivot = qemu_disk_pivot,
    .disk_resume = qemu_disk_resume,
};
