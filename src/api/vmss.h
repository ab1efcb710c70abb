// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshot schedules: when one is due, and running it. */
#pragma once

#include <stdint.h>

#include "rpc/call.h"

struct manager;
struct task;

/* The latest moment up to 'now' at which the schedule takes snapshots, by the host's clock;
 * INT64_MIN when it has none. */
int64_t vmss_due(const struct row *vmss, int64_t now);

/* The schedule with exactly the keys its frequency needs, defaults filled in.
 * INVALID_VALUE ["schedule:<key>", value]. */
struct err *vmss_normalise(int64_t frequency, const struct val *schedule,
                           struct val *ret_schedule) MUST_CHECK;

/* Takes a snapshot of each of its VMs, drops those beyond what is to be kept, and says how
 * it went: messages, last_run_time and a line a VM in '*ret_report'. */
struct err *vmss_run(struct manager *m, struct task *task, const char *vmss_ref,
                     struct val *ret_report) MUST_CHECK;

/* Runs the enabled schedules that were due after 'since' and up to 'now'. */
void vmss_run_due(struct manager *m, int64_t since, int64_t now);
/* At start: a message for each schedule that was due while nobody was there. */
void vmss_report_missed(struct manager *m, int64_t now);

/* VM.snapshot while the guest holds still; XenAPI's own message for it is removed. */
struct err *vm_snapshot_quiesced(struct call *call, struct val *ret_result) MUST_CHECK;
