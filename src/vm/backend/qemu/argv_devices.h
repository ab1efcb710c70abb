// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of the command line that puts devices into the machine.  Private to argv. */
#pragma once

#include "vm/backend/qemu/argv.h"

/* A command line being written. */
struct qemu_args {
    const struct qemu_machine *machine;
    struct qemu_argv *argv;
    unsigned next_fdset;
};

void qemu_arg(struct qemu_args *a, const char *text);
void qemu_arg_pair(struct qemu_args *a, const char *option, const char *fmt, ...)
    PRINTF(3, 4);
void qemu_arg_json(struct qemu_args *a, const char *option, struct val value); /* takes */
/* Both pass a descriptor on: its number in QEMU; a set that a file name can speak of. */
int qemu_arg_fd(struct qemu_args *a, int fd);
void qemu_arg_fdset(struct qemu_args *a, int fd, unsigned set);
/* The same, found again by the name of the layer's node (chain.h). */
void qemu_arg_layer_fd(struct qemu_args *a, int fd, unsigned set, const char *node);

struct err *qemu_args_add_devices(struct qemu_args *a) MUST_CHECK;
