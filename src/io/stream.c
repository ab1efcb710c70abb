// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/stream.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "io/address.h"
#include "io/tls.h"
#include "io/wait.h"

struct stream {
    int sock;
    struct tls *tls; /* NULL: plain */
};

static struct err *connect_host(const char *address, uint64_t deadline_ms, char *ret_host,
                                int *ret_sock);
static struct err *connect_path(const char *path, uint64_t deadline_ms, int *ret_sock);
static int connect_to(const struct sockaddr *address, socklen_t size, uint64_t deadline_ms,
                      int *ret_sock);
static int connect_unix(int sock, const struct sockaddr *address, socklen_t size,
                        uint64_t deadline_ms, int *ret_sock);
static struct err *shake_hands(struct stream *stream, uint64_t deadline_ms);

struct err *stream_connect(const char *address, struct tls_context *tls,
                           const char *server_name, uint64_t deadline_ms,
                           struct stream **ret_stream)
{
    autoptr(stream) stream = xcalloc(1, sizeof(*stream));
    char host[ADDRESS_HOST_LEN + 1] = "localhost";
    struct err *e;

    stream->sock = -1;
    if (address_is_path(address))
        e = connect_path(address, deadline_ms, &stream->sock);
    else
        e = connect_host(address, deadline_ms, host, &stream->sock);
    if (!e && tls) {
        stream->tls = tls_new(tls, stream->sock, server_name ? server_name : host);
        e = shake_hands(stream, deadline_ms);
    }
    if (e)
        return err_context(e, "connecting to %s", address);
    *ret_stream = take_ptr(stream);
    return NULL;
}

void stream_free(struct stream *stream)
{
    if (!stream)
        return;
    if (stream->tls)
        tls_close(stream->tls);
    tls_free(stream->tls);
    cleanup_close(&stream->sock);
    free(stream);
}

ssize_t stream_read(struct stream *stream, void *data, size_t size, uint64_t deadline_ms)
{
    for (;;) {
        short wanted = POLLIN;
        ssize_t n;
        int r;

        if (stream->tls) {
            n = tls_read(stream->tls, data, size);
            wanted = tls_wants(stream->tls);
        } else {
            n = recv(stream->sock, data, size, 0);
            if (n < 0)
                n = errno == EINTR ? -EAGAIN : -errno;
        }
        if (n != -EAGAIN)
            return n;
        r = wait_for_fd(stream->sock, wanted, deadline_ms);
        if (r < 0)
            return r;
    }
}

int stream_write(struct stream *stream, const void *data, size_t size, uint64_t deadline_ms)
{
    const char *at = data;

    while (size) {
        short wanted = POLLOUT;
        ssize_t n;
        int r;

        if (stream->tls) {
            n = tls_write(stream->tls, at, size);
            wanted = tls_wants(stream->tls);
        } else {
            n = send(stream->sock, at, size, MSG_NOSIGNAL);
            if (n < 0)
                n = errno == EINTR ? -EAGAIN : -errno;
        }
        if (n >= 0) {
            at += n;
            size -= (size_t)n;
            continue;
        }
        if (n != -EAGAIN)
            return (int)n;
        r = wait_for_fd(stream->sock, wanted, deadline_ms);
        if (r < 0)
            return r;
    }
    return 0;
}

int stream_fd(const struct stream *stream)
{
    return stream->sock;
}

bool stream_has_buffered(const struct stream *stream)
{
    return stream->tls && tls_has_buffered(stream->tls);
}

static struct err *connect_host(const char *address, uint64_t deadline_ms, char *ret_host,
                                int *ret_sock)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    uint16_t port;
    char service[8];
    int r = address_split(address, ret_host, &port);

    if (r < 0)
        return err_errno(-r, "reading the address %s", address);
    snprintf(service, sizeof(service), "%u", port);
    r = getaddrinfo(ret_host, service, &hints, &found);
    if (r != 0)
        return err_new(ERR_INTERNAL_ERROR, "looking up %s: %s", ret_host, gai_strerror(r));
    r = -EADDRNOTAVAIL;
    for (struct addrinfo *a = found; a; a = a->ai_next) {
        r = connect_to(a->ai_addr, a->ai_addrlen, deadline_ms, ret_sock);
        if (r == 0)
            break;
    }
    freeaddrinfo(found);
    if (r < 0)
        return err_errno(-r, "connecting");
    setsockopt(*ret_sock, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return NULL;
}

static struct err *connect_path(const char *path, uint64_t deadline_ms, int *ret_sock)
{
    struct address address;
    int r = address_parse(path, &address);

    if (r == 0)
        r = connect_to(&address.any, address.size, deadline_ms, ret_sock);
    return r < 0 ? err_errno(-r, "connecting") : NULL;
}

static int connect_to(const struct sockaddr *address, socklen_t size, uint64_t deadline_ms,
                      int *ret_sock)
{
    autoclose int sock =
        socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t errnum_size = sizeof(int);
    int errnum = 0;

    if (sock < 0)
        return -errno;
    if (address->sa_family == AF_UNIX)
        return connect_unix(take_fd(sock), address, size, deadline_ms, ret_sock);
    if (connect(sock, address, size) < 0) {
        int r;

        if (errno != EINPROGRESS)
            return -errno;
        r = wait_for_fd(sock, POLLOUT, deadline_ms);
        if (r < 0)
            return r;
        if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &errnum, &errnum_size) < 0)
            return -errno;
        if (errnum)
            return -errnum;
    }
    *ret_sock = take_fd(sock);
    return 0;
}

/* A Unix socket whose queue is full gives no sign when it may be tried again: this one
 * waits in connect itself.  Takes 'sock'. */
static int connect_unix(int sock, const struct sockaddr *address, socklen_t size,
                        uint64_t deadline_ms, int *ret_sock)
{
    autoclose int mine = sock;
    int left_ms = wait_ms_left(deadline_ms), r;
    struct timeval left = {left_ms / 1000, left_ms % 1000 * 1000};

    if (left_ms == 0)
        return -ETIMEDOUT;
    if (left_ms > 0 && setsockopt(mine, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof(left)) < 0)
        return -errno;
    r = fd_set_nonblocking(mine, false);
    if (r < 0)
        return r;
    if (connect(mine, address, size) < 0)
        return errno == EAGAIN ? -ETIMEDOUT : -errno;
    r = fd_set_nonblocking(mine, true);
    if (r < 0)
        return r;
    *ret_sock = take_fd(mine);
    return 0;
}

static struct err *shake_hands(struct stream *stream, uint64_t deadline_ms)
{
    for (;;) {
        int r = tls_handshake(stream->tls);

        if (r == 0)
            return NULL;
        if (r == -EPROTO)
            return err_new(ERR_INTERNAL_ERROR, "agreeing on TLS: %s",
                           tls_reason(stream->tls));
        if (r == -EAGAIN)
            r = wait_for_fd(stream->sock, tls_wants(stream->tls), deadline_ms);
        if (r < 0)
            return err_errno(-r, "agreeing on TLS");
    }
}
