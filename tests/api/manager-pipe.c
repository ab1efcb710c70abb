// SPDX-License-Identifier: GPL-2.0-or-later
/* The manager for tests without a socket: JSON-RPC requests come on standard input, one a
 * line, answers go to standard output, one a line, as they get ready.  Everything is
 * latchkeyd's but the HTTP server and the clock of what runs by schedule.
 *
 * usage: manager-pipe DIRECTORY        (state, and the agents' sockets in DIRECTORY/run)
 *
 * A line "!due SECONDS" runs what is due at that time; its answer is "!done". */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "api/bodies.h"
#include "api/first_contents.h"
#include "api/first_rows.h"
#include "api/schedule.h"
#include "api/startup.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"
#include "db/store.h"
#include "io/loop.h"
#include "io/pool.h"
#include "rpc/agents.h"
#include "rpc/dispatch.h"
#include "rpc/events.h"
#include "rpc/manager.h"
#include "rpc/session.h"

struct question {
    struct rpc_request request;
    struct buf answer;
    struct loop_mailbox *mailbox;
    char body[];
};

static struct manager_config config;
static struct manager manager;
static struct buf input;

static void check(struct err *e)
{
    if (!e)
        return;
    fprintf(stderr, "manager-pipe: %s\n", err_sentence(e));
    exit(EXIT_FAILURE);
}

static void say(void *arg)
{
    struct question *q = arg;

    buf_add_char(&q->answer, '\n');
    if (fd_write_all(STDOUT_FILENO, q->answer.data, q->answer.size) < 0)
        sd_event_exit(manager.loop, 0);
    buf_fini(&q->answer);
    free(q);
}

static void on_answer(const struct http_answer *answer, void *arg)
{
    struct question *q = arg;

    for (size_t i = 0; i < answer->n_chunks; i++) {
        const struct http_chunk *chunk = &answer->chunks[i];

        if (chunk->make)
            chunk->make(chunk->arg, &q->answer);
        else
            buf_add(&q->answer, chunk->data, chunk->size);
        if (chunk->release)
            chunk->release(chunk->arg);
    }
    free(answer->chunks);
    loop_post(q->mailbox, say, q);
}

static void on_gone(void *arg UNUSED, void (*fn)(void *job) UNUSED, void *job UNUSED)
{
}

static struct question *question(const char *line, size_t len)
{
    struct question *q = xcalloc(1, sizeof(*q) + len + 1);

    memcpy(q->body, line, len);
    q->mailbox = manager.mailbox;
    return q;
}

struct due {
    int64_t now;
    struct question *q;
};

static void run_due(void *arg)
{
    struct due *due = arg;

    schedule_run(&manager, due->now);
    buf_add_str(&due->q->answer, "!done");
    loop_post(manager.mailbox, say, due->q);
    free(due);
}

static void take_line(const char *line, size_t len)
{
    struct question *q = question(line, len);

    if (strncmp(q->body, "!due ", 5) == 0) {
        struct due *due = xcalloc(1, sizeof(*due));

        *due = (struct due){strtoll(q->body + 5, NULL, 10), q};
        pool_submit(manager.normal, run_due, due);
        return;
    }
    q->request = (struct rpc_request){.endpoint = RPC_JSON,
                                      .body = q->body,
                                      .size = len,
                                      .peer = "unix:0",
                                      .is_local_root = true,
                                      .answer = on_answer,
                                      .on_gone = on_gone,
                                      .arg = q};
    rpc_handle(manager.rpc, &q->request);
}

static int on_input(sd_event_source *source, int fd, uint32_t revents UNUSED,
                    void *arg UNUSED)
{
    char *end;
    ssize_t n;

    buf_reserve(&input, 65536);
    n = read(fd, input.data + input.size, 65536);
    if (n <= 0)
        return sd_event_exit(sd_event_source_get_event(source), 0);
    input.size += (size_t)n;
    while ((end = memchr(input.data, '\n', input.size))) {
        take_line(input.data, (size_t)(end - input.data));
        buf_consume(&input, (size_t)(end - input.data) + 1);
    }
    return 0;
}

static void start(const char *directory)
{
    autofree char *path = xasprintf("%s/db.sqlite", directory);
    struct manager *m = &manager;
    struct store *store;

    config = (struct manager_config){
        .state_dir = directory, .run_dir = xasprintf("%s/run", directory), .lab = true};
    m->config = &config;
    signal(SIGPIPE, SIG_IGN);
    if (sd_event_default(&m->loop) < 0 || loop_mailbox_new(m->loop, &m->mailbox) < 0)
        check(err_errno(ENOMEM, "making the loop"));
    check(store_sqlite_open(path, &store));
    check(db_open(store, &m->db));
    check(first_rows(m));
    check(first_contents(m));
    task_set_host(m->self.host_ref);
    m->normal = pool_new("worker", 8, 256);
    m->priority = pool_new("priority", 4, 256);
    m->login = pool_new("login", 1, 8);
    m->sessions = sessions_new(m);
    m->events = events_new(m);
    m->rpc = rpc_new(m, body_tables);
    check(agents_new(config.run_dir, startup_agent_notice, startup_agent_connected, m,
                     &m->agents));
}

static void stop(void)
{
    struct manager *m = &manager;

    events_stop(m->events);
    agents_hush(m->agents);
    pool_free(m->login);
    pool_free(m->normal);
    pool_free(m->priority);
    agents_free(m->agents);
    loop_mailbox_free(m->mailbox);
    rpc_free(m->rpc);
    sessions_free(m->sessions);
    db_close(m->db);
    events_free(m->events);
    sd_event_unref(m->loop);
    free((char *)config.run_dir);
    buf_fini(&input);
}

int main(int argc, char **argv)
{
    sd_event_source *source = NULL;

    if (argc != 2) {
        fputs("usage: manager-pipe DIRECTORY\n", stderr);
        return EXIT_FAILURE;
    }
    start(argv[1]);
    if (sd_event_add_io(manager.loop, &source, STDIN_FILENO, EPOLLIN, on_input, NULL) < 0)
        return EXIT_FAILURE;
    sd_event_loop(manager.loop);
    sd_event_source_unref(source);
    stop();
    return EXIT_SUCCESS;
}
