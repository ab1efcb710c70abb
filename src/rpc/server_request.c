// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "io/loop.h"
#include "rpc/server_private.h"
#include "wire/http_values.h"

#define KEEP_BODY_ROOM 4096 /* a connection that waits holds no more than this */

struct connection *connection_of(struct http_request *request)
{
    return (struct connection *)((char *)request - offsetof(struct connection, request));
}

static const struct connection *peer_of(const struct http_request *request)
{
    return (const struct connection *)((const char *)request -
                                       offsetof(struct connection, request));
}

void request_begin(struct http_request *request)
{
    http_head_init(&request->head, HTTP_REQUEST);
    request->answered = request->is_tunnel = false;
    request->gone_fn = NULL;
}

void request_reset(struct http_request *request)
{
    http_head_fini(&request->head);
    buf_clear(&request->body);
    if (request->body.room > KEEP_BODY_ROOM)
        buf_fini(&request->body);
    for (size_t i = 0; i < request->queries.n; i++)
        free(request->queries.at[i]);
    VEC_FINI(&request->queries);
    request->route = NULL;
    request->gone_fn = NULL;
}

const struct http_route *request_find_route(const struct server *server,
                                            const struct http_head *head, int *ret_status,
                                            struct buf *allow)
{
    for (size_t i = 0; i < server->n_routes; i++) {
        const struct http_route *route = &server->routes[i];

        if (!STREQ(route->path, head->path))
            continue;
        if (STREQ(route->method, head->method))
            return route;
        if (allow->size)
            buf_add_str(allow, ", ");
        buf_add_str(allow, route->method);
    }
    *ret_status = allow->size ? 405 : 404;
    return NULL;
}

const char *http_request_method(const struct http_request *request)
{
    return request->head.method;
}

const char *http_request_path(const struct http_request *request)
{
    return request->head.path;
}

const char *http_request_keep(struct http_request *request, struct buf *text)
{
    return *VEC_PUSH(&request->queries) = buf_take(text);
}

static const char *keep(const struct http_request *request, struct buf *value)
{
    return http_request_keep((struct http_request *)request, value);
}

const char *http_request_query(const struct http_request *request, const char *name)
{
    autobuf value = BUF_INIT;

    return http_query_get(request->head.query, name, &value) == 1 ? keep(request, &value)
                                                                  : NULL;
}

const char *http_request_cookie(const struct http_request *request, const char *name)
{
    autobuf value = BUF_INIT;

    return http_cookie_get(&request->head, name, &value) == 1 ? keep(request, &value)
                                                              : NULL;
}

bool http_request_basic(const struct http_request *request, struct buf *user,
                        struct buf *password)
{
    return http_basic_auth(&request->head, user, password) == 1;
}

bool http_request_has_token(const struct http_request *request, const char *name,
                            const char *token)
{
    return http_head_has_token(&request->head, name, token);
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return http_head_field(&request->head, name);
}

const void *http_request_body(const struct http_request *request, size_t *ret_size)
{
    *ret_size = request->body.size;
    return buf_str(&request->body);
}

const char *http_request_peer(const struct http_request *request)
{
    return peer_of(request)->peer.text;
}

bool http_request_is_local_root(const struct http_request *request)
{
    return peer_of(request)->peer.is_local_root;
}

void http_request_on_gone(struct http_request *request,
                          void (*fn)(struct http_request *, void *), void *arg)
{
    request->gone_fn = fn;
    request->gone_arg = arg;
}

static void answered(struct http_request *request)
{
    struct connection *connection = connection_of(request);

    if (atomic_exchange(&request->answered, true))
        assert_msg(false, "a request was answered twice");
    /* Within its handler the connection sees to it itself, when that has returned.
     * Everywhere else this goes through the mailbox, even on the loop thread: whoever
     * answers there may be in the middle of its own lists. */
    if (connection_serving() == connection)
        connection->answered_here = true;
    else
        loop_post(connection->server->mailbox, connection_answered, connection);
}

void http_request_answer(struct http_request *request, const struct http_answer *answer)
{
    request->answer = *answer;
    answered(request);
}

void http_request_tunnel(struct http_request *request, struct http_tunnel *tunnel)
{
    request->tunnel = *tunnel;
    request->is_tunnel = true;
    *tunnel = (struct http_tunnel){.peer_fd = -1};
    answered(request);
}
