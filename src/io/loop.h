// SPDX-License-Identifier: GPL-2.0-or-later
/* The event loop is sd-event itself; here is what it lacks: posting from other threads, and
 * a watchdog that names the callback that held the loop too long. */
#pragma once

#include <stdint.h>

struct sd_event;
struct loop_mailbox;

/* Functions posted run on the loop's thread, in order. */
int loop_mailbox_new(struct sd_event *loop, struct loop_mailbox **ret_mailbox);
void loop_post(struct loop_mailbox *mailbox, void (*fn)(void *arg),
               void *arg); /* any thread */
/* Runs it there and waits until it has returned.  Any thread but the loop's own; the loop
 * must be running. */
void loop_call(struct loop_mailbox *mailbox, void (*fn)(void *arg), void *arg);
void loop_mailbox_free(
    struct loop_mailbox *mailbox); /* loop thread; drops what is queued after running it */

/* Around work on the loop's thread whose length is somebody else's: more than
 * LOOP_LIMIT_MS is logged with 'what', at most once a second. */
#define LOOP_LIMIT_MS 100
uint64_t loop_enter(void);
void loop_leave(uint64_t entered, const char *what);
