// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as the text that XAPI's database holds, which filters compare and snapshots carry:
 * true, 42, Running, ('a' 'b'), (('k' 'v')).  No state; any thread. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "model/model.h"

void db_text_add(struct buf *out, const struct type *type, const struct val *v);
/* 0, or -EINVAL for what is no value of the type. */
int db_text_parse(const struct type *type, const char *text, size_t len,
                  struct val *ret_value) MUST_CHECK;

/* A row: (('field' 'text') ...), fields by the database's names, without those that are
 * computed from elsewhere. */
void db_text_add_row(struct buf *out, const struct class_def *cls, const struct val *cells);
/* Such a row as a map from field to text: 0 or -EINVAL. */
int db_text_parse_row(const char *text, size_t len, struct val *ret_map) MUST_CHECK;
