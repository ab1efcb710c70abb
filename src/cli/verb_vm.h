// SPDX-License-Identifier: GPL-2.0-or-later
/* Making VMs from templates, and taking them away with their disks.  One thread. */
#pragma once

#include "cli/run.h"

struct err *verb_vm_install(struct run *run) MUST_CHECK;
struct err *verb_vm_uninstall(struct run *run) MUST_CHECK;
struct err *verb_template_uninstall(struct run *run) MUST_CHECK;
struct err *verb_snapshot_uninstall(struct run *run) MUST_CHECK;
