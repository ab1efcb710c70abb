// SPDX-License-Identifier: GPL-2.0-or-later
/* The manager's connection to one agent, kept up by a thread of its own.  Private to rpc:
 * see agents.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "io/frame.h"

struct agent_link;

struct agent_link_config {
    const char *name; /* "lk-vmd" */
    const char *path; /* of its socket */
    /* On the reader's thread; 'message' is borrowed. */
    void (*on_notice)(const struct val *message, void *arg);
    /* After each connection, on the greeter's thread; may call. */
    void (*on_connected)(void *arg);
    void *arg;
};

/* Is it the error of a call that got no answer? */
bool agent_link_lost(const struct err *e);

struct err *agent_link_new(const struct agent_link_config *config,
                           struct agent_link **ret_link) MUST_CHECK;
/* Ends the connection and its threads.  Calls fail from now on, also those that wait. */
void agent_link_stop(struct agent_link *link);
void agent_link_free(struct agent_link *link); /* a stopped one that nobody uses */

/* Sends the call and waits for its answer: the message's object, and the frame whose
 * descriptors came with it.  Any thread. */
struct err *agent_link_call(struct agent_link *link, const char *verb,
                            const struct val *params, const int *fds, size_t n_fds,
                            uint64_t deadline_ms, struct val *ret_message,
                            struct frame *ret_frame) MUST_CHECK;
