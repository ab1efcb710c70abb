// SPDX-License-Identifier: GPL-2.0-or-later
/* One API call on its way through a method body.
 *
 * A body is plain blocking code in a worker thread: it checks, calls agents, and commits
 * through db_run. Its arguments were counted and type-checked; the caller's role was
 * checked.  It returns the result or a typed error; it never writes to the client. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/value.h"
#include "db/db.h"
#include "model/model.h"
#include "task/task.h"

struct manager; /* what latchkeyd is made of: rpc/manager.h */
struct body_def;
struct journal; /* api/journal.h */

/* Who calls.  A copy: valid as long as the call. */
struct caller {
    char session_ref[64]; /* "" before login */
    char user_name[256], user_sid[256];
    bool is_local_superuser; /* passes every role check */
    bool is_pool_internal;   /* a session of another host */
    uint16_t roles;          /* bits of enum role_bit */
    char originator[256];
    char source[64]; /* address of the peer, for logs and back-off */
};

struct call {
    const struct method_def *method;
    const struct body_def *body; /* the row that serves it; NULL: a generated message */
    struct manager *manager;
    struct db *db; /* the manager's, for short */
    const struct caller *caller;
    const struct val
        *args; /* method->n_params values; absent optional ones have their default */
    struct task *task;
    /* Set by a body: the answer leaves that much later, and no thread waits for it. */
    uint64_t hold_answer_ms;
    /* Set by what a body called: gets what it returned (taken), and gives what the call
     * comes to. */
    struct err *(*settle)(struct call *call, struct err *e);
    struct journal *journal; /* for 'settle' */
};

/* Runs 'run' for the call, then what it left to be settled. */
struct err *call_run(struct call *call, struct err *(*run)(struct call *, struct val *),
                     struct val *ret_result) MUST_CHECK;

typedef struct err *(*method_body)(struct call *call, struct val *ret_result);
/* A body that is one transaction and nothing else: may run more than once. */
typedef struct err *(*txn_body)(struct txn *t, struct call *call, struct val *ret_result);

/* A row of src/api/<class>.c's table; rpc binds it to the datamodel's message at start and
 * stops the program when there is none of that name. */
struct body_def {
    const char *wire_name; /* "VM.start" */
    method_body run;
    enum body_pool {
        BODY_NORMAL,
        BODY_PRIORITY, /* cancel, hard shutdown, queries: never behind stuck storage */
        BODY_INLINE,   /* memory only, below a millisecond: runs on the loop thread */
        BODY_LOGIN,    /* checks a password: few at a time, after the source's back-off */
    } pool;
    txn_body step;   /* for call_in_txn */
    const void *arg; /* 'run' and 'step' find it as call->body->arg */
};

/* Runs the row's 'step' as the whole of the body. */
struct err *call_in_txn(struct call *call, struct val *ret_result);
#define IN_TXN(fn) call_in_txn, BODY_NORMAL, fn

/* A class's table ends with a row of zeros; a body for a generated message takes its place.
 */
#define BODIES_END                                                                         \
    {                                                                                      \
        NULL, NULL, BODY_NORMAL                                                            \
    }

/* Short readings of arguments. */
const char *arg_text(const struct call *call, size_t i);
int64_t arg_int(const struct call *call, size_t i);
bool arg_bool(const struct call *call, size_t i);
