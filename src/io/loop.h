// SPDX-License-Identifier: GPL-2.0-or-later
/* The event loop is sd-event itself; here is what it lacks: posting from other threads, and
 * a watchdog that names the callback that held the loop too long. */
#pragma once

struct sd_event;
struct loop_mailbox;

/* Functions posted run on the loop's thread, in order. */
int loop_mailbox_new(struct sd_event *loop, struct loop_mailbox **ret_mailbox);
void loop_post(struct loop_mailbox *mailbox, void (*fn)(void *arg),
               void *arg); /* any thread */
void loop_mailbox_free(
    struct loop_mailbox *mailbox); /* loop thread; drops what is queued after running it */
