// SPDX-License-Identifier: GPL-2.0-or-later
/* The expressions of get_all_records_where: field "power_state" = "Running" and not ...
 *
 *   expression  operand, then any number of: ("and" | "or") operand   both bind alike, to
 *                                                                      the left
 *   operand     "true" | "false" | "(" expression ")" | value "=" value
 *               | "not" expression                                     takes all that
 * follows value       "literal" | field "name"                               no escapes
 *
 * These are XAPI's rules, odd as they are.  A name is the database's (name__label), the
 * API's (name_label), or "_ref".  Values are compared as the text XAPI's database holds:
 * true, 42, Running, ('a' 'b'), (('k' 'v')).  A filter is constant once made; any thread.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "model/model.h"

#define FILTER_MAX_DEPTH       128  /* of parentheses and "not" */
#define FILTER_MAX_COMPARISONS 1000 /* what one row may cost */

struct filter;

/* Reads 'text' for the rows of 'cls'.  INVALID_VALUE [text, reason] for one that is
 * malformed, names a field the class has not, or is beyond the limits. */
struct err *filter_parse(const struct class_def *cls, const char *text,
                         struct filter **ret_filter) MUST_CHECK;
void filter_free(struct filter *filter);
DEFINE_AUTOPTR(filter, filter_free)

/* True for a row of the filter's class; 'cells' has n_fields values. */
bool filter_match(const struct filter *filter, const char *ref, const struct val *cells);
