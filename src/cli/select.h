// SPDX-License-Identifier: GPL-2.0-or-later
/* Choosing objects by the filters of a command line: field=value, map:key=value,
 * set:contains=value.  What the server can compare it is asked to; the rest is compared
 * here, as text.  One thread. */
#pragma once

#include "base/vec.h"
#include "cli/args.h"
#include "cli/catalog.h"
#include "cli/record.h"

/* One "field=value". */
struct filter_term {
    const struct xe_field *field;
    enum { TERM_EQUAL, TERM_KEY, TERM_CONTAINS } kind;
    char *key; /* TERM_KEY */
    char *value;
};
typedef VEC(struct filter_term) filter_terms;

void filter_terms_fini(filter_terms *terms);
/* Reads "name=value" as a filter of 'object': fails for an unknown field. */
struct err *filter_term_add(filter_terms *terms, const struct xe_object *object,
                            const char *name, const char *value) MUST_CHECK;

/* The objects all terms are true of. */
struct err *select_objects(struct catalog *catalog, const struct xe_object *object,
                           const filter_terms *terms, ref_list *ret_refs) MUST_CHECK;
/* Whether one term is true of an object that was read. */
struct err *select_matches(struct catalog *catalog, const struct xe_object *object,
                           const struct filter_term *term, const char *ref,
                           bool *ret_matches) MUST_CHECK;
