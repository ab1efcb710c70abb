// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/envelope.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/err.h"
#include "wire/json.h"
#include "wire/xml.h"

#define XML_BEGIN_BARE "<?xml version=\"1.0\"?><methodResponse><params><param>"
#define XML_END_BARE   "</param></params></methodResponse>"
/* Before the value: of the member "Value" or "ErrorDescription". */
#define XML_BEGIN(status, member)                                                          \
    XML_BEGIN_BARE "<value><struct><member><name>Status</name><value>" status              \
                   "</value></member><member><name>" member "</name>"
#define XML_END "</member></struct></value>" XML_END_BARE

static int refuse(struct envelope_error *ret_error, const char *what)
{
    if (ret_error)
        *ret_error = (struct envelope_error){.what = what};
    return -EINVAL;
}

void envelope_fini(struct envelope *call)
{
    free(call->method);
    val_unref(&call->id);
    val_unref(&call->params);
    *call = (struct envelope){0};
}

/* ---- calls in ---- */

int envelope_parse_xml(const char *body, size_t size, struct envelope *ret_call,
                       struct envelope_error *ret_error)
{
    struct envelope call = {.protocol = PROTOCOL_XML};
    struct xml_error error;
    int r = xml_parse_call(body, size, &call.method, &call.params, &error);

    if (r < 0) {
        if (ret_error)
            *ret_error = (struct envelope_error){error.what, error.line, error.column};
        return r;
    }
    *ret_call = call;
    return 0;
}

static int parse_json(const char *body, size_t size, struct val *ret_value,
                      struct envelope_error *ret_error)
{
    struct json_error error;
    int r = json_parse(body, size, JSON_KEEP_DUPLICATES, ret_value, &error);

    if (r < 0 && ret_error)
        *ret_error = (struct envelope_error){error.what, error.line, error.column};
    return r;
}

/* PROTOCOL_JSON_1 or _2, or -EINVAL. */
static int json_protocol(const struct val *object)
{
    const struct val *version = val_find(object, "jsonrpc");

    if (!version)
        return PROTOCOL_JSON_1;
    if (version->kind != VAL_STR || !STREQ(val_text(version), "2.0"))
        return -EINVAL;
    return PROTOCOL_JSON_2;
}

/* The positional parameters: an object is one parameter in version 2.0, null is none. */
static int json_params(enum protocol protocol, const struct val *params,
                       struct val *ret_params)
{
    if (!params || (params->kind == VAL_VOID && protocol == PROTOCOL_JSON_2)) {
        *ret_params = val_set(0);
        return 0;
    }
    if (params->kind == VAL_SET) {
        *ret_params = val_ref(params);
        return 0;
    }
    if (params->kind != VAL_MAP || protocol != PROTOCOL_JSON_2)
        return -EINVAL;
    *ret_params = val_set(1);
    val_push(ret_params, val_ref(params));
    return 0;
}

int envelope_parse_json(const char *body, size_t size, struct envelope *ret_call,
                        struct envelope_error *ret_error)
{
    autoval struct val object = val_void();
    const struct val *method, *id;
    struct val params;
    int protocol, r = parse_json(body, size, &object, ret_error);

    if (r < 0)
        return r;
    if (object.kind != VAL_MAP)
        return refuse(ret_error, "a call is no object");
    if (val_map_duplicate(&object))
        return refuse(ret_error, "a call has a member twice");
    protocol = json_protocol(&object);
    if (protocol < 0)
        return refuse(ret_error, "the version of JSON-RPC is not \"2.0\"");
    method = val_find(&object, "method");
    if (!method || method->kind != VAL_STR)
        return refuse(ret_error, "a call has no method");
    id = val_find(&object, "id");
    if (!id || (id->kind != VAL_STR && id->kind != VAL_INT))
        return refuse(ret_error, "a call has no id of text or an integer");
    if (json_params((enum protocol)protocol, val_find(&object, "params"), &params) < 0)
        return refuse(ret_error, "a call's parameters are no list");
    *ret_call = (struct envelope){.protocol = (enum protocol)protocol,
                                  .id = val_ref(id),
                                  .method = xstrdup(val_text(method)),
                                  .params = params};
    return 0;
}

/* ---- answers out ---- */

void envelope_begin(const struct envelope *call, struct buf *out)
{
    if (call->protocol == PROTOCOL_XML)
        buf_add_str(out, XML_BEGIN("Success", "Value"));
    else
        envelope_begin_bare(call, out);
}

void envelope_end(const struct envelope *call, struct buf *out)
{
    if (call->protocol == PROTOCOL_XML)
        buf_add_str(out, XML_END);
    else
        envelope_end_bare(call, out);
}

static void add_json_id(const struct envelope *call, struct buf *out)
{
    buf_add_str(out, ",\"id\":");
    json_add(out, &call->id);
    buf_add_char(out, '}');
}

void envelope_begin_bare(const struct envelope *call, struct buf *out)
{
    switch (call->protocol) {
    case PROTOCOL_XML:
        buf_add_str(out, XML_BEGIN_BARE);
        break;
    case PROTOCOL_JSON_1:
        buf_add_str(out, "{\"result\":");
        break;
    case PROTOCOL_JSON_2:
        buf_add_str(out, "{\"jsonrpc\":\"2.0\",\"result\":");
        break;
    }
}

void envelope_end_bare(const struct envelope *call, struct buf *out)
{
    if (call->protocol == PROTOCOL_XML) {
        buf_add_str(out, XML_END_BARE);
        return;
    }
    if (call->protocol == PROTOCOL_JSON_1)
        buf_add_str(out, ",\"error\":null");
    add_json_id(call, out);
}

/* The code and parameters of an error as texts. */
static struct val error_texts(const struct err *e, bool with_code)
{
    struct val texts = val_set(err_n_params(e) + 1);

    if (with_code)
        val_push(&texts, val_str(err_code_text(e)));
    for (size_t i = 0; i < err_n_params(e); i++)
        val_push(&texts, val_str(err_param_at(e, i)));
    return texts;
}

void envelope_add_failure(const struct envelope *call, const struct err *e, struct buf *out)
{
    autoval struct val texts = error_texts(e, call->protocol != PROTOCOL_JSON_2);
    const char *code = err_code_text(e);

    switch (call->protocol) {
    case PROTOCOL_XML:
        buf_add_str(out, XML_BEGIN("Failure", "ErrorDescription"));
        xml_add(out, &texts);
        buf_add_str(out, XML_END);
        return;
    case PROTOCOL_JSON_1:
        buf_add_str(out, "{\"result\":null,\"error\":");
        json_add(out, &texts);
        break;
    case PROTOCOL_JSON_2:
        buf_add_str(out, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":");
        json_add_text(out, code, strlen(code));
        buf_add_str(out, ",\"data\":");
        json_add(out, &texts);
        buf_add_char(out, '}');
        break;
    }
    add_json_id(call, out);
}

/* ---- the client's side ---- */

void envelope_add_call(const struct envelope *call, struct buf *out)
{
    if (call->protocol == PROTOCOL_XML) {
        xml_add_call(out, call->method, &call->params);
        return;
    }
    buf_add_str(out, call->protocol == PROTOCOL_JSON_2 ? "{\"jsonrpc\":\"2.0\",\"method\":"
                                                       : "{\"method\":");
    json_add_text(out, call->method, strlen(call->method));
    buf_add_str(out, ",\"params\":");
    json_add(out, &call->params);
    add_json_id(call, out);
}

static bool is_error(const struct val *texts)
{
    if (texts->kind != VAL_SET || val_count(texts) == 0)
        return false;
    for (size_t i = 0; i < val_count(texts); i++)
        if (val_at(texts, i)->kind != VAL_STR)
            return false;
    return true;
}

static int success(const struct val *value, struct envelope_reply *ret_reply)
{
    *ret_reply = (struct envelope_reply){.success = true, .value = val_ref(value)};
    return 0;
}

/* 'texts' are the code and its parameters. */
static int failure(const struct val *texts, struct envelope_reply *ret_reply,
                   struct envelope_error *ret_error)
{
    if (!is_error(texts))
        return refuse(ret_error, "an error is no list of texts");
    *ret_reply = (struct envelope_reply){.success = false, .value = val_ref(texts)};
    return 0;
}

/* A <fault>, which no XenAPI server sends on purpose. */
static int fault(const struct val *value, struct envelope_reply *ret_reply,
                 struct envelope_error *ret_error)
{
    autoval struct val texts = val_set(2);

    val_push(&texts, val_str("INTERNAL_ERROR"));
    val_push(&texts, val_str(value->kind == VAL_MAP
                                 ? val_find_text(value, "faultString", "XML-RPC fault")
                                 : "XML-RPC fault"));
    return failure(&texts, ret_reply, ret_error);
}

static int parse_xml_reply(const char *body, size_t size, struct envelope_reply *ret_reply,
                           struct envelope_error *ret_error)
{
    autoval struct val reply = val_void();
    struct xml_error error;
    const struct val *texts, *value;
    bool is_fault;
    int r = xml_parse_response(body, size, &is_fault, &reply, &error);

    if (r < 0) {
        if (ret_error)
            *ret_error = (struct envelope_error){error.what, error.line, error.column};
        return r;
    }
    if (is_fault)
        return fault(&reply, ret_reply, ret_error);
    /* system.listMethods answers its value alone. */
    if (reply.kind != VAL_MAP)
        return success(&reply, ret_reply);
    texts = val_find(&reply, "ErrorDescription");
    value = val_find(&reply, "Value");
    if (STREQ(val_find_text(&reply, "Status", ""), "Success") && value)
        return success(value, ret_reply);
    if (texts)
        return failure(texts, ret_reply, ret_error);
    return refuse(ret_error, "an answer is neither a success nor a failure");
}

/* The error object of version 2.0 as the texts of an error. */
static int failure_json_2(const struct val *error, struct envelope_reply *ret_reply,
                          struct envelope_error *ret_error)
{
    const struct val *data = error->kind == VAL_MAP ? val_find(error, "data") : NULL,
                     *message = error->kind == VAL_MAP ? val_find(error, "message") : NULL;
    autoval struct val texts = val_set(0);

    if (!message)
        return refuse(ret_error, "an error has no message");
    val_push(&texts, val_ref(message));
    for (size_t i = 0; data && data->kind == VAL_SET && i < val_count(data); i++)
        val_push(&texts, val_ref(val_at(data, i)));
    return failure(&texts, ret_reply, ret_error);
}

int envelope_parse_reply(enum protocol protocol, const char *body, size_t size,
                         struct envelope_reply *ret_reply, struct envelope_error *ret_error)
{
    autoval struct val reply = val_void();
    const struct val *error, *result;
    int r;

    if (protocol == PROTOCOL_XML)
        return parse_xml_reply(body, size, ret_reply, ret_error);
    r = parse_json(body, size, &reply, ret_error);
    if (r < 0)
        return r;
    if (reply.kind != VAL_MAP)
        return refuse(ret_error, "an answer is no object");
    error = val_find(&reply, "error");
    result = val_find(&reply, "result");
    /* A plain list in a 2.0 shell is how errors before dispatch are sent. */
    if (error && error->kind == VAL_SET)
        return failure(error, ret_reply, ret_error);
    if (error && error->kind != VAL_VOID)
        return failure_json_2(error, ret_reply, ret_error);
    if (!result)
        return refuse(ret_error, "an answer is neither a success nor a failure");
    return success(result, ret_reply);
}
