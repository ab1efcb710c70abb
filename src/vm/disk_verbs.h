// SPDX-License-Identifier: GPL-2.0-or-later
/* The bodies of the verbs for disks in use (docs/design/agent-protocol.md): arguments in,
 * answers out.  See vm/disks.h for what they do. */
#pragma once

#include "agent/agent.h"

struct err *run_disk_snapshot(struct verb_call *call, struct val *ret_result);
struct err *run_disk_layers(struct verb_call *call, struct val *ret_result);
struct err *run_disk_commit(struct verb_call *call, struct val *ret_result);
struct err *run_disk_commit_rate(struct verb_call *call, struct val *ret_result);
struct err *run_disk_commit_cancel(struct verb_call *call, struct val *ret_result);
struct err *run_disk_pivot(struct verb_call *call, struct val *ret_result);
struct err *run_disk_resume(struct verb_call *call, struct val *ret_result);
