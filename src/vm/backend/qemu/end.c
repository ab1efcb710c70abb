// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of a VM's process. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "vm/backend/qemu/domain.h"

#define QUIT_MS 10000 /* to write out what it holds of the disks' metadata */
#define KILL_MS 30000 /* for the kernel: longer only when storage hangs */

void qemu_remove_files(int dir_fd)
{
    static const char *const names[] = {
        QEMU_STATE_FILE,   QEMU_LOG_FILE,    QEMU_CONSOLE_FILE, QEMU_VARS_FILE,
        QEMU_MONITOR_SOCK, QEMU_SERIAL_SOCK, QEMU_AGENT_SOCK};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (unlinkat(dir_fd, names[i], 0) < 0 && errno != ENOENT)
            log_warn(VM, "removing %s of a VM that ended: %s", names[i], strerror(errno));
}

struct err *qemu_vm_end(struct qemu_vm *vm)
{
    struct qemu_process *process = &vm->process;

    if (process->pidfd < 0)
        return NULL;
    if (vm->monitor) {
        monitor_tell(vm->monitor, "quit", val_void());
        if (qemu_process_wait(process, clock_monotonic_ms() + QUIT_MS) == 0)
            return NULL;
        log_warn(VM, "the QEMU of VM %s does not quit: it is killed", vm->id->uuid);
    }
    qemu_process_kill(process);
    if (qemu_process_wait(process, clock_monotonic_ms() + KILL_MS) == 0)
        return NULL;
    return err_paramf(err_new(ERR_INTERNAL_ERROR,
                              "killing the QEMU of VM %s: process %d does not end; its "
                              "storage may hang",
                              vm->id->uuid, process->pid),
                      "VM %s: its process does not end", vm->id->uuid);
}

static void set_ending(struct qemu_vm *vm, bool is_ending)
{
    pthread_mutex_lock(&vm->lock);
    vm->is_ending = is_ending;
    pthread_mutex_unlock(&vm->lock);
}

struct err *qemu_destroy(void *arg)
{
    struct qemu_vm *vm = arg;
    struct err *e;

    set_ending(vm, true);
    e = qemu_vm_end(vm);
    if (e) {
        set_ending(vm, false);
        return e;
    }
    qemu_vm_deafen(vm);
    qemu_remove_files(vm->id->dir_fd);
    qemu_vm_free(vm);
    return NULL;
}
