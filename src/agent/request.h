// SPDX-License-Identifier: GPL-2.0-or-later
/* One call from its frame to its answer, or a job of the daemon's own that waits in the
 * same queues.  Private to agent. */
#pragma once

#include "agent/agent.h"
#include "agent/peer.h"
#include "io/frame.h"

struct request {
    struct verb_call call;
    struct peer *peer;
    int64_t id;
    struct frame frame; /* its descriptors are those of the call */
    size_t size;        /* of the message that came */
    struct request *next;
    const char *queue_key; /* in 'call.args' or 'job_key'; NULL: in no queue */

    /* A job of the daemon's own (agent_job), which has no peer. */
    void (*job)(void *arg);
    void *job_arg;
    char *job_key;
};

/* Reads a frame (emptied) as a call.  -EPROTO: no call at all, the peer does not speak the
 * protocol.  Otherwise '*ret_request' is the caller's; '*ret_error' is set when the call
 * must be refused with it. */
int request_parse(const struct agent_config *config, struct frame *frame,
                  struct request **ret_request, struct err **ret_error);
void request_free(struct request *request);

/* Answers the peer with 'result' or, when 'e' is set, with that (taken).  Any thread.  True
 * when something waits for the peer's socket. */
bool request_answer(struct request *request, const struct val *result, struct err *e);

/* The text of a notification. */
void notification_add(struct buf *out, const char *name, const struct val *params);
