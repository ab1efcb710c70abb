// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/endpoints.h"

#include "base/alloc.h"
#include "rpc/dispatch.h"
#include "wire/http_write.h"

#define MAX_BODY (300u << 10)

/* A request on its way through the dispatcher. */
struct passage {
    struct http_request *request;
    void (*gone)(void *job);
    void *job;
};

static void send_answer(const struct http_answer *answer, void *arg)
{
    struct passage *passage = arg;

    http_request_answer(passage->request, answer);
    free(passage);
}

static void on_gone(struct http_request *request UNUSED, void *arg)
{
    const struct passage *passage = arg;

    passage->gone(passage->job);
}

static void watch_gone(void *arg, void (*fn)(void *job), void *job)
{
    struct passage *passage = arg;

    passage->gone = fn;
    passage->job = job;
    http_request_on_gone(passage->request, on_gone, passage);
}

static void pass(struct http_request *request, struct rpc *rpc, enum rpc_endpoint endpoint)
{
    struct passage *passage = xcalloc(1, sizeof(*passage));
    struct rpc_request r = {
        .endpoint = endpoint,
        .peer = http_request_peer(request),
        .is_local_root = http_request_is_local_root(request),
        .task_id = http_request_header(request, "task-id"),
        .subtask_of = http_request_header(request, "subtask-of"),
        .user_agent = http_request_header(request, "user-agent"),
        .answer = send_answer,
        .on_gone = watch_gone,
        .arg = passage,
    };

    passage->request = request;
    r.body = http_request_body(request, &r.size);
    rpc_handle(rpc, &r);
}

static void handle_xml(struct http_request *request, void *arg)
{
    pass(request, arg, RPC_XML);
}

static void handle_json(struct http_request *request, void *arg)
{
    pass(request, arg, RPC_JSON);
}

/* A browser asks before it sends a call from another page's script: whatever fields it asks
 * for it may send.  POST needs no permission (Fetch, "CORS-safelisted method"). */
static void handle_preflight(struct http_request *request, void *arg UNUSED)
{
    const char *asked = http_request_header(request, "access-control-request-headers");
    autobuf fields = BUF_INIT, headers = BUF_INIT;
    struct http_answer answer = http_answer_buf(200, NULL, &(struct buf)BUF_INIT);

    if (asked)
        buf_addf(&fields, "%s, ", asked);
    buf_add_str(&fields, "X-Requested-With");
    http_add_field(&headers, "Access-Control-Allow-Origin", "*");
    http_add_field(&headers, "Access-Control-Allow-Headers", buf_str(&fields));
    http_add_field(&headers, "Access-Control-Allow-Methods", "PUT");
    answer.extra_headers = http_request_keep(request, &headers);
    http_request_answer(request, &answer);
}

struct http_route *endpoints_routes(struct rpc *rpc, size_t *ret_n)
{
    static const struct {
        const char *path;
        http_handler_fn handle;
    } places[] = {
        {"/", handle_xml},     {"/RPC2", handle_xml},     {"/xmlrpc", handle_xml},
        {"/json", handle_xml}, {"/jsonrpc", handle_json},
    };
    struct http_route *routes = xcalloc(2 * ARRAY_SIZE(places), sizeof(*routes));

    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        routes[2 * i] =
            (struct http_route){"POST", places[i].path, MAX_BODY, places[i].handle, rpc};
        routes[2 * i + 1] =
            (struct http_route){"OPTIONS", places[i].path, 0, handle_preflight, NULL};
    }
    *ret_n = 2 * ARRAY_SIZE(places);
    return routes;
}
