// SPDX-License-Identifier: GPL-2.0-or-later
/* What storage VMs need where they are to be recovered. */
#pragma once

#include "db/db.h"

/* The session of the pool to recover to must be one: SESSION_INVALID [ref]. */
struct err *recovery_check_session(struct txn *t, const char *session_ref) MUST_CHECK;

/* Adds the SRs of the VM's disks to the set of references, each once. */
void recovery_add_srs(struct txn *t, const struct row *vm, struct val *srs);

/* VM_REQUIRES_SR [vm, sr] for the first SR that no host has plugged. */
struct err *recovery_check_storage(struct txn *t, const struct row *vm) MUST_CHECK;
