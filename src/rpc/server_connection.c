// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/loop.h"
#include "io/tls.h"
#include "rpc/server_private.h"

#define READ_SIZE     16383        /* and the NUL of a buffer */
#define SEND_AT_ONCE  (512u << 10) /* then the others get their turn */
#define STEPS_AT_ONCE 128
#define PROGRESS      16384 /* bytes of an answer within stall_ms that are progress */
#define WAIT_TO_READ  (EPOLLIN | EPOLLRDHUP)

static _Thread_local struct connection *serving;

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *arg);

struct connection *connection_serving(void)
{
    return serving;
}

/* ---- life ---- */

void connection_set_deadline(struct connection *c, uint64_t after_ms)
{
    c->deadline_ms = clock_monotonic_ms() + after_ms;
    server_wake_by(c->server, c->deadline_ms);
}

void connection_set_events(struct connection *c, uint32_t events)
{
    if (c->events == events)
        return;
    c->events = events;
    sd_event_source_set_io_events(c->source, events);
}

void connection_start(const struct listener *listener, int sock, const struct peer *peer)
{
    struct server *server = listener->server;
    struct connection *c = xcalloc(1, sizeof(*c));
    int r;

    c->server = server;
    c->peer = *peer;
    c->is_plain = listener->kind == LISTEN_PLAIN;
    c->events = WAIT_TO_READ;
    channel_init(&c->channel, sock, listener->tls);
    r = sd_event_add_io(server->loop, &c->source, sock, c->events, on_io, c);
    if (r < 0) {
        log_warn(HTTP, "watching a connection: %s; it is closed", strerror(-r));
        channel_close(&c->channel);
        free(c);
        return;
    }
    request_begin(&c->request);
    c->state = listener->tls ? HANDSHAKE : HEAD;
    server_add(server, c);
    connection_set_deadline(c, listener->tls ? server->limits.handshake_ms
                                             : server->limits.head_ms);
}

static void uncount_body(struct connection *c)
{
    c->server->body_memory -= c->counted;
    c->counted = 0;
}

static void free_if_unused(struct connection *c)
{
    if (c->source || c->state == RUNNING || c->resume_posted)
        return;
    request_reset(&c->request);
    buf_fini(&c->request.body);
    free(c);
}

static void tell_gone(struct connection *c)
{
    void (*fn)(struct http_request *, void *) = take_ptr(c->request.gone_fn);

    if (fn && !c->request.answered)
        fn(&c->request, c->request.gone_arg);
}

void connection_close(struct connection *c)
{
    c->source = sd_event_source_disable_unref(c->source);
    channel_close(&c->channel);
    server_remove(c->server, c);
    tunnel_free(c);
    uncount_body(c);
    outgoing_reset(&c->out);
    buf_fini(&c->in);
    if (c->state == RUNNING)
        tell_gone(c);
    free_if_unused(c);
}

static enum step end(struct connection *c)
{
    connection_close(c);
    return CLOSED;
}

bool connection_is_idle(const struct connection *c)
{
    return c->state == HEAD && !c->head_begun;
}

/* ---- reading ---- */

static size_t n_unread(const struct connection *c)
{
    return c->in.size - c->in_at;
}

ssize_t connection_fill(struct connection *c)
{
    ssize_t n;

    if (!c->may_read && !channel_has_buffered(&c->channel)) {
        c->channel.wants = EPOLLIN;
        return -EAGAIN;
    }
    c->may_read = false;
    buf_clear(&c->in);
    c->in_at = 0;
    buf_reserve(&c->in, READ_SIZE);
    n = channel_read(&c->channel, c->in.data, READ_SIZE);
    if (n > 0) {
        c->in.size = (size_t)n;
        c->in.data[n] = '\0';
    }
    return n;
}

static enum step wait_to_read(struct connection *c)
{
    connection_set_events(c, c->channel.wants == EPOLLOUT ? EPOLLOUT : WAIT_TO_READ);
    return WAIT;
}

static enum step end_of_input(struct connection *c, ssize_t n)
{
    return n == -EAGAIN ? wait_to_read(c) : end(c);
}

/* ---- answering ---- */

static enum step start_sending(struct connection *c, enum connection_state state)
{
    c->state = state;
    c->n_sent = c->sent_at_deadline = 0;
    connection_set_deadline(c, c->server->limits.stall_ms);
    return GO_ON;
}

/* A request that is not understood, or not taken: the connection is of no further use. */
static enum step refuse(struct connection *c, int status, const char *why)
{
    unsigned minor = c->request.head.minor;

    log_debug(HTTP, "%s: %d, %s", c->peer.text, status, why);
    server_complain(&c->server->malformed, "refusing a request of %s: %s (%d)",
                    c->peer.text, why, status);
    uncount_body(c);
    request_reset(&c->request);
    outgoing_set_error(&c->out, minor, status, why, NULL, NULL);
    c->close_after = c->linger_after = true;
    return start_sending(c, ANSWERING);
}

/* The request asked for a tunnel, and nothing else will come of the connection. */
static enum step begin_tunnel(struct connection *c)
{
    log_debug(HTTP, "%s: %s %s: a tunnel", c->peer.text, c->request.head.method,
              c->request.head.path);
    uncount_body(c);
    if (!tunnel_start(c))
        return refuse(c, 503, "there are too many such connections");
    request_reset(&c->request);
    c->state = TUNNEL;
    return GO_ON;
}

static enum step begin_answer(struct connection *c)
{
    struct http_head *head = &c->request.head;

    if (c->request.is_tunnel)
        return begin_tunnel(c);
    c->close_after =
        !head->keep_alive || c->request.answer.status >= 400 || c->server->stopping;
    log_debug(HTTP, "%s: %s %s: %d", c->peer.text, head->method, head->path,
              c->request.answer.status);
    uncount_body(c);
    outgoing_set(&c->out, head->minor, &c->request.answer, !c->close_after);
    request_reset(&c->request);
    return start_sending(c, ANSWERING);
}

static void count_sent(struct connection *c, size_t n)
{
    c->n_sent += n;
    if (c->n_sent - c->sent_at_deadline < PROGRESS)
        return;
    c->sent_at_deadline = c->n_sent;
    connection_set_deadline(c, c->server->limits.stall_ms);
}

static enum step send_some(struct connection *c)
{
    size_t sent = 0;

    while (!outgoing_is_done(&c->out) && sent < SEND_AT_ONCE) {
        ssize_t n = outgoing_send(&c->out, &c->channel);

        if (n == -EAGAIN) {
            connection_set_events(c, c->channel.wants == EPOLLIN ? EPOLLIN : EPOLLOUT);
            return WAIT;
        }
        if (n < 0)
            return end(c);
        sent += (size_t)n;
        count_sent(c, (size_t)n);
    }
    if (!outgoing_is_done(&c->out)) {
        connection_set_events(c, EPOLLOUT);
        return WAIT;
    }
    outgoing_reset(&c->out);
    return GO_ON;
}

/* An answer sent right before a close may never arrive while the client still sends: TCP
 * resets.  So the end is announced, and what still comes is read over for a while. */
enum step connection_linger(struct connection *c)
{
    channel_end_writing(&c->channel);
    buf_fini(&c->in);
    c->in_at = 0;
    c->state = LINGERING;
    c->may_read = true;
    connection_set_deadline(c, c->server->limits.linger_ms);
    return GO_ON;
}

static enum step end_answer(struct connection *c)
{
    enum step step = send_some(c);

    if (step != GO_ON)
        return step;
    if (c->close_after)
        return c->linger_after || n_unread(c) ? connection_linger(c) : end(c);
    request_begin(&c->request);
    c->state = HEAD;
    c->head_begun = false;
    connection_set_deadline(c, c->server->limits.idle_ms);
    return GO_ON;
}

static enum step linger(struct connection *c)
{
    ssize_t n = channel_discard(&c->channel);

    if (n == 0 || (n < 0 && n != -EAGAIN))
        return end(c);
    connection_set_events(c, EPOLLIN);
    return WAIT;
}

/* ---- a request ---- */

static enum step handshake(struct connection *c)
{
    int r = channel_handshake(&c->channel);

    if (r == -EAGAIN) {
        connection_set_events(c, c->channel.wants == EPOLLOUT ? EPOLLOUT : WAIT_TO_READ);
        return WAIT;
    }
    if (r < 0) {
        log_debug(HTTP, "%s: the TLS handshake failed: %s", c->peer.text,
                  r == -EPROTO ? tls_reason(c->channel.tls) : strerror(-r));
        return end(c);
    }
    c->state = HEAD;
    connection_set_deadline(c, c->server->limits.head_ms);
    return GO_ON;
}

static enum step run(struct connection *c)
{
    const struct http_route *route = c->request.route;

    c->state = RUNNING;
    c->deadline_ms = UINT64_MAX;
    c->answered_here = false;
    connection_set_events(c, WAIT_TO_READ);
    serving = c;
    route->handle(&c->request, route->arg);
    serving = NULL;
    if (c->answered_here)
        return begin_answer(c);
    if (n_unread(c) == 0) {
        buf_fini(&c->in);
        c->in_at = 0;
    }
    return WAIT;
}

/* No route takes it; the connection ends, as after any error.  Without TLS no page is
 * looked for at all: XAPI keeps its web pages to HTTPS. */
static enum step refuse_route(struct connection *c, int status, const struct buf *allow)
{
    const struct http_head *head = &c->request.head;
    const char *field = allow->size ? "allow" : NULL;

    if (c->is_plain && STREQ(head->method, "GET")) {
        status = 403;
        field = NULL;
    }
    c->close_after = true;
    c->linger_after = head->body == HTTP_BODY_CHUNKED ||
                      (head->body == HTTP_BODY_LENGTH && head->content_length > 0);
    log_debug(HTTP, "%s: %s %s: %d", c->peer.text, head->method, head->path, status);
    outgoing_set_error(&c->out, head->minor, status, NULL, field, buf_str(allow));
    request_reset(&c->request);
    return start_sending(c, ANSWERING);
}

static enum step start_body(struct connection *c)
{
    const struct http_head *head = &c->request.head;

    c->body_left = head->body == HTTP_BODY_LENGTH ? head->content_length : 0;
    connection_set_deadline(c, c->server->limits.body_ms);
    c->state = BODY;
    if (!head->expect_continue || n_unread(c))
        return GO_ON;
    outgoing_set_continue(&c->out);
    return start_sending(c, CONTINUING);
}

/* The head is complete: does anybody take such a request? */
static enum step take_head(struct connection *c)
{
    struct http_request *request = &c->request;
    const struct http_head *head = &request->head;
    autobuf allow = BUF_INIT;
    int status = 0;

    if (c->is_plain && c->server->https_only)
        return refuse(c, 403, "only HTTPS is served");
    request->route = request_find_route(c->server, head, &status, &allow);
    if (!request->route)
        return refuse_route(c, status, &allow);
    switch (head->body) {
    case HTTP_BODY_LENGTH:
        if (head->content_length > request->route->max_body)
            return refuse(c, 413, "the body is too large");
        return head->content_length ? start_body(c) : run(c);
    case HTTP_BODY_CHUNKED:
        http_chunked_init(&request->chunked, request->route->max_body);
        return start_body(c);
    default:
        if (request->route->max_body)
            return refuse(c, 411, "the length of the body is not told");
        return run(c);
    }
}

static enum step read_head(struct connection *c)
{
    struct http_head *head = &c->request.head;
    size_t used = 0;

    if (n_unread(c) == 0) {
        ssize_t n = connection_fill(c);

        if (n <= 0 && !c->head_begun) {
            buf_fini(&c->in); /* whoever waits holds no memory */
            c->in_at = 0;
        }
        if (n <= 0)
            return end_of_input(c, n);
    }
    if (!c->head_begun) {
        c->head_begun = true;
        connection_set_deadline(c, c->server->limits.head_ms);
    }
    switch (http_head_feed(head, c->in.data + c->in_at, n_unread(c), &used)) {
    case HTTP_MORE:
        c->in_at += used;
        return GO_ON;
    case HTTP_DONE:
        c->in_at += used;
        return take_head(c);
    default:
        return refuse(c, head->error, head->why);
    }
}

static enum step finish_continue(struct connection *c)
{
    enum step step = send_some(c);

    if (step != GO_ON)
        return step;
    c->state = BODY;
    connection_set_deadline(c, c->server->limits.body_ms);
    return GO_ON;
}

/* Bodies of clients nobody knows yet must not fill the memory. */
static bool count_body(struct connection *c, size_t size)
{
    struct server *server = c->server;

    if (c->peer.is_local)
        return true;
    if (server->body_memory + size > server->limits.body_memory)
        return false;
    server->body_memory += size;
    c->counted += size;
    return true;
}

static enum step read_plain_body(struct connection *c)
{
    size_t n = n_unread(c) < c->body_left ? n_unread(c) : (size_t)c->body_left;

    if (!count_body(c, n))
        return refuse(c, 503, "too many bodies are arriving");
    buf_add(&c->request.body, c->in.data + c->in_at, n);
    c->in_at += n;
    c->body_left -= n;
    return c->body_left ? GO_ON : run(c);
}

static enum step read_chunked_body(struct connection *c)
{
    struct http_chunked *chunked = &c->request.chunked;
    enum http_result result = HTTP_MORE;

    while (result == HTTP_MORE && n_unread(c)) {
        const char *data;
        size_t used, size;

        result = http_chunked_feed(chunked, c->in.data + c->in_at, n_unread(c), &used,
                                   &data, &size);
        c->in_at += used;
        if (result == HTTP_BAD)
            return refuse(c, chunked->error, chunked->why);
        if (!count_body(c, size))
            return refuse(c, 503, "too many bodies are arriving");
        buf_add(&c->request.body, data, size);
    }
    return result == HTTP_DONE ? run(c) : GO_ON;
}

static enum step read_body(struct connection *c)
{
    if (n_unread(c) == 0) {
        ssize_t n = connection_fill(c);

        if (n <= 0)
            return end_of_input(c, n);
    }
    return c->request.head.body == HTTP_BODY_CHUNKED ? read_chunked_body(c)
                                                     : read_plain_body(c);
}

/* ---- driving ---- */

static enum step wait_for_handler(struct connection *c UNUSED)
{
    return WAIT;
}

static enum step (*const steps[])(struct connection *c) = {
    [HANDSHAKE] = handshake, [HEAD] = read_head,           [CONTINUING] = finish_continue,
    [BODY] = read_body,      [RUNNING] = wait_for_handler, [ANSWERING] = end_answer,
    [LINGERING] = linger,    [TUNNEL] = tunnel_step,
};

static void resume(void *arg)
{
    struct connection *c = arg;

    c->resume_posted = false;
    if (c->source)
        connection_drive(c);
    else
        free_if_unused(c);
}

/* As many steps as go at once; a client that sends many requests ahead lets others in
 * between. */
void connection_drive(struct connection *c)
{
    for (int i = 0; i < STEPS_AT_ONCE; i++) {
        if (steps[c->state](c) != GO_ON)
            return;
    }
    if (!c->resume_posted) {
        c->resume_posted = true;
        loop_post(c->server->mailbox, resume, c);
    }
}

/* While a request runs, nothing is read: what shows is that the client went away, stopped
 * sending, or sends ahead. */
static void watch_client(struct connection *c, uint32_t revents)
{
    if (revents & (EPOLLERR | EPOLLHUP)) {
        connection_close(c);
    } else if (revents & EPOLLRDHUP) {
        connection_set_events(c, 0);
        tell_gone(c);
    } else {
        connection_set_events(c, EPOLLRDHUP);
    }
}

static int on_io(sd_event_source *source UNUSED, int fd UNUSED, uint32_t revents, void *arg)
{
    struct connection *c = arg;

    if (c->state == RUNNING) {
        watch_client(c, revents);
        return 0;
    }
    if (c->state == TUNNEL && tunnel_hear_client(c, revents) == CLOSED)
        return 0;
    c->may_read = true;
    connection_drive(c);
    return 0;
}

void connection_answered(void *arg)
{
    struct connection *c = arg;

    if (!c->source) {
        if (c->request.is_tunnel)
            tunnel_release(&c->request.tunnel);
        else
            answer_release(&c->request.answer);
        c->state = HEAD;
        free_if_unused(c);
        return;
    }
    begin_answer(c);
    connection_drive(c);
}

void connection_expire(struct connection *c)
{
    bool late = (c->state == HEAD && c->head_begun) || c->state == BODY;

    if (c->state == TUNNEL && tunnel_expire(c) == GO_ON) {
        connection_drive(c);
        return;
    }
    if (!late) {
        log_debug(HTTP, "%s: closed, nothing came or went in time", c->peer.text);
        connection_close(c);
        return;
    }
    refuse(c, 408, "the request took too long to arrive");
    connection_drive(c);
}
