// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading and changing the fields of one object: what stands behind "<object>-param-...".
 * One thread. */
#pragma once

#include "cli/record.h"
#include "cli/run.h"

/* Fails when an argument of the command is missing. */
struct err *param_check(struct run *run, enum xe_can can) MUST_CHECK;

struct err *param_get(struct run *run, const struct xe_object *object,
                      const ref_list *one) MUST_CHECK;
struct err *param_set(struct run *run, const struct xe_object *object,
                      const char *ref) MUST_CHECK;
struct err *param_add(struct run *run, const struct xe_object *object,
                      const char *ref) MUST_CHECK;
struct err *param_remove(struct run *run, const struct xe_object *object,
                         const char *ref) MUST_CHECK;
struct err *param_clear(struct run *run, const struct xe_object *object,
                        const char *ref) MUST_CHECK;
