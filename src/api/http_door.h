// SPDX-License-Identifier: GPL-2.0-or-later
/* The HTTP addresses of the API beside its calls: who asks, may they, and then, in a
 * worker, the handler of the address.
 *
 * Who asks: root on the Unix socket; else the session in the cookie or the query
 * ("session_id"); else user and password (Basic), for this request alone. */
#pragma once

#include "rpc/call.h"
#include "rpc/server.h"

struct http_call {
    struct manager *manager;
    struct http_request *request;
    const struct http_place *place;
    struct caller caller;
    bool is_ambient; /* a browser sends such credentials by itself, whoever's page asks */
};

struct http_place {
    const char *method, *path;
    const char *permission; /* "http/get_blob" */
    size_t max_body;
    /* In a worker: answers the request, or says why not.  Then the client reads 404 for
     * what is not there, 400 for INVALID_VALUE, 403 for a right it lacks, 501 for what is
     * not implemented, else 500, and the error.
     */
    struct err *(*run)(struct http_call *call)MUST_CHECK;
};

/* All places, as routes; ended by their number. */
struct http_route *http_door_routes(struct manager *manager, size_t *ret_n);
/* After the server they were given to. */
void http_door_free(struct http_route *routes, size_t n);

/* The object that the query names by "ref" or "uuid": of the first of the classes 'among'
 * that has it. INVALID_VALUE when it names none. */
struct err *http_door_find(const struct http_call *call, const int *among, size_t n_classes,
                           struct row **ret_row) MUST_CHECK;

extern const struct http_place console_places[];
extern const struct http_place database_places[];
extern const struct http_place absent_places[];
