// SPDX-License-Identifier: GPL-2.0-or-later
/* Heads of HTTP/1.1 messages, written.  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define HTTP_NO_LENGTH UINT64_MAX /* a body until the connection closes, or none at all */

/* "Not Found"; "Error" for a status without a name here. */
const char *http_status_text(int status);

/* Appends one field line.  Control characters of the value become spaces, so that no value
 * can end its line. */
void http_add_field(struct buf *out, const char *name, const char *value);

/* Appends a response's head up to and without the empty line: more fields may follow, then
 * http_end_head().  'minor' is the request's: HTTP/1.0 is answered in kind.  'content_type'
 * may be NULL. */
void http_add_response(struct buf *out, unsigned minor, int status,
                       const char *content_type, uint64_t content_length, bool keep_alive);
/* Likewise a request's.  'path' is escaped already. */
void http_add_request(struct buf *out, const char *method, const char *path,
                      const char *host, const char *content_type, uint64_t content_length,
                      bool keep_alive);
void http_end_head(struct buf *out);

/* Appends 'text' with all but unreserved characters as %XX: for query arguments. */
void http_add_escaped(struct buf *out, const char *text);
/* Appends the page that answers a request with an error; 'detail' may be NULL. */
void http_add_error_page(struct buf *out, int status, const char *detail);
