// SPDX-License-Identifier: GPL-2.0-or-later
/* Fields that no path through the database gives: a function each.  One thread. */
#pragma once

#include "cli/catalog.h"

struct xe_field;

/* The value of 'field' (field->code names the function) as record_value() gives it. */
struct err *computed_value(struct catalog *catalog, const struct xe_field *field, int cls,
                           const char *ref, struct val *ret_value) MUST_CHECK;
/* True for a name that has a function. */
bool computed_exists(const char *code);
