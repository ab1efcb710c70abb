// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands on hosts and the pool that are more than a call.  One thread. */
#pragma once

#include "cli/run.h"

struct err *verb_pool_eject(struct run *run) MUST_CHECK;
struct err *verb_host_forget(struct run *run) MUST_CHECK;
struct err *verb_host_declare_dead(struct run *run) MUST_CHECK;
struct err *verb_pool_disable_ssl_legacy(struct run *run) MUST_CHECK;
struct err *verb_pool_apply_edition(struct run *run) MUST_CHECK;
struct err *verb_host_apply_edition(struct run *run) MUST_CHECK;
struct err *verb_pool_get_cpu_features(struct run *run) MUST_CHECK;
struct err *verb_host_get_cpu_features(struct run *run) MUST_CHECK;
struct err *verb_host_cpu_info(struct run *run) MUST_CHECK;
struct err *verb_host_license_view(struct run *run) MUST_CHECK;
struct err *verb_diagnostic_license_status(struct run *run) MUST_CHECK;
struct err *verb_diagnostic_timing_stats(struct run *run) MUST_CHECK;
