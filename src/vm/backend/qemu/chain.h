// SPDX-License-Identifier: GPL-2.0-or-later
/* The layers of a disk as a running QEMU has them, and the descriptors it was given for
 * them: asked of QEMU each time, so that it is true whoever died.  Private to the backend
 * 'qemu'. */
#pragma once

#include "base/uuid.h"
#include "vm/backend/qemu/domain.h"
#include "vm/backend/qemu/nodes.h"
#include "vm/config.h"

struct qemu_link {
    struct uuid id;
    char node[QEMU_NODE_NAME_SIZE]; /* of the format */
    bool is_writable; /* qcow2 that may write its tables, whoever is above it */
};

/* Zeroed is empty. */
struct qemu_chain {
    struct qemu_link *at; /* top first */
    size_t n;
};

/* INVALID_DEVICE when there is no such disk. */
struct err *qemu_chain_read(struct qemu_vm *vm, unsigned device,
                            struct qemu_chain *ret_chain) MUST_CHECK;
void qemu_chain_fini(struct qemu_chain *chain);
#define autochain CLEANUP(qemu_chain_fini) struct qemu_chain
/* 'n' when it is not there. */
size_t qemu_chain_find(const struct qemu_chain *chain, const char *layer_id);

/* Gives QEMU a descriptor for a layer of that disk: for good, or for a commit. */
enum qemu_fd_use { QEMU_FD_LAYER = 'l', QEMU_FD_COMMIT = 'w' };
struct err *qemu_fd_add(struct qemu_vm *vm, unsigned device, const struct vm_layer *layer,
                        enum qemu_fd_use use, unsigned *ret_set) MUST_CHECK;
/* Whether one was given, by the answer of query-fdsets. */
bool qemu_fd_is_given(const struct val *sets, unsigned device, const char *layer_id,
                      enum qemu_fd_use use);
/* Takes back what was given for commits into that disk. */
struct err *qemu_fd_remove_commit(struct qemu_vm *vm, unsigned device) MUST_CHECK;
/* The same of all disks. */
struct err *qemu_fd_remove_commits(struct qemu_vm *vm) MUST_CHECK;
/* Deletes the nodes of a layer and takes its descriptors back, unless something uses it. */
void qemu_layer_forget(struct qemu_vm *vm, unsigned device, const char *layer_id);
/* The same for all layers of that disk that are not in 'chain'. */
struct err *qemu_layers_forget(struct qemu_vm *vm, unsigned device,
                               const struct qemu_chain *chain) MUST_CHECK;
