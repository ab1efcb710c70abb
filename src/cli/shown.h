// SPDX-License-Identifier: GPL-2.0-or-later
/* API values as xe spells them.  No state. */
#pragma once

#include "base/buf.h"
#include "base/value.h"

struct type;

#define SHOWN_NULL    "<not in database>"
#define SHOWN_INVALID "<invalid reference>"

/* The text of one untyped value of 'type' (NULL: unknown) that is no set, map or record. */
void shown_scalar(const struct type *type, const struct val *v, struct buf *out);

/* A value as text, a VAL_SET of texts or a VAL_MAP of texts; references stay what they are.
 */
struct val shown_value(const struct type *type, const struct val *v);
/* Such a value on one line: "a; b", "k: v; l: w".  'separator' stands between. */
void shown_line(const struct val *shown, const char *separator, struct buf *out);

/* The API's spelling of what a user wrote for an enum: his own text when no value fits. */
const char *shown_enum_value(const struct type *type, const char *text);

/* Escapes a value of a --minimal list: "," and "\" get a backslash before them. */
void shown_add_minimal(struct buf *out, const char *text);
