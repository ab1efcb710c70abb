// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/agent.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "agent/listener.h"
#include "agent/peer.h"
#include "agent/request.h"
#include "base/alloc.h"
#include "base/log.h"
#include "base/map.h"
#include "io/loop.h"
#include "io/pool.h"

#define MAX_PEERS        64
#define MAX_CALLS        1024        /* accepted and not yet answered */
#define MAX_JOBS         65536       /* the daemon's own, in queues or being run */
#define MAX_REQUEST_SIZE (1u << 20)  /* what a manager has to say is short */
#define MAX_PEER_CALLS   256         /* beyond these a peer is not read from */
#define MAX_PEER_BYTES   (16u << 20) /* of requests being served */
#define FRAMES_PER_TURN  16
#define STOP_GRACE_US    (20u * 1000000)

/* Calls with one key, the first of them being served. */
struct queue {
    struct request *first, **last;
};

struct agent {
    const struct agent_config *config;
    sd_event *loop;
    struct loop_mailbox *mailbox;
    struct pool *workers;
    struct listener listener;
    sd_event_source *listen_source, *term_source, *int_source, *grace_source;

    /* Loop thread. */
    struct map queues; /* key to struct queue */
    size_t n_calls, n_jobs, n_peers;
    bool is_stopping;

    pthread_mutex_t lock;
    struct peer *peers; /* GUARDED_BY(lock); changed by the loop thread only */
};

static struct err *open_all(struct agent *agent);
static void close_all(struct agent *agent);
static int on_stop_signal(sd_event_source *source, const struct signalfd_siginfo *info,
                          void *arg);
static int on_grace_over(sd_event_source *source, uint64_t now_us, void *arg);
static void raise_fd_limit(void);
static int on_accept(sd_event_source *source, int fd, uint32_t events, void *arg);
static int on_peer(sd_event_source *source, int fd, uint32_t events, void *arg);
static void read_peer(struct peer *peer);
static void drop_peer(struct peer *peer);
static void watch_peer(struct peer *peer);
static void watch_all(void *arg);
static int take_frame(struct peer *peer, struct frame *frame);
static void accept_call(struct agent *agent, struct request *request);
static void refuse_call(struct agent *agent, struct request *request, struct err *e);
static void enter_queue(struct agent *agent, struct request *request);
static void begin_call(struct agent *agent, struct request *request);
static void run_call(void *arg);
static void finish_call(void *arg);
static void leave_queue(struct agent *agent, const char *key);
static void accept_job(void *arg);
static void run_job(void *arg);
static void finish_job(void *arg);
static void end_if_done(struct agent *agent);

struct err *agent_run(const struct agent_config *config)
{
    struct agent agent = {.config = config};
    struct err *e;
    int r;

    pthread_mutex_init(&agent.lock, NULL);
    e = open_all(&agent);
    if (!e && config->started)
        e = config->started(&agent, config->state);
    if (!e) {
        log_info(AGENT, "%s serves on %s", config->name, config->socket_path);
        sd_notify(0, "READY=1");
        r = sd_event_loop(agent.loop);
        if (r < 0)
            e = err_errno(-r, "running the event loop");
        if (config->stopping)
            config->stopping(&agent, config->state);
        log_info(AGENT, "%s ends", config->name);
    }
    close_all(&agent);
    pthread_mutex_destroy(&agent.lock);
    return err_context(e, "serving as %s", config->name);
}

struct sd_event *agent_loop(struct agent *agent)
{
    return agent->loop;
}

void agent_notify(struct agent *agent, const char *name, struct val params)
{
    autoval struct val object = params;
    autobuf text = BUF_INIT;
    bool waits = false;

    notification_add(&text, name, &object);
    if (text.size > FRAME_MAX_SIZE) {
        log_error(AGENT, "the notification %s of %zu bytes is not sent", name, text.size);
        return;
    }
    pthread_mutex_lock(&agent->lock);
    for (struct peer *peer = agent->peers; peer; peer = peer->next) {
        struct buf copy = BUF_INIT;

        buf_add(&copy, text.data, text.size);
        waits |= peer_send(peer, &copy, NULL, 0);
    }
    pthread_mutex_unlock(&agent->lock);
    if (waits)
        loop_post(agent->mailbox, watch_all, agent);
}

static struct err *open_all(struct agent *agent)
{
    const struct agent_config *config = agent->config;
    struct err *e;
    sigset_t signals;
    int r;

    /* Before any thread is made: signals come through the loop. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    raise_fd_limit();

    e = listener_open(&agent->listener, config->socket_path, config->manager_user);
    if (e)
        return e;
    agent->workers = pool_new(config->name, config->n_workers, MAX_CALLS + MAX_JOBS);
    r = sd_event_new(&agent->loop);
    if (r >= 0)
        r = loop_mailbox_new(agent->loop, &agent->mailbox);
    if (r >= 0)
        r = sd_event_add_io(agent->loop, &agent->listen_source, agent->listener.sock,
                            EPOLLIN, on_accept, agent);
    /* Out of descriptors, accepting fails again and again. */
    if (r >= 0)
        r = sd_event_source_set_ratelimit(agent->listen_source, 1000000, 100);
    if (r >= 0)
        r = sd_event_add_signal(agent->loop, &agent->term_source, SIGTERM, on_stop_signal,
                                agent);
    if (r >= 0)
        r = sd_event_add_signal(agent->loop, &agent->int_source, SIGINT, on_stop_signal,
                                agent);
    return r < 0 ? err_errno(-r, "making the event loop") : NULL;
}

static void close_all(struct agent *agent)
{
    sd_event_source_disable_unref(agent->listen_source);
    sd_event_source_disable_unref(agent->term_source);
    sd_event_source_disable_unref(agent->int_source);
    sd_event_source_disable_unref(agent->grace_source);
    pool_free(take_ptr(agent->workers));
    loop_mailbox_free(agent->mailbox);
    while (agent->peers)
        drop_peer(agent->peers);
    map_fini(&agent->queues);
    listener_close(&agent->listener);
    sd_event_unref(agent->loop);
}

/* Nothing new is begun; the loop ends when the calls being served have. */
static int on_stop_signal(sd_event_source *source, const struct signalfd_siginfo *info,
                          void *arg)
{
    struct agent *agent = arg;

    if (agent->is_stopping)
        return 0;
    agent->is_stopping = true;
    sd_notify(0, "STOPPING=1");
    sd_event_source_set_enabled(agent->listen_source, SD_EVENT_OFF);
    watch_all(agent);
    if (agent->n_calls + agent->n_jobs == 0)
        return sd_event_exit(agent->loop, 0);
    return sd_event_add_time_relative(agent->loop, &agent->grace_source, CLOCK_MONOTONIC,
                                      STOP_GRACE_US, 0, on_grace_over, agent);
}

/* A verb stuck in a system call cannot be ended in any other way; whatever it was doing
 * must survive a kill at any moment anyhow. */
static int on_grace_over(sd_event_source *source, uint64_t now_us, void *arg)
{
    struct agent *agent = arg;

    log_error(AGENT, "%s ends with %zu calls unfinished", agent->config->name,
              agent->n_calls + agent->n_jobs);
    _exit(EXIT_FAILURE);
}

static void raise_fd_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        log_warn(AGENT, "raising the limit of open files: %m; it stays as it is");
}

static int on_accept(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct agent *agent = arg;
    struct peer *peer;
    pid_t pid;
    int sock = listener_accept(&agent->listener, &pid), r;

    if (sock < 0)
        return 0;
    if (agent->n_peers == MAX_PEERS) {
        log_warn(AGENT, "refusing process %d: %d are connected", pid, MAX_PEERS);
        close(sock);
        return 0;
    }
    peer = peer_new(agent, sock, pid);
    peer->reader.max_size = MAX_REQUEST_SIZE;
    r = sd_event_add_io(agent->loop, &peer->source, sock, EPOLLIN, on_peer, peer);
    if (r < 0) {
        errno = -r;
        log_error(AGENT, "watching a connection: %m");
        peer_free(peer);
        return 0;
    }
    pthread_mutex_lock(&agent->lock);
    peer->next = agent->peers;
    agent->peers = peer;
    agent->n_peers++;
    pthread_mutex_unlock(&agent->lock);
    return 0;
}

static int on_peer(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct peer *peer = arg;

    if (events & EPOLLOUT) {
        peer_flush(peer);
        watch_peer(peer);
    }
    if (events & EPOLLIN)
        read_peer(peer);
    else if (events & (EPOLLHUP | EPOLLERR))
        drop_peer(peer);
    return 0;
}

static void read_peer(struct peer *peer)
{
    for (int i = 0; i < FRAMES_PER_TURN; i++) {
        CLEANUP(frame_fini) struct frame frame = {0};
        int r = frame_read(peer->sock, &peer->reader, &frame);

        if (r == -EAGAIN)
            break;
        if (r == 1)
            r = take_frame(peer, &frame);
        if (r < 0) {
            errno = -r;
            log_warn(AGENT, "leaving the manager of process %d: %m", peer->pid);
        }
        if (r <= 0) {
            drop_peer(peer);
            return;
        }
    }
    watch_peer(peer);
}

/* Ends the connection.  The peer itself goes when its last call has ended. */
static void drop_peer(struct peer *peer)
{
    struct agent *agent = peer->agent;

    pthread_mutex_lock(&agent->lock);
    for (struct peer **p = &agent->peers; *p; p = &(*p)->next) {
        if (*p != peer)
            continue;
        *p = peer->next;
        agent->n_peers--;
        break;
    }
    pthread_mutex_unlock(&agent->lock);
    peer_cut(peer);
    peer->source = sd_event_source_disable_unref(peer->source);
    peer->is_gone = true;
    if (peer->n_calls == 0)
        peer_free(peer);
}

/* What the loop waits for on its socket: room for what must go out, and the next request as
 * long as there are not too many. */
static void watch_peer(struct peer *peer)
{
    bool reads = !peer->agent->is_stopping && peer->n_calls < MAX_PEER_CALLS &&
                 peer->n_bytes < MAX_PEER_BYTES;

    if (!peer->is_gone)
        sd_event_source_set_io_events(
            peer->source, (reads ? EPOLLIN : 0) | (peer_has_backlog(peer) ? EPOLLOUT : 0));
}

static void watch_all(void *arg)
{
    struct agent *agent = arg;

    for (struct peer *peer = agent->peers; peer; peer = peer->next)
        watch_peer(peer);
}

/* 1, or -EPROTO. */
static int take_frame(struct peer *peer, struct frame *frame)
{
    struct agent *agent = peer->agent;
    struct request *request;
    struct err *e = NULL;
    int r = request_parse(agent->config, frame, &request, &e);

    if (r < 0)
        return r;
    request->peer = peer;
    request->call.agent = agent;
    if (!e && agent->n_calls == MAX_CALLS)
        e = err_params(ERR_TOO_BUSY, NULL);
    if (e)
        refuse_call(agent, request, e);
    else
        accept_call(agent, request);
    return 1;
}

static void refuse_call(struct agent *agent, struct request *request, struct err *e)
{
    log_debug(AGENT, "refusing a call: %s", err_sentence(e));
    if (request_answer(request, NULL, e))
        watch_all(agent);
    request_free(request);
}

/* Begins the call, or puts it behind those with the same key. */
static void accept_call(struct agent *agent, struct request *request)
{
    const char *key = request->call.verb->queue;

    agent->n_calls++;
    request->peer->n_calls++;
    request->peer->n_bytes += request->size;
    request->queue_key = key ? call_text(&request->call, key) : NULL;
    if (request->queue_key && request->queue_key[0]) {
        enter_queue(agent, request);
    } else {
        request->queue_key = NULL;
        begin_call(agent, request);
    }
}

static void enter_queue(struct agent *agent, struct request *request)
{
    struct queue *queue = map_get(&agent->queues, request->queue_key);

    if (!queue) {
        queue = xcalloc(1, sizeof(*queue));
        queue->last = &queue->first;
        map_put(&agent->queues, request->queue_key, queue);
    }
    *queue->last = request;
    queue->last = &request->next;
    if (queue->first == request)
        begin_call(agent, request);
}

static void begin_call(struct agent *agent, struct request *request)
{
    bool has_room = pool_submit(agent->workers, request->job ? run_job : run_call, request);

    assert_msg(has_room, "the workers' queue holds fewer calls than may be accepted");
}

/* Worker thread. */
static void run_call(void *arg)
{
    struct request *request = arg;
    struct verb_call *call = &request->call;
    struct agent *agent = call->agent;
    autoval struct val result = val_void();
    struct err *e = call->verb->run(call, &result);

    if (e)
        log_debug(AGENT, "%s: %s", call->verb->name, err_sentence(e));
    if (request_answer(request, &result, e))
        loop_post(agent->mailbox, watch_all, agent);
    loop_post(agent->mailbox, finish_call, request);
}

/* Loop thread, after the answer. */
static void finish_call(void *arg)
{
    struct request *request = arg;
    struct agent *agent = request->call.agent;
    struct peer *peer = request->peer;

    if (request->queue_key)
        leave_queue(agent, request->queue_key);
    agent->n_calls--;
    peer->n_calls--;
    peer->n_bytes -= request->size;
    request_free(request);
    if (!peer->is_gone)
        watch_peer(peer);
    else if (peer->n_calls == 0)
        peer_free(peer);
    end_if_done(agent);
}

static void end_if_done(struct agent *agent)
{
    if (agent->is_stopping && agent->n_calls + agent->n_jobs == 0)
        sd_event_exit(agent->loop, 0);
}

static void leave_queue(struct agent *agent, const char *key)
{
    struct queue *queue = map_get(&agent->queues, key);
    struct request *next = queue->first->next;

    queue->first = next;
    if (next) {
        begin_call(agent, next);
        return;
    }
    map_remove(&agent->queues, key);
    free(queue);
}

/* ---- the daemon's own jobs: requests without a peer ---- */

void agent_job(struct agent *agent, const char *key, void (*fn)(void *arg), void *arg)
{
    struct request *request = xcalloc(1, sizeof(*request));

    request->call.agent = agent;
    request->job = fn;
    request->job_arg = arg;
    request->job_key = xstrdup(key);
    request->queue_key = request->job_key;
    loop_post(agent->mailbox, accept_job, request);
}

static void accept_job(void *arg)
{
    struct request *request = arg;
    struct agent *agent = request->call.agent;

    if (!agent->workers) { /* the end: nothing else runs */
        request->job(request->job_arg);
        request_free(request);
        return;
    }
    agent->n_jobs++;
    enter_queue(agent, request);
}

/* Worker thread. */
static void run_job(void *arg)
{
    struct request *request = arg;

    request->job(request->job_arg);
    loop_post(request->call.agent->mailbox, finish_job, request);
}

static void finish_job(void *arg)
{
    struct request *request = arg;
    struct agent *agent = request->call.agent;

    leave_queue(agent, request->queue_key);
    agent->n_jobs--;
    request_free(request);
    end_if_done(agent);
}
