// SPDX-License-Identifier: GPL-2.0-or-later
/* The protocol's places on the HTTP server: /, /RPC2, /xmlrpc and /json take XML-RPC,
 * /jsonrpc takes JSON-RPC. */
#pragma once

#include <stddef.h>

#include "rpc/server.h"

struct rpc;

/* The routes, for server_new; heap array. */
struct http_route *endpoints_routes(struct rpc *rpc, size_t *ret_n);
