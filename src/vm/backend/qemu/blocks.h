// SPDX-License-Identifier: GPL-2.0-or-later
/* The block nodes of a disk in a running QEMU (nodes.h), added and deleted over QMP.
 * Private to the backend 'qemu'. */
#pragma once

#include "vm/backend/qemu/domain.h"
#include "vm/config.h"

/* What was added when this fails is for qemu_blocks_delete. */
struct err *qemu_blocks_add(struct qemu_vm *vm, const struct vm_disk *disk) MUST_CHECK;
/* Deletes all nodes of the disk or drive 'device', which no device uses any more, and has
 * QEMU close their descriptors.  Fine when there are none; an error when one is in use. */
struct err *qemu_blocks_delete(struct qemu_vm *vm, unsigned device) MUST_CHECK;

/* A command with one argument that is a text. */
struct err *qemu_call_on(struct qemu_vm *vm, const char *command, const char *key,
                         const char *value) MUST_CHECK;
