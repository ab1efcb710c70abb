// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files of the HTTP server share.  The loop thread's alone, but for
 * http_request_answer().
 *
 * A connection goes through these states; any of them may end in closing.
 *
 *   HANDSHAKE --> HEAD --> BODY --> RUNNING --> ANSWERING --> HEAD ...
 *                  |  \_ CONTINUING _^  (writes "100 Continue")  |
 *                  \______ refused: ANSWERING ---------------> LINGERING
 *                                             RUNNING --> TUNNEL --^
 *
 * RUNNING reads nothing.  A connection that dies then is closed at once and freed when its
 * request is answered. */
#pragma once

#include <stdatomic.h>

#include "base/vec.h"
#include "io/address.h"
#include "io/channel.h"
#include "rpc/server.h"
#include "wire/http.h"
#include "wire/http_chunked.h"

struct sd_event_source;
struct loop_mailbox;
struct tls_context;

struct listener {
    struct server *server;
    enum listener_kind kind;
    int sock;
    char *address; /* heap: as it turned out */
    struct tls_context *tls;
    struct sd_event_source *source;
};

/* One line for a kind of trouble in COMPLAIN_EVERY_MS, with how many were not told. */
struct complaint {
    uint64_t told_ms;
    unsigned n_untold;
};

struct server {
    struct sd_event *loop;
    struct loop_mailbox *mailbox;
    const struct http_route *routes;
    size_t n_routes;
    struct server_limits limits;
    VEC(struct listener *) listeners;

    struct connection *first; /* of all open ones, the youngest first */
    unsigned n_remote, n_local, n_tunnels;
    size_t body_memory;            /* of bodies of remote ones */
    struct sd_event_source *timer; /* at the earliest deadline, or a little before */
    uint64_t timer_ms;             /* UINT64_MAX: off */
    bool paused;                   /* no descriptors were left: not accepting */
    bool stopping;
    bool https_only;
    struct complaint full, no_descriptors, late, malformed;
};

/* An answer on its way out. */
struct outgoing {
    struct buf block; /* the head, then a part of the chunks at a time */
    size_t n_sent;    /* of the block */
    struct http_chunk *chunks;
    size_t n_chunks;
    size_t next;   /* chunks before it were copied into blocks and given back */
    size_t offset; /* bytes of chunks[next] that were */
};

enum connection_state {
    HANDSHAKE,
    HEAD,
    CONTINUING,
    BODY,
    RUNNING,
    ANSWERING,
    LINGERING,
    TUNNEL,
};

/* What a state's step says: go on with the next one, wait for the socket or the handler, or
 * the connection is closed (and perhaps freed). */
enum step { GO_ON, WAIT, CLOSED };

struct http_request {
    struct http_head head;
    struct buf body;
    struct http_chunked chunked;
    const struct http_route *route;
    VEC(char *) queries; /* arguments handed out */

    void (*gone_fn)(struct http_request *, void *);
    void *gone_arg;
    struct http_answer answer; /* between http_request_answer() and the loop */
    struct http_tunnel tunnel; /* likewise, when 'is_tunnel' */
    bool is_tunnel;
    atomic_bool answered;
};

/* Who connected. */
struct peer {
    char text[ADDRESS_TEXT_LEN + 1];
    bool is_local;      /* of this machine */
    bool is_local_root; /* Unix socket: root or the daemon's user */
};

struct connection {
    struct server *server;
    struct connection *prev, *next;
    struct channel channel;
    struct sd_event_source *source; /* NULL: closed */
    uint32_t events;                /* the source waits for these */
    enum connection_state state;
    uint64_t deadline_ms; /* UINT64_MAX: none */

    struct peer peer;
    bool is_plain; /* TCP without TLS */

    struct buf in; /* read, not yet understood */
    size_t in_at;
    uint64_t body_left;        /* of a body whose length was told */
    size_t counted;            /* of the body, in server->body_memory */
    bool head_begun;           /* HEAD: its first byte is here */
    bool may_read;             /* the socket said so, and was not read since */
    bool answered_here;        /* within the handler, on the loop thread */
    bool close_after;          /* the answer */
    bool linger_after;         /* the client may still be sending */
    uint64_t sent_at_deadline; /* bytes of the answer when the deadline was set */
    uint64_t n_sent;           /* bytes of the answer */
    bool resume_posted;        /* connection_resume is in the mailbox */

    struct http_request request;
    struct outgoing out;
    struct tunnel *tunnel; /* TUNNEL */
};

/* ---- server.c ---- */

void server_complain(struct complaint *complaint, const char *fmt, ...) PRINTF(2, 3);
/* Makes sure that the timer fires by 'deadline_ms'. */
void server_wake_by(struct server *server, uint64_t deadline_ms);
/* Puts a new connection into the list, or takes it out. */
void server_add(struct server *server, struct connection *connection);
void server_remove(struct server *server, struct connection *connection);

/* ---- server_connection.c ---- */

/* Takes the socket. */
void connection_start(const struct listener *listener, int sock, const struct peer *peer);
/* Ends it without a word.  A running request is still answered, to nobody. */
void connection_close(struct connection *connection);
/* Its deadline has passed. */
void connection_expire(struct connection *connection);
/* May be closed to make room. */
bool connection_is_idle(const struct connection *connection);
/* The answer of its request is there: called on the loop thread. */
void connection_answered(void *connection);
/* The connection whose handler is being called on this thread, or NULL. */
struct connection *connection_serving(void);

/* For the steps of states. */
void connection_set_deadline(struct connection *connection, uint64_t after_ms);
void connection_set_events(struct connection *connection, uint32_t events);
/* More bytes into 'in': how many, 0 at the end of the stream, -EAGAIN or another negative
 * errno.  The socket is asked once after it became readable: it shows again what was left.
 */
ssize_t connection_fill(struct connection *connection);
/* The end is announced, and what still comes is read over for a while. */
enum step connection_linger(struct connection *connection);
/* Goes on with its steps; it may be gone after that. */
void connection_drive(struct connection *connection);

/* ---- server_request.c ---- */

struct connection *connection_of(struct http_request *request);
void request_begin(struct http_request *request);
void request_reset(struct http_request *request);
/* The route for the head, or NULL and the status to answer, with the methods that would do
 * in 'allow'. */
const struct http_route *request_find_route(const struct server *server,
                                            const struct http_head *head, int *ret_status,
                                            struct buf *allow);

/* ---- server_tunnel.c ---- */

/* Begins what its request asked for; false when that cannot be. */
bool tunnel_start(struct connection *connection);
enum step tunnel_step(struct connection *connection);
/* Something happened at the client's socket: CLOSED, or its steps may go on. */
enum step tunnel_hear_client(struct connection *connection, uint32_t revents);
/* Its deadline has passed: CLOSED when it must not go on, GO_ON when its steps may. */
enum step tunnel_expire(struct connection *connection);
/* Frees the connection's tunnel, if it has one. */
void tunnel_free(struct connection *connection);
/* Gives back one that never began. */
void tunnel_release(struct http_tunnel *tunnel);

/* ---- server_answer.c ---- */

/* Takes the chunks.  'minor' is the request's version. */
void outgoing_set(struct outgoing *out, unsigned minor, const struct http_answer *answer,
                  bool keep_alive);
/* A page, after which the connection is closed; one more field, or NULL. */
void outgoing_set_error(struct outgoing *out, unsigned minor, int status,
                        const char *detail, const char *field, const char *value);
void outgoing_set_continue(struct outgoing *out);
bool outgoing_is_done(const struct outgoing *out);
/* Sends once: the bytes, or a negative errno. */
ssize_t outgoing_send(struct outgoing *out, struct channel *channel);
/* Gives back what was not sent. */
void outgoing_reset(struct outgoing *out);
void answer_release(struct http_answer *answer);
