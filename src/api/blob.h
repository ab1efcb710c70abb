// SPDX-License-Identifier: GPL-2.0-or-later
/* Blobs: named bytes that clients keep with an object.  A row each, and a file
 * <state>/blobs/<uuid> once there are bytes. */
#pragma once

#include "db/db.h"

/* Removes the rows of the blobs in map 'blobs' of an object that goes away. */
void blobs_delete(struct txn *t, const struct val *blobs);
