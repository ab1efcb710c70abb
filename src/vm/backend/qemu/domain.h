// SPDX-License-Identifier: GPL-2.0-or-later
/* A VM of the backend 'qemu' and the backend itself.  Private to it.
 *
 * Calls come from workers, one at a time for a VM; events come on the hearing thread.  What
 * both look at stands under the VM's lock, which is never held over I/O. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "vm/backend.h"
#include "vm/backend/qemu/host.h"
#include "vm/backend/qemu/monitor.h"
#include "vm/backend/qemu/process.h"
#include "vm/backend/qemu/thread.h"

struct sd_event_source;

#define QEMU_CALL_MS 10000 /* for an answer of QEMU's monitor; it is busy at times */

/* Files of a VM's folder. */
#define QEMU_STATE_FILE   "qemu.json" /* the process, for the next lk-vmd */
#define QEMU_LOG_FILE     "qemu.log"  /* what QEMU itself says */
#define QEMU_CONSOLE_FILE "console.log"
#define QEMU_VARS_FILE    "nvram" /* UEFI's variables */
#define QEMU_MONITOR_SOCK "qmp.sock"
#define QEMU_SERIAL_SOCK  "serial.sock"
#define QEMU_AGENT_SOCK   "agent.sock"

struct qemu_backend {
    struct qemu_thread *thread;
    struct qemu_host *host;
    pthread_mutex_t lock;
    struct qemu_vm *vms; /* GUARDED_BY(lock) */
    unsigned last_domid; /* GUARDED_BY(lock) */
};

/* What became of a device the guest was asked to let go of. */
enum qemu_unplug { QEMU_UNPLUG_ASKED, QEMU_UNPLUG_DONE, QEMU_UNPLUG_REFUSED };

struct qemu_vm {
    struct qemu_backend *backend;
    struct qemu_vm *next; /* GUARDED_BY(backend->lock) */
    struct vm *handle;
    const struct vm_identity *id;
    unsigned domid;
    bool has_kvm, has_sata_disks;

    struct qemu_process process;
    struct monitor *monitor;
    int console_fd, log_fd; /* for keeping them short; -1 for none */
    bool is_held;           /* the vCPUs stand still for a disk (commit.c) */

    /* Hearing thread. */
    struct sd_event_source *death, *look_timer;
    uint64_t reset_ms;          /* when the machine was reset last; 0: never */
    struct timespec flash_told; /* when what was last told of had been written */

    pthread_mutex_t lock;
    enum vm_state state; /* GUARDED_BY(lock): as last known */
    bool is_pausing;     /* GUARDED_BY(lock): a stop is ours */
    bool is_ending;      /* GUARDED_BY(lock): report nothing more */
    bool wants_reboot;   /* GUARDED_BY(lock): the button was pressed for a reboot */
    bool is_rebooting;   /* GUARDED_BY(lock): the reset that makes a poweroff a reboot */
    char unplugging[16]; /* GUARDED_BY(lock): the id of a device, or "" */
    enum qemu_unplug unplug; /* GUARDED_BY(lock): of that */
    pthread_cond_t unplug_heard;
    unsigned n_job_events; /* GUARDED_BY(lock) */
    pthread_cond_t job_heard;
};

struct qemu_vm *qemu_vm_new(struct qemu_backend *backend, struct vm *handle,
                            const struct vm_identity *id);
/* Not listening any more, and in no list. */
void qemu_vm_free(struct qemu_vm *vm);
DEFINE_AUTOPTR(qemu_vm, qemu_vm_free)

/* start.c */
struct err *qemu_create(void *backend, struct vm *handle, const struct vm_identity *id,
                        const struct vm_config *config, void **ret_vm,
                        struct vm_status *ret_status);
/* find.c */
int qemu_state_write(const struct qemu_vm *vm);
struct err *qemu_adopt(void *backend, struct vm *handle, const struct vm_identity *id,
                       void **ret_vm, struct vm_status *ret_status);

/* hear.c */
/* From now on events of the VM, its death and its agent's stream are reported. */
struct err *qemu_vm_listen(struct qemu_vm *vm) MUST_CHECK;
/* No report is made or under way after it returned. */
void qemu_vm_deafen(struct qemu_vm *vm);
/* Gives the core a new stream to the guest's agent. */
void qemu_vm_open_agent(struct qemu_vm *vm);
/* What a run state of QEMU's is to the core. */
struct vm_status qemu_status_of(const struct qemu_vm *vm, const char *run_state);

/* end.c */
/* Ends the process: asked first, when there is a monitor, then killed. */
struct err *qemu_vm_end(struct qemu_vm *vm) MUST_CHECK;
void qemu_remove_files(int dir_fd);
struct err *qemu_destroy(void *vm);

/* firmware.c */
/* The firmware for UEFI and the VM's own variables, opened for QEMU; -1 both for BIOS.
 * VALUE_NOT_SUPPORTED for what this host lacks, INVALID_VALUE for variables of another
 * firmware. */
struct err *qemu_firmware_open(struct qemu_vm *vm, const struct vm_config *config,
                               bool secure_boot, int *ret_code_fd,
                               int *ret_vars_fd) MUST_CHECK;
struct err *qemu_flash(void *vm, struct buf *ret_bytes);
/* Hearing thread: tells the core when they were written since it last did. */
void qemu_flash_look(struct qemu_vm *vm);

/* media.c */
struct err *qemu_set_cd(void *vm, unsigned device, const struct vm_layer *layers,
                        size_t n_layers);

/* plug.c */
struct err *qemu_disk_plug(void *vm, const struct vm_disk *disk);
struct err *qemu_disk_unplug(void *vm, unsigned device);
struct err *qemu_nic_plug(void *vm, const struct vm_nic *nic);
struct err *qemu_nic_unplug(void *vm, unsigned device);
/* Whether the machine has a device 'id': it may be gone while nobody heard.  And taking it
 * out: returns when it is gone; 'kind' and 'number' for errors. */
struct err *qemu_device_find(struct qemu_vm *vm, const char *id,
                             bool *ret_is_there) MUST_CHECK;
struct err *qemu_device_unplug(struct qemu_vm *vm, const char *id, const char *kind,
                               unsigned number) MUST_CHECK;
/* Device 'id' (NULL: whichever is waited for) went, or stays. */
void qemu_unplug_heard(struct qemu_vm *vm, const char *id, enum qemu_unplug what);

/* memory.c */
struct memory_header;
struct err *qemu_suspend(void *vm, const struct vm_layer *image);
/* Can the VM of 'config' go on here from its image? */
struct err *qemu_memory_check(const struct vm_config *config, bool has_kvm,
                              struct memory_header *ret_header) MUST_CHECK;
/* Into a QEMU that waits for it. */
struct err *qemu_memory_load(struct qemu_vm *vm, int fd) MUST_CHECK;
/* Ends the writing an earlier lk-vmd had begun. */
void qemu_memory_give_up(struct qemu_vm *vm);
/* From the last byte until it goes on QEMU has let go of the disks, and ends itself when
 * one is written to: for whatever changes them.  OTHER_OPERATION_IN_PROGRESS. */
struct err *qemu_need_disks(struct qemu_vm *vm) MUST_CHECK;

/* tune.c */
struct err *qemu_disk_resize(void *vm, unsigned device, uint64_t size);
struct err *qemu_disk_limit(void *vm, unsigned device, const struct vm_limit *limit);
struct err *qemu_memory(void *vm, uint64_t target);
struct err *qemu_vcpus(void *vm, unsigned n);

/* snapshot.c */
struct err *qemu_disk_prepare(void *vm, const struct vm_top *tops, size_t n,
                              bool *ret_is_done);
struct err *qemu_disk_switch(void *vm, const struct vm_top *tops, size_t n);
void qemu_disk_abandon(void *vm, const struct vm_top *tops, size_t n);

/* commit.c */
struct err *qemu_disk_layers(void *vm, unsigned device, struct vm_disk_live *ret_disk);
struct err *qemu_disk_commit(void *vm, const struct vm_commit *commit);
struct err *qemu_disk_commit_rate(void *vm, unsigned device, uint64_t rate);
struct err *qemu_disk_commit_cancel(void *vm, unsigned device);
struct err *qemu_disk_pivot(void *vm, unsigned device);
struct err *qemu_disk_resume(void *vm);
/* A job has another state; hearing thread. */
void qemu_job_heard(struct qemu_vm *vm);

/* verbs.c */
struct err *qemu_unpause(void *vm);
struct err *qemu_pause(void *vm);
struct err *qemu_shutdown(void *vm, enum vm_shutdown_mode mode);
struct err *qemu_reset(void *vm);
struct err *qemu_console(void *vm, enum vm_console console, int *ret_fd);
struct err *qemu_stat(void *vm, struct vm_stat *ret_stat);
/* A call with the usual deadline; 'arguments' is taken. */
struct err *qemu_call(struct qemu_vm *vm, const char *command, struct val arguments,
                      struct val *ret_value) MUST_CHECK;
