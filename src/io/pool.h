// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded pool of worker threads with a bounded queue, first in first out.  Any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pool;

/* 'name' shows in thread lists (at most 15 bytes). */
struct pool *pool_new(const char *name, unsigned n_threads, size_t max_queued);
/* False when the queue is full, or 'pool' NULL (the program ends): the caller answers
 * "busy". */
bool pool_submit(struct pool *pool, void (*fn)(void *arg), void *arg);
/* Runs what is queued, then ends the threads. */
void pool_free(struct pool *pool);
