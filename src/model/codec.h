// SPDX-License-Identifier: GPL-2.0-or-later
/* Values by their types: checked in, written out.
 *
 * The wire layer parses JSON and XML-RPC into untyped values (arrays VAL_SET, objects
 * VAL_MAP with text keys, numbers VAL_INT or VAL_FLOAT, text VAL_STR, null VAL_VOID).  Here
 * they become what the datamodel says they are, by the rules of the XenAPI's two encodings,
 * and back.  No state; any thread. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "model/model.h"

enum encoding { ENCODING_JSON, ENCODING_XML };

/* Makes a value of 'type' from the untyped 'in'.  'name' is the argument's or field's name.
 * Errors: FIELD_TYPE_ERROR [name] for a wrong shape; INVALID_VALUE [name, text] for a bad
 * enum value, number or text that is not UTF-8 fit for XML; MAP_DUPLICATE_KEY for a key
 * given twice. A record takes absent fields from their defaults; an absent required one is
 * FIELD_TYPE_ERROR. */
struct err *codec_decode(const struct type *type, const struct val *in, const char *name,
                         struct val *ret_value) MUST_CHECK;

/* Appends 'v' as JSON or as an XML-RPC <value> element.  Control characters that XML cannot
 * carry are dropped there; JSON escapes them. */
void codec_encode(enum encoding encoding, const struct type *type, const struct val *v,
                  struct buf *out);
void codec_json(const struct type *type, const struct val *v, struct buf *out);
void codec_xml(const struct type *type, const struct val *v, struct buf *out);

/* One record: all fields but the internal ones, in the class's order.  'cells' has n_fields
 * values. */
void codec_record(enum encoding encoding, const struct class_def *cls,
                  const struct val *cells, struct buf *out);

/* The value a field has when nobody gave it one (constant; borrowed). */
const struct val *field_default(const struct field_def *field);
/* A parameter's declared default; decoded anew (an owned value). */
struct val param_default(const struct param_def *param);

/* A value as the store keeps it and back: JSON text by type, enums as text, floats exact.
 */
void codec_to_store(const struct type *type, const struct val *v, struct buf *out);
struct err *codec_from_store(const struct type *type, const char *text, size_t len,
                             struct val *ret_value) MUST_CHECK;
