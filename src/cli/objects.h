// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands every object has: list, param-list, param-get, param-set, param-add,
 * param-remove, param-clear.  One thread. */
#pragma once

#include "cli/run.h"

/* Finds "<object>-<verb>" among them; false when it is none. */
bool objects_find(const char *command, const struct xe_object **ret_object,
                  enum xe_can *ret_can);
/* The verb's name: "param-set". */
const char *objects_verb(enum xe_can can);

struct err *objects_run(struct run *run, const struct xe_object *object,
                        enum xe_can can) MUST_CHECK;

/* Prints objects in the layout of lists; 'params' as the argument of that name, or NULL. */
struct err *objects_print(struct run *run, const struct xe_object *object,
                          const ref_list *refs, const char *params) MUST_CHECK;
