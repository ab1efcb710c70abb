// SPDX-License-Identifier: GPL-2.0-or-later
/* VDI rows from lk-stored's descriptions (docs/design/agent-protocol.md, VDI), and the sums
 * of an SR. */
#pragma once

#include "db/db.h"

/* Writes the row of the disk 'described' on 'sr_ref', making it when it is new.  Names are
 * taken for a new row only: afterwards the database's are the newer.  NULL when the
 * description has no uuid. */
const char *vdi_record_write(struct txn *t, const char *sr_ref,
                             const struct val *described);

/* Deletes the row with what hangs on it: disks' VBDs go, drives become empty, suspend
 * images are forgotten. */
void vdi_record_delete(struct txn *t, const struct row *vdi);

/* SR.virtual_allocation from its VDIs, and allowed_operations. */
void sr_record_sum(struct txn *t, const char *sr_ref);
/* physical_size, physical_utilisation and the VDIs as 'scanned' (sr.scan) shows them: rows
 * made, changed, deleted, but those of disks that come or go just now. */
void sr_record_scan(struct txn *t, const char *sr_ref, const struct val *scanned);
/* Deletes the SR's row, and those of its VDIs and PBDs. */
void sr_record_delete(struct txn *t, const char *sr_ref);
