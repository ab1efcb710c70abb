// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that need a loop or a look before their call.  One thread. */
#pragma once

#include "cli/run.h"

struct err *verb_subject_add(struct run *run) MUST_CHECK;
struct err *verb_logout_all_subjects(struct run *run) MUST_CHECK;
struct err *verb_caller_query_usage(struct run *run) MUST_CHECK;
struct err *verb_rate_limit_create(struct run *run) MUST_CHECK;
struct err *verb_hostdriver_select(struct run *run) MUST_CHECK;
struct err *verb_vlan_destroy(struct run *run) MUST_CHECK;
struct err *verb_snapshot_reset_powerstate(struct run *run) MUST_CHECK;
struct err *verb_vm_migrate(struct run *run) MUST_CHECK;
struct err *verb_vm_is_bios_customized(struct run *run) MUST_CHECK;
struct err *verb_ha_compute_hypothetical(struct run *run) MUST_CHECK;
struct err *verb_ha_compute_failover_plan(struct run *run) MUST_CHECK;
