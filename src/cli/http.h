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

/* True when the server is spoken to over its Unix socket, where it knows who we are. */
bool http_is_local(const struct http *http);
