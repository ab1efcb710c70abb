// SPDX-License-Identifier: GPL-2.0-or-later
/* Who among the classes wants to hear of the agents: that one is there (again), and what it
 * tells by itself.  A class adds its functions to the lists in startup.c. */
#pragma once

#include "rpc/agents.h"

struct manager;

/* For agents_new; 'manager' is its argument.  The first runs on a thread of its own and may
 * call the agent, the second on the agent's reader thread and must not. */
void startup_agent_connected(enum agent_id agent, void *manager);
void startup_agent_notice(enum agent_id agent, const char *name, const struct val *params,
                          void *manager);
