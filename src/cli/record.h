// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects the way xe shows them: fields by xe's names, values as text, layouts of lists.
 * One thread. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/vec.h"
#include "cli/catalog.h"
#include "cli/tables.h"

typedef VEC(const struct xe_field *) field_list;

const struct xe_object *object_by_name(const char *name);
const struct xe_object *object_of_class(int cls); /* the first; NULL: xe shows none */
/* By xe's name, in any case. */
const struct xe_field *object_field(const struct xe_object *object, const char *name);
const char *field_separator(const struct xe_field *field);

/* Reads whatever the fields of the objects need, in few calls. */
struct err *record_prepare(struct catalog *catalog, const struct xe_object *object,
                           const field_list *fields, const ref_list *refs) MUST_CHECK;

/* What a field holds: a text, a VAL_SET of texts or a VAL_MAP of texts.  'compute' also
 * asks for what costs a call of its own; otherwise that is "<expensive field>". */
struct err *record_value(struct catalog *catalog, const struct xe_object *object,
                         const struct xe_field *field, const char *ref, bool compute,
                         struct val *ret_value) MUST_CHECK;
/* The same on one line. */
struct err *record_text(struct catalog *catalog, const struct xe_object *object,
                        const struct xe_field *field, const char *ref, bool compute,
                        struct buf *out) MUST_CHECK;

/* Appends one record in the layout of lists; 'texts' belong to 'fields'. */
void record_layout(const field_list *fields, const struct buf *texts, struct buf *out);
