// SPDX-License-Identifier: GPL-2.0-or-later
/* SRs that fill up: people are told, VMs that write to a full one are paused before a write
 * fails, and go on when there is room again.
 *
 * A VM paused so has paused-for-space-on in its other_config, with the SR's uuid, until it
 * goes on or is unpaused by somebody; so that a new manager knows it. */
#pragma once

#include "db/db.h"

struct manager;

/* Notice "sr.space" of lk-stored; on its reader thread. */
void sr_space_notice(struct manager *m, const char *name, const struct val *params);
/* lk-stored is back: what it says of every plugged SR. */
void sr_space_reconcile(struct manager *m);
/* The VM's process stopped by itself because a write found no room. */
void sr_space_stopped(struct manager *m, const char *vm_uuid);
/* Somebody had the VM go on, or it ended. */
void sr_space_forget(struct txn *t, const char *vm_ref);
