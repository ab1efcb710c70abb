// SPDX-License-Identifier: GPL-2.0-or-later
/* The simulated hypervisor.  A thread of its own, the hypervisor, owns all that changes:
 * the domains, their guests and timers; callbacks of the backend go through it.  A domain
 * lives in its run folder's "sim.json", so that it outlives lk-vmd as a real one would;
 * what is due while no lk-vmd runs has happened when the next one looks.  Private to sim.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/uuid.h"
#include "vm/backend.h"
#include "vm/backend/sim/sim_script.h"
#include "vm/guest_line.h"

struct sd_event;
struct sd_event_source;
struct loop_mailbox;
struct sim_vm;

struct sim {
    struct sim_script *script;
    struct uuid boot;
    pthread_t thread;
    struct sd_event *loop;
    struct loop_mailbox *mailbox;
    struct map vms; /* by uuid */
    int64_t last_domid;
    struct sd_event_source *tick_source;
    bool is_running; /* the thread */
};

#define STATE_FILE "sim.json"

/* A console somebody has open: what is typed comes back. */
struct sim_console {
    int fd;
    struct sd_event_source *source;
    struct sim_vm *vm;
    struct sim_console *next;
};

struct sim_vm {
    struct sim *sim;
    struct vm *handle;
    const struct vm_identity *id;
    struct sd_event_source *folder_source; /* a file "power" appears */

    /* What sim.json holds. */
    char *name;
    enum vm_state state;
    enum vm_reason reason;
    int64_t domid;
    uint64_t memory;
    unsigned vcpus;
    struct guest_nics nics;
    uint64_t booted_ms; /* 0 before the guest ran at all */
    int next;           /* enum sim_guest_habit that is due, or -1 */
    uint64_t next_ms;

    struct sd_event_source *next_timer;
    int guest_fd; /* the guest's end of its agent's stream, or -1 */
    struct sd_event_source *guest_source;
    struct guest_line_cutter guest_lines;
    struct sim_console *consoles;
};

/* ---- sim_state.c: the domain in its folder ---- */

struct err *sim_state_write(const struct sim_vm *vm) MUST_CHECK;
/* False: there is none, or it is of an earlier boot. */
bool sim_state_read(struct sim_vm *vm);

/* ---- sim_guest.c: what the guest does; hypervisor thread ---- */

/* Gives the core the stream to the guest's agent, if the script lets it have one. */
void sim_guest_plug(struct sim_vm *vm);
/* The domain runs, is paused, or ended. */
void sim_guest_follow(struct sim_vm *vm);
/* It starts to boot. */
void sim_guest_boot(struct sim_vm *vm);
/* The power button. */
void sim_guest_press(struct sim_vm *vm);
void sim_guest_tick(struct sim_vm *vm); /* every 10 seconds */
void sim_guest_unplug(struct sim_vm *vm);
struct err *sim_console_open(struct sim_vm *vm, enum vm_console console,
                             int *ret_fd) MUST_CHECK;

/* ---- sim.c; hypervisor thread ---- */

/* Something happens to the domain: its state changes, is kept, and is reported. */
void sim_happen(struct sim_vm *vm, enum sim_guest_habit what);
/* Has it happen in 'ms' milliseconds, whatever lk-vmd does. */
void sim_happen_later(struct sim_vm *vm, enum sim_guest_habit what, uint64_t ms);
