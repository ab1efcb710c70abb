// SPDX-License-Identifier: GPL-2.0-or-later
/* QEMU's command line as a function of what the VM is made of.  Pure: it opens nothing and
 * asks nobody; any thread.  docs/design/qemu-backend.md gives the reason of each option. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "vm/backend/qemu/nodes.h"
#include "vm/backend/qemu/platform.h"
#include "vm/config.h"

#define QEMU_FIRST_FD 3 /* where a child's descriptors begin: io/subprocess.h */

/* Ids that QMP and the rest of the backend use too. */
#define QEMU_AGENT_ID "agent0"
#define QEMU_NIC_BUS  "nics"

struct qemu_machine {
    const char *program; /* argv[0] */
    const char *uuid;
    const char *type; /* of the machine: "q35", or the very one a memory image is of */
    const struct vm_config *config;
    const struct qemu_platform *platform;
    bool has_kvm;
    enum qemu_aio aio;
    int64_t now_s; /* wall clock */

    /* Descriptors for QEMU, -1 for none: listening sockets, and files. */
    int qmp_fd, serial_fd, agent_fd;
    int console_fd;       /* takes what the guest writes to its serial port */
    int code_fd, vars_fd; /* UEFI: the firmware, read-only, and its variables */

    /* What kind of file a layer's descriptor is: sets 'is_block_device', 'is_direct'. */
    void (*inspect)(int fd, struct qemu_layer_mode *mode);
};

/* Arguments, NULL at the end, and the descriptors they speak of, from QEMU_FIRST_FD on. */
struct qemu_argv {
    VEC(char *) args;
    VEC(int) fds; /* borrowed */
};

void qemu_argv_fini(struct qemu_argv *argv);
#define autoargv CLEANUP(qemu_argv_fini) struct qemu_argv

/* Errors: INVALID_VALUE and the like for what this machine cannot be. */
struct err *qemu_argv_build(const struct qemu_machine *machine,
                            struct qemu_argv *ret_argv) MUST_CHECK;

/* "disk3", "cd3": the id of the device of a disk or drive; "nic2" of an interface. */
#define QEMU_DEVICE_ID_SIZE 16
void qemu_device_id(const char *kind, unsigned device, char ret_id[QEMU_DEVICE_ID_SIZE]);

/* Can the machine have that interface?  INVALID_DEVICE, NOT_IMPLEMENTED. */
struct err *qemu_nic_check(const struct vm_nic *nic) MUST_CHECK;
/* The host's ports that lead to it, from the loopback address only, as QEMU writes them:
 * "tcp:127.0.0.1:2222-:22".  INVALID_VALUE. */
struct err *qemu_nic_forwards(const struct vm_nic *nic, struct val *ret_rules) MUST_CHECK;
/* It reaches nothing outside of it. */
bool qemu_nic_is_restricted(const struct vm_nic *nic);
