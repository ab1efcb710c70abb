// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks the arguments of a call against its verb's table.  No state; any thread.  Private
 * to agent. */
#pragma once

#include "agent/agent.h"

/* 'params' is an object, or VAL_VOID for none.  '*ret_args' holds what passed, words as
 * they came, UUIDs in lower case.  Errors: INVALID_VALUE [argument, value] for one that is
 * missing, unknown, of the wrong kind or out of range. */
struct err *args_check(const struct verb *verb, const struct val *params, size_t n_fds,
                       struct val *ret_args) MUST_CHECK;
