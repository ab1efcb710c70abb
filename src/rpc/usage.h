// SPDX-License-Identifier: GPL-2.0-or-later
/* How the API is used since the program began: how long messages take, and which programs
 * log in.  Any thread. */
#pragma once

#include <stdint.h>

#include "base/value.h"
#include "model/model.h"

struct usage;

struct usage *usage_new(void);
void usage_free(struct usage *usage);

/* A body of this message ran that long. */
void usage_note_call(struct usage *usage, const struct method_def *method, uint64_t us);
/* Somebody logged in with a program that calls itself that ("xo-server/5.1 (x64)", may be
 * NULL or nonsense). */
void usage_note_client(struct usage *usage, const char *user_agent);

/* By message: its mean and longest time, and how often it was called when 'with_counts'. */
struct val usage_times(struct usage *usage, bool with_counts);
/* By name of a program: its version, "" when it told none.  The latest USAGE_MAX_CLIENTS.
 */
struct val usage_clients(struct usage *usage);

#define USAGE_MAX_CLIENTS 64
