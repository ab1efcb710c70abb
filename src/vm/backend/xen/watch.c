// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/xen/watch.h"

#include <errno.h>
#include <libxl.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>
#include <xenstore.h>

#include "base/log.h"
#include "vm/backend/xen/state.h"
#include "vm/backend/xen/xen_private.h"

/* xenstored touches this when any domain shuts down or is gone, and does not say which. */
#define ANY_END "@releaseDomain"

static int on_store(sd_event_source *source, int fd, uint32_t events, void *arg);
static void look_at(struct xen_vm *vm, const libxl_dominfo *domains, int n);

struct err *xen_watch_open(struct xen_backend *backend)
{
    int r;

    backend->store = xs_open(0);
    if (!backend->store)
        return err_errno(errno, "connecting to xenstored");
    if (!xs_watch(backend->store, ANY_END, ANY_END))
        return err_errno(errno, "watching for the ends of domains");
    r = sd_event_add_io(backend->loop, &backend->store_source, xs_fileno(backend->store),
                        EPOLLIN, on_store, backend);
    return r < 0 ? err_errno(-r, "watching for the ends of domains") : NULL;
}

void xen_watch_close(struct xen_backend *backend)
{
    backend->store_source = sd_event_source_disable_unref(backend->store_source);
    if (backend->store)
        xs_close(backend->store);
    backend->store = NULL;
}

static int on_store(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct xen_backend *backend = arg;
    char **event;
    int n = 0;

    while ((event = xs_check_watch(backend->store))) {
        free(event);
        n++;
    }
    if (n == 0 && errno != EAGAIN) {
        log_error(VM, "xenstored is lost, ends of domains are not seen any more: %m");
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
    }
    xen_watch_look(backend);
    return 0;
}

void xen_watch_look(struct xen_backend *backend)
{
    int n = 0;
    libxl_dominfo *domains = libxl_list_domain(backend->ctx, &n);

    if (!domains) {
        log_error(VM, "the hypervisor does not list its domains");
        return;
    }
    pthread_mutex_lock(&backend->lock);
    for (struct xen_vm *vm = backend->vms; vm; vm = vm->next)
        look_at(vm, domains, n);
    pthread_mutex_unlock(&backend->lock);
    libxl_dominfo_list_free(domains, n);
}

static void look_at(struct xen_vm *vm, const libxl_dominfo *domains, int n)
{
    struct xen_state xen = {.is_dying = true};
    enum vm_state state;
    enum vm_reason reason;

    if (vm->has_ended)
        return;
    for (int i = 0; i < n; i++)
        if (domains[i].domid == vm->domid)
            xen = (struct xen_state){domains[i].paused, domains[i].shutdown,
                                     domains[i].dying, domains[i].shutdown_reason};
    xen_state_read(&xen, &state, &reason);
    if (state == VM_STATE_RUNNING || state == VM_STATE_PAUSED)
        return;
    vm->has_ended = true;
    vm_report_state(vm->handle, state, reason);
}
