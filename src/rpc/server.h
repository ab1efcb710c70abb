// SPDX-License-Identifier: GPL-2.0-or-later
/* The HTTP server of latchkeyd: listeners (TLS, plain, Unix socket), connections, requests,
 * answers.
 *
 * All socket work happens on the loop thread.  A request with its whole body (bounded by
 * its route) is handed to the route's handler there; the handler answers at once or passes
 * the request to a worker, which answers from its own thread.  A request is answered
 * exactly once; a client that went away meanwhile is no concern of the handler.  While a
 * request runs, the connection reads nothing further. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct server;
struct http_request;
struct sd_event;

enum listener_kind { LISTEN_TLS, LISTEN_PLAIN, LISTEN_UNIX };

/* What a client may take of the server before it is turned away.  Times in ms. */
struct server_limits {
    unsigned n_connections; /* of all from other machines together */
    unsigned n_from_one;    /* of those, from one address */
    unsigned n_reserved;    /* beside them, for this machine: loopback and Unix sockets */
    size_t body_memory;     /* of all bodies that are arriving; this machine is exempt */
    uint64_t handshake_ms;  /* TLS */
    uint64_t head_ms, body_ms; /* from its first byte to its last */
    uint64_t idle_ms;          /* between two requests */
    uint64_t stall_ms;         /* an answer that gets no further */
    uint64_t linger_ms;        /* after a last answer, until the client stops sending */
    unsigned n_tunnels;        /* of the connections, those that became one */
    uint64_t ping_ms;          /* silence of a WebSocket until it is asked for a sign */
};
extern const struct server_limits server_default_limits;

/* The bytes of an answer, in pieces: owned heap buffers and borrowed ones with a way to
 * give them back, and some that are made only when they are sent, so that a long answer
 * does not lie in memory whole. */
struct http_chunk {
    const void *data; /* NULL: 'make' appends the 'size' bytes; the loop's thread */
    size_t size;
    void (*release)(void *arg); /* NULL: nothing to give back */
    void *arg;
    void (*make)(void *arg, struct buf *out);
};
struct http_answer {
    int status;
    const char *content_type;  /* a constant */
    const char *extra_headers; /* whole lines with CRLF, or NULL; a constant, or kept */
    struct http_chunk *chunks; /* taken: heap array, released when sent */
    size_t n_chunks;
};
/* An answer of one owned buffer (emptied). */
struct http_answer http_answer_buf(int status, const char *content_type, struct buf *body);

typedef void (*http_handler_fn)(struct http_request *request, void *arg);

struct http_route {
    const char *method; /* "POST" */
    const char *path;   /* exact, without the query */
    size_t max_body;    /* a longer one is refused; 0: none is expected */
    http_handler_fn handle;
    void *arg;
};

struct err *server_new(struct sd_event *loop, const struct http_route *routes,
                       size_t n_routes, struct server **ret_server) MUST_CHECK;
/* Before the first server_listen(). */
void server_set_limits(struct server *server, const struct server_limits *limits);
/* 'address' is "127.0.0.1:8443", "[::1]:80" or a socket's path; the certificate and key are
 * PEM files, of no use to the others.  Port 0: a free one, which server_address() tells. */
struct err *server_listen(struct server *server, enum listener_kind kind,
                          const char *address, const char *certificate,
                          const char *key) MUST_CHECK;
/* Shows another certificate to whoever connects from now on, at all listeners with TLS, or,
 * when it cannot be read, goes on with the old one.  On the loop's thread. */
struct err *server_show_certificate(struct server *server, const char *certificate,
                                    const char *key) MUST_CHECK;
/* Answers requests that came without TLS from another process's TCP socket with 403, or
 * serves them again.  On the loop's thread. */
void server_set_https_only(struct server *server, bool value);
/* Where the 'i'th listener listens. */
const char *server_address(const struct server *server, size_t i);
size_t server_n_connections(const struct server *server);
/* Sends what was answered, as far as that goes without waiting, and closes everything.  All
 * requests have been answered before. */
void server_free(struct server *server);

/* Reading a request; valid until it is answered. */
const char *http_request_method(const struct http_request *request);
const char *http_request_path(const struct http_request *request);
const char *http_request_query(const struct http_request *request,
                               const char *name); /* decoded; NULL absent */
const char *http_request_header(const struct http_request *request,
                                const char *name); /* NULL when absent */
const char *http_request_cookie(const struct http_request *request,
                                const char *name); /* decoded; NULL absent */
/* User and password of "Authorization: Basic", appended; false when there are none. */
bool http_request_basic(const struct http_request *request, struct buf *user,
                        struct buf *password);
/* A list-valued header names 'token', in any case. */
bool http_request_has_token(const struct http_request *request, const char *name,
                            const char *token);
/* Keeps the text (emptied) as long as the request. */
const char *http_request_keep(struct http_request *request, struct buf *text);
const void *http_request_body(const struct http_request *request, size_t *ret_size);
const char *
http_request_peer(const struct http_request *request); /* "192.0.2.1" or "unix:UID" */
/* True for a peer on the Unix socket who is root or the daemon's own user. */
bool http_request_is_local_root(const struct http_request *request);

/* Answers (takes the chunks).  Any thread. */
void http_request_answer(struct http_request *request, const struct http_answer *answer);

/* What a connection becomes for good, instead of being answered and used again: two ways
 * for bytes, between the client and 'peer_fd'.  Each side is read only as fast as the other
 * takes what came.  It ends when either side does; what the peer wrote last still goes to
 * the client. */
struct http_tunnel {
    int peer_fd; /* taken: a connected stream socket that does not block */
    enum http_framing {
        TUNNEL_RAW,
        TUNNEL_WEBSOCKET, /* binary messages (wire/websocket.h) to and from the client */
    } framing;
    struct buf head;          /* taken: the whole answer before the bytes */
    void (*ended)(void *arg); /* NULL, or called once, on the loop's thread */
    void *arg;
};
/* Takes the tunnel; the client reads 503 when there are too many.  Any thread. */
void http_request_tunnel(struct http_request *request, struct http_tunnel *tunnel);

/* Called on the loop thread, once, if the client goes away before the answer, or stops
 * sending for good: to stop a parked call early.  The request must still be answered.  Who
 * asks for this answers on the loop thread too: then it is never called after the answer.
 */
void http_request_on_gone(struct http_request *request,
                          void (*fn)(struct http_request *, void *), void *arg);
