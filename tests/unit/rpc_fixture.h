// SPDX-License-Identifier: GPL-2.0-or-later
/* A manager in one process for tests of src/rpc: a store in memory, a loop, workers, the
 * bodies of src/api, and no server: requests go straight to the dispatcher. */
#pragma once

#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "api/bodies.h"
#include "api/first_rows.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "db/db.h"
#include "db/store.h"
#include "io/loop.h"
#include "io/pool.h"
#include "rpc/dispatch.h"
#include "rpc/events.h"
#include "rpc/manager.h"
#include "rpc/session.h"
#include "task/task.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define ANSWER_LIMIT_MS 60000 /* a busy machine is slow, not wrong */

struct fixture {
    struct manager_config config;
    struct manager manager;
    struct store_memory_keep *keep;
    char session[REF_LEN + 1]; /* of the local superuser */
};

/* One request and its answer. */
struct ask {
    struct rpc_request request;
    struct buf answer;
    int status;
    char *body;
    void (*gone)(void *job);
    void *job;
    bool done; /* under the lock of the loop's mailbox: set by the loop alone */
    struct loop_mailbox *mailbox;
};

static inline void ask_done(void *arg)
{
    ((struct ask *)arg)->done = true;
}

static inline void ask_answer(const struct http_answer *answer, void *arg)
{
    struct ask *ask = arg;

    ask->status = answer->status;
    for (size_t i = 0; i < answer->n_chunks; i++)
        buf_add(&ask->answer, answer->chunks[i].data, answer->chunks[i].size);
    for (size_t i = 0; i < answer->n_chunks; i++) {
        if (answer->chunks[i].release)
            answer->chunks[i].release(answer->chunks[i].arg);
    }
    free(answer->chunks);
    loop_post(ask->mailbox, ask_done, ask);
}

static inline void ask_on_gone(void *arg, void (*fn)(void *job), void *job)
{
    struct ask *ask = arg;

    ask->gone = fn;
    ask->job = job;
}

static inline struct ask *ask_begin(struct fixture *f, enum rpc_endpoint endpoint,
                                    const char *body)
{
    struct ask *ask = xcalloc(1, sizeof(*ask));

    ask->body = xstrdup(body);
    ask->mailbox = f->manager.mailbox;
    ask->request = (struct rpc_request){.endpoint = endpoint,
                                        .body = ask->body,
                                        .size = strlen(body),
                                        .peer = "192.0.2.1",
                                        .answer = ask_answer,
                                        .on_gone = ask_on_gone,
                                        .arg = ask};
    rpc_handle(f->manager.rpc, &ask->request);
    return ask;
}

/* Runs the loop until the answer is there, or 'limit_ms' passed: true when it is there. */
static inline bool ask_wait(struct fixture *f, const struct ask *ask, uint64_t limit_ms)
{
    uint64_t until = clock_monotonic_ms() + limit_ms;

    while (!ask->done && clock_monotonic_ms() < until)
        sd_event_run(f->manager.loop, 10000);
    return ask->done;
}

/* The answer as heap text, or NULL when none came. */
static inline char *ask_end(struct fixture *f, struct ask *ask)
{
    char *text = NULL;

    if (ask_wait(f, ask, ANSWER_LIMIT_MS))
        text = buf_take(&ask->answer);
    buf_fini(&ask->answer);
    free(ask->body);
    free(ask);
    return text;
}

/* The answer to a JSON-RPC 2.0 call; %S in 'params' stands for the session. */
static inline char *call_json(struct fixture *f, const char *method, const char *params)
{
    autobuf body = BUF_INIT;

    buf_addf(&body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[", method);
    for (const char *at = params; *at; at++) {
        if (at[0] == '%' && at[1] == 'S') {
            buf_addf(&body, "\"%s\"", f->session);
            at++;
        } else {
            buf_add_char(&body, *at);
        }
    }
    buf_add_str(&body, "]}");
    return ask_end(f, ask_begin(f, RPC_JSON, buf_str(&body)));
}

static inline void fixture_start(struct fixture *f, const struct store_faults *faults)
{
    struct manager *m = &f->manager;
    struct session_spec root = {.user_name = "root",
                                .user_sid = "",
                                .originator = "test",
                                .source = "test",
                                .is_local_superuser = true};

    memset(f, 0, sizeof(*f));
    f->config.state_dir = scratch();
    m->config = &f->config;
    CHECK(sd_event_new(&m->loop) >= 0);
    CHECK(loop_mailbox_new(m->loop, &m->mailbox) >= 0);
    f->keep = store_memory_keep_new();
    CHECK_OK(db_open(store_memory_open(f->keep, faults), &m->db));
    CHECK_OK(first_rows(m));
    task_set_host(m->self.host_ref);
    m->normal = pool_new("worker", 4, 64);
    m->priority = pool_new("priority", 4, 64);
    m->login = pool_new("login", 1, 8);
    m->sessions = sessions_new(m);
    m->events = events_new(m);
    m->rpc = rpc_new(m, body_tables);
    CHECK_OK(sessions_open(m->sessions, &root, f->session));
}

static inline void fixture_stop(struct fixture *f)
{
    struct manager *m = &f->manager;

    events_stop(m->events);
    pool_free(m->login);
    pool_free(m->normal);
    pool_free(m->priority);
    loop_mailbox_free(m->mailbox);
    rpc_free(m->rpc);
    db_close(m->db);
    events_free(m->events);
    sessions_free(m->sessions);
    store_memory_keep_free(f->keep);
    sd_event_unref(m->loop);
}

/* Opens a session with 'roles' and makes it the one that %S stands for. */
static inline void fixture_become(struct fixture *f, uint16_t roles)
{
    struct session_spec spec = {.user_name = "somebody",
                                .user_sid = "S-1",
                                .originator = "test",
                                .source = "test",
                                .roles = roles};

    CHECK_OK(sessions_open(f->manager.sessions, &spec, f->session));
}

/* The text between 'before' and the next 'after' in 'text', heap; NULL when absent. */
static inline char *between(const char *text, const char *before, const char *after)
{
    const char *start = text ? strstr(text, before) : NULL, *end;

    if (!start)
        return NULL;
    start += strlen(before);
    end = strstr(start, after);
    return end ? xstrndup(start, (size_t)(end - start)) : NULL;
}

#define CHECK_HAS(text, part)                                                              \
    do {                                                                                   \
        const char *text_ = (text);                                                        \
        if (!text_ || !strstr(text_, (part)))                                              \
            TEST_FAIL("no \"%s\" in: %.2000s", (part), text_ ? text_ : "(no answer)");     \
    } while (0)
