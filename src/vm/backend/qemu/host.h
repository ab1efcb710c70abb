// SPDX-License-Identifier: GPL-2.0-or-later
/* What this host offers QEMU, found out once: the program, KVM if it really runs guests,
 * the ways of I/O, and the users VMs run as.  Any thread. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "vm/backend/qemu/nodes.h"

/* When lk-vmd is root, the QEMU of domain N has this user plus N, N up to the second. */
#define QEMU_FIRST_UID 1900000000u
#define QEMU_MAX_DOMID 65535u

struct qemu_host;
struct qemu_thread;

/* The test of KVM goes on by itself; 'thread' hears from it. */
struct err *qemu_host_new(const char *run_dir, struct qemu_thread *thread,
                          struct qemu_host **ret_host) MUST_CHECK;
void qemu_host_free(struct qemu_host *host);

const char *qemu_host_program(const struct qemu_host *host);
/* Waits for the test's end. */
bool qemu_host_has_kvm(struct qemu_host *host);
enum qemu_aio qemu_host_aio(const struct qemu_host *host);
/* The group that may open /dev/kvm, for QEMUs with a user of their own. */
gid_t qemu_host_kvm_group(const struct qemu_host *host);

/* Sets what kind of file 'fd' is; switches it to direct I/O where that is possible. */
void qemu_host_inspect(int fd, struct qemu_layer_mode *mode);
