// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to a server, for threads that may wait: TCP, TLS over TCP, or a Unix socket.
 * One thread at a time.  Nothing raises SIGPIPE. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct stream;
struct tls_context;

/* Connects to 'address' (io/address.h; a name is looked up, which the deadline does not
 * bound).  With 'tls' (borrowed while connected) the peer must prove to be 'server_name',
 * or the host of 'address' when that is NULL.  Deadlines are on the monotonic clock, 0 for
 * none. */
struct err *stream_connect(const char *address, struct tls_context *tls,
                           const char *server_name, uint64_t deadline_ms,
                           struct stream **ret_stream) MUST_CHECK;
void stream_free(struct stream *stream);
DEFINE_AUTOPTR(stream, stream_free)

/* At least a byte: how many, 0 at the end of the stream, or a negative errno. */
ssize_t stream_read(struct stream *stream, void *data, size_t size, uint64_t deadline_ms);
/* All of it: 0 or a negative errno. */
int stream_write(struct stream *stream, const void *data, size_t size,
                 uint64_t deadline_ms);

/* For those who wait for more than the connection: the socket to poll for POLLIN, unless
 * bytes are here already. */
int stream_fd(const struct stream *stream);
bool stream_has_buffered(const struct stream *stream);
