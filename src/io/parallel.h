// SPDX-License-Identifier: GPL-2.0-or-later
/* The same work on many things at once, in threads of its own: for a worker that would wait
 * for other workers, and with enough of its kind for ever. */
#pragma once

#include <stddef.h>

/* Calls 'fn' with each of 0 to n-1, some at a time, and returns when all have returned. */
void parallel_run(size_t n, void (*fn)(size_t i, void *arg), void *arg);
