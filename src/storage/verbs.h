// SPDX-License-Identifier: GPL-2.0-or-later
/* The verbs of lk-stored (docs/design/agent-protocol.md).  Their state is a struct storage.
 */
#pragma once

#include <stddef.h>

#include "agent/agent.h"

extern const struct verb storage_verbs[];
extern const size_t n_storage_verbs;
