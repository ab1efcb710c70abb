// SPDX-License-Identifier: GPL-2.0-or-later
/* What QEMU says by itself, and its death.  All here runs on the hearing thread but for the
 * first two functions. */
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "vm/backend/qemu/domain.h"
#include "vm/backend/qemu/sock.h"

#define SAME_REBOOT_MS 5000 /* no guest boots and reboots in that time */
#define LOOK_US        (10u * 1000000)
#define LOG_MAX        (4u << 20) /* a log longer than this is cut to its end */
#define LOG_KEPT       (256u << 10)

static void start_hearing(void *arg);
static void stop_hearing(void *arg);
static void on_event(void *arg, const struct qmp_message *event);
static void on_closed(void *arg);

struct err *qemu_vm_listen(struct qemu_vm *vm)
{
    const struct monitor_events events = {vm, on_event, on_closed};
    struct err *e = monitor_listen(vm->monitor, vm->backend->thread, &events);

    if (!e)
        qemu_thread_run(vm->backend->thread, start_hearing, vm);
    return e;
}

void qemu_vm_deafen(struct qemu_vm *vm)
{
    pthread_mutex_lock(&vm->lock);
    vm->is_ending = true;
    pthread_mutex_unlock(&vm->lock);
    qemu_thread_run(vm->backend->thread, stop_hearing, vm);
    monitor_free(take_ptr(vm->monitor));
}

/* ---- what the core is told ---- */

struct vm_status qemu_status_of(const struct qemu_vm *vm, const char *run_state)
{
    static const struct {
        const char *name;
        enum vm_state state;
        enum vm_reason reason;
    } states[] = {
        {"running", VM_STATE_RUNNING, VM_REASON_NONE},
        {"suspended", VM_STATE_RUNNING, VM_REASON_NONE}, /* the guest sleeps (S3) */
        {"shutdown", VM_STATE_SHUTDOWN, VM_REASON_POWEROFF},
        {"guest-panicked", VM_STATE_CRASHED, VM_REASON_CRASH},
        {"internal-error", VM_STATE_CRASHED, VM_REASON_CRASH},
    };
    struct vm_status status = {VM_STATE_PAUSED, VM_REASON_NONE, vm->domid,
                               vm->has_kvm ? "kvm" : "tcg"};

    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        if (!STREQ(states[i].name, run_state))
            continue;
        status.state = states[i].state;
        status.reason = states[i].reason;
    }
    return status;
}

/* Takes the VM to 'state'; false when that is no news or nobody is to hear it. */
static bool enter(struct qemu_vm *vm, enum vm_state state)
{
    bool is_news;

    pthread_mutex_lock(&vm->lock);
    is_news =
        !vm->is_ending && (vm->state == VM_STATE_RUNNING || vm->state == VM_STATE_PAUSED);
    if (is_news)
        vm->state = state;
    pthread_mutex_unlock(&vm->lock);
    return is_news;
}

/* ---- events ---- */

/* The guest powered off; where that was the first half of a reboot, the second follows. */
static void on_shutdown(struct qemu_vm *vm, const struct val *data)
{
    bool reboots;

    if (!qmp_bool(data, "guest", false))
        return;
    pthread_mutex_lock(&vm->lock);
    reboots = vm->wants_reboot && !vm->is_ending;
    vm->wants_reboot = false;
    vm->is_rebooting = reboots;
    pthread_mutex_unlock(&vm->lock);
    if (reboots)
        monitor_tell(vm->monitor, "system_reset", val_void());
    else if (enter(vm, VM_STATE_SHUTDOWN))
        vm_report_state(vm->handle, VM_STATE_SHUTDOWN, VM_REASON_POWEROFF);
}

/* SeaBIOS that is entered by a reset of the guest resets once more, from a clean copy of
 * itself: that is the same reboot. */
static bool is_same_reboot(struct qemu_vm *vm)
{
    uint64_t now_ms = clock_monotonic_ms(), before_ms = vm->reset_ms;

    vm->reset_ms = now_ms;
    return before_ms && now_ms - before_ms < SAME_REBOOT_MS;
}

static void on_reset(struct qemu_vm *vm, const struct val *data)
{
    bool was_off, is_second = is_same_reboot(vm);

    pthread_mutex_lock(&vm->lock);
    was_off = vm->is_rebooting;
    vm->is_rebooting = vm->wants_reboot = false;
    pthread_mutex_unlock(&vm->lock);
    if (was_off)
        monitor_tell(vm->monitor, "cont", val_void());
    if ((was_off || (qmp_bool(data, "guest", false) && !is_second)) &&
        enter(vm, VM_STATE_RUNNING))
        vm_report_state(vm->handle, VM_STATE_RUNNING, VM_REASON_REBOOT);
}

static void on_panic(struct qemu_vm *vm, const struct val *data)
{
    if (STREQ(qmp_text(data, "action", "pause"), "pause") && enter(vm, VM_STATE_CRASHED))
        vm_report_state(vm->handle, VM_STATE_CRASHED, VM_REASON_CRASH);
}

/* A guest's agent has opened its port: a conversation may begin. */
static void on_port(struct qemu_vm *vm, const struct val *data)
{
    if (STREQ(qmp_text(data, "id", ""), QEMU_AGENT_ID) && qmp_bool(data, "open", false))
        qemu_vm_open_agent(vm);
}

static void on_deleted(struct qemu_vm *vm, const struct val *data)
{
    qemu_unplug_heard(vm, qmp_text(data, "device", "?"), QEMU_UNPLUG_DONE);
}

static void on_kept(struct qemu_vm *vm, const struct val *data)
{
    qemu_unplug_heard(vm, qmp_text(data, "device", "?"), QEMU_UNPLUG_REFUSED);
}

static void on_job(struct qemu_vm *vm, const struct val *data)
{
    qemu_job_heard(vm);
}

/* QEMU stopped the guest by itself, and tries the write again when it goes on. */
static void on_no_space(struct qemu_vm *vm)
{
    bool is_news;

    pthread_mutex_lock(&vm->lock);
    is_news = !vm->is_ending && vm->state == VM_STATE_RUNNING;
    if (is_news)
        vm->state = VM_STATE_PAUSED;
    pthread_mutex_unlock(&vm->lock);
    if (is_news)
        vm_report_state(vm->handle, VM_STATE_PAUSED, VM_REASON_NO_SPACE);
}

static void on_io_error(struct qemu_vm *vm, const struct val *data)
{
    log_error(VM, "VM %s: %s on %s fails%s: %s", vm->id->uuid,
              qmp_text(data, "operation", "I/O"), qmp_text(data, "node-name", "a disk"),
              STREQ(qmp_text(data, "action", ""), "stop") ? ", and it waits" : "",
              qmp_text(data, "reason", "no reason"));
    if (STREQ(qmp_text(data, "action", ""), "stop"))
        on_no_space(vm);
}

static void on_event(void *arg, const struct qmp_message *event)
{
    static const struct {
        const char *name;
        void (*fn)(struct qemu_vm *vm, const struct val *data);
    } handlers[] = {
        {"SHUTDOWN", on_shutdown},       {"RESET", on_reset},
        {"GUEST_PANICKED", on_panic},    {"VSERPORT_CHANGE", on_port},
        {"BLOCK_IO_ERROR", on_io_error}, {"JOB_STATUS_CHANGE", on_job},
        {"DEVICE_DELETED", on_deleted},  {"DEVICE_UNPLUG_GUEST_ERROR", on_kept},
    };

    for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
        if (STREQ(handlers[i].name, event->name))
            handlers[i].fn(arg, &event->value);
}

/* It ends with the process, whose death is looked at by itself. */
static void on_closed(void *arg)
{
    struct qemu_vm *vm = arg;

    qemu_unplug_heard(vm, NULL, QEMU_UNPLUG_REFUSED); /* asking again says why */
    log_debug(VM, "the monitor of VM %s is closed", vm->id->uuid);
}

void qemu_vm_open_agent(struct qemu_vm *vm)
{
    int fd = sock_connect(vm->id->dir_fd, QEMU_AGENT_SOCK);

    if (fd >= 0)
        vm_report_agent_stream(vm->handle, fd);
    else
        log_warn(VM, "connecting to the agent in VM %s: %s", vm->id->uuid, strerror(-fd));
}

/* ---- death ---- */

static int on_death(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
    struct qemu_vm *vm = arg;

    vm->death = sd_event_source_disable_unref(vm->death);
    if (enter(vm, VM_STATE_GONE)) {
        log_error(VM, "the QEMU of VM %s (process %d) is gone", vm->id->uuid,
                  vm->process.pid);
        vm_report_state(vm->handle, VM_STATE_GONE, VM_REASON_KILLED);
    }
    return 0;
}

/* ---- logs that a guest can fill ---- */

/* Keeps the end.  QEMU appends, so what it writes meanwhile comes behind or is lost. */
static void trim(int fd, const char *what, const char *uuid)
{
    autofree char *end = NULL;
    struct stat st;
    ssize_t n;

    if (fd < 0 || fstat(fd, &st) < 0 || st.st_size <= LOG_MAX)
        return;
    end = xmalloc(LOG_KEPT);
    n = pread(fd, end, LOG_KEPT, st.st_size - LOG_KEPT);
    if (n < 0 || ftruncate(fd, 0) < 0 || fd_write_all(fd, end, (size_t)n) < 0)
        log_warn(VM, "the %s of VM %s is long, and could not be cut", what, uuid);
}

static int on_look(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct qemu_vm *vm = arg;

    trim(vm->console_fd, QEMU_CONSOLE_FILE, vm->id->uuid);
    trim(vm->log_fd, QEMU_LOG_FILE, vm->id->uuid);
    qemu_flash_look(vm);
    sd_event_source_set_time_relative(source, LOOK_US);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

/* ---- beginning and end ---- */

static void start_hearing(void *arg)
{
    struct qemu_vm *vm = arg;
    sd_event *loop = qemu_thread_loop(vm->backend->thread);
    int r = sd_event_add_io(loop, &vm->death, vm->process.pidfd, EPOLLIN, on_death, vm);

    if (r >= 0)
        r = sd_event_add_time_relative(loop, &vm->look_timer, CLOCK_MONOTONIC, LOOK_US,
                                       LOOK_US / 4, on_look, vm);
    if (r < 0)
        log_error(VM, "watching the QEMU of VM %s: %s", vm->id->uuid, strerror(-r));
}

static void stop_hearing(void *arg)
{
    struct qemu_vm *vm = arg;

    vm->death = sd_event_source_disable_unref(vm->death);
    vm->look_timer = sd_event_source_disable_unref(vm->look_timer);
}
