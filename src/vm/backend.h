// SPDX-License-Identifier: GPL-2.0-or-later
/* What runs a VM: the contract between lk-vmd's core (src/vm) and its backends
 * (src/vm/backend/<name>).
 *
 * The core checks and parses what the manager asks, orders the calls of one VM (never two
 * at a time for the same VM; different VMs side by side), keeps the list of VMs and tells
 * the manager what happens.  A backend makes it so and reports what it sees.  An absent
 * callback means "not supported" and is answered so by the core.
 *
 * What a VM needs to be found again after this process dies lies in its run folder
 * (<run>/vm/<uuid>, mode 0700, made by the core before 'create', removed by it after
 * 'destroy') or in the hypervisor. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"

struct buf;
struct sd_event;
struct vm;
struct vm_commit;
struct vm_config; /* vm/config.h */
struct vm_disk;
struct vm_layer;
struct vm_nic;
struct vm_top;

enum vm_state {
    VM_STATE_PAUSED,
    VM_STATE_RUNNING,
    VM_STATE_SHUTDOWN, /* the guest ended by itself; what it ran in is kept until destroy */
    VM_STATE_CRASHED,
    VM_STATE_GONE, /* what it ran in died */
};

/* Why a VM came to its state. */
enum vm_reason {
    VM_REASON_NONE,
    VM_REASON_POWEROFF,
    VM_REASON_HALT,
    /* RUNNING: the guest restarted and runs on.  SHUTDOWN: where that ends what it ran in
     * (Xen), so that a new one is to be made. */
    VM_REASON_REBOOT,
    VM_REASON_CRASH,
    VM_REASON_KILLED,
    VM_REASON_START_FAILED,
    VM_REASON_NO_SPACE, /* PAUSED: a write found no room; it is tried again when it goes on
                         */
};

enum vm_shutdown_mode { VM_SHUTDOWN_POWEROFF, VM_SHUTDOWN_REBOOT };
enum vm_console { VM_CONSOLE_RFB, VM_CONSOLE_VT100 };

struct vm_status {
    enum vm_state state;
    enum vm_reason reason;
    int64_t domid;     /* positive, unique while the VM lives on this host */
    const char *accel; /* static text: "kvm", "tcg", "xen", "sim" */
};

struct vm_stat {
    uint64_t memory_actual; /* bytes the guest has now */
    unsigned vcpus;
    uint64_t cpu_us; /* time all vCPUs ran since the start */
};

/* What a disk may do in a second; 0: as much as it can. */
struct vm_limit {
    uint64_t bytes, operations;
};

enum vm_disk_job {
    VM_DISK_JOB_NONE,
    VM_DISK_JOB_RUNNING,
    VM_DISK_JOB_READY, /* all is copied; waits for disk_pivot */
    VM_DISK_JOB_DONE,  /* these two are told once */
    VM_DISK_JOB_FAILED,
};

/* A disk as what runs the VM has it. */
struct vm_disk_live {
    struct uuid *layers; /* the caller's to free; top first */
    size_t n_layers;
    enum vm_disk_job job;
    double progress; /* 0 to 1 */
    char error[256];
    bool is_held;
};

/* Given to 'open'; valid as long as the backend. */
struct vm_backend_config {
    const char *run_dir; /* <run>; VMs' folders lie in <run>/vm */
    /* The agent's loop; may be NULL in tests of 'open'.  Only its own thread may touch it:
     * 'open' and 'close' run there, all else runs in workers while the loop runs (post with
     * a mailbox, io/loop.h). */
    struct sd_event *loop;
    const char *kernel_dir; /* xen: files for guests that boot without firmware */
    const char *script;     /* sim: file of delays and failures, or NULL */
};

/* A VM's own things.  Constant from before 'create' or 'adopt' to after 'destroy' or
 * 'close'. */
struct vm_identity {
    char uuid[40];
    int dir_fd; /* its run folder; the core's own file there is "core.json" */
};

struct vm_backend {
    const char *name;
    unsigned types; /* what it runs: bits 1 << enum vm_type; none: VM_TYPE_HVM alone */

    /* Starts the backend in this process.  '*ret_backend' is its state, handed to every
     * other callback. */
    struct err *(*open)(const struct vm_backend_config *config, void **ret_backend);
    /* Lets go of every VM without ending it. */
    void (*close)(void *backend);

    /* Makes the VM, paused before its first instruction, or where its memory image was
     * written.  Descriptors in 'config' belong to
     * the core, which closes them afterwards: duplicate or pass on what is needed.  On
     * failure nothing of the VM is left but its run folder.  '*ret_vm' is handed to the
     * callbacks below; 'handle' is what to call the core's report functions with, from any
     * thread, until 'destroy' or 'close' returned. */
    struct err *(*create)(void *backend, struct vm *handle, const struct vm_identity *id,
                          const struct vm_config *config, void **ret_vm,
                          struct vm_status *ret_status);
    /* Finds a VM again that another process created, and asks what it does now, with what
     * happened meanwhile (RUNNING with REBOOT: its guest restarted).  '*ret_vm' NULL when
     * nothing of it runs any more: the core then removes its folder.  A VM whose process
     * died unexpectedly is reported as gone until destroy only while this process watched
     * it.  An error means "it may run", or that something the other process started is
     * still making or ending it: the core asks again, and lets nobody create it. */
    struct err *(*adopt)(void *backend, struct vm *handle, const struct vm_identity *id,
                         void **ret_vm, struct vm_status *ret_status);

    struct err *(*unpause)(void *vm);
    struct err *(*pause)(void *vm);
    /* Writes its memory and devices to 'image' (vm/memory_image.h) and leaves it paused:
     * it goes on when it is unpaused, or 'create' makes it again from there.  After an
     * error it is as it was. */
    struct err *(*suspend)(void *vm, const struct vm_layer *image);
    /* Asks the guest to end or restart, by the machine's own means (ACPI, xenstore); the
     * core has tried the guest's agent before.  Returns at once. */
    struct err *(*shutdown)(void *vm, enum vm_shutdown_mode mode);
    struct err *(*reset)(void *vm);
    /* Ends it now and frees 'vm'.  When this returns no process, domain or socket of it is
     * left, and no report of it is made or under way.  After an error 'vm' is as it was,
     * and destroyed again when the manager asks again. */
    struct err *(*destroy)(void *vm);

    /* A connected stream to the console, for the caller. */
    struct err *(*console)(void *vm, enum vm_console console, int *ret_fd);
    /* The disc in drive 'device': its layers, the top first; none to eject. */
    struct err *(*set_cd)(void *vm, unsigned device, const struct vm_layer *layers,
                          size_t n_layers);
    struct err *(*stat)(void *vm, struct vm_stat *ret_stat);
    /* What its firmware keeps now (vm/flash.h), also when it has ended; nothing for one
     * without. */
    struct err *(*flash)(void *vm, struct buf *ret_bytes);

    /* Devices of a running VM.  What plug could not put in is not there; unplug is fine
     * when there is none, and returns when the guest has let go: else
     * DEVICE_DETACH_TIMEOUT ["VBD" or "VIF", number], and it is asked again. */
    struct err *(*disk_plug)(void *vm, const struct vm_disk *disk);
    struct err *(*disk_unplug)(void *vm, unsigned device);
    struct err *(*nic_plug)(void *vm, const struct vm_nic *nic);
    struct err *(*nic_unplug)(void *vm, unsigned device);

    /* Sizes and limits of a VM that is there.  'memory' asks the guest and does not wait;
     * 'vcpus' returns when it has 'n', which is at least 1 and at most its maximum. */
    struct err *(*disk_resize)(void *vm, unsigned device, uint64_t size);
    struct err *(*disk_limit)(void *vm, unsigned device, const struct vm_limit *limit);
    struct err *(*memory)(void *vm, uint64_t target);
    struct err *(*vcpus)(void *vm, unsigned n);

    /* Disks that change under a guest (docs/design/agent-protocol.md, "Disks in use").
     * 'prepare' makes new top layers known ('*ret_is_done': the disks write to them
     * already), 'switch' moves all of the disks to them at one moment, or none; 'abandon'
     * undoes 'prepare'. */
    struct err *(*disk_prepare)(void *vm, const struct vm_top *tops, size_t n,
                                bool *ret_is_done);
    struct err *(*disk_switch)(void *vm, const struct vm_top *tops, size_t n);
    void (*disk_abandon)(void *vm, const struct vm_top *tops, size_t n);
    /* Also clears away what a merge that ended has left.  INVALID_DEVICE [device]. */
    struct err *(*disk_layers)(void *vm, unsigned device, struct vm_disk_live *ret_disk);
    /* Begins a merge; fine when it is begun already.  Each of the others is fine when there
     * is none. */
    struct err *(*disk_commit)(void *vm, const struct vm_commit *commit);
    struct err *(*disk_commit_rate)(void *vm, unsigned device, uint64_t rate);
    struct err *(*disk_commit_cancel)(void *vm, unsigned device);
    /* Of a merge that is READY: the vCPUs stop and stay so (the VM still counts as it did),
     * and the disk writes to the lower layer; until 'resume'. */
    struct err *(*disk_pivot)(void *vm, unsigned device);
    struct err *(*disk_resume)(void *vm);
};

const struct vm_backend *vm_backend_by_name(const char *name); /* NULL: there is none */

/* ---- what a backend tells the core; any thread ---- */

/* Something happened by itself: a poweroff, a reboot of the guest (see VM_REASON_REBOOT), a
 * crash, the death of its process.  Not for changes the core asked for.  The first end
 * (SHUTDOWN, CRASHED, GONE) is kept, what comes after it is no news.  May be called while
 * 'create' or 'adopt' runs: an end then wins over the status they return. */
void vm_report_state(struct vm *handle, enum vm_state state, enum vm_reason reason);
/* Its firmware keeps something else than when it was made or last told. */
void vm_report_flash(struct vm *handle);
/* The stream to the guest's agent (docs/design/guest-agent.md) is open: the core reads it,
 * asks it, and closes it when it ends.  A further one takes the place of the first.  Takes
 * 'fd', a connected socket. */
void vm_report_agent_stream(struct vm *handle, int fd);
