// SPDX-License-Identifier: GPL-2.0-or-later
/* A session at a server: calls of the XenAPI over one HTTP connection.  It connects and
 * logs in at the first call; no command that needs no server asks for one.  One thread. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/value.h"
#include "cli/settings.h"

struct client;

/* 'settings' is borrowed while the client lives. */
struct client *client_new(const struct settings *settings);
/* Ends the session and the connection. */
void client_free(struct client *client);
DEFINE_AUTOPTR(client, client_free)

/* Calls 'method' with the session and 'params' (untyped; taken).  On failure the error is
 * the server's, or a failure that says why it could not be asked. */
struct err *client_call(struct client *client, const char *method, struct val params,
                        struct val *ret_value) MUST_CHECK;
/* The same with text arguments, up to NULL: what most calls need. */
struct err *client_ask(struct client *client, struct val *ret_value, const char *method,
                       ...) MUST_CHECK __attribute__((sentinel));

/* How the server is reached. */
const struct settings *client_settings(const struct client *client);
/* The session's reference, for the addresses of transfers. */
struct err *client_session(struct client *client, const char **ret_session) MUST_CHECK;
