// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/alloc.h"
#include "base/log.h"
#include "io/loop.h"
#include "vm/guest_channel.h"
#include "vm/life.h"
#include "vm/notice.h"
#include "vm/record.h"

/* Somebody waits for a guest that is to hold its writes back, or to let them go. */
struct guest_freezing {
    struct vm *vm;
    bool freeze;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_settled; /* GUARDED_BY(lock) */
    int result;      /* GUARDED_BY(lock) */
};

/* Loop thread. */
static void settle_freeze(struct vm *vm, int result)
{
    struct guest_freezing *freezing = take_ptr(vm->freezing);

    if (!freezing)
        return;
    pthread_mutex_lock(&freezing->lock);
    freezing->result = result;
    freezing->is_settled = true;
    /* Under the lock: it is gone as soon as its owner sees it settled. */
    pthread_cond_signal(&freezing->changed);
    pthread_mutex_unlock(&freezing->lock);
}

/* ---- what the channel tells; loop thread ---- */

static void on_nics(void *arg, struct guest_nics *ret_nics)
{
    struct vm *vm = arg;

    pthread_mutex_lock(&vm->vms->lock);
    record_nics(&vm->record, ret_nics);
    pthread_mutex_unlock(&vm->vms->lock);
}

static void on_report(void *arg, const struct val *report)
{
    notice_report(arg, report);
}

static void on_answered(void *arg, bool accepted)
{
    struct vm *vm = arg;

    log_debug(VM, "the agent of VM %s %s", vm->id.uuid,
              accepted ? "begins to end" : "does not end it: asking by ACPI");
    if (!accepted)
        agent_job(vm->vms->agent, vm->id.uuid, life_press_button, vm_hold(vm));
}

static void on_ended(void *arg)
{
    guest_drop(arg);
}

static void on_frozen(void *arg, int n)
{
    settle_freeze(arg, n);
}

static const struct guest_channel_events events = {on_nics, on_report, on_answered,
                                                   on_frozen, on_ended};

/* ---- the channel ---- */

struct attaching {
    struct vm *vm; /* held */
    int fd;
};

static void attach(void *arg)
{
    autofree struct attaching *a = arg;
    autoptr(vm) vm = a->vm;
    struct vms *vms = vm->vms;
    bool is_wanted;
    int r;

    pthread_mutex_lock(&vms->lock);
    is_wanted = vm->phase != VM_PHASE_REMOVED && !vms->is_stopped;
    pthread_mutex_unlock(&vms->lock);
    guest_drop(vm);
    if (!is_wanted) {
        close(a->fd);
        return;
    }
    r = guest_channel_new(agent_loop(vms->agent), a->fd, &events, vm, &vm->channel);
    if (r == 0)
        vm_hold(vm);
    else
        log_error(VM, "listening to the agent of VM %s: %s", vm->id.uuid, strerror(-r));
}

void guest_attach(struct vm *vm, int fd)
{
    struct attaching *a = xcalloc(1, sizeof(*a));

    a->vm = vm_hold(vm);
    a->fd = fd;
    loop_post(vm->vms->mailbox, attach, a);
}

void guest_drop(struct vm *vm)
{
    if (!vm->channel)
        return;
    settle_freeze(vm, -ECONNRESET);
    guest_channel_free(take_ptr(vm->channel));
    vm_release(vm);
}

static void drop(void *arg)
{
    guest_drop(arg);
}

void guest_close(struct vm *vm)
{
    loop_call(vm->vms->mailbox, drop, vm);
}

struct asking {
    struct vm *vm;
    enum vm_shutdown_mode mode;
    bool asked;
};

static void ask(void *arg)
{
    struct asking *asking = arg;
    struct vm *vm = asking->vm;

    asking->asked =
        vm->channel &&
        guest_channel_shutdown(vm->channel,
                               asking->mode == VM_SHUTDOWN_REBOOT ? "reboot" : "poweroff");
}

bool guest_ask(struct vm *vm, enum vm_shutdown_mode mode)
{
    struct asking asking = {vm, mode, false};

    vm->asked_mode = mode;
    loop_call(vm->vms->mailbox, ask, &asking);
    return asking.asked;
}

static void begin_freeze(void *arg)
{
    struct guest_freezing *freezing = arg;
    struct vm *vm = freezing->vm;

    vm->freezing = freezing;
    if (!vm->channel || !guest_channel_freeze(vm->channel, freezing->freeze))
        settle_freeze(vm, -EOPNOTSUPP);
}

int guest_freeze(struct vm *vm, bool freeze)
{
    struct guest_freezing freezing = {.vm = vm, .freeze = freeze};

    pthread_mutex_init(&freezing.lock, NULL);
    pthread_cond_init(&freezing.changed, NULL);
    loop_call(vm->vms->mailbox, begin_freeze, &freezing);
    pthread_mutex_lock(&freezing.lock);
    while (!freezing.is_settled)
        pthread_cond_wait(&freezing.changed, &freezing.lock);
    pthread_mutex_unlock(&freezing.lock);
    pthread_cond_destroy(&freezing.changed);
    pthread_mutex_destroy(&freezing.lock);
    return freezing.result;
}
