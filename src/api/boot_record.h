// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VM was when it booted: settings that a running VM cannot change are kept in its
 * last_booted_record until the next start. */
#pragma once

#include "db/db.h"

/* What last_booted_record is to hold for a VM that starts as 'vm' is. */
struct val boot_record_make(const struct row *vm);
/* The VM's record (a set of cells) with those settings as they were. */
struct val boot_record_read(const struct row *vm);
