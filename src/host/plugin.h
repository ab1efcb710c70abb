// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that extend the API: found by name in a folder, run with a call as XML-RPC, its
 * answer read from what they print.  No state; any thread (the calling one waits). */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/value.h"

/* Is there a regular, executable file of that name, which nobody but its owner, root or
 * this process's user, can write?  'name' is one word. */
bool plugin_exists(const char *dir, const char *name);

enum plugin_input {
    PLUGIN_ARGUMENT, /* the call is its argument */
    PLUGIN_STDIN,    /* the call is its standard input */
};

/* Runs it to its end: {status, out, errors}; a status below 0 is a signal's.
 * XENAPI_MISSING_PLUGIN [name]. */
struct err *plugin_run(const char *dir, const char *name, enum plugin_input input,
                       const char *call, struct val *ret_result) MUST_CHECK;
