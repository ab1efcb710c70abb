// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that are rows: their calls, with arguments from the command line.  And choosing
 * the objects a command is for.  One thread. */
#pragma once

#include "cli/run.h"

/* Runs the calls of run->command, on each selected object when it selects. */
struct err *call_run(struct run *run) MUST_CHECK;

typedef struct err *(*selected_fn)(struct run *run, const char *ref);

/* Calls 'fn' for the objects the command line selects: exactly one, or any number with
 * --multiple.  Then one that fails does not keep the others; the run fails at the end. */
struct err *call_on_selected(struct run *run, selected_fn fn) MUST_CHECK;
/* Just the objects. */
struct err *call_select(struct run *run, ref_list *ret_refs) MUST_CHECK;

/* The reference of the object that argument 'name' gives by UUID, or of none when it is not
 * there. */
struct err *call_ref_argument(struct run *run, const char *name, int cls,
                              const char **ret_ref) MUST_CHECK;
/* The pool, and the host that answers. */
struct err *call_pool(struct run *run, const char **ret_ref) MUST_CHECK;
struct err *call_host(struct run *run, const char **ret_ref) MUST_CHECK;

/* Prints the UUID of an object. */
struct err *call_print_uuid(struct run *run, int cls, const char *ref) MUST_CHECK;
