// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "io/tls.h"

void channel_init(struct channel *channel, int sock, struct tls_context *context)
{
    *channel = (struct channel){.sock = sock, .wants = POLLIN};
    if (context)
        channel->tls = tls_new(context, sock, NULL);
}

void channel_close(struct channel *channel)
{
    if (channel->tls)
        tls_close(channel->tls);
    tls_free(take_ptr(channel->tls));
    if (channel->sock >= 0)
        cleanup_close(&channel->sock);
    channel->sock = -1;
}

/* Passes on the result of a TLS call. */
static ssize_t tls_result(struct channel *channel, ssize_t n)
{
    if (n == -EAGAIN)
        channel->wants = tls_wants(channel->tls);
    return n;
}

/* Passes on the result of a system call on the socket. */
static ssize_t socket_result(struct channel *channel, ssize_t n, short wants)
{
    if (n >= 0)
        return n;
    if (errno != EAGAIN && errno != EINTR)
        return -errno;
    channel->wants = wants;
    return -EAGAIN;
}

int channel_handshake(struct channel *channel)
{
    return channel->tls ? (int)tls_result(channel, tls_handshake(channel->tls)) : 0;
}

ssize_t channel_read(struct channel *channel, void *data, size_t size)
{
    if (channel->tls)
        return tls_result(channel, tls_read(channel->tls, data, size));
    return socket_result(channel, recv(channel->sock, data, size, 0), POLLIN);
}

/* One record of what is in 'parts', so that many small parts do not become many small
 * records. */
static ssize_t write_record(struct channel *channel, const struct iovec *parts, int n_parts)
{
    char record[TLS_RECORD_SIZE];
    size_t size = 0;

    if (parts[0].iov_len >= sizeof(record))
        return tls_write(channel->tls, parts[0].iov_base, sizeof(record));
    for (int i = 0; i < n_parts && size < sizeof(record); i++) {
        size_t room = sizeof(record) - size;
        size_t n = parts[i].iov_len < room ? parts[i].iov_len : room;

        memcpy(record + size, parts[i].iov_base, n);
        size += n;
    }
    return tls_write(channel->tls, record, size);
}

ssize_t channel_write(struct channel *channel, const struct iovec *parts, int n_parts)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts,
                             .msg_iovlen = (size_t)n_parts};

    if (channel->tls)
        return tls_result(channel, write_record(channel, parts, n_parts));
    return socket_result(channel, sendmsg(channel->sock, &message, MSG_NOSIGNAL), POLLOUT);
}

void channel_end_writing(struct channel *channel)
{
    if (channel->tls)
        tls_close(channel->tls);
    shutdown(channel->sock, SHUT_WR);
}

ssize_t channel_discard(struct channel *channel)
{
    char data[16384];

    return socket_result(channel, recv(channel->sock, data, sizeof(data), 0), POLLIN);
}

bool channel_has_buffered(const struct channel *channel)
{
    return channel->tls && tls_has_buffered(channel->tls);
}
