// SPDX-License-Identifier: GPL-2.0-or-later
/* What the next lk-vmd finds a VM by, and finding it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "vm/backend/qemu/domain.h"
#include "vm/backend/qemu/sock.h"
#include "vm/run_dir.h"

struct kept {
    uint64_t pid, start_time, domid;
    bool is_held, is_paused, has_kvm, has_sata_disks;
};

int qemu_state_write(const struct qemu_vm *vm)
{
    autoval struct val object = val_map(8);

    val_put_str(&object, "boot", val_str(uuid_of_boot().text));
    val_put_str(&object, "pid", val_int(vm->process.pid));
    val_put_str(&object, "start_time", val_int((int64_t)vm->process.start_time));
    val_put_str(&object, "domid", val_int(vm->domid));
    val_put_str(&object, "kvm", val_bool(vm->has_kvm));
    val_put_str(&object, "sata_disks", val_bool(vm->has_sata_disks));
    val_put_str(&object, "held", val_bool(vm->is_held));
    val_put_str(&object, "paused", val_bool(vm->state == VM_STATE_PAUSED));
    return run_dir_write(vm->id->dir_fd, QEMU_STATE_FILE, &object);
}

/* False: there is none, or it is of an earlier boot. */
static bool state_read(int dir_fd, struct kept *ret_kept)
{
    autoval struct val object = val_void();
    struct kept kept = {0};
    struct uuid boot;

    if (doc_read(dir_fd, QEMU_STATE_FILE, &object) < 0 ||
        doc_uuid(&object, "boot", &boot) < 0 || !STREQ(boot.text, uuid_of_boot().text) ||
        doc_size(&object, "pid", INT_MAX, &kept.pid) < 0 ||
        doc_size(&object, "start_time", INT64_MAX, &kept.start_time) < 0 ||
        doc_size(&object, "domid", QEMU_MAX_DOMID, &kept.domid) < 0 ||
        doc_bool(&object, "kvm", &kept.has_kvm) < 0 ||
        doc_bool(&object, "sata_disks", &kept.has_sata_disks) < 0 ||
        doc_bool(&object, "held", &kept.is_held) < 0 ||
        doc_bool(&object, "paused", &kept.is_paused) < 0)
        return false;
    *ret_kept = kept;
    return true;
}

/* A lk-vmd that died between starting QEMU and noting so told nobody of the VM. */
static void end_unknown(const char *uuid)
{
    struct qemu_process process;

    if (!qemu_process_search(uuid, &process))
        return;
    log_warn(VM, "a QEMU of VM %s runs that was never told of: it is ended", uuid);
    qemu_process_kill(&process);
    if (qemu_process_wait(&process, clock_monotonic_ms() + QEMU_CALL_MS) < 0)
        log_error(VM, "process %d does not end", process.pid);
    qemu_process_fini(&process);
}

static void note_domid(struct qemu_vm *vm)
{
    struct qemu_backend *backend = vm->backend;

    pthread_mutex_lock(&backend->lock);
    if (vm->domid > backend->last_domid)
        backend->last_domid = vm->domid;
    pthread_mutex_unlock(&backend->lock);
}

static struct err *meet(struct qemu_vm *vm, struct monitor_hello *ret_hello)
{
    int sock = sock_connect(vm->id->dir_fd, QEMU_MONITOR_SOCK);

    if (sock < 0)
        return err_errno(-sock, "connecting to QEMU's monitor");
    return monitor_new(sock, vm->process.pidfd, clock_monotonic_ms() + QEMU_CALL_MS,
                       &vm->monitor, ret_hello);
}

static void open_logs(struct qemu_vm *vm)
{
    vm->console_fd = openat(vm->id->dir_fd, QEMU_CONSOLE_FILE,
                            O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    vm->log_fd =
        openat(vm->id->dir_fd, QEMU_LOG_FILE, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
}

struct err *qemu_adopt(void *backend, struct vm *handle, const struct vm_identity *id,
                       void **ret_vm, struct vm_status *ret_status)
{
    autoptr(qemu_vm) vm = NULL;
    struct monitor_hello hello;
    struct kept kept;
    struct err *e;

    *ret_vm = NULL;
    if (!state_read(id->dir_fd, &kept)) {
        end_unknown(id->uuid);
        return NULL;
    }
    vm = qemu_vm_new(backend, handle, id);
    vm->domid = (unsigned)kept.domid;
    vm->has_kvm = kept.has_kvm;
    vm->has_sata_disks = kept.has_sata_disks;
    note_domid(vm);
    if (!qemu_process_find((pid_t)kept.pid, kept.start_time, &vm->process))
        return NULL;
    e = meet(vm, &hello);
    if (e && qemu_process_wait(&vm->process, clock_monotonic_ms()) == 0) {
        err_ignore(e, "the process has just ended");
        return NULL;
    }
    if (!e) {
        if (!STREQ(hello.run_state, "running"))
            qemu_memory_give_up(vm);
        open_logs(vm);
        *ret_status = qemu_status_of(vm, hello.run_state);
        vm->is_held = kept.is_held;
        if (kept.is_held && ret_status->state == VM_STATE_PAUSED && !kept.is_paused)
            ret_status->state = VM_STATE_RUNNING;
        vm->state = ret_status->state;
        e = qemu_vm_listen(vm);
    }
    if (e) {
        qemu_vm_deafen(vm);
        return err_context(e, "finding VM %s again", id->uuid);
    }
    qemu_vm_open_agent(vm);
    *ret_vm = take_ptr(vm);
    return NULL;
}
