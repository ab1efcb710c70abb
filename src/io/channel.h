// SPDX-License-Identifier: GPL-2.0-or-later
/* A connected socket on an event loop, plain or TLS: nothing here ever waits.  One thread
 * at a time; nothing raises SIGPIPE. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

struct tls;
struct tls_context;

struct channel {
    int sock; /* owned; -1: closed */
    struct tls *tls;
    short wants; /* POLLIN or POLLOUT: what the last -EAGAIN waits for */
};

/* Takes the connected, non-blocking 'sock'.  'context' NULL: plain. */
void channel_init(struct channel *channel, int sock, struct tls_context *context);
/* Says goodbye as far as that goes at once.  Twice is harmless. */
void channel_close(struct channel *channel);

/* These return -EAGAIN when the socket must become ready first for what 'wants' says; the
 * same bytes must be offered then.  Any other error: the connection is dead. */
int channel_handshake(struct channel *channel); /* 0: done, always for a plain one */
ssize_t channel_read(struct channel *channel, void *data, size_t size); /* 0: the end */
/* How many of the bytes were sent: perhaps not all. */
ssize_t channel_write(struct channel *channel, const struct iovec *parts, int n_parts);

/* No more will be written: the peer reads the end of the stream behind what was sent. */
void channel_end_writing(struct channel *channel);
/* Reads and forgets what the peer still sends, beneath TLS: the bytes, 0 at the end, or a
 * negative errno. */
ssize_t channel_discard(struct channel *channel);
/* Bytes lie in the TLS layer that the socket no longer shows. */
bool channel_has_buffered(const struct channel *channel);
