// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether KVM runs guests here.  That /dev/kvm opens does not say so: some nested and
 * para-virtual hosts have one that fails in the firmware.  So a guest of one sector is
 * booted, once a boot of the host: the answer is kept in the run directory. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct qemu_thread;

/* Takes as long as the firmware does: a third of a second. */
bool kvm_test(const char *program, const char *run_dir, gid_t group,
              struct qemu_thread *thread);
