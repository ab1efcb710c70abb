// SPDX-License-Identifier: GPL-2.0-or-later
/* Values inside HTTP requests: paths, query arguments, cookies, Basic credentials.  What
 * comes out is UTF-8 without control characters, except where said.  No state; any thread.
 */
#pragma once

#include "base/buf.h"

struct http_head;

/* Appends the path with its %XX decoded.  -EINVAL for a bad escape, a control character,
 * other text than UTF-8, an escaped '/' or '\', and segments "." and "..": a path has one
 * spelling. */
int http_decode_path(const char *path, struct buf *out) MUST_CHECK;

/* Each of these appends what it found and returns 1; or returns 0 when there is none, or
 * -EINVAL when it is malformed. */

/* The first argument 'name' of a query string (%XX decoded, '+' is a space); line ends and
 * tabs pass. */
int http_query_get(const char *query, const char *name, struct buf *out) MUST_CHECK;
/* The cookie 'name' (%XX decoded). */
int http_cookie_get(const struct http_head *head, const char *name,
                    struct buf *out) MUST_CHECK;
/* User and password of "Authorization: Basic".  No user name holds a colon. */
int http_basic_auth(const struct http_head *head, struct buf *user,
                    struct buf *password) MUST_CHECK;
