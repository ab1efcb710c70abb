// SPDX-License-Identifier: GPL-2.0-or-later
/* HTTP for the xe command: requests to one server, one after the other over a connection
 * that is kept.  One thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/settings.h"

struct http;

/* 'settings' is borrowed.  Nothing is connected yet. */
struct http *http_new(const struct settings *settings);
void http_free(struct http *http);
DEFINE_AUTOPTR(http, http_free)

/* Sends 'body' and reads the whole answer.  Any status but 200 is a failure. */
struct err *http_post(struct http *http, const char *path, const char *content_type,
                      const struct buf *body, struct buf *ret_answer) MUST_CHECK;

/* ---- transfers: a connection of their own, closed at the end ---- */

/* Where a server sends a client on to: "https://host/path?query", or "" when it does not.
 */

/* Writes the answer's body to 'sink'. */
struct err *http_get(struct http *http, const char *path, int sink,
                     struct buf *ret_location) MUST_CHECK;
/* Sends the file 'source' once the server is ready for it: 'size' bytes, or all until its
 * end for HTTP_NO_LENGTH. */
struct err *http_put(struct http *http, const char *path, int source, uint64_t size,
                     struct buf *ret_location) MUST_CHECK;
/* Asks for a connection to a console and relays it to 'in' and 'out' until either side
 * ends, or the user types Ctrl-]. */
struct err *http_relay(struct http *http, const char *path, int in, int out,
                       struct buf *ret_location) MUST_CHECK;
