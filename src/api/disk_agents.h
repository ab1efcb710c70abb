// SPDX-License-Identifier: GPL-2.0-or-later
/* What is asked of the agents about disks in use, once more when one of them has just been
 * started again: each of these may be asked again.  Any thread that may wait. */
#pragma once

#include "rpc/agents.h"

struct manager;

/* agents_call, once more if the agent did not answer.  'params' is taken. */
struct err *disk_agents_call(struct manager *m, enum agent_id agent, const char *verb,
                             struct val params, struct val *ret_answer) MUST_CHECK;

/* The answer of vm.disk_layers. */
struct err *disk_agents_layers(struct manager *m, const char *vm_uuid, int device,
                               struct val *ret_answer) MUST_CHECK;
/* The layer the VM writes to. */
struct err *disk_agents_top(struct manager *m, const char *vm_uuid, int device,
                            char ret_top[40]) MUST_CHECK;
/* vdi.snapshot_end with 'params' (taken) and 'top'. */
struct err *disk_agents_end_snapshot(struct manager *m, struct val params, const char *top,
                                     struct val *ret_answer) MUST_CHECK;
