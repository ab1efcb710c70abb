// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls that one method body makes of another: with its own task below the caller's, and
 * the same checks, marks and messages as if a client had called. */
#pragma once

#include "rpc/call.h"

/* Calls message 'wire_name' in this thread, with the rights of the server.  'args' are its
 * first 'n_args' arguments, of the right types; the others take their defaults.  It is
 * cancelled with 'parent'; 'ret_result' may be NULL. */
struct err *rpc_call_inside(struct manager *manager, struct task *parent,
                            const char *wire_name, const struct val *args, size_t n_args,
                            struct val *ret_result) MUST_CHECK;
/* The same by another body than the message's: for what is removed from the API. */
struct err *rpc_run_inside(struct manager *manager, struct task *parent,
                           const char *wire_name, method_body run, const struct val *args,
                           size_t n_args, struct val *ret_result) MUST_CHECK;
