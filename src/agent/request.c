// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/request.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "agent/args.h"
#include "base/alloc.h"
#include "wire/json.h"

static const struct verb *find_verb(const struct agent_config *config, const char *name);
static void add_success(struct buf *out, const struct val *result);
static void add_error(struct buf *out, const struct err *e);
static void add_text(struct buf *out, const char *text);

int request_parse(const struct agent_config *config, struct frame *frame,
                  struct request **ret_request, struct err **ret_error)
{
    struct request *request = xcalloc(1, sizeof(*request));
    autoval struct val message = val_void();
    const struct val *id, *method, *params;
    static const struct val no_params; /* VAL_VOID */

    request->frame = *frame;
    memset(frame, 0, sizeof(*frame));
    request->size = request->frame.data.size;
    if (json_parse(buf_str(&request->frame.data), request->size, 0, &message, NULL) < 0 ||
        message.kind != VAL_MAP || !STREQ(val_find_text(&message, "jsonrpc", ""), "2.0") ||
        !(id = val_find(&message, "id")) || id->kind != VAL_INT ||
        !(method = val_find(&message, "method")) || method->kind != VAL_STR) {
        request_free(request);
        return -EPROTO;
    }
    buf_fini(&request->frame.data); /* its values live on */
    params = val_find(&message, "params");
    request->id = id->i;
    request->call.fds = request->frame.fds;
    request->call.n_fds = request->frame.n_fds;
    request->call.state = config->state;
    request->call.verb = find_verb(config, val_text(method));
    if (!request->call.verb)
        *ret_error = err_params(ERR_MESSAGE_METHOD_UNKNOWN, val_text(method), NULL);
    else
        *ret_error = args_check(request->call.verb, params ? params : &no_params,
                                request->call.n_fds, &request->call.args);
    *ret_request = request;
    return 0;
}

void request_free(struct request *request)
{
    if (!request)
        return;
    for (size_t i = 0; i < request->call.n_ret_fds; i++)
        cleanup_close(&request->call.ret_fds[i]);
    free(request->call.ret_fds);
    val_unref(&request->call.args);
    frame_fini(&request->frame);
    free(request->job_key);
    free(request);
}

bool request_answer(struct request *request, const struct val *result, struct err *e)
{
    autoptr(err) error = e;
    autobuf out = BUF_INIT;
    size_t n_fds = request->call.n_ret_fds, head;

    buf_addf(&out, "{\"jsonrpc\":\"2.0\",\"id\":%" PRId64 ",", request->id);
    head = out.size;
    if (!error)
        add_success(&out, result);
    if (!error && (out.size > FRAME_MAX_SIZE || n_fds > FRAME_MAX_FDS))
        error = err_new(ERR_INTERNAL_ERROR, "answering %s: too much for one message",
                        request->call.verb->name);
    if (error) {
        out.size = head;
        add_error(&out, error);
        n_fds = 0;
    }
    return peer_send(request->peer, &out, request->call.ret_fds, n_fds);
}

void notification_add(struct buf *out, const char *name, const struct val *params)
{
    buf_add_str(out, "{\"jsonrpc\":\"2.0\",\"method\":");
    add_text(out, name);
    buf_add_str(out, ",\"params\":");
    json_add(out, params);
    buf_add_char(out, '}');
}

static const struct verb *find_verb(const struct agent_config *config, const char *name)
{
    for (size_t i = 0; i < config->n_verbs; i++)
        if (STREQ(config->verbs[i].name, name))
            return &config->verbs[i];
    return NULL;
}

static void add_success(struct buf *out, const struct val *result)
{
    buf_add_str(out, "\"result\":");
    if (result->kind == VAL_VOID)
        buf_add_str(out, "{}");
    else
        json_add(out, result);
    buf_add_char(out, '}');
}

static void add_error(struct buf *out, const struct err *e)
{
    buf_add_str(out, "\"error\":{\"code\":1,\"message\":");
    add_text(out, err_code_text(e));
    buf_add_str(out, ",\"data\":[");
    for (size_t i = 0; i < err_n_params(e); i++) {
        if (i)
            buf_add_char(out, ',');
        add_text(out, err_param_at(e, i));
    }
    buf_add_str(out, "],\"sentence\":");
    add_text(out, err_sentence(e));
    buf_add_str(out, "}}");
}

static void add_text(struct buf *out, const char *text)
{
    json_add_text(out, text, strlen(text));
}
