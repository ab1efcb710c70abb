// SPDX-License-Identifier: GPL-2.0-or-later
/* The folders of VMs, <run>/vm/<uuid>: made, found, removed, and small files in them.
 * Everything goes through descriptors of directories; no symbolic link is followed.  No
 * state; any thread, one at a time for one VM.
 *
 * What lies here need not outlive the machine: files are replaced whole, but not forced to
 * the disk. */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"

/* Opens <run>/vm, making it with mode 0700 when absent. */
struct err *run_dir_open(const char *run_dir, int *ret_fd) MUST_CHECK;

/* A new, empty folder; what an earlier one of that name left is removed. */
struct err *run_dir_make(int vms_fd, const char *uuid, int *ret_fd) MUST_CHECK;
/* One that is there. */
struct err *run_dir_enter(int vms_fd, const char *uuid, int *ret_fd) MUST_CHECK;
/* With all that is in it; fine when there is none. */
struct err *run_dir_remove(int vms_fd, const char *uuid) MUST_CHECK;

/* The folders that are there.  '*ret_uuids' is the caller's to free; entries that are no
 * VM's are passed over. */
struct err *run_dir_list(int vms_fd, struct uuid **ret_uuids, size_t *ret_n) MUST_CHECK;

/* Replaces 'name' in a VM's folder: 0 or a negative errno.  See agent/doc.h to read it. */
int run_dir_write(int dir_fd, const char *name, const struct val *object);
