// SPDX-License-Identifier: GPL-2.0-or-later
/* What the core asks of a VM that is there. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "vm/backend/qemu/domain.h"
#include "vm/backend/qemu/sock.h"

#define MAX_SCHEDSTAT 128

struct err *qemu_call(struct qemu_vm *vm, const char *command, struct val arguments,
                      struct val *ret_value)
{
    struct err *e = monitor_call(vm->monitor, command, arguments,
                                 clock_monotonic_ms() + QEMU_CALL_MS, ret_value);

    return err_context(e, "VM %s", vm->id->uuid);
}

/* ---- running or not ---- */

/* Whether it is to run once it is held no more (commit.c). */
static struct err *note_held(const struct qemu_vm *vm)
{
    int r = vm->is_held ? qemu_state_write(vm) : 0;

    return r < 0 ? err_errno(-r, "noting what VM %s is to do", vm->id->uuid) : NULL;
}

static void set_state(struct qemu_vm *vm, enum vm_state state)
{
    pthread_mutex_lock(&vm->lock);
    if (vm->state == VM_STATE_RUNNING || vm->state == VM_STATE_PAUSED)
        vm->state = state;
    vm->is_pausing = false;
    pthread_mutex_unlock(&vm->lock);
}

struct err *qemu_unpause(void *arg)
{
    struct qemu_vm *vm = arg;
    struct err *e;

    set_state(vm, VM_STATE_RUNNING); /* before the guest can end */
    if (vm->is_held)
        return note_held(vm);
    e = qemu_call(vm, "cont", val_void(), NULL);
    if (e)
        set_state(vm, VM_STATE_PAUSED);
    return e;
}

struct err *qemu_pause(void *arg)
{
    struct qemu_vm *vm = arg;
    struct err *e;

    pthread_mutex_lock(&vm->lock);
    vm->is_pausing = true;
    pthread_mutex_unlock(&vm->lock);
    e = qemu_call(vm, "stop", val_void(), NULL);
    set_state(vm, e ? VM_STATE_RUNNING : VM_STATE_PAUSED);
    return e ? e : note_held(vm);
}

/* There is one button: a guest that is to restart ends by it, and is then reset instead of
 * being kept as ended. */
struct err *qemu_shutdown(void *arg, enum vm_shutdown_mode mode)
{
    struct qemu_vm *vm = arg;

    pthread_mutex_lock(&vm->lock);
    vm->wants_reboot = mode == VM_SHUTDOWN_REBOOT;
    pthread_mutex_unlock(&vm->lock);
    return qemu_call(vm, "system_powerdown", val_void(), NULL);
}

struct err *qemu_reset(void *arg)
{
    return qemu_call(arg, "system_reset", val_void(), NULL);
}

/* ---- consoles ---- */

/* QEMU's screen has no address of its own: each client is one end of a pair of sockets. */
static struct err *open_screen(struct qemu_vm *vm, int *ret_fd)
{
    static const char name[] = "console";
    autoclose int ours = -1, theirs = -1;
    struct val arguments = val_map(3);
    int pair[2];
    struct err *e;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        val_unref(&arguments);
        return err_errno(errno, "making a pair of sockets for a console");
    }
    ours = pair[0];
    theirs = pair[1];
    /* Of an equal name the later descriptor replaces the earlier; calls of one VM come one
     * at a time. */
    val_put_str(&arguments, "fdname", val_str(name));
    e = monitor_call_fd(vm->monitor, "getfd", arguments, theirs,
                        clock_monotonic_ms() + QEMU_CALL_MS, NULL);
    if (e)
        return e;
    arguments = val_map(3);
    val_put_str(&arguments, "protocol", val_str("vnc"));
    val_put_str(&arguments, "fdname", val_str(name));
    val_put_str(&arguments, "skipauth", val_bool(true));
    e = qemu_call(vm, "add_client", arguments, NULL);
    if (!e)
        *ret_fd = take_fd(ours);
    return e;
}

struct err *qemu_console(void *arg, enum vm_console console, int *ret_fd)
{
    struct qemu_vm *vm = arg;
    int fd;

    if (console == VM_CONSOLE_RFB)
        return open_screen(vm, ret_fd);
    fd = sock_connect(vm->id->dir_fd, QEMU_SERIAL_SOCK);
    if (fd < 0)
        return err_errno(-fd, "connecting to the serial console of VM %s", vm->id->uuid);
    *ret_fd = fd;
    return NULL;
}

/* ---- figures ---- */

/* Microseconds thread 'tid' of process 'pid' has run: the first number of schedstat, in
 * nanoseconds (Documentation/scheduler/sched-stats.rst). */
static uint64_t thread_time_us(pid_t pid, int64_t tid)
{
    autobuf text = BUF_INIT;
    char path[64];
    uint64_t ns = 0;

    snprintf(path, sizeof(path), "/proc/%d/task/%" PRId64 "/schedstat", pid, tid);
    if (fd_read_file(AT_FDCWD, path, MAX_SCHEDSTAT, &text) < 0 ||
        sscanf(buf_str(&text), "%" SCNu64, &ns) != 1)
        return 0;
    return ns / 1000;
}

struct err *qemu_stat(void *arg, struct vm_stat *ret_stat)
{
    struct qemu_vm *vm = arg;
    autoval struct val balloon = val_void(), cpus = val_void();
    struct vm_stat stat = {0};
    struct err *e = qemu_call(vm, "query-balloon", val_void(), &balloon);

    if (!e)
        e = qemu_call(vm, "query-cpus-fast", val_void(), &cpus);
    if (e)
        return e;
    stat.memory_actual = (uint64_t)qmp_int(&balloon, "actual", 0);
    stat.vcpus = (unsigned)qmp_count(&cpus);
    for (size_t i = 0; i < qmp_count(&cpus); i++)
        stat.cpu_us +=
            thread_time_us(vm->process.pid, qmp_int(val_at(&cpus, i), "thread-id", 0));
    *ret_stat = stat;
    return NULL;
}
