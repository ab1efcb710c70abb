// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections that became a tunnel.  Of each way one piece is under way at a time: from the
 * client what lies in 'in', unmasked where it is; from the peer 'to_client'. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "rpc/server_private.h"
#include "wire/websocket.h"

#define PIECE      16384 /* read from the peer at once */
#define SILENT_FOR 3     /* times ping_ms without a sign: the client is gone */

struct tunnel {
    struct http_tunnel given;
    struct sd_event_source *source; /* of the peer */
    uint32_t events;                /* of the peer; 0: the source is off */
    struct ws_reader reader;

    struct buf to_client;
    size_t to_client_at;
    short write_wants; /* what sending to the client waits for: POLLOUT, or POLLIN in TLS */
    const char *run;   /* of 'in': what the peer gets next */
    size_t run_left;

    struct buf control;   /* the frame that goes to the client next */
    bool closing;         /* it is the last */
    bool client_ended;    /* it sends nothing more */
    bool peer_takes_none; /* writing to it failed; it may still have written before */
    uint64_t moved_ms;    /* when the client last took something */
    uint64_t heard_ms;    /* when it last sent something */
    uint64_t pinged_ms;
};

/* What one of the ways came to. */
enum move { MOVED, STUCK, ENDED };

static bool is_websocket(const struct tunnel *t)
{
    return t->given.framing == TUNNEL_WEBSOCKET;
}

static bool is_sending(const struct tunnel *t)
{
    return t->to_client_at < t->to_client.size;
}

/* ---- life ---- */

void tunnel_release(struct http_tunnel *given)
{
    if (given->ended)
        given->ended(given->arg);
    given->ended = NULL;
    if (given->peer_fd >= 0)
        close(given->peer_fd);
    given->peer_fd = -1;
    buf_fini(&given->head);
}

void tunnel_free(struct connection *c)
{
    struct tunnel *t = take_ptr(c->tunnel);

    if (!t)
        return;
    c->server->n_tunnels--;
    sd_event_source_disable_unref(t->source);
    tunnel_release(&t->given);
    buf_fini(&t->to_client);
    buf_fini(&t->control);
    free(t);
}

static int on_peer(sd_event_source *source UNUSED, int fd UNUSED, uint32_t revents UNUSED,
                   void *arg)
{
    connection_drive(arg);
    return 0;
}

bool tunnel_start(struct connection *c)
{
    struct server *server = c->server;
    struct tunnel *t;
    int r;

    if (server->n_tunnels >= server->limits.n_tunnels) {
        tunnel_release(&c->request.tunnel);
        return false;
    }
    t = xcalloc(1, sizeof(*t));
    t->given = c->request.tunnel;
    t->to_client = t->given.head;
    t->given.head = (struct buf)BUF_INIT;
    t->write_wants = EPOLLOUT;
    t->moved_ms = t->heard_ms = t->pinged_ms = clock_monotonic_ms();
    c->tunnel = t;
    server->n_tunnels++;
    r = sd_event_add_io(server->loop, &t->source, t->given.peer_fd, EPOLLIN, on_peer, c);
    if (r < 0) {
        log_warn(HTTP, "watching a tunnel's peer: %s", strerror(-r));
        tunnel_free(c);
        return false;
    }
    t->events = EPOLLIN;
    c->may_read = true;
    return true;
}

/* ---- from the peer to the client ---- */

static enum move send_to_client(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    struct iovec part = {t->to_client.data + t->to_client_at,
                         t->to_client.size - t->to_client_at};
    ssize_t n;

    if (!is_sending(t))
        return STUCK;
    n = channel_write(&c->channel, &part, 1);
    if (n == -EAGAIN) {
        t->write_wants = c->channel.wants;
        return STUCK;
    }
    if (n < 0)
        return ENDED;
    t->to_client_at += (size_t)n;
    t->moved_ms = clock_monotonic_ms();
    if (!is_sending(t)) {
        buf_clear(&t->to_client);
        t->to_client_at = 0;
    }
    return MOVED;
}

/* The client's way ends: with a last word, where there are words. */
static enum move say_goodbye(struct tunnel *t, uint16_t code)
{
    if (!is_websocket(t))
        return ENDED;
    buf_clear(&t->control);
    ws_add_close(&t->control, code);
    t->closing = true;
    return MOVED;
}

static enum move read_peer(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    char piece[PIECE];
    ssize_t n = recv(t->given.peer_fd, piece, sizeof(piece), MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return STUCK;
    if (n <= 0)
        return say_goodbye(t, WS_CODE_NORMAL);
    if (is_websocket(t))
        ws_add_frame(&t->to_client, WS_BINARY, piece, (size_t)n);
    else
        buf_add(&t->to_client, piece, (size_t)n);
    t->moved_ms = clock_monotonic_ms(); /* the time it has begins now */
    return MOVED;
}

/* Something new for the client, once it took all before. */
static enum move fill_client(struct connection *c)
{
    struct tunnel *t = c->tunnel;

    if (is_sending(t))
        return STUCK;
    if (t->control.size) {
        buf_add(&t->to_client, t->control.data, t->control.size);
        buf_clear(&t->control);
        t->moved_ms = clock_monotonic_ms();
        return MOVED;
    }
    return t->closing ? ENDED : read_peer(c);
}

/* ---- from the client to the peer ---- */

static enum move send_to_peer(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    ssize_t n;

    if (!t->run_left)
        return STUCK;
    n = t->peer_takes_none
            ? (ssize_t)t->run_left
            : send(t->given.peer_fd, t->run, t->run_left, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return STUCK;
    if (n < 0) {
        t->peer_takes_none = true; /* what it wrote before is still read */
        return MOVED;
    }
    t->run += n;
    t->run_left -= (size_t)n;
    return MOVED;
}

static enum move hear_control(struct connection *c)
{
    struct tunnel *t = c->tunnel;

    switch (t->reader.control) {
    case WS_CLOSE:
        return say_goodbye(t, t->reader.code);
    case WS_PING:
        /* Of several the last is answered, which the protocol allows. */
        buf_clear(&t->control);
        ws_add_frame(&t->control, WS_PONG, t->reader.payload, t->reader.n_payload);
        return MOVED;
    default:
        return MOVED;
    }
}

/* The next run of what was read. */
static enum move decode(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    char *data = c->in.data + c->in_at;
    size_t size = c->in.size - c->in_at, used = size;
    enum ws_result result = WS_DATA;

    if (is_websocket(t)) {
        result = ws_feed(&t->reader, data, size, &used, &t->run, &t->run_left);
    } else {
        t->run = data;
        t->run_left = size;
    }
    c->in_at += used;
    if (result == WS_BAD) {
        log_debug(HTTP, "%s: a WebSocket's frame: %s", c->peer.text, t->reader.why);
        return say_goodbye(t, t->reader.code);
    }
    return result == WS_CONTROL ? hear_control(c) : MOVED;
}

/* Something new for the peer, once it took all before. */
static enum move fill_peer(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    ssize_t n;

    if (t->run_left || t->closing)
        return STUCK;
    if (c->in_at < c->in.size)
        return decode(c);
    n = connection_fill(c);
    if (n == -EAGAIN)
        return STUCK;
    if (n <= 0)
        return ENDED;
    t->heard_ms = clock_monotonic_ms();
    return MOVED;
}

/* ---- waiting ---- */

static uint64_t next_deadline(const struct connection *c)
{
    const struct tunnel *t = c->tunnel;
    const struct server_limits *limits = &c->server->limits;
    uint64_t deadline = UINT64_MAX;

    if (is_sending(t) || (t->client_ended && t->run_left))
        deadline = t->moved_ms + limits->stall_ms;
    if (is_websocket(t)) {
        uint64_t last = t->heard_ms > t->pinged_ms ? t->heard_ms : t->pinged_ms;

        if (last + limits->ping_ms < deadline)
            deadline = last + limits->ping_ms;
    }
    return deadline;
}

static void wait_for_client(struct connection *c)
{
    const struct tunnel *t = c->tunnel;
    uint32_t events = t->client_ended ? 0 : EPOLLRDHUP;

    if (!t->run_left && !t->closing)
        events |= c->channel.wants == EPOLLOUT ? EPOLLOUT : EPOLLIN;
    if (is_sending(t))
        events |= t->write_wants == EPOLLIN ? EPOLLIN : EPOLLOUT;
    connection_set_events(c, events);
}

static void wait_for_peer(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    uint32_t events = (!is_sending(t) && !t->closing ? EPOLLIN : 0) |
                      (t->run_left && !t->peer_takes_none ? EPOLLOUT : 0);

    if (events == t->events)
        return;
    /* Off, a socket whose other end is gone wakes nobody. */
    if (events)
        sd_event_source_set_io_events(t->source, events);
    if (!events || !t->events)
        sd_event_source_set_enabled(t->source, events ? SD_EVENT_ON : SD_EVENT_OFF);
    t->events = events;
}

static enum step wait_for_both(struct connection *c)
{
    uint64_t deadline = next_deadline(c), now = clock_monotonic_ms();

    if (deadline == UINT64_MAX)
        c->deadline_ms = UINT64_MAX;
    else
        connection_set_deadline(c, deadline > now ? deadline - now : 0);
    wait_for_client(c);
    wait_for_peer(c);
    return WAIT;
}

static enum step end(struct connection *c, bool with_goodbye)
{
    if (!with_goodbye) {
        connection_close(c);
        return CLOSED;
    }
    tunnel_free(c);
    return connection_linger(c);
}

enum step tunnel_step(struct connection *c)
{
    static enum move (*const moves[])(struct connection * c) = {send_to_client, fill_client,
                                                                send_to_peer, fill_peer};
    bool moved = false;

    for (size_t i = 0; i < ARRAY_SIZE(moves); i++) {
        enum move move = moves[i](c);

        if (move == ENDED)
            return end(c, moves[i] == fill_client);
        moved = moved || move == MOVED;
    }
    return moved ? GO_ON : wait_for_both(c);
}

enum step tunnel_hear_client(struct connection *c, uint32_t revents)
{
    struct tunnel *t = c->tunnel;
    bool gone = revents & EPOLLERR || (revents & EPOLLHUP && t->run_left);

    /* What was read and the peer does not take would be kept for nobody. */
    if (gone)
        return end(c, false);
    if (revents & (EPOLLRDHUP | EPOLLHUP)) {
        t->client_ended = true; /* told once: it stays so, and would wake the loop again */
        t->moved_ms = clock_monotonic_ms();
    }
    return GO_ON;
}

enum step tunnel_expire(struct connection *c)
{
    struct tunnel *t = c->tunnel;
    const struct server_limits *limits = &c->server->limits;
    uint64_t now = clock_monotonic_ms();

    if ((is_sending(t) || (t->client_ended && t->run_left)) &&
        now >= t->moved_ms + limits->stall_ms)
        return CLOSED;
    if (!is_websocket(t))
        return GO_ON;
    if (now >= t->heard_ms + SILENT_FOR * limits->ping_ms)
        return CLOSED;
    if (now >= t->heard_ms + limits->ping_ms && now >= t->pinged_ms + limits->ping_ms) {
        t->pinged_ms = now;
        if (!t->control.size)
            ws_add_frame(&t->control, WS_PING, NULL, 0);
    }
    return GO_ON;
}
