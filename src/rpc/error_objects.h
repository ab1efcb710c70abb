// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects in errors: agents know them by UUID, clients by reference. */
#pragma once

#include "base/err.h"
#include "db/db.h"

/* Puts references in the place of UUIDs, in those parameters of 'e' that the datamodel says
 * name an object.  What is no UUID of such an object stays.  Any thread that may wait. */
void error_objects_to_refs(struct db *db, struct err *e);
