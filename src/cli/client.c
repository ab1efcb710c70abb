// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/client.h"

#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "cli/fail.h"
#include "cli/http.h"
#include "wire/envelope.h"

#define PATH       "/jsonrpc"
#define ORIGINATOR "xe"
#define VERSION    "1.20" /* of the API this speaks; servers take any */

struct client {
    const struct settings *settings;
    struct http *http;
    char *session; /* NULL: not logged in */
    int64_t n_calls;
};

struct client *client_new(const struct settings *settings)
{
    struct client *client = xcalloc(1, sizeof(*client));

    client->settings = settings;
    client->http = http_new(settings);
    return client;
}

/* ---- one call ---- */

static struct err *error_of(const struct val *value)
{
    struct err *e;

    if (value->kind != VAL_SET || val_count(value) == 0 ||
        val_at(value, 0)->kind != VAL_STR)
        return fail("The server's answer is no answer to this call");
    e = err_foreign(val_text(val_at(value, 0)), val_text(val_at(value, 0)));
    for (size_t i = 1; i < val_count(value); i++) {
        const struct val *param = val_at(value, i);

        e = err_param(e, param->kind == VAL_STR ? val_text(param) : "");
    }
    return e;
}

/* Sends one call and reads its answer; 'params' is taken. */
static struct err *exchange(struct client *client, const char *method, struct val params,
                            struct val *ret_value)
{
    struct envelope call = {.protocol = PROTOCOL_JSON_2,
                            .id = val_int(++client->n_calls),
                            .method = xstrdup(method),
                            .params = params};
    autobuf body = BUF_INIT;
    autobuf answer = BUF_INIT;
    struct envelope_reply reply;
    struct envelope_error why;
    struct err *e;

    envelope_add_call(&call, &body);
    envelope_fini(&call);
    if (client->settings->debug)
        fprintf(stderr, "> %s (%zu bytes)\n", method, body.size);
    e = http_post(client->http, PATH, "application/json", &body, &answer);
    str_wipe(body.data, body.size);
    if (e)
        return e;
    if (client->settings->debug)
        fprintf(stderr, "< %zu bytes\n", answer.size);
    if (envelope_parse_reply(PROTOCOL_JSON_2, buf_str(&answer), answer.size, &reply, &why) <
        0)
        return fail("The server's answer to %s cannot be read: %s", method, why.what);
    if (reply.success) {
        *ret_value = reply.value;
        return NULL;
    }
    e = error_of(&reply.value);
    val_unref(&reply.value);
    return e;
}

/* ---- the session ---- */

static struct err *log_in(struct client *client)
{
    const struct settings *o = client->settings;
    autoval struct val session = val_void();
    struct val params = val_set(4);
    struct err *e;

    if (o->user && !*o->user) {
        val_unref(&params);
        return fail_usage("Username/password must be specified");
    }
    val_push(&params, val_str(o->user ? o->user : "root"));
    val_push(&params, val_str(o->password ? o->password : ""));
    val_push(&params, val_str(VERSION));
    val_push(&params, val_str(ORIGINATOR));
    e = exchange(client, "session.login_with_password", params, &session);
    if (e)
        return e;
    if (session.kind != VAL_STR)
        return fail("The server's answer to the login is no session");
    client->session = xstrdup(val_text(&session));
    return NULL;
}

static void log_out(struct client *client)
{
    autoval struct val nothing = val_void();
    struct val params = val_set(1);

    val_push(&params, val_str(client->session));
    err_ignore(exchange(client, "session.logout", params, &nothing),
               "the session ends by itself as well");
}

void client_free(struct client *client)
{
    if (!client)
        return;
    if (client->session)
        log_out(client);
    http_free(client->http);
    free(client->session);
    free(client);
}

const struct settings *client_settings(const struct client *client)
{
    return client->settings;
}

struct err *client_session(struct client *client, const char **ret_session)
{
    struct err *e = client->session ? NULL : log_in(client);

    if (e)
        return e;
    *ret_session = client->session;
    return NULL;
}

struct err *client_call(struct client *client, const char *method, struct val params,
                        struct val *ret_value)
{
    autoval struct val given = params;
    struct val all = val_set(val_count(&given) + 1);
    const char *session;
    struct err *e = client_session(client, &session);

    if (e) {
        val_unref(&all);
        return e;
    }
    val_push(&all, val_str(session));
    for (size_t i = 0; i < val_count(&given); i++)
        val_push(&all, val_ref(val_at(&given, i)));
    return exchange(client, method, all, ret_value);
}

struct err *client_ask(struct client *client, struct val *ret_value, const char *method,
                       ...)
{
    struct val params = val_set(4);
    const char *text;
    va_list args;

    va_start(args, method);
    while ((text = va_arg(args, const char *)))
        val_push(&params, val_str(text));
    va_end(args);
    return client_call(client, method, params, ret_value);
}
