// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that move files: exports, imports, logs, backups.  One thread. */
#pragma once

#include "cli/run.h"

/* Those that a row describes. */
struct err *verb_transfer(struct run *run) MUST_CHECK;

/* verb_export.c: VMs and disks */
struct err *verb_vdi_export(struct run *run) MUST_CHECK;
struct err *verb_vdi_import(struct run *run) MUST_CHECK;
struct err *verb_vm_export(struct run *run) MUST_CHECK;
struct err *verb_template_export(struct run *run) MUST_CHECK;
struct err *verb_snapshot_export(struct run *run) MUST_CHECK;
struct err *verb_vm_import(struct run *run) MUST_CHECK;
