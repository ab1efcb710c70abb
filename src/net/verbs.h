// SPDX-License-Identifier: GPL-2.0-or-later
/* What lk-netd serves (docs/design/agent-protocol.md).  The verbs' state is a struct net.
 */
#pragma once

#include "agent/agent.h"

extern const struct verb net_verbs[];
extern const size_t n_net_verbs;
