// SPDX-License-Identifier: GPL-2.0-or-later
/* A row as the store keeps it: one JSON object by db_name, fields at their default left
 * out.  Members the datamodel does not know are carried along as they are.  No state; any
 * thread. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "db/row.h"

/* Appends the object. */
void fields_write(const struct row *row, struct buf *out);

/* Fills the cells of 'row', fresh with its defaults, from 'len' bytes at 'text'. */
struct err *fields_read(struct row *row, const char *text, size_t len) MUST_CHECK;
