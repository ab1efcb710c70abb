// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend 'sim': domains that only pretend, for tests of all that is above them. */
#include "vm/backend/sim/sim.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "io/loop.h"
#include "vm/config.h"
#include "vm/memory_image.h"
#include "vm/run_dir.h"

#define TICK_US    (10u * 1000000)
#define POWER_FILE "power" /* a test writes one word into it */

/* ---- what happens to a domain; hypervisor thread ---- */

struct outcome {
    enum vm_state state;
    enum vm_reason reason;
};

static const struct outcome outcomes[N_SIM_GUEST_HABITS] = {
    [SIM_GUEST_POWEROFF] = {VM_STATE_SHUTDOWN, VM_REASON_POWEROFF},
    [SIM_GUEST_HALT] = {VM_STATE_SHUTDOWN, VM_REASON_HALT},
    [SIM_GUEST_REBOOT] = {VM_STATE_RUNNING, VM_REASON_REBOOT},
    [SIM_GUEST_RESTART] = {VM_STATE_SHUTDOWN, VM_REASON_REBOOT},
    [SIM_GUEST_CRASH] = {VM_STATE_CRASHED, VM_REASON_CRASH},
    [SIM_GUEST_DIE] = {VM_STATE_GONE, VM_REASON_KILLED},
};

static void keep(const struct sim_vm *vm)
{
    struct err *e = NULL;

    if (vm->state != VM_STATE_GONE)
        e = sim_state_write(vm);
    else
        unlinkat(vm->id->dir_fd, STATE_FILE, 0);
    if (e)
        log_error(VM, "%s; it is lost with this process", err_sentence(e));
    err_free(e);
}

/* The change itself; false when it cannot happen to a domain in that state. */
static bool change(struct sim_vm *vm, enum sim_guest_habit what)
{
    const struct outcome *outcome = &outcomes[what];
    bool dies = outcome->state == VM_STATE_GONE;

    vm->next = -1;
    vm->next_timer = sd_event_source_disable_unref(vm->next_timer);
    if (dies ? vm->state == VM_STATE_GONE : vm->state != VM_STATE_RUNNING)
        return false;
    vm->state = outcome->state;
    vm->reason = outcome->reason;
    return true;
}

void sim_happen(struct sim_vm *vm, enum sim_guest_habit what)
{
    enum vm_reason reason;

    if (!change(vm, what))
        return;
    reason = vm->reason;
    if (what == SIM_GUEST_REBOOT) {
        vm->booted_ms = clock_monotonic_ms();
        vm->reason = VM_REASON_NONE; /* it is told now */
    }
    keep(vm);
    vm_report_state(vm->handle, vm->state, reason);
    if (what == SIM_GUEST_REBOOT)
        sim_guest_boot(vm);
    else
        sim_guest_follow(vm);
}

static int on_due(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct sim_vm *vm = arg;

    vm->next_timer = sd_event_source_disable_unref(vm->next_timer);
    /* Time stands still for a paused guest: unpausing looks again. */
    if (vm->state != VM_STATE_PAUSED && vm->next >= 0)
        sim_happen(vm, (enum sim_guest_habit)vm->next);
    return 0;
}

static void start_due_timer(struct sim_vm *vm)
{
    int r;

    vm->next_timer = sd_event_source_disable_unref(vm->next_timer);
    if (vm->next < 0)
        return;
    r = sd_event_add_time(vm->sim->loop, &vm->next_timer, CLOCK_MONOTONIC,
                          vm->next_ms * 1000, 1000, on_due, vm);
    if (r < 0)
        log_error(VM, "starting a timer of the simulated VM %s: %s", vm->id->uuid,
                  strerror(-r));
}

void sim_happen_later(struct sim_vm *vm, enum sim_guest_habit what, uint64_t ms)
{
    vm->next = (int)what;
    vm->next_ms = clock_monotonic_ms() + ms;
    keep(vm);
    start_due_timer(vm);
}

/* ---- the folder's file "power" ---- */

/* Takes the word in it: a habit that is an event, or -1. */
static int take_power(const struct sim_vm *vm)
{
    autobuf text = BUF_INIT;
    int what;

    if (fd_read_file(vm->id->dir_fd, POWER_FILE, 64, &text) < 0)
        return -1;
    unlinkat(vm->id->dir_fd, POWER_FILE, 0);
    text.size = strcspn(buf_str(&text), " \n");
    if (text.data)
        text.data[text.size] = '\0';
    what = sim_guest_habit_by_word(buf_str(&text));
    if (what < SIM_GUEST_POWEROFF) {
        log_error(VM, "the file 'power' of VM %s holds nothing that can happen",
                  vm->id->uuid);
        return -1;
    }
    return what;
}

static int on_folder(sd_event_source *source, const struct inotify_event *event, void *arg)
{
    struct sim_vm *vm = arg;
    int what = event->len > 0 && STREQ(event->name, POWER_FILE) ? take_power(vm) : -1;

    if (what >= 0)
        sim_happen(vm, (enum sim_guest_habit)what);
    return 0;
}

static void watch_folder(struct sim_vm *vm)
{
    int r =
        sd_event_add_inotify_fd(vm->sim->loop, &vm->folder_source, vm->id->dir_fd,
                                IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR, on_folder, vm);

    if (r < 0)
        log_warn(VM, "the file 'power' of VM %s is read at the next start only: %s",
                 vm->id->uuid, strerror(-r));
}

/* ---- calls: from a worker to the hypervisor and back ---- */

struct hypercall {
    struct sim_vm *vm;
    struct err *(*fn)(struct hypercall *call);
    struct err *e;
    struct vm_status *ret_status;
    struct vm_stat *ret_stat;
    enum vm_console console;
    int *ret_fd;
    int fd;
    const struct vm_nic *nic;
    unsigned device;
    uint64_t number;
    bool is_none; /* nothing of the domain is left */
};

static void run_hypercall(void *arg)
{
    struct hypercall *call = arg;

    call->e = call->fn(call);
}

static struct err *hypercall(struct hypercall *call)
{
    loop_call(call->vm->sim->mailbox, run_hypercall, call);
    return call->e;
}

/* What the script has for 'place', around the call. */
static struct err *scripted(struct hypercall *call, const char *place)
{
    bool dies = false;
    struct err *e = sim_script_run(call->vm->sim->script, place, call->vm->name, &dies);

    if (!e)
        e = hypercall(call);
    if (!e && dies)
        raise(SIGKILL);
    return e;
}

static struct err *simple(void *arg, const char *place,
                          struct err *(*fn)(struct hypercall *call))
{
    struct hypercall call = {.vm = arg, .fn = fn};

    return scripted(&call, place);
}

static struct sim_vm *new_vm(struct sim *sim, struct vm *handle,
                             const struct vm_identity *id)
{
    struct sim_vm *vm = xcalloc(1, sizeof(*vm));

    vm->sim = sim;
    vm->handle = handle;
    vm->id = id;
    vm->next = -1;
    vm->guest_fd = -1;
    return vm;
}

static void free_vm(struct sim_vm *vm)
{
    sim_guest_unplug(vm);
    sd_event_source_disable_unref(vm->next_timer);
    sd_event_source_disable_unref(vm->folder_source);
    free(vm->name);
    free(vm);
}

static void tell_status(const struct sim_vm *vm, struct vm_status *ret_status)
{
    *ret_status = (struct vm_status){vm->state, vm->reason, vm->domid, "sim"};
}

static struct err *read_memory(struct sim_vm *vm, const struct vm_layer *image);

/* ---- create, adopt, destroy ---- */

static struct err *do_create(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;
    struct err *e;

    vm->domid = ++vm->sim->last_domid;
    e = sim_state_write(vm);
    if (e)
        return e;
    map_put(&vm->sim->vms, vm->id->uuid, vm);
    watch_folder(vm);
    sim_guest_plug(vm);
    tell_status(vm, call->ret_status);
    return NULL;
}

static struct err *sim_create(void *backend, struct vm *handle,
                              const struct vm_identity *id, const struct vm_config *config,
                              void **ret_vm, struct vm_status *ret_status)
{
    struct sim_vm *vm = new_vm(backend, handle, id);
    struct hypercall call = {.vm = vm, .fn = do_create, .ret_status = ret_status};
    struct err *e;

    vm->name = xstrdup(config->name);
    vm->state = VM_STATE_PAUSED;
    vm->memory = config->memory;
    vm->vcpus = config->vcpus;
    for (size_t i = 0; i < config->n_nics; i++) {
        vm->nics.at[i].device = config->nics[i].device;
        snprintf(vm->nics.at[i].mac.text, sizeof(vm->nics.at[i].mac.text), "%s",
                 config->nics[i].mac);
    }
    vm->nics.n = config->n_nics;
    e = config->is_resumed ? read_memory(vm, &config->memory_image) : NULL;
    if (!e)
        e = scripted(&call, "create");
    if (e) {
        free_vm(vm);
        return e;
    }
    *ret_vm = vm;
    return NULL;
}

/* What happened while no lk-vmd ran: what a test wrote, or what was due. */
static void catch_up(struct sim_vm *vm)
{
    int what = take_power(vm);

    if (what < 0 && vm->next >= 0 && vm->state == VM_STATE_RUNNING &&
        vm->next_ms <= clock_monotonic_ms())
        what = vm->next;
    if (what >= 0 && change(vm, (enum sim_guest_habit)what))
        keep(vm);
    if (what == SIM_GUEST_REBOOT)
        vm->booted_ms = clock_monotonic_ms();
}

static struct err *do_adopt(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;
    bool rebooted;

    catch_up(vm);
    if (vm->state == VM_STATE_GONE) {
        call->is_none = true;
        return NULL;
    }
    rebooted = vm->state == VM_STATE_RUNNING && vm->reason == VM_REASON_REBOOT;
    tell_status(vm, call->ret_status);
    if (rebooted) {
        vm->reason = VM_REASON_NONE;
        keep(vm);
    }
    map_put(&vm->sim->vms, vm->id->uuid, vm);
    watch_folder(vm);
    sim_guest_plug(vm);
    start_due_timer(vm);
    return NULL;
}

static struct err *sim_adopt(void *backend, struct vm *handle, const struct vm_identity *id,
                             void **ret_vm, struct vm_status *ret_status)
{
    struct sim_vm *vm = new_vm(backend, handle, id);
    struct hypercall call = {.vm = vm, .fn = do_adopt, .ret_status = ret_status};
    struct err *e = NULL;

    *ret_vm = NULL;
    call.is_none = !sim_state_read(vm);
    if (!call.is_none)
        e = scripted(&call, "adopt");
    if (e || call.is_none)
        free_vm(vm);
    else
        *ret_vm = vm;
    return e;
}

static struct err *do_destroy(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;

    map_remove(&vm->sim->vms, vm->id->uuid);
    unlinkat(vm->id->dir_fd, STATE_FILE, 0);
    return NULL;
}

/* On the hypervisor's thread too: its sources go with it. */
static struct err *do_free(struct hypercall *call)
{
    free_vm(call->vm);
    return NULL;
}

static struct err *sim_destroy(void *arg)
{
    struct sim_vm *vm = arg;
    struct sim *sim = vm->sim;
    bool dies = false;
    struct hypercall call = {.vm = vm, .fn = do_destroy};
    struct err *e = sim_script_run(sim->script, "destroy", vm->name, &dies);

    if (e)
        return e;
    err_ignore(hypercall(&call), "it cannot fail");
    call.fn = do_free;
    err_ignore(hypercall(&call), "it cannot fail");
    if (dies)
        raise(SIGKILL);
    return NULL;
}

/* ---- the rest ---- */

static struct err *do_unpause(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;
    bool boots = vm->booted_ms == 0;

    vm->state = VM_STATE_RUNNING;
    if (boots)
        vm->booted_ms = clock_monotonic_ms();
    keep(vm);
    if (boots)
        sim_guest_boot(vm);
    else
        sim_guest_follow(vm);
    start_due_timer(vm);
    return NULL;
}

static struct err *sim_unpause(void *vm)
{
    return simple(vm, "unpause", do_unpause);
}

static struct err *do_pause(struct hypercall *call)
{
    call->vm->state = VM_STATE_PAUSED;
    keep(call->vm);
    sim_guest_follow(call->vm);
    return NULL;
}

static struct err *sim_pause(void *vm)
{
    return simple(vm, "pause", do_pause);
}

static struct err *do_shutdown(struct hypercall *call)
{
    sim_guest_press(call->vm);
    return NULL;
}

static struct err *sim_shutdown(void *vm, enum vm_shutdown_mode mode)
{
    return simple(vm, "shutdown", do_shutdown);
}

static struct err *do_reset(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;

    vm->next = -1;
    start_due_timer(vm);
    vm->booted_ms = vm->state == VM_STATE_RUNNING ? clock_monotonic_ms() : 0;
    keep(vm);
    if (vm->state == VM_STATE_RUNNING)
        sim_guest_boot(vm);
    return NULL;
}

static struct err *sim_reset(void *vm)
{
    return simple(vm, "reset", do_reset);
}

static struct err *do_console(struct hypercall *call)
{
    return sim_console_open(call->vm, call->console, call->ret_fd);
}

static struct err *sim_console(void *vm, enum vm_console console, int *ret_fd)
{
    struct hypercall call = {
        .vm = vm, .fn = do_console, .console = console, .ret_fd = ret_fd};

    return scripted(&call, "console");
}

static struct err *do_nothing(struct hypercall *call)
{
    return NULL;
}

static struct err *sim_set_cd(void *vm, unsigned device, const struct vm_layer *layers,
                              size_t n_layers)
{
    return simple(vm, "cd", do_nothing);
}

static struct err *do_stat(struct hypercall *call)
{
    const struct sim_vm *vm = call->vm;
    uint64_t ran_ms = vm->booted_ms ? clock_monotonic_ms() - vm->booted_ms : 0;

    /* Each vCPU is busy for a tenth of the time. */
    *call->ret_stat = (struct vm_stat){vm->memory, vm->vcpus, ran_ms * 100 * vm->vcpus};
    return NULL;
}

static struct err *sim_stat(void *vm, struct vm_stat *ret_stat)
{
    struct hypercall call = {.vm = vm, .fn = do_stat, .ret_stat = ret_stat};

    return scripted(&call, "stat");
}

/* ---- devices ---- */

static struct err *sim_disk_plug(void *vm, const struct vm_disk *disk)
{
    return simple(vm, "plug", do_nothing);
}

static struct err *sim_disk_unplug(void *vm, unsigned device)
{
    return simple(vm, "unplug", do_nothing);
}

static void forget_nic(struct guest_nics *nics, unsigned device)
{
    size_t n = 0;

    for (size_t i = 0; i < nics->n; i++)
        if (nics->at[i].device != device)
            nics->at[n++] = nics->at[i];
    nics->n = n;
}

static struct err *do_nic_plug(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;

    forget_nic(&vm->nics, call->nic->device);
    if (vm->nics.n == GUEST_NICS)
        return err_paramf(err_new(ERR_INVALID_DEVICE, "plugging one interface more"), "%u",
                          call->nic->device);
    vm->nics.at[vm->nics.n].device = call->nic->device;
    snprintf(vm->nics.at[vm->nics.n].mac.text, sizeof(vm->nics.at[0].mac.text), "%s",
             call->nic->mac);
    vm->nics.n++;
    keep(vm);
    sim_guest_tick(vm);
    return NULL;
}

static struct err *sim_nic_plug(void *vm, const struct vm_nic *nic)
{
    struct hypercall call = {.vm = vm, .fn = do_nic_plug, .nic = nic};

    return scripted(&call, "plug");
}

static struct err *do_nic_unplug(struct hypercall *call)
{
    forget_nic(&call->vm->nics, call->device);
    keep(call->vm);
    sim_guest_tick(call->vm);
    return NULL;
}

static struct err *sim_nic_unplug(void *vm, unsigned device)
{
    struct hypercall call = {.vm = vm, .fn = do_nic_unplug, .device = device};

    return scripted(&call, "unplug");
}

/* ---- its memory ---- */

/* A guest's memory is how long it ran. */
static struct err *do_suspend(struct hypercall *call)
{
    struct sim_vm *vm = call->vm;
    const struct memory_header header = {"sim", "sim"};
    uint64_t ran_ms = vm->booted_ms ? clock_monotonic_ms() - vm->booted_ms : 0;
    int r;

    if (pwrite(call->fd, &ran_ms, sizeof(ran_ms), MEMORY_HEADER_SIZE) !=
        (ssize_t)sizeof(ran_ms))
        return err_errno(EIO, "writing the memory of a simulated VM");
    r = memory_header_write(call->fd, &header);
    if (r < 0)
        return err_errno(-r, "writing the memory of a simulated VM");
    return do_pause(call);
}

static struct err *sim_suspend(void *vm, const struct vm_layer *image)
{
    struct hypercall call = {.vm = vm, .fn = do_suspend, .fd = image->fd};

    return scripted(&call, "suspend");
}

static struct err *read_memory(struct sim_vm *vm, const struct vm_layer *image)
{
    struct memory_header header;
    uint64_t ran_ms = 0;

    if (memory_header_read(image->fd, &header) < 0 || !STREQ(header.machine, "sim") ||
        pread(image->fd, &ran_ms, sizeof(ran_ms), MEMORY_HEADER_SIZE) !=
            (ssize_t)sizeof(ran_ms))
        return err_params(ERR_SUSPEND_IMAGE_NOT_ACCESSIBLE, image->id, NULL);
    vm->booted_ms = ran_ms ? clock_monotonic_ms() - ran_ms : 0;
    return NULL;
}

/* ---- sizes and limits ---- */

static struct err *sim_disk_resize(void *vm, unsigned device, uint64_t size)
{
    return simple(vm, "tune", do_nothing);
}

static struct err *sim_disk_limit(void *vm, unsigned device, const struct vm_limit *limit)
{
    return simple(vm, "tune", do_nothing);
}

static struct err *do_memory(struct hypercall *call)
{
    call->vm->memory = call->number;
    keep(call->vm);
    return NULL;
}

/* A guest that does at once what it is asked for. */
static struct err *sim_memory(void *vm, uint64_t target)
{
    struct hypercall call = {.vm = vm, .fn = do_memory, .number = target};

    return scripted(&call, "tune");
}

static struct err *do_vcpus(struct hypercall *call)
{
    call->vm->vcpus = (unsigned)call->number;
    keep(call->vm);
    return NULL;
}

static struct err *sim_vcpus(void *vm, unsigned n)
{
    struct hypercall call = {.vm = vm, .fn = do_vcpus, .number = n};

    return scripted(&call, "tune");
}

/* ---- the hypervisor itself ---- */

static int on_tick(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct sim *sim = arg;
    const struct map_slot *slot;
    size_t i = 0;

    while ((slot = map_next(&sim->vms, &i)))
        sim_guest_tick(slot->value);
    sd_event_source_set_time_relative(source, TICK_US);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void *hypervise(void *arg)
{
    struct sim *sim = arg;
    int r = sd_event_loop(sim->loop);

    if (r < 0)
        log_error(VM, "the simulated hypervisor ends: %s", strerror(-r));
    return NULL;
}

/* Domains keep their numbers; new ones get higher ones. */
static struct err *find_last_domid(struct sim *sim, const char *run_dir)
{
    autoclose int vms_fd = -1;
    autofree struct uuid *uuids = NULL;
    size_t n = 0;
    struct err *e = run_dir_open(run_dir, &vms_fd);

    if (!e)
        e = run_dir_list(vms_fd, &uuids, &n);
    for (size_t i = 0; !e && i < n; i++) {
        autoval struct val state = val_void();
        autofree char *path = xasprintf("%s/" STATE_FILE, uuids[i].text);
        uint64_t domid;

        if (doc_read(vms_fd, path, &state) == 0 &&
            doc_size(&state, "domid", INT32_MAX, &domid) == 0 &&
            (int64_t)domid > sim->last_domid)
            sim->last_domid = (int64_t)domid;
    }
    return e;
}

static struct err *start_thread(struct sim *sim)
{
    sigset_t all, before;
    int r = sd_event_new(&sim->loop);

    if (r >= 0)
        r = loop_mailbox_new(sim->loop, &sim->mailbox);
    if (r >= 0)
        r = sd_event_add_time_relative(sim->loop, &sim->tick_source, CLOCK_MONOTONIC,
                                       TICK_US, 0, on_tick, sim);
    if (r < 0)
        return err_errno(-r, "making the simulated hypervisor");
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    r = pthread_create(&sim->thread, NULL, hypervise, sim);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r != 0)
        return err_errno(r, "starting the simulated hypervisor");
    sim->is_running = true;
    return NULL;
}

static void stop(void *arg)
{
    struct sim *sim = arg;

    sd_event_exit(sim->loop, 0);
}

static void sim_close(void *backend)
{
    struct sim *sim = backend;
    const struct map_slot *slot;
    size_t i = 0;

    if (sim->is_running) {
        loop_post(sim->mailbox, stop, sim);
        pthread_join(sim->thread, NULL);
    }
    while ((slot = map_next(&sim->vms, &i)))
        free_vm(slot->value);
    map_fini(&sim->vms);
    sd_event_source_disable_unref(sim->tick_source);
    loop_mailbox_free(sim->mailbox);
    sd_event_unref(sim->loop);
    sim_script_free(sim->script);
    free(sim);
}

static struct err *sim_open(const struct vm_backend_config *config, void **ret_backend)
{
    struct sim *sim = xcalloc(1, sizeof(*sim));
    struct err *e = sim_script_read(config->script, &sim->script);

    sim->boot = uuid_of_boot();
    if (!e)
        e = find_last_domid(sim, config->run_dir);
    if (!e)
        e = start_thread(sim);
    if (e) {
        sim_close(sim);
        return e;
    }
    *ret_backend = sim;
    return NULL;
}

const struct vm_backend vm_backend_sim = {
    .name = "sim",
    .types = 1u << VM_TYPE_HVM | 1u << VM_TYPE_PV | 1u << VM_TYPE_PVH,
    .open = sim_open,
    .close = sim_close,
    .create = sim_create,
    .adopt = sim_adopt,
    .unpause = sim_unpause,
    .pause = sim_pause,
    .suspend = sim_suspend,
    .shutdown = sim_shutdown,
    .reset = sim_reset,
    .destroy = sim_destroy,
    .console = sim_console,
    .set_cd = sim_set_cd,
    .stat = sim_stat,
    .disk_plug = sim_disk_plug,
    .disk_unplug = sim_disk_unplug,
    .nic_plug = sim_nic_plug,
    .nic_unplug = sim_nic_unplug,
    .disk_resize = sim_disk_resize,
    .disk_limit = sim_disk_limit,
    .memory = sim_memory,
    .vcpus = sim_vcpus,
};
