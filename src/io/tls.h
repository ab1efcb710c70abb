// SPDX-License-Identifier: GPL-2.0-or-later
/* TLS 1.2 and 1.3 over a socket (OpenSSL): contexts, and connections for threads or loops.
 *
 * A context is made once and then shared by any thread; a connection belongs to one thread
 * at a time.  Nothing here waits unless the socket itself blocks; nothing raises SIGPIPE.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

#define TLS_RECORD_SIZE 16384

struct tls_context;
struct tls;

/* For accepting: PEM files of the certificate (with its chain) and its key. */
struct err *tls_context_new_server(const char *certificate, const char *key,
                                   struct tls_context **ret_context) MUST_CHECK;
/* For connecting: peers must prove themselves by a certificate in or below 'ca_file' (PEM);
 * NULL: the system's trusted ones. */
struct err *tls_context_new_client(const char *ca_file,
                                   struct tls_context **ret_context) MUST_CHECK;
void tls_context_free(struct tls_context *context);
DEFINE_AUTOPTR(tls_context, tls_context_free)

/* A connection over 'sock' (borrowed).  'server_name' is the name or the numeric address
 * the peer's certificate must carry; NULL when accepting. */
struct tls *tls_new(struct tls_context *context, int sock, const char *server_name);
void tls_free(struct tls *tls);

/* These return -EAGAIN when the socket must become ready first, for what tls_wants says (a
 * read may want to write and the reverse); repeat the call with the same bytes then.  Other
 * errors: -EPROTO with tls_reason, or the socket's errno; the connection is dead then. */
int tls_handshake(struct tls *tls);                         /* 0: done */
ssize_t tls_read(struct tls *tls, void *data, size_t size); /* 0: the end of the stream */
/* At most a record's worth is sent in one call. */
ssize_t tls_write(struct tls *tls, const void *data, size_t size);
/* Says goodbye, as far as that is possible without waiting. */
void tls_close(struct tls *tls);

short tls_wants(const struct tls *tls);         /* POLLIN or POLLOUT */
bool tls_has_buffered(const struct tls *tls);   /* bytes the socket no longer shows */
const char *tls_reason(const struct tls *tls);  /* of the last -EPROTO */
const char *tls_version(const struct tls *tls); /* "TLSv1.3" */
