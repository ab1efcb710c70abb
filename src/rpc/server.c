// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/server.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "io/loop.h"
#include "io/tls.h"
#include "rpc/server_private.h"

#define BACKLOG           512
#define ACCEPT_AT_ONCE    64
#define COMPLAIN_EVERY_MS 10000
#define TIMER_STEP_MS     20  /* deadlines this close together are one wake-up */
#define RETRY_ACCEPT_MS   200 /* when no descriptors were left */

/* A client of another machine that vanished without a word is found dead after about two
 * minutes. */
#define KEEPALIVE_IDLE_S     60
#define KEEPALIVE_INTERVAL_S 15
#define KEEPALIVE_COUNT      4

const struct server_limits server_default_limits = {
    .n_connections = 1000,
    .n_from_one = 400,
    .n_reserved = 64,
    .body_memory = 64u << 20,
    .handshake_ms = 15000,
    .head_ms = 30000,
    .body_ms = 60000,
    .idle_ms = 5 * 60000,
    .stall_ms = 60000,
    .linger_ms = 5000,
    .n_tunnels = 256,
    .ping_ms = 30000,
};

static int on_timer(sd_event_source *source, uint64_t usec, void *arg);
static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *arg);

/* ---- life ---- */

struct err *server_new(struct sd_event *loop, const struct http_route *routes,
                       size_t n_routes, struct server **ret_server)
{
    struct server *server = xcalloc(1, sizeof(*server));
    int r;

    server->loop = loop;
    server->routes = routes;
    server->n_routes = n_routes;
    server->limits = server_default_limits;
    server->timer_ms = UINT64_MAX;
    r = loop_mailbox_new(loop, &server->mailbox);
    if (r >= 0)
        r = sd_event_add_time(loop, &server->timer, CLOCK_MONOTONIC, 0, 1000, on_timer,
                              server);
    if (r >= 0)
        r = sd_event_source_set_enabled(server->timer, SD_EVENT_OFF);
    if (r < 0) {
        server_free(server);
        return err_errno(-r, "making the HTTP server");
    }
    *ret_server = server;
    return NULL;
}

void server_set_limits(struct server *server, const struct server_limits *limits)
{
    server->limits = *limits;
}

static void listener_free(struct listener *listener)
{
    sd_event_source_disable_unref(listener->source);
    if (listener->sock >= 0)
        close(listener->sock);
    if (listener->kind == LISTEN_UNIX && listener->address)
        unlink(listener->address);
    tls_context_free(listener->tls);
    free(listener->address);
    free(listener);
}

void server_free(struct server *server)
{
    size_t n_unanswered = 0;

    if (!server)
        return;
    server->stopping = true;
    for (size_t i = 0; i < server->listeners.n; i++)
        listener_free(server->listeners.at[i]);
    VEC_FINI(&server->listeners);
    loop_mailbox_free(server->mailbox);
    while (server->first) {
        n_unanswered += server->first->state == RUNNING;
        connection_close(server->first);
    }
    if (n_unanswered)
        log_error(HTTP, "%zu requests were never answered", n_unanswered);
    sd_event_source_disable_unref(server->timer);
    free(server);
}

/* ---- listening ---- */

/* A socket nobody listens on any more is left over from a crash; one that answers is not.
 */
static int remove_stale(const struct address *address)
{
    const char *path = address->un.sun_path;
    struct stat info;
    int sock, r;

    if (lstat(path, &info) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(info.st_mode))
        return -EEXIST;
    sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sock < 0)
        return -errno;
    r = connect(sock, &address->any, address->size) < 0 ? -errno : 0;
    close(sock);
    if (r != -ECONNREFUSED)
        return r == 0 || r == -EAGAIN ? -EADDRINUSE : r;
    return unlink(path) < 0 ? -errno : 0;
}

static int bind_unix(int sock, const struct address *address)
{
    mode_t before;
    int r = remove_stale(address);

    if (r < 0)
        return r;
    before = umask(0117);
    r = bind(sock, &address->any, address->size) < 0 ? -errno : 0;
    umask(before);
    return r;
}

static int bind_inet(int sock, const struct address *address)
{
    int on = 1, off = 0;

    /* A daemon that starts again need not wait for connections of the one before. */
    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (address->any.sa_family == AF_INET6)
        setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    return bind(sock, &address->any, address->size) < 0 ? -errno : 0;
}

static int open_socket(struct listener *listener, struct address *address)
{
    bool is_unix = address->any.sa_family == AF_UNIX;
    int r;

    listener->sock =
        socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->sock < 0)
        return -errno;
    r = is_unix ? bind_unix(listener->sock, address) : bind_inet(listener->sock, address);
    if (r < 0)
        return r;
    if (listen(listener->sock, BACKLOG) < 0)
        return -errno;
    if (!is_unix) {
        socklen_t size = sizeof(address->storage);

        if (getsockname(listener->sock, &address->any, &size) < 0)
            return -errno;
        address->size = size;
    }
    return 0;
}

static void log_listening(const struct listener *listener)
{
    static const char *const schemes[] = {
        [LISTEN_TLS] = "https://", [LISTEN_PLAIN] = "http://", [LISTEN_UNIX] = "unix:"};

    log_info(HTTP, "listening on %s%s", schemes[listener->kind], listener->address);
}

struct err *server_listen(struct server *server, enum listener_kind kind,
                          const char *address, const char *certificate, const char *key)
{
    struct listener *listener = xcalloc(1, sizeof(*listener));
    char text[ADDRESS_TEXT_LEN + 1];
    struct address where;
    struct err *e = NULL;
    int r;

    listener->server = server;
    listener->kind = kind;
    listener->sock = -1;
    r = address_is_path(address) == (kind == LISTEN_UNIX) ? address_parse(address, &where)
                                                          : -EINVAL;
    if (r == 0 && kind == LISTEN_TLS)
        e = tls_context_new_server(certificate, key, &listener->tls);
    if (r == 0 && !e)
        r = open_socket(listener, &where);
    if (r == 0 && !e)
        r = sd_event_add_io(server->loop, &listener->source, listener->sock, EPOLLIN,
                            on_accept, listener);
    if (r < 0 && !e)
        e = err_errno(-r, "listening on %s", address);
    if (e) {
        listener_free(listener);
        return e;
    }
    address_text(&where, text);
    listener->address = xstrdup(text);
    *VEC_PUSH(&server->listeners) = listener;
    log_listening(listener);
    return NULL;
}

struct err *server_show_certificate(struct server *server, const char *certificate,
                                    const char *key)
{
    for (size_t i = 0; i < server->listeners.n; i++) {
        struct listener *listener = server->listeners.at[i];
        struct tls_context *tls;
        struct err *e;

        if (listener->kind != LISTEN_TLS)
            continue;
        e = tls_context_new_server(certificate, key, &tls);
        if (e)
            return e;
        /* Connections hold on to what they need of the old one. */
        tls_context_free(listener->tls);
        listener->tls = tls;
    }
    return NULL;
}

void server_set_https_only(struct server *server, bool value)
{
    server->https_only = value;
}

const char *server_address(const struct server *server, size_t i)
{
    return server->listeners.at[i]->address;
}

/* ---- counting ---- */

size_t server_n_connections(const struct server *server)
{
    return server->n_remote + server->n_local;
}

void server_add(struct server *server, struct connection *connection)
{
    connection->next = server->first;
    if (connection->next)
        connection->next->prev = connection;
    server->first = connection;
    if (connection->peer.is_local)
        server->n_local++;
    else
        server->n_remote++;
}

static void set_accepting(struct server *server, bool accepting)
{
    server->paused = !accepting;
    for (size_t i = 0; i < server->listeners.n; i++)
        sd_event_source_set_enabled(server->listeners.at[i]->source,
                                    accepting ? SD_EVENT_ON : SD_EVENT_OFF);
}

void server_remove(struct server *server, struct connection *connection)
{
    if (connection->prev)
        connection->prev->next = connection->next;
    else
        server->first = connection->next;
    if (connection->next)
        connection->next->prev = connection->prev;
    connection->prev = connection->next = NULL;
    if (connection->peer.is_local)
        server->n_local--;
    else
        server->n_remote--;
    if (server->paused)
        set_accepting(server, true);
}

void server_complain(struct complaint *complaint, const char *fmt, ...)
{
    uint64_t now = clock_monotonic_ms();
    char text[512];
    va_list args;

    if (complaint->told_ms && now - complaint->told_ms < COMPLAIN_EVERY_MS) {
        complaint->n_untold++;
        return;
    }
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    if (complaint->n_untold)
        log_warn(HTTP, "%s; %u more like it since the last line", text,
                 complaint->n_untold);
    else
        log_warn(HTTP, "%s", text);
    *complaint = (struct complaint){.told_ms = now};
}

/* ---- deadlines ---- */

void server_wake_by(struct server *server, uint64_t deadline_ms)
{
    if (deadline_ms >= server->timer_ms)
        return;
    server->timer_ms = deadline_ms;
    sd_event_source_set_time(server->timer, deadline_ms * 1000);
    sd_event_source_set_enabled(server->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source UNUSED, uint64_t usec UNUSED, void *arg)
{
    struct server *server = arg;
    uint64_t now = clock_monotonic_ms(), next = UINT64_MAX;
    struct connection *c = server->first;

    server->timer_ms = UINT64_MAX;
    if (server->paused)
        set_accepting(server, true);
    while (c) {
        struct connection *after = c->next;

        if (c->deadline_ms <= now)
            connection_expire(c);
        else if (c->deadline_ms < next)
            next = c->deadline_ms;
        c = after;
    }
    if (next != UINT64_MAX)
        server_wake_by(server, next < now + TIMER_STEP_MS ? now + TIMER_STEP_MS : next);
    return 0;
}

/* ---- accepting ---- */

static bool is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in *in = (const void *)address;
    const struct sockaddr_in6 *in6 = (const void *)address;

    if (address->sa_family == AF_INET)
        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    if (address->sa_family != AF_INET6)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) && in6->sin6_addr.s6_addr[12] == 127);
}

static int identify_unix(int sock, struct peer *ret_peer)
{
    struct ucred cred;
    socklen_t size = sizeof(cred);

    if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0)
        return -errno;
    snprintf(ret_peer->text, sizeof(ret_peer->text), "unix:%u", cred.uid);
    ret_peer->is_local = true;
    ret_peer->is_local_root = cred.uid == 0 || cred.uid == geteuid();
    return 0;
}

static void set_tcp_options(int sock, bool is_local)
{
    static const struct {
        int level, name, value;
    } keepalive[] = {
        {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S},
        {IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S},
        {IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT},
    };
    int on = 1;

    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    for (size_t i = 0; i < ARRAY_SIZE(keepalive) && !is_local; i++)
        setsockopt(sock, keepalive[i].level, keepalive[i].name, &keepalive[i].value,
                   sizeof(int));
}

static bool is_of(const struct connection *c, const struct peer *peer)
{
    return !c->peer.is_local && strcmp(c->peer.text, peer->text) == 0;
}

/* Closes the connection that has been idle for the longest time; of those with 'peer' when
 * that is given, of those from other machines unless 'local_too'. */
static bool make_room(struct server *server, const struct peer *peer, bool local_too)
{
    struct connection *oldest = NULL;

    for (struct connection *c = server->first; c; c = c->next) {
        if ((peer && !is_of(c, peer)) || (c->peer.is_local && !local_too))
            continue;
        if (connection_is_idle(c) && (!oldest || c->deadline_ms < oldest->deadline_ms))
            oldest = c;
    }
    if (oldest)
        connection_close(oldest);
    return oldest != NULL;
}

static unsigned count_from(const struct server *server, const struct peer *peer)
{
    unsigned n = 0;

    for (const struct connection *c = server->first; c; c = c->next)
        n += is_of(c, peer);
    return n;
}

/* Is there room for one more, perhaps in the place of an idle one? */
static bool admit(struct server *server, const struct peer *peer)
{
    const struct server_limits *limits = &server->limits;
    size_t n = server_n_connections(server);

    if (peer->is_local)
        return n < limits->n_connections + limits->n_reserved ||
               make_room(server, NULL, true);
    if (count_from(server, peer) >= limits->n_from_one && !make_room(server, peer, false))
        return false;
    return n < limits->n_connections || make_room(server, NULL, false);
}

static void take(struct listener *listener, int sock, const struct sockaddr *address)
{
    struct server *server = listener->server;
    struct peer peer = {0};

    if (listener->kind == LISTEN_UNIX) {
        if (identify_unix(sock, &peer) < 0) {
            log_warn(HTTP, "asking who connects: %m; refused");
            close(sock);
            return;
        }
    } else {
        address_host_text(address, peer.text);
        peer.is_local = is_loopback(address);
        set_tcp_options(sock, peer.is_local);
    }
    if (!admit(server, &peer)) {
        server_complain(&server->full, "refusing a connection from %s: %zu are open",
                        peer.text, server_n_connections(server));
        close(sock);
        return;
    }
    connection_start(listener, sock, &peer);
}

/* No descriptors: an idle client's is taken, or accepting waits until one is free. */
static void run_short(struct server *server)
{
    server_complain(&server->no_descriptors,
                    "no descriptors are left for another connection: %zu are open",
                    server_n_connections(server));
    if (make_room(server, NULL, true))
        return;
    set_accepting(server, false);
    server_wake_by(server, clock_monotonic_ms() + RETRY_ACCEPT_MS);
}

static int on_accept(sd_event_source *source UNUSED, int fd, uint32_t revents UNUSED,
                     void *arg)
{
    struct listener *listener = arg;

    for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof(address);
        int sock =
            accept4(fd, (struct sockaddr *)&address, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (sock >= 0) {
            take(listener, sock, (const struct sockaddr *)&address);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            run_short(listener->server);
        else if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
            log_warn(HTTP, "accepting on %s: %m; trying again", listener->address);
        return 0;
    }
    return 0;
}
