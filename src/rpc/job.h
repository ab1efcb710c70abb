// SPDX-License-Identifier: GPL-2.0-or-later
/* A call while it is served: what was asked, by whom, and the answer that grows.  Internal
 * to src/rpc.
 *
 * A job is owned by one thread at a time: the loop, then perhaps a worker; ending it
 * answers the request and frees it. */
#pragma once

#include "model/codec.h"
#include "rpc/call.h"
#include "rpc/dispatch.h"
#include "rpc/reply.h"
#include "rpc/session.h"
#include "wire/envelope.h"

struct job {
    struct rpc_request request;
    struct envelope envelope;
    struct call call; /* what a body sees of it */
    struct caller caller;
    struct session *session;   /* held; NULL before login */
    struct val *args;          /* call.args */
    const struct bound *bound; /* where the method runs */
    bool async;                /* the task's reference was answered already, or will be */
    struct reply reply;
    bool bare; /* job_begin_bare_value */
};

/* A method and what serves it. */
struct bound {
    method_body run;             /* NULL: a reading message, or nothing */
    const struct body_def *body; /* NULL: 'run' is the engine, or nothing */
    enum body_pool pool;
    bool is_generated; /* 'run' is the engine, not a body */
    /* The map that a set_x writes whole: its keys have rules of their own.  -1: none. */
    int16_t ruled_field;
    /* Served without a thread: takes the job, on the loop's thread. */
    void (*park)(struct job *job);
};

struct later;

struct rpc {
    struct manager *manager;
    struct bound *bound; /* one for each of 'methods' */
    struct backoff *logins;
    struct usage *usage;
    struct callers *callers;
    struct later *waiting; /* jobs that wait for a timer; loop thread */
};

struct job *job_new(struct manager *manager, const struct rpc_request *request);

/* Begins a successful answer; write the value to job->reply next, then call job_succeed. */
void job_begin_value(struct job *job);
/* The same for system.listMethods, whose XML-RPC answer has no Status around it. */
void job_begin_bare_value(struct job *job);
/* Each ends the job, from any thread.  The error is taken. */
void job_succeed(struct job *job);
void job_succeed_with(struct job *job, const struct type *type, const struct val *value);
void job_fail(struct job *job, struct err *e);
/* An answer that is no answer of the protocol: the body could not be read. */
void job_fail_http(struct job *job, const char *text);
/* Answers the request and keeps the job: an asynchronous call. */
void job_answer_early(struct job *job, const struct type *type, const struct val *value);
/* Frees a job whose request was answered before. */
void job_free(struct job *job);

/* Runs 'fn' on the loop's thread 'delay_ms' from now.  Any thread. */
void job_later(struct job *job, uint64_t delay_ms, void (*fn)(struct job *job));

/* At the end of the program: goes on with all that wait, at once. */
void jobs_end_waiting(struct rpc *rpc);

/* One line for each call that changes something, or was refused: who, what, how it ended.
 */
void job_audit(const struct job *job, const struct err *e);
