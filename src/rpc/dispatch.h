// SPDX-License-Identifier: GPL-2.0-or-later
/* From the bytes of a request to its answer: envelope, method row, arity, session, role,
 * types, then the generated engine or a hand-written body, on the thread where it belongs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "rpc/call.h"
#include "rpc/server.h"

struct rpc;
struct callers;
struct usage;

enum rpc_endpoint { RPC_XML, RPC_JSON };

/* One request, wherever it came from.  The texts and the body stay valid until it is
 * answered. */
struct rpc_request {
    enum rpc_endpoint endpoint;
    const void *body;
    size_t size;
    const char *peer; /* "192.0.2.1" or "unix:UID" */
    bool is_local_root;
    const char *task_id, *subtask_of; /* headers of that name, or NULL */
    const char *user_agent;           /* likewise */
    /* Called exactly once, from any thread; takes the chunks. */
    void (*answer)(const struct http_answer *answer, void *arg);
    /* Asks to be told, on the loop's thread, when the client goes away first. */
    void (*on_gone)(void *arg, void (*fn)(void *job), void *job);
    void *arg;
};

/* Binds the bodies of 'tables' (ended by NULL) to the datamodel's messages.  A name the
 * datamodel does not know, or one bound twice, stops the program. */
struct rpc *rpc_new(struct manager *manager, const struct body_def *const *tables);
void rpc_free(struct rpc *rpc);

/* Serves a request.  Loop thread. */
void rpc_handle(struct rpc *rpc, const struct rpc_request *request);

/* From a login's body: how a check of a password ended.  A failure holds the answer back,
 * longer each time. */
void rpc_login_failed(struct call *call, const char *user);
void rpc_login_succeeded(struct call *call, const char *user);

/* How the API is used (rpc/usage.h). */
struct usage *rpc_usage(struct rpc *rpc);
/* Which programs call, and their limits (rpc/callers.h). */
struct callers *rpc_callers(struct rpc *rpc);

/* True when a hand-written body serves 'method'. */
bool rpc_has_body(const struct rpc *rpc, const struct method_def *method);
