// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/http_door.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "io/pool.h"
#include "rpc/dispatch.h"
#include "rpc/manager.h"
#include "rpc/rbac.h"
#include "rpc/session.h"
#include "wire/http_write.h"
#include "wire/json.h"

static const struct http_place *const tables[] = {console_places, database_places,
                                                  absent_places};

/* What a route carries. */
struct door {
    struct manager *manager;
    const struct http_place *place;
};

#define CHALLENGE "WWW-Authenticate: Basic realm=\"Latchkey\"\r\n"

/* ---- how it ends ---- */

static void answer_page(struct http_call *call, int status, const char *detail)
{
    struct buf page = BUF_INIT;
    struct http_answer answer;

    http_add_error_page(&page, status, detail);
    answer = http_answer_buf(status, "text/html", &page);
    if (status == 401)
        answer.extra_headers = CHALLENGE;
    http_request_answer(call->request, &answer);
}

static int status_of(const struct err *e)
{
    static const struct {
        enum err_code code;
        int status;
    } statuses[] = {
        {ERR_HANDLE_INVALID, 404},
        {ERR_UUID_INVALID, 404},
        {ERR_INVALID_VALUE, 400},
        {ERR_RBAC_PERMISSION_DENIED, 403},
        {ERR_SESSION_INVALID, 401},
        {ERR_SESSION_AUTHENTICATION_FAILED, 401},
        {ERR_SESSION_AUTHORIZATION_FAILED, 403},
        {ERR_COULD_NOT_IMPORT_DATABASE, 400},
        {ERR_TOO_BUSY, 503},
        {ERR_NOT_IMPLEMENTED, 501},
    };

    for (size_t i = 0; i < ARRAY_SIZE(statuses); i++)
        if (statuses[i].code == err_code(e))
            return statuses[i].status;
    return 500;
}

/* Code and parameters: what a call would answer.  A session's reference is a secret. */
static void answer_error(struct http_call *call, const struct err *e)
{
    autobuf text = BUF_INIT;

    buf_add_str(&text, err_code_text(e));
    for (size_t i = 0; i < err_n_params(e) && err_code(e) != ERR_SESSION_INVALID; i++)
        buf_addf(&text, " [%s]", err_param_at(e, i));
    answer_page(call, status_of(e), buf_str(&text));
}

/* Takes the error, if there is one; the request was answered otherwise. */
static void finish(struct http_call *call, struct err *e)
{
    log_info(RPC, "audit: %s by %s from %s: %s", call->place->permission,
             *call->caller.user_name ? call->caller.user_name : "nobody",
             call->caller.source, e ? err_code_text(e) : "done");
    if (e) {
        log_debug(RPC, "%s: %s", call->place->permission, err_sentence(e));
        answer_error(call, e);
    }
    err_free(e);
    free(call);
}

/* ---- running ---- */

static void run(void *arg)
{
    struct http_call *call = arg;

    finish(call, call->place->run(call));
}

/* Somebody known: may they? */
static void admit(struct http_call *call)
{
    struct err *e = rbac_check_permission(&call->caller, call->place->permission);

    if (e)
        finish(call, e);
    else if (!pool_submit(call->manager->normal, run, call))
        finish(call, err_params(ERR_TOO_BUSY, NULL));
}

/* ---- who asks ---- */

/* Becomes the session's user; false when there is no such session. */
static bool take_session(struct http_call *call, const char *ref)
{
    struct session *session = sessions_hold(call->manager->sessions, ref);

    if (!session)
        return false;
    call->caller = *session_caller(session);
    sessions_release(call->manager->sessions, session);
    return true;
}

/* A login on the way, as a client's call would be: with its back-off and its limits. */
struct login {
    struct http_call *call;
    struct buf body;
};

/* The session in the answer of session.login_with_password, or its error. */
static struct err *read_login(const struct http_answer *answer, struct val *ret_ref)
{
    autoval struct val envelope = val_void();
    autobuf text = BUF_INIT;
    const struct val *result, *error;

    for (size_t i = 0; i < answer->n_chunks; i++)
        buf_add(&text, answer->chunks[i].data, answer->chunks[i].size);
    if (json_parse(buf_str(&text), text.size, 0, &envelope, NULL) < 0)
        return err_new(ERR_INTERNAL_ERROR, "reading the answer to a login");
    result = val_find(&envelope, "result");
    error = val_find(&envelope, "error");
    if (result && result->kind == VAL_STR) {
        *ret_ref = val_ref(result);
        return NULL;
    }
    return err_new(error && error->kind == VAL_SET && val_count(error)
                       ? err_code_by_name(val_text(val_at(error, 0)))
                       : ERR_INTERNAL_ERROR,
                   "logging in by user and password");
}

static void release_chunks(const struct http_answer *answer)
{
    for (size_t i = 0; i < answer->n_chunks; i++)
        if (answer->chunks[i].release)
            answer->chunks[i].release(answer->chunks[i].arg);
    free(answer->chunks);
}

/* The session was for this request alone, which keeps a copy of who asks. */
static void on_login(const struct http_answer *answer, void *arg)
{
    struct login *login = arg;
    struct http_call *call = login->call;
    autoval struct val ref = val_void();
    struct err *e = read_login(answer, &ref);

    release_chunks(answer);
    buf_fini(&login->body);
    free(login);
    if (!e && !take_session(call, val_text(&ref)))
        e = err_new(ERR_SESSION_AUTHENTICATION_FAILED, "logging in");
    if (!e)
        sessions_close(call->manager->sessions, val_text(&ref));
    if (e)
        finish(call, e);
    else
        admit(call);
}

/* Nothing to stop: a password is being checked, and its answer comes soon. */
static void ignore_gone(void *arg UNUSED, void (*fn)(void *job) UNUSED, void *job UNUSED)
{
}

static void log_in(struct http_call *call, const struct buf *user,
                   const struct buf *password)
{
    struct login *login = xcalloc(1, sizeof(*login));
    struct rpc_request request = {
        .endpoint = RPC_JSON,
        .peer = http_request_peer(call->request),
        .answer = on_login,
        .on_gone = ignore_gone,
        .arg = login,
    };

    login->call = call;
    buf_add_str(&login->body,
                "{\"id\":1,\"method\":\"session.login_with_password\",\"params\":[");
    json_add_text(&login->body, buf_str(user), user->size);
    buf_add_str(&login->body, ",");
    json_add_text(&login->body, buf_str(password), password->size);
    buf_add_str(&login->body, ",\"1.0\",\"http\"]}");
    request.body = buf_str(&login->body);
    request.size = login->body.size;
    rpc_handle(call->manager->rpc, &request);
}

/* By user and password, if there are any. */
static void ask_password(struct http_call *call)
{
    autobuf user = BUF_INIT;
    autobuf password = BUF_INIT;

    call->is_ambient = true;
    if (http_request_basic(call->request, &user, &password))
        log_in(call, &user, &password);
    else
        finish(call, err_params(ERR_SESSION_AUTHENTICATION_FAILED, NULL));
}

static void handle(struct http_request *request, void *arg)
{
    const struct door *door = arg;
    struct http_call *call = xcalloc(1, sizeof(*call));
    const char *cookie = http_request_cookie(request, "session_id");
    const char *ref = cookie ? cookie : http_request_query(request, "session_id");

    call->manager = door->manager;
    call->place = door->place;
    call->request = request;
    call->is_ambient = cookie != NULL;
    snprintf(call->caller.source, sizeof(call->caller.source), "%s",
             http_request_peer(request));
    if (http_request_is_local_root(request)) {
        snprintf(call->caller.user_name, sizeof(call->caller.user_name), "root");
        call->caller.is_local_superuser = true;
        admit(call);
    } else if (!ref) {
        ask_password(call);
    } else if (take_session(call, ref)) {
        admit(call);
    } else {
        finish(call, err_params(ERR_SESSION_INVALID, ref, NULL));
    }
}

/* ---- routes ---- */

struct http_route *http_door_routes(struct manager *manager, size_t *ret_n)
{
    struct http_route *routes = NULL;
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
        for (const struct http_place *place = tables[i]; place->path; place++) {
            struct door *door = xcalloc(1, sizeof(*door));

            *door = (struct door){manager, place};
            routes = xreallocarray(routes, n + 1, sizeof(*routes));
            routes[n++] = (struct http_route){place->method, place->path, place->max_body,
                                              handle, door};
        }
    }
    *ret_n = n;
    return routes;
}

void http_door_free(struct http_route *routes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(routes[i].arg);
    free(routes);
}

/* ---- for handlers ---- */

struct err *http_door_find(const struct http_call *call, const int *among, size_t n_classes,
                           struct row **ret_row)
{
    struct db *db = call->manager->db;
    const char *ref = http_request_query(call->request, "ref"),
               *uuid = http_request_query(call->request, "uuid");
    struct err *e = err_params(ERR_INVALID_VALUE, "ref", "", NULL);

    for (size_t i = 0; e && i < n_classes && (ref || uuid); i++) {
        err_free(e);
        e = ref ? db_need(db, among[i], ref, ret_row)
                : db_need_uuid(db, among[i], uuid, ret_row);
    }
    return e;
}
