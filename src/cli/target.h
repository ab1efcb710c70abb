// SPDX-License-Identifier: GPL-2.0-or-later
/* The objects a command is for: those the command line selects or names.  References live
 * as long as run->catalog.  One thread. */
#pragma once

#include "cli/run.h"

typedef struct err *(*target_fn)(struct run *run, const char *ref);

/* Calls 'fn' for the objects the command line selects: exactly one, or any number with
 * --multiple.  Then one that fails does not keep the others; the run fails at the end. */
struct err *target_each(struct run *run, target_fn fn) MUST_CHECK;
/* Just the objects. */
struct err *target_select(struct run *run, ref_list *ret_refs) MUST_CHECK;

/* The object that argument 'name' gives by UUID; NULL_REF when the argument is not there.
 */
struct err *target_argument(struct run *run, const char *name, int cls,
                            const char **ret_ref) MUST_CHECK;
/* The pool, and the host that answers. */
struct err *target_pool(struct run *run, const char **ret_ref) MUST_CHECK;
struct err *target_host(struct run *run, const char **ret_ref) MUST_CHECK;

/* The pool's default storage repository; a failure when it has none. */
struct err *target_default_sr(struct run *run, const char **ret_ref) MUST_CHECK;
/* That of argument sr-uuid, or the default. */
struct err *target_sr(struct run *run, const char **ret_ref) MUST_CHECK;
