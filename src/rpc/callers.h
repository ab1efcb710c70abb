// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that call: which rows of class Caller a call belongs to, what those rows' calls
 * came to since the server began, and the limits (class Rate_limit) that make them wait.
 *
 * A row's user_agent and client_ip are patterns: a text, the beginning of one followed by
 * '*', or "" for any.  A call counts for each row that matches; the limit of the row that
 * says most is the one that applies.  docs/design/rate-limits.md.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"

struct callers;

struct callers *callers_new(void);
void callers_free(struct callers *callers);

struct visit {
    const char *user_agent; /* may be NULL */
    const char *source;     /* "192.0.2.1" or "unix:UID" */
    double tokens;          /* what the call costs */
    bool is_exempt;         /* is counted, never limited */
    uint64_t now_ms;        /* monotonic */
};

/* Counts the call, and takes its tokens from the limit that applies.  How many ms it is to
 * wait; CALLERS_REFUSE when that would be longer than a minute: no tokens were taken. */
uint64_t callers_enter(struct callers *callers, struct db *db, const struct visit *visit);
#define CALLERS_REFUSE UINT64_MAX

struct caller_use {
    uint64_t n_calls;
    double tokens;
};
/* Of the row 'ref'; nothing for one that never called. */
struct caller_use callers_use(struct callers *callers, const char *ref);

/* Writes into the rows when they last called, and forgets those that are gone.  Blocks:
 * from a worker, by a timer. */
void callers_sweep(struct callers *callers, struct db *db);
