// SPDX-License-Identifier: GPL-2.0-or-later
/* The verbs of lk-vmd (docs/design/agent-protocol.md).  Their state is a struct vms. */
#pragma once

#include <stddef.h>

#include "agent/agent.h"

extern const struct verb vm_verbs[];
extern const size_t n_vm_verbs;
