// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest's memory and devices written to an image and read from it: QEMU's migration, with
 * the virtual CPUs stopped before, so that the stream is no longer than the memory. */
#include "vm/memory_image.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "vm/backend/qemu/domain.h"

#define POLL_MS  50
#define STALL_MS 120000             /* without a byte: the storage hangs */
#define END_MS   10000              /* from the last byte to a VM that can go on */
#define FAST     (INT64_C(1) << 50) /* bytes a second: no limit */
#define FD_NAME  "memory"

/* ---- the stream ---- */

/* Has QEMU take the descriptor, from behind the header on. */
static struct err *hand_over(struct qemu_vm *vm, int fd)
{
    struct val arguments;

    if (lseek(fd, MEMORY_HEADER_SIZE, SEEK_SET) < 0)
        return err_errno(errno, "seeking in the image of a VM's memory");
    arguments = val_map(1);
    val_put_str(&arguments, "fdname", val_str(FD_NAME));
    return monitor_call_fd(vm->monitor, "getfd", arguments, fd,
                           clock_monotonic_ms() + QEMU_CALL_MS, NULL);
}

static struct err *go_fast(struct qemu_vm *vm)
{
    struct val arguments = val_map(1);

    val_put_str(&arguments, "max-bandwidth", val_int(FAST));
    return qemu_call(vm, "migrate-set-parameters", arguments, NULL);
}

static struct err *failed(const struct qemu_vm *vm, const char *what, const char *why)
{
    return err_param(err_paramf(err_new(ERR_INTERNAL_ERROR, "%s the memory of VM %s: %s",
                                        what, vm->id->uuid, why),
                                "qemu"),
                     why);
}

/* Until the stream has ended, one way or the other. */
static struct err *wait_stream(struct qemu_vm *vm, const char *what)
{
    uint64_t moved_ms = clock_monotonic_ms();
    int64_t transferred = -1;

    for (;;) {
        autoval struct val answer = val_void();
        struct err *e = qemu_call(vm, "query-migrate", val_void(), &answer);
        const char *status = e ? "" : qmp_text(&answer, "status", "none");
        const struct val *ram = e ? NULL : val_find(&answer, "ram");
        int64_t now = ram ? qmp_int(ram, "transferred", 0) : 0;

        if (e || STREQ(status, "completed"))
            return e;
        if (STREQ(status, "failed") || STREQ(status, "cancelled"))
            return failed(vm, what, qmp_text(&answer, "error-desc", status));
        if (now != transferred)
            moved_ms = clock_monotonic_ms();
        else if (clock_monotonic_ms() - moved_ms > STALL_MS)
            return failed(vm, what, "the storage does not take or give any of it");
        transferred = now;
        poll(NULL, 0, POLL_MS);
    }
}

/* The stream ends before the machine is at rest: it cannot go on until then. */
static struct err *wait_rest(struct qemu_vm *vm)
{
    uint64_t deadline = clock_monotonic_ms() + END_MS;

    for (;;) {
        autoval struct val answer = val_void();
        struct err *e = qemu_call(vm, "query-status", val_void(), &answer);

        if (e || !STREQ(qmp_text(&answer, "status", ""), "finish-migrate"))
            return e;
        if (clock_monotonic_ms() > deadline)
            return failed(vm, "ending the writing of", "QEMU does not come to rest");
        poll(NULL, 0, POLL_MS);
    }
}

struct err *qemu_need_disks(struct qemu_vm *vm)
{
    autoval struct val answer = val_void();
    struct err *e = qemu_call(vm, "query-status", val_void(), &answer);
    const char *status = e ? "" : qmp_text(&answer, "status", "");

    if (!STREQ(status, "postmigrate") && !STREQ(status, "finish-migrate"))
        return e;
    return err_params(ERR_OTHER_OPERATION_IN_PROGRESS, "VM", vm->id->uuid, "suspend", "",
                      NULL);
}

/* ---- writing ---- */

static struct err *find_machine(struct qemu_vm *vm, struct memory_header *header)
{
    autoval struct val answer = val_void();
    struct val arguments = val_map(2);
    const char *type;
    struct err *e;

    val_put_str(&arguments, "path", val_str("/machine"));
    val_put_str(&arguments, "property", val_str("type"));
    e = qemu_call(vm, "qom-get", arguments, &answer);
    if (e)
        return e;
    /* "pc-q35-7.2-machine" */
    type = answer.kind == VAL_STR ? val_text(&answer) : "";
    snprintf(header->machine, sizeof(header->machine), "%s", type);
    if (str_has_suffix(header->machine, "-machine"))
        header->machine[strlen(header->machine) - strlen("-machine")] = '\0';
    snprintf(header->accel, sizeof(header->accel), "%s", vm->has_kvm ? "kvm" : "tcg");
    return NULL;
}

/* QEMU says only in words that the disk is full. */
static struct err *explain(const struct qemu_vm *vm, int fd, struct err *e)
{
    uint64_t available = 0;
    struct statvfs st;

    if (fstatvfs(fd, &st) == 0)
        available = (uint64_t)st.f_bavail * st.f_frsize;
    if (available > MEMORY_HEADER_SIZE * 256)
        return e;
    err_ignore(e, "the SR is full");
    e = err_new(ERR_SR_FULL, "writing the memory of VM %s: the SR is full", vm->id->uuid);
    return err_paramf(err_param(e, "the memory of the VM"), "%" PRIu64, available);
}

static struct err *save(struct qemu_vm *vm, int fd)
{
    struct memory_header header;
    struct val arguments;
    struct err *e = find_machine(vm, &header);
    int r;

    if (!e)
        e = go_fast(vm);
    if (!e)
        e = hand_over(vm, fd);
    if (e)
        return e;
    arguments = val_map(1);
    val_put_str(&arguments, "uri", val_str("fd:" FD_NAME));
    e = qemu_call(vm, "migrate", arguments, NULL);
    if (!e)
        e = wait_stream(vm, "writing");
    if (!e)
        e = wait_rest(vm);
    if (e)
        return explain(vm, fd, e);
    r = memory_header_write(fd, &header);
    return r < 0 ? err_errno(-r, "writing the memory of VM %s", vm->id->uuid) : NULL;
}

void qemu_memory_give_up(struct qemu_vm *vm)
{
    err_ignore(qemu_call(vm, "migrate_cancel", val_void(), NULL), "there may be none");
    err_ignore(wait_rest(vm), "going on says so again");
}

static bool is_running(struct qemu_vm *vm)
{
    bool running;

    pthread_mutex_lock(&vm->lock);
    running = vm->state == VM_STATE_RUNNING;
    pthread_mutex_unlock(&vm->lock);
    return running;
}

struct err *qemu_suspend(void *arg, const struct vm_layer *image)
{
    struct qemu_vm *vm = arg;
    bool was_running = is_running(vm);
    struct err *e = was_running ? qemu_pause(vm) : NULL;

    if (e)
        return e;
    e = save(vm, image->fd);
    if (!e)
        return NULL;
    qemu_memory_give_up(vm);
    if (was_running)
        err_ignore(qemu_unpause(vm), "the VM stays paused");
    return e;
}

/* ---- reading ---- */

struct err *qemu_memory_check(const struct vm_config *config, bool has_kvm,
                              struct memory_header *ret_header)
{
    int r = memory_header_read(config->memory_image.fd, ret_header);

    if (r < 0)
        return err_params(ERR_SUSPEND_IMAGE_NOT_ACCESSIBLE, config->memory_image.id, NULL);
    if (STREQ(ret_header->accel, has_kvm ? "kvm" : "tcg"))
        return NULL;
    return err_param(
        err_param(err_new(ERR_INTERNAL_ERROR,
                          "reading a VM's memory: it ran under %s, which is not to be had",
                          ret_header->accel),
                  "The VM was suspended under another kind of virtualization"),
        ret_header->accel);
}

struct err *qemu_memory_load(struct qemu_vm *vm, int fd)
{
    struct val arguments;
    struct err *e = hand_over(vm, fd);

    if (e)
        return e;
    arguments = val_map(1);
    val_put_str(&arguments, "uri", val_str("fd:" FD_NAME));
    e = qemu_call(vm, "migrate-incoming", arguments, NULL);
    return e ? e : wait_stream(vm, "reading");
}
