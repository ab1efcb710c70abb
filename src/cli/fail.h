// SPDX-License-Identifier: GPL-2.0-or-later
/* What the xe command itself has to complain about, beside what the server answers.  Both
 * are 'struct err'; report_error() tells them apart and prints them as scripts expect. */
#pragma once

#include <stdio.h>

#include "base/err.h"

struct catalog;

/* Printed as "Error: <text>". */
struct err *fail(const char *fmt, ...) PRINTF(1, 2) MUST_CHECK;
/* Printed as it is, with the hint where to find help. */
struct err *fail_usage(const char *fmt, ...) PRINTF(1, 2) MUST_CHECK;
/* A command that ends with status 1 and has said why already. */
struct err *fail_silently(void) MUST_CHECK;

/* Prints 'e', in one or more lines.  'catalog' (may be NULL) names the objects it is about.
 */
void report_error(const struct err *e, struct catalog *catalog, FILE *out);
