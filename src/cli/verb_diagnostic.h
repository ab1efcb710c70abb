// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnostic-vm-status and diagnostic-vdi-status.  One thread. */
#pragma once

#include "cli/run.h"

struct err *verb_diagnostic_vm_status(struct run *run) MUST_CHECK;
struct err *verb_diagnostic_vdi_status(struct run *run) MUST_CHECK;
