// SPDX-License-Identifier: GPL-2.0-or-later
/* The room an SR has left: how fast it goes, when to stop its writers, when they may go on.
 *
 * A thread for each SR looks at it, more often the nearer the end and while somebody
 * writes, and tells changes by the notification sr.space.  A disk that hangs holds up that
 * thread and nothing else. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/uuid.h"
#include "base/value.h"

struct space_watch;
struct storage;

enum space_state { SPACE_OK, SPACE_LOW, SPACE_FULL };

/* What is known of an SR's room; bytes. */
struct space {
    uint64_t total, free;
    uint64_t pause_at, resume_at; /* free bytes at which writers are to stop, and go on */
    uint64_t pace;                /* used up a second, over the last minute */
    int64_t seconds_left;         /* until pause_at at that pace; -1: no end in sight */
    enum space_state state;
};

/* Looks at the file system of 'fd' (duplicated) until stopped.  NULL when it cannot. */
struct space_watch *space_watch_new(struct storage *storage, const struct uuid *sr, int fd);
/* Waits for nobody: the thread frees it. */
void space_watch_stop(struct space_watch *watch);
/* A writer came: look now. */
void space_watch_poke(struct space_watch *watch);
/* Looks now, and says what there is. */
struct space space_watch_get(struct space_watch *watch);
/* Whether a copy of 'bytes' leaves enough. */
bool space_watch_allows(struct space_watch *watch, uint64_t bytes);

/* Adds 'state' and 'seconds_left' to the answer to sr.scan. */
void space_put(struct space_watch *watch, struct val *object);

/* The object of the notification. */
struct val space_to_val(struct storage *storage, const struct uuid *sr,
                        const struct space *space);

/* Pure, for tests: the state after 'before' with these numbers; fills in what follows from
 * 'total', 'free' and 'pace'. */
void space_judge(struct space *space, enum space_state before);
/* How long nothing can go wrong, in milliseconds. */
unsigned space_rest_ms(const struct space *space, bool is_written_to);
