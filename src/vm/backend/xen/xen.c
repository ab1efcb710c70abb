// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend 'xen': domains of the hypervisor this runs on, by libxl.
 *
 * One libxl context lives in this process, for what is over at once: listing, pausing,
 * asking a guest to end.  Making and ending a domain takes seconds under libxl's lock and
 * runs scripts: each is a run of lk-xl (job.h).
 *
 * A domain bears its VM's uuid.  The file "domain" in the run folder says that it was
 * finished: one without it was being made when lk-vmd died, and 'adopt' ends it. */
#include "vm/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <libxl.h>
#include <libxl_event.h>
#include <libxl_utils.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <xentoollog.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "io/loop.h"
#include "vm/backend/xen/build.h"
#include "vm/backend/xen/console.h"
#include "vm/backend/xen/job.h"
#include "vm/backend/xen/state.h"
#include "vm/backend/xen/watch.h"
#include "vm/backend/xen/xen_private.h"
#include "vm/config.h"

#define DONE_MARK "domain"

static struct xentoollog_logger *new_logger(void);
static struct xen_vm *new_vm(struct xen_backend *backend, struct vm *handle,
                             const struct vm_identity *id, uint32_t domid);
static void free_vm(struct xen_vm *vm);
static void enlist(struct xen_vm *vm);
static void delist(struct xen_vm *vm);
static struct err *find_domain(struct xen_backend *backend, const char *uuid,
                               libxl_dominfo *ret_info, bool *ret_found);
static void open_console(struct xen_vm *vm);
static void read_status(const libxl_dominfo *info, struct vm_status *ret_status);

struct err *xen_error(int rc, const char *fmt, ...)
{
    autofree char *what = NULL;
    va_list args;

    va_start(args, fmt);
    if (vasprintf(&what, fmt, args) < 0)
        what = NULL;
    va_end(args);
    return err_paramf(err_new(ERR_INTERNAL_ERROR, "%s: libxl says %s",
                              what ? what : "calling libxl", libxl_error_to_string(rc)),
                      "libxl: %s", libxl_error_to_string(rc));
}

/* ---- the backend ---- */

static void xen_close(void *state)
{
    struct xen_backend *backend = state;

    xen_watch_close(backend);
    while (backend->vms) {
        struct xen_vm *vm = backend->vms;

        delist(vm);
        free_vm(vm);
    }
    loop_mailbox_free(backend->mailbox);
    if (backend->ctx)
        libxl_ctx_free(backend->ctx);
    xtl_logger_destroy(backend->logger);
    pthread_mutex_destroy(&backend->lock);
    free(backend);
}

static struct err *xen_open(const struct vm_backend_config *config, void **ret_backend)
{
    /* No process is ever started by this context: the signal stays the agent's. */
    static const libxl_childproc_hooks children = {.chldowner =
                                                       libxl_sigchld_owner_mainloop};
    struct xen_backend *backend = xcalloc(1, sizeof(*backend));
    struct err *e = NULL;
    int rc, r;

    pthread_mutex_init(&backend->lock, NULL);
    backend->kernel_dir = config->kernel_dir;
    backend->loop = config->loop;
    backend->logger = new_logger();
    rc = libxl_ctx_alloc(&backend->ctx, LIBXL_VERSION, 0, backend->logger);
    if (rc)
        e = xen_error(rc, "looking for the Xen hypervisor (does this host run it?)");
    if (!e) {
        libxl_childproc_setmode(backend->ctx, &children, NULL);
        r = loop_mailbox_new(backend->loop, &backend->mailbox);
        if (r < 0)
            e = err_errno(-r, "making a mailbox");
    }
    if (!e)
        e = xen_watch_open(backend);
    if (e) {
        xen_close(backend);
        return e;
    }
    *ret_backend = backend;
    return NULL;
}

/* ---- making, finding, ending ---- */

static struct err *mark_done(const struct vm_identity *id, uint32_t domid)
{
    char text[16];
    int r, len = snprintf(text, sizeof(text), "%u\n", domid);

    r = fd_replace_file(id->dir_fd, DONE_MARK, text, (size_t)len, 0600);
    return r < 0 ? err_errno(-r, "noting the domain of VM %s", id->uuid) : NULL;
}

static struct err *xen_create(void *state, struct vm *handle, const struct vm_identity *id,
                              const struct vm_config *config, void **ret_vm,
                              struct vm_status *ret_status)
{
    struct xen_backend *backend = state;
    struct xen_vm *vm;
    uint32_t domid;
    struct err *e = xen_build(backend, id, config, &domid);

    if (!e)
        e = mark_done(id, domid);
    if (e) {
        struct err *left = job_destroy(id);

        if (left)
            log_error(VM, "VM %s: half a domain is left: %s", id->uuid, err_sentence(left));
        err_free(left);
        return e;
    }
    vm = new_vm(backend, handle, id, domid);
    open_console(vm);
    enlist(vm);
    *ret_vm = vm;
    *ret_status = (struct vm_status){VM_STATE_PAUSED, VM_REASON_NONE, domid, "xen"};
    return NULL;
}

static struct err *xen_adopt(void *state, struct vm *handle, const struct vm_identity *id,
                             void **ret_vm, struct vm_status *ret_status)
{
    struct xen_backend *backend = state;
    autoclose int lock = -1;
    libxl_dominfo info;
    struct xen_vm *vm;
    bool found = false;
    struct err *e = job_lock(id, &lock);

    *ret_vm = NULL;
    if (!e)
        e = find_domain(backend, id->uuid, &info, &found);
    if (e || !found)
        return e;
    if (faccessat(id->dir_fd, DONE_MARK, F_OK, 0) < 0) {
        log_warn(VM, "VM %s was being made when lk-vmd ended: it is undone", id->uuid);
        libxl_dominfo_dispose(&info);
        cleanup_close(&lock);
        return job_destroy(id);
    }
    vm = new_vm(backend, handle, id, info.domid);
    read_status(&info, ret_status);
    libxl_dominfo_dispose(&info);
    open_console(vm);
    /* What ended between that look and this moment is reported now. */
    enlist(vm);
    xen_watch_look(backend);
    *ret_vm = vm;
    return NULL;
}

static struct err *xen_destroy(void *state)
{
    struct xen_vm *vm = state;
    struct err *e;

    delist(vm);
    e = job_destroy(vm->id);
    if (e) {
        enlist(vm);
        xen_watch_look(vm->backend);
        return e;
    }
    free_vm(vm);
    return NULL;
}

/* ---- short calls ---- */

static struct err *xen_unpause(void *state)
{
    struct xen_vm *vm = state;
    int rc = libxl_domain_unpause(vm->backend->ctx, vm->domid, NULL);

    return rc ? xen_error(rc, "unpausing domain %u", vm->domid) : NULL;
}

static struct err *xen_pause(void *state)
{
    struct xen_vm *vm = state;
    int rc = libxl_domain_pause(vm->backend->ctx, vm->domid, NULL);

    return rc ? xen_error(rc, "pausing domain %u", vm->domid) : NULL;
}

/* Xen's own way to ask, which Linux listens to in PV and PVH guests. */
static struct err *xen_shutdown(void *state, enum vm_shutdown_mode mode)
{
    struct xen_vm *vm = state;
    int rc = mode == VM_SHUTDOWN_REBOOT
                 ? libxl_domain_reboot(vm->backend->ctx, vm->domid, NULL)
                 : libxl_domain_shutdown(vm->backend->ctx, vm->domid, NULL);

    return rc ? xen_error(rc, "asking domain %u to end", vm->domid) : NULL;
}

static struct err *xen_console(void *state, enum vm_console console, int *ret_fd)
{
    struct xen_vm *vm = state;

    if (console == VM_CONSOLE_RFB)
        return err_params(ERR_NOT_IMPLEMENTED, "a screen for a PV or PVH guest", NULL);
    if (!vm->console)
        return err_new(ERR_INTERNAL_ERROR,
                       "opening the console of domain %u: xenconsoled gave it no terminal",
                       vm->domid);
    return console_connect(vm->console, ret_fd);
}

static struct err *xen_stat(void *state, struct vm_stat *ret_stat)
{
    struct xen_vm *vm = state;
    libxl_dominfo info;
    int rc;

    libxl_dominfo_init(&info);
    rc = libxl_domain_info(vm->backend->ctx, &info, vm->domid);
    if (!rc)
        *ret_stat = (struct vm_stat){
            .memory_actual = info.current_memkb * 1024,
            .vcpus = info.vcpu_online,
            .cpu_us = info.cpu_time / 1000,
        };
    libxl_dominfo_dispose(&info);
    return rc ? xen_error(rc, "asking for domain %u", vm->domid) : NULL;
}

/* ---- helpers ---- */

static struct xen_vm *new_vm(struct xen_backend *backend, struct vm *handle,
                             const struct vm_identity *id, uint32_t domid)
{
    struct xen_vm *vm = xcalloc(1, sizeof(*vm));

    vm->backend = backend;
    vm->handle = handle;
    vm->id = id;
    vm->domid = domid;
    return vm;
}

static void free_vm(struct xen_vm *vm)
{
    console_free(vm->console);
    free(vm);
}

static void enlist(struct xen_vm *vm)
{
    pthread_mutex_lock(&vm->backend->lock);
    vm->next = vm->backend->vms;
    vm->backend->vms = vm;
    pthread_mutex_unlock(&vm->backend->lock);
}

static void delist(struct xen_vm *vm)
{
    struct xen_vm **at = &vm->backend->vms;

    pthread_mutex_lock(&vm->backend->lock);
    while (*at != vm)
        at = &(*at)->next;
    *at = vm->next;
    pthread_mutex_unlock(&vm->backend->lock);
}

/* By its uuid: numbers are given out again. */
static struct err *find_domain(struct xen_backend *backend, const char *uuid,
                               libxl_dominfo *ret_info, bool *ret_found)
{
    int n = 0;
    libxl_dominfo *domains = libxl_list_domain(backend->ctx, &n);
    libxl_uuid wanted;

    *ret_found = false;
    if (!domains)
        return err_new(ERR_INTERNAL_ERROR, "listing the domains");
    libxl_uuid_from_string(&wanted, uuid);
    for (int i = 0; i < n && !*ret_found; i++) {
        if (libxl_uuid_compare(&domains[i].uuid, &wanted) != 0)
            continue;
        libxl_dominfo_init(ret_info);
        libxl_dominfo_copy(backend->ctx, ret_info, &domains[i]);
        *ret_found = true;
    }
    libxl_dominfo_list_free(domains, n);
    return NULL;
}

static void read_status(const libxl_dominfo *info, struct vm_status *ret_status)
{
    const struct xen_state xen = {info->paused, info->shutdown, info->dying,
                                  info->shutdown_reason};

    ret_status->domid = info->domid;
    ret_status->accel = "xen";
    xen_state_read(&xen, &ret_status->state, &ret_status->reason);
}

/* A guest without a console runs all the same. */
static void open_console(struct xen_vm *vm)
{
    autofree char *path = NULL;
    int rc = libxl_primary_console_get_tty(vm->backend->ctx, vm->domid, &path), tty = -1;

    if (!rc)
        tty = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (tty >= 0)
        vm->console =
            console_new(vm->backend->loop, vm->backend->mailbox, tty, vm->id->dir_fd);
    else
        log_warn(VM, "domain %u has no console: %s", vm->domid,
                 rc ? libxl_error_to_string(rc) : strerror(errno));
}

static void log_message(struct xentoollog_logger *logger, xentoollog_level level,
                        int errnoval, const char *context, const char *format, va_list args)
{
    autofree char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        return;
    if (level >= XTL_WARN)
        log_warn(VM, "%s: %s%s%s", context ? context : "xen", text,
                 errnoval >= 0 ? ": " : "", errnoval >= 0 ? strerror(errnoval) : "");
    else
        log_debug(VM, "%s: %s", context ? context : "xen", text);
}

static void free_logger(struct xentoollog_logger *logger)
{
    free(logger);
}

static struct xentoollog_logger *new_logger(void)
{
    struct xentoollog_logger *logger = xcalloc(1, sizeof(*logger));

    logger->vmessage = log_message;
    logger->destroy = free_logger;
    return logger;
}

const struct vm_backend vm_backend_xen = {
    .name = "xen",
    .types = 1u << VM_TYPE_PV | 1u << VM_TYPE_PVH,
    .open = xen_open,
    .close = xen_close,
    .create = xen_create,
    .adopt = xen_adopt,
    .unpause = xen_unpause,
    .pause = xen_pause,
    .shutdown = xen_shutdown,
    .destroy = xen_destroy,
    .console = xen_console,
    .stat = xen_stat,
};
