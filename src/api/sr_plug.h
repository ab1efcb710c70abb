// SPDX-License-Identifier: GPL-2.0-or-later
/* Attaching storage: what SR.create, PBD.plug and the daemons' start share. */
#pragma once

#include "db/db.h"
#include "rpc/manager.h"

/* Has lk-stored attach the SR of 'pbd' and marks the PBD.  Idempotent. */
struct err *sr_plug(struct manager *m, const char *pbd_ref) MUST_CHECK;
struct err *sr_unplug(struct manager *m, const char *pbd_ref) MUST_CHECK;
/* Reads the SR's disks and sizes into the database. */
struct err *sr_scan(struct manager *m, const char *sr_ref) MUST_CHECK;

/* lk-stored is new (start, or it was restarted): one SM row a storage type it serves, and
 * every PBD that is marked attached is attached again.  What cannot be is logged and
 * marked. */
void sr_plug_reconcile(struct manager *m);

/* Calls 'fn' for each SR that is attached to this host. */
void sr_for_each_attached(struct manager *m,
                          void (*fn)(struct manager *m, const struct row *sr));
