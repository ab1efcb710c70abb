// SPDX-License-Identifier: GPL-2.0-or-later
/* The places where tests end the program, as a power cut or kill -9 there would.  Without
 * LATCHKEY_CRASH_AT or LATCHKEY_CRASH_TRACE in the environment they do nothing.  Any
 * thread. */
#pragma once

/* Opens the trace now: before files are taken from the process. */
void crash_init(void);

/* Passes the point 'name', or "scope/name" where a scope is set.
 * LATCHKEY_CRASH_AT=<point> ends the process there by SIGKILL, <point>#<n> when it comes by
 * for the n-th time; LATCHKEY_CRASH_TRACE=<file> appends a line for each point passed. */
void crash_point(const char *name);
/* The point "what:moment". */
void crash_point_at(const char *what, const char *moment);

/* What this thread works at, until it is set to NULL: its points are named after it.
 * Returns the one before; 'scope' is borrowed. */
const char *crash_scope(const char *scope);
