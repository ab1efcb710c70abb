// SPDX-License-Identifier: GPL-2.0-or-later
/* The manager's side of the agents' sockets: calls with descriptors, notifications,
 * reconnection.
 *
 * One connection an agent, opened when needed and again after it broke.  A reader thread
 * hands answers to the calls that wait and notifications to the handler.  Any thread may
 * call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

struct agents;

enum agent_id { AGENT_VMD, AGENT_STORED, AGENT_NETD, AGENT_HOSTD, N_AGENTS };

/* 'params' is borrowed by the handler, which runs on the agent's reader thread and must not
 * wait for that same agent. */
typedef void (*agent_notice_fn)(enum agent_id agent, const char *name,
                                const struct val *params, void *arg);
/* The connection to 'agent' is new (first time, or it was restarted): ask it what happened
 * meanwhile. Runs on a thread of its own, not before *ret_agents is set; may call all
 * agents.
 */
typedef void (*agent_connected_fn)(enum agent_id agent, void *arg);

struct err *agents_new(const char *socket_dir, agent_notice_fn on_notice,
                       agent_connected_fn on_connected, void *arg,
                       struct agents **ret_agents) MUST_CHECK;
/* At the end of the program: no callback runs any more when this returns, and none begins.
 * Calls go on. */
void agents_hush(struct agents *agents);
void agents_free(struct agents *agents);

/* Did the call fail because the agent was not there, or went away under it?  What it did
 * until then is not known. */
bool agents_lost(const struct err *e);

/* Calls 'verb' with the object 'params' (taken) and 'fds' (borrowed).  The answer is an
 * object; descriptors that come with it are put into ret_fds (room for FRAME_MAX_FDS), or
 * closed when NULL; ret_result may be NULL too.  Agent's errors come back with their code
 * and parameters.  Errors: INTERNAL_ERROR naming the agent when it is not there or does not
 * answer within 'timeout_ms' (0: 60 s). */
struct err *agents_call(struct agents *agents, enum agent_id agent, const char *verb,
                        struct val params, const int *fds, size_t n_fds,
                        uint64_t timeout_ms, struct val *ret_result, int *ret_fds,
                        size_t *ret_n_fds) MUST_CHECK;
