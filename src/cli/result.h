// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command prints of a call's answer.  One thread. */
#pragma once

#include "cli/run.h"

struct type;

/* References as the UUIDs of their objects, sets joined by ",", maps and records a line a
 * pair; of nothing, nothing. */
struct err *result_print(struct run *run, const struct type *type,
                         const struct val *result) MUST_CHECK;
/* The UUID of an object. */
struct err *result_print_uuid(struct run *run, int cls, const char *ref) MUST_CHECK;
