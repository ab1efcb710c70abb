// SPDX-License-Identifier: GPL-2.0-or-later
/* An HTTP server whose loop runs in a thread of its own, its routes, and clients that wait
 * for it: for tests of src/rpc/server. */
#pragma once

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "io/loop.h"
#include "io/stream.h"
#include "io/tls.h"
#include "io/tls_certificate.h"
#include "io/wait.h"
#include "rpc/server.h"
#include "wire/http.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define DEADLINE    (clock_monotonic_ms() + 30000)
#define MAX_ECHO    1000
#define BIG_CHUNKS  300
#define BIG_SIZE    (BIG_CHUNKS * 30000)
#define N_LISTENERS 3

static struct {
    struct sd_event *loop;
    struct loop_mailbox *mailbox;
    struct server *server;
    pthread_t thread;
    bool is_running;
    struct tls_context *trust; /* of clients */
    int parked_fd;             /* semaphore: requests parked and not yet taken */
    struct http_request *_Atomic parked;
    atomic_int n_tunnels_ended;
    atomic_int n_handled, n_gone, n_released, n_borrowed;
} fixture = {.parked_fd = -1};

/* ---- routes ---- */

static inline struct http_answer text_answer(const char *text)
{
    struct buf body = BUF_INIT;

    buf_add_str(&body, text);
    return http_answer_buf(200, "text/plain", &body);
}

static inline void answer_text(struct http_request *request, const char *text)
{
    struct http_answer answer = text_answer(text);

    http_request_answer(request, &answer);
}

static inline void handle_echo(struct http_request *request, void *arg)
{
    size_t size;
    const void *body = http_request_body(request, &size);
    struct buf copy = BUF_INIT;
    struct http_answer answer;

    fixture.n_handled++;
    buf_add(&copy, body, size);
    answer = http_answer_buf(200, "text/plain", &copy);
    http_request_answer(request, &answer);
}

/* Method, path, an argument, a header and the peer. */
static inline void handle_show(struct http_request *request, void *arg)
{
    const char *a = http_request_query(request, "a"),
               *header = http_request_header(request, "x-test");
    autofree char *text = xasprintf("%s %s a=%s x=%s %s%s", http_request_method(request),
                                    http_request_path(request), a ? a : "(none)",
                                    header ? header : "(none)", http_request_peer(request),
                                    http_request_is_local_root(request) ? " root" : "");

    answer_text(request, text);
}

static inline void make_big(void *arg, struct buf *out)
{
    buf_add(out, arg, BIG_SIZE / BIG_CHUNKS);
}

static inline void release_big(void *arg)
{
    free(arg);
    fixture.n_released++;
}

/* Many chunks; chunk i holds the byte 'a' + i % 26.  Each third is made when it is sent. */
static inline void handle_big(struct http_request *request, void *arg)
{
    struct http_answer answer = {.status = 200, .content_type = "text/plain"};

    answer.chunks = xcalloc(BIG_CHUNKS, sizeof(answer.chunks[0]));
    answer.n_chunks = BIG_CHUNKS;
    for (size_t i = 0; i < BIG_CHUNKS; i++) {
        size_t size = BIG_SIZE / BIG_CHUNKS;
        char *data = xmalloc(size);

        memset(data, 'a' + (int)(i % 26), size);
        answer.chunks[i] = (struct http_chunk){i % 3 ? data : NULL, size, release_big, data,
                                               i % 3 ? NULL : make_big};
        fixture.n_borrowed++;
    }
    http_request_answer(request, &answer);
}

static inline void gone_away(struct http_request *request, void *arg)
{
    fixture.n_gone++;
    answer_text(request, "you were gone");
}

static inline void handle_park(struct http_request *request, void *arg)
{
    uint64_t one = 1;

    if (arg)
        http_request_on_gone(request, gone_away, NULL);
    fixture.parked = request;
    if (write(fixture.parked_fd, &one, sizeof(one)) < 0)
        abort();
}

static inline void *answer_from_thread(void *request)
{
    answer_text(request, "from a worker");
    return NULL;
}

static inline void handle_worker(struct http_request *request, void *arg)
{
    pthread_t thread;

    pthread_create(&thread, NULL, answer_from_thread, request);
    pthread_detach(thread);
}

static inline void tunnel_ended(void *arg)
{
    fixture.n_tunnels_ended++;
}

/* Makes the request's connection a tunnel; the peer's end. */
static inline int make_tunnel(struct http_request *request, enum http_framing framing)
{
    struct http_tunnel tunnel = {.framing = framing, .ended = tunnel_ended};
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        abort();
    tunnel.peer_fd = pair[0];
    buf_add_str(&tunnel.head, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    http_request_tunnel(request, &tunnel);
    return pair[1];
}

static int watching = 1;
static const struct http_route routes[] = {
    {"POST", "/echo", MAX_ECHO, handle_echo, NULL},
    {"GET", "/show", 0, handle_show, NULL},
    {"POST", "/show", MAX_ECHO, handle_show, NULL},
    {"GET", "/big", 0, handle_big, NULL},
    {"GET", "/park", 0, handle_park, NULL},
    {"GET", "/watch", 0, handle_park, &watching},
    {"GET", "/worker", 0, handle_worker, NULL},
};

/* ---- the server ---- */

static inline void leave_loop(void *arg)
{
    sd_event_exit(fixture.loop, 0);
}

static inline void *run_loop(void *arg)
{
    sd_event_loop(fixture.loop);
    return NULL;
}

/* Ends what the last test left, whether it passed or failed. */
static inline void server_stop(void)
{
    if (!fixture.is_running)
        return;
    fixture.is_running = false;
    loop_post(fixture.mailbox, leave_loop, NULL);
    pthread_join(fixture.thread, NULL);
    server_free(fixture.server);
    loop_mailbox_free(fixture.mailbox);
    sd_event_unref(fixture.loop);
    close(take_fd(fixture.parked_fd));
    tls_context_free(take_ptr(fixture.trust));
}

static inline void make_certificate(void)
{
    autoclose int dir = fd_open_dir(scratch(), 0700);

    if (access(scratch_path("cert.pem"), R_OK) < 0)
        CHECK_OK(tls_certificate_make(dir, "host.example"));
    CHECK_OK(tls_context_new_client(scratch_path("cert.pem"), &fixture.trust));
}

static inline void server_start_at(const char *host, const struct server_limits *limits)
{
    autofree char *any_port = xasprintf("%s:0", host);

    server_stop();
    fixture.parked = NULL;
    fixture.n_handled = fixture.n_gone = fixture.n_released = fixture.n_borrowed = 0;
    fixture.n_tunnels_ended = 0;
    fixture.parked_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
    make_certificate();
    CHECK(sd_event_new(&fixture.loop) >= 0);
    CHECK(loop_mailbox_new(fixture.loop, &fixture.mailbox) >= 0);
    CHECK_OK(server_new(fixture.loop, routes, ARRAY_SIZE(routes), &fixture.server));
    if (limits)
        server_set_limits(fixture.server, limits);
    CHECK_OK(server_listen(fixture.server, LISTEN_PLAIN, any_port, NULL, NULL));
    CHECK_OK(server_listen(fixture.server, LISTEN_TLS, any_port, scratch_path("cert.pem"),
                           scratch_path("key.pem")));
    CHECK_OK(
        server_listen(fixture.server, LISTEN_UNIX, scratch_path("socket"), NULL, NULL));
    pthread_create(&fixture.thread, NULL, run_loop, NULL);
    fixture.is_running = true;
}

static inline void server_start(void)
{
    server_start_at("127.0.0.1", NULL);
}

/* The next request that was parked. */
static inline struct http_request *take_parked(void)
{
    uint64_t one;

    CHECK_INT(wait_for_fd(fixture.parked_fd, POLLIN, DEADLINE), ==, 0);
    CHECK_INT(read(fixture.parked_fd, &one, sizeof(one)), ==, sizeof(one));
    return fixture.parked;
}

struct counted {
    int done_fd;
    size_t n;
};

static inline void count_connections(void *arg)
{
    struct counted *counted = arg;
    uint64_t one = 1;

    counted->n = server_n_connections(fixture.server);
    if (write(counted->done_fd, &one, sizeof(one)) < 0)
        abort();
}

static inline size_t n_connections(void)
{
    struct counted counted = {.done_fd = eventfd(0, EFD_CLOEXEC)};
    uint64_t one = 0;

    loop_post(fixture.mailbox, count_connections, &counted);
    if (wait_for_fd(counted.done_fd, POLLIN, DEADLINE) < 0 ||
        read(counted.done_fd, &one, sizeof(one)) < 0)
        abort(); /* the loop still has our stack */
    close(counted.done_fd);
    return counted.n;
}

static inline void wait_for_connections(size_t n)
{
    uint64_t deadline = DEADLINE;

    while (n_connections() != n && clock_monotonic_ms() < deadline)
        poll(NULL, 0, 1);
    CHECK_INT(n_connections(), ==, n);
}

/* ---- clients ---- */

enum { PLAIN = 0, TLS = 1, UNIX = 2 };

#define ECHO(length, body)                                                                 \
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " length "\r\n\r\n" body
#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

static inline struct stream *connect_to(int listener)
{
    struct stream *stream = NULL;

    CHECK_OK(stream_connect(server_address(fixture.server, (size_t)listener),
                            listener == TLS ? fixture.trust : NULL,
                            listener == TLS ? "host.example" : NULL, DEADLINE, &stream));
    return stream;
}

static inline void send_bytes(struct stream *stream, const void *data, size_t size)
{
    CHECK_INT(stream_write(stream, data, size, DEADLINE), ==, 0);
}

static inline void send_text(struct stream *stream, const char *text)
{
    send_bytes(stream, text, strlen(text));
}

/* Reads one answer: the status, and the body in 'body' (which may be NULL). */
static inline int read_answer(struct stream *stream, struct buf *body)
{
    struct http_head head;
    int status = 0;
    uint64_t left;
    char byte;
    size_t used;

    http_head_init(&head, HTTP_RESPONSE);
    do {
        if (stream_read(stream, &byte, 1, DEADLINE) != 1) {
            http_head_fini(&head);
            TEST_FAIL("the connection ended before an answer");
        }
    } while (http_head_feed(&head, &byte, 1, &used) == HTTP_MORE);
    left = head.body == HTTP_BODY_LENGTH ? head.content_length : 0;
    status = head.status;
    http_head_fini(&head);
    while (left) {
        char data[16384];
        ssize_t n =
            stream_read(stream, data, left < sizeof(data) ? left : sizeof(data), DEADLINE);

        if (n <= 0)
            TEST_FAIL("the connection ended within a body: %" PRIu64 " bytes left", left);
        if (body)
            buf_add(body, data, (size_t)n);
        left -= (uint64_t)n;
    }
    return status;
}

/* All that comes until the server closes. */
static inline void read_all(struct stream *stream, struct buf *out)
{
    char data[16384];
    ssize_t n;

    while ((n = stream_read(stream, data, sizeof(data), DEADLINE)) > 0)
        buf_add(out, data, (size_t)n);
    CHECK_INT(n, ==, 0);
}

#define CHECK_ENDED(stream)                                                                \
    do {                                                                                   \
        char byte_;                                                                        \
        CHECK_INT(stream_read((stream), &byte_, 1, DEADLINE), ==, 0);                      \
    } while (0)

#define CHECK_ANSWER(stream, want_status, want_body)                                       \
    do {                                                                                   \
        autobuf body_ = BUF_INIT;                                                          \
        CHECK_INT(read_answer((stream), &body_), ==, (want_status));                       \
        CHECK_STR(buf_str(&body_), (want_body));                                           \
    } while (0)
