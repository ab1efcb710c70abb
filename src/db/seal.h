// SPDX-License-Identifier: GPL-2.0-or-later
/* What a transaction becomes when its function has returned: its changes counted and
 * stamped, and written out for the store. */
#pragma once

#include "db/txn.h"

/* Finds what really changed, gives it its generations, fills rows and guards.  Under the
 * writer lock. */
void txn_seal(struct txn *t);
/* Forgets all writes; what was read stays. */
void txn_abandon(struct txn *t);
