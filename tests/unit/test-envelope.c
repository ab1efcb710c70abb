// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/envelope.h"

#include <errno.h>

#include "base/err.h"
#include "lib/test.h"
#include "wire/json.h"

/* The parameters of a JSON call as JSON, or the reason it was refused for. */
static const char *params_of(const char *body)
{
    static struct buf out;
    autoenvelope call = {0};
    struct envelope_error error;

    buf_clear(&out);
    if (envelope_parse_json(body, strlen(body), &call, &error) < 0)
        return error.what;
    json_add(&out, &call.params);
    return buf_str(&out);
}

TEST(a_json_call_is_read_in_both_versions)
{
    static const char v1[] = "{\"method\": \"a.b\", \"params\": [\"x\", 1], \"id\": 7}",
                      v2[] = "{\"jsonrpc\":\"2.0\",\"method\":\"a.b\",\"id\":\"q\"}";
    autoenvelope one = {0}, two = {0};

    CHECK_INT(envelope_parse_json(v1, strlen(v1), &one, NULL), ==, 0);
    CHECK_INT(one.protocol, ==, PROTOCOL_JSON_1);
    CHECK_STR(one.method, "a.b");
    CHECK_INT(one.id.i, ==, 7);
    CHECK_INT(val_count(&one.params), ==, 2);
    CHECK_INT(envelope_parse_json(v2, strlen(v2), &two, NULL), ==, 0);
    CHECK_INT(two.protocol, ==, PROTOCOL_JSON_2);
    CHECK_STR(val_text(&two.id), "q");
    CHECK_INT(val_count(&two.params), ==, 0);
}

TEST(an_object_of_parameters_is_one_parameter_in_version_2)
{
    CHECK_STR(
        params_of("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"a\":1},\"id\":1}"),
        "[{\"a\":1}]");
    CHECK_STR(params_of("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":null,\"id\":1}"),
              "[]");
    CHECK_STR(params_of("{\"method\":\"m\",\"params\":{\"a\":1},\"id\":1}"),
              "a call's parameters are no list");
    CHECK_STR(params_of("{\"method\":\"m\",\"params\":[{\"a\":1,\"a\":2}],\"id\":1}"),
              "[{\"a\":1,\"a\":2}]");
}

TEST(what_is_no_json_call_is_refused)
{
    static const char *const texts[] = {
        "",
        "{\"a\":",
        "[]",
        "1",
        "{}",
        "[{\"method\":\"m\",\"id\":1}]",
        "{\"method\":\"m\"}",
        "{\"method\":\"m\",\"id\":null}",
        "{\"method\":\"m\",\"id\":1.5}",
        "{\"method\":\"m\",\"id\":true}",
        "{\"method\":\"m\",\"id\":[1]}",
        "{\"id\":1}",
        "{\"method\":1,\"id\":1}",
        "{\"method\":\"m\",\"params\":\"x\",\"id\":1}",
        "{\"method\":\"m\",\"params\":null,\"id\":1}",
        "{\"jsonrpc\":\"1.0\",\"method\":\"m\",\"id\":1}",
        "{\"jsonrpc\":2.0,\"method\":\"m\",\"id\":1}",
        "{\"method\":\"m\",\"method\":\"n\",\"id\":1}",
        "{\"method\":\"m\",\"id\":1,\"id\":1}",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        autoenvelope call = {0};
        struct envelope_error error;

        CHECK_INT(envelope_parse_json(texts[i], strlen(texts[i]), &call, &error), ==,
                  -EINVAL);
        CHECK(error.what);
    }
}

/* Answers of a call in 'protocol': success with 'value', and failure. */
static const char *answer(enum protocol protocol, bool bare, const char *value)
{
    static struct buf out;
    struct envelope call = {.protocol = protocol, .id = val_int(3)};

    buf_clear(&out);
    if (bare)
        envelope_begin_bare(&call, &out);
    else
        envelope_begin(&call, &out);
    buf_add_str(&out, value);
    if (bare)
        envelope_end_bare(&call, &out);
    else
        envelope_end(&call, &out);
    return buf_str(&out);
}

static const char *failure(enum protocol protocol)
{
    static struct buf out;
    struct envelope call = {.protocol = protocol, .id = val_int(3)};
    autoptr(err) e = err_params(ERR_UUID_INVALID, "VM", "<nope>", NULL);

    buf_clear(&out);
    envelope_add_failure(&call, e, &out);
    return buf_str(&out);
}

TEST(answers_are_what_clients_of_the_xenapi_expect)
{
    CHECK_STR(answer(PROTOCOL_JSON_1, false, "\"v\""),
              "{\"result\":\"v\",\"error\":null,\"id\":3}");
    CHECK_STR(answer(PROTOCOL_JSON_2, false, "[]"),
              "{\"jsonrpc\":\"2.0\",\"result\":[],\"id\":3}");
    CHECK_STR(answer(PROTOCOL_JSON_2, true, "[]"),
              "{\"jsonrpc\":\"2.0\",\"result\":[],\"id\":3}");
    CHECK_STR(
        answer(PROTOCOL_XML, false, "<value>v</value>"),
        "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct><member>"
        "<name>Status</name><value>Success</value></member><member><name>Value</name>"
        "<value>v</value></member></struct></value></param></params></methodResponse>");
    CHECK_STR(
        answer(PROTOCOL_XML, true, "<value>v</value>"),
        "<?xml version=\"1.0\"?><methodResponse><params><param><value>v</value></param>"
        "</params></methodResponse>");
    CHECK_STR(failure(PROTOCOL_JSON_1),
              "{\"result\":null,\"error\":[\"UUID_INVALID\",\"VM\",\"<nope>\"],\"id\":3}");
    CHECK_STR(failure(PROTOCOL_JSON_2),
              "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"UUID_INVALID\","
              "\"data\":[\"VM\",\"<nope>\"]},\"id\":3}");
    CHECK_STR(
        failure(PROTOCOL_XML),
        "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct><member>"
        "<name>Status</name><value>Failure</value></member><member>"
        "<name>ErrorDescription</name><value><array><data><value>UUID_INVALID</value>"
        "<value>VM</value><value>&lt;nope&gt;</value></data></array></value></member>"
        "</struct></value></param></params></methodResponse>");
}

TEST(an_id_comes_back_as_it_was)
{
    struct envelope call = {.protocol = PROTOCOL_JSON_2, .id = val_str("a\"\n")};
    autobuf out = BUF_INIT;

    envelope_end(&call, &out);
    CHECK_STR(buf_str(&out), ",\"id\":\"a\\\"\\n\"}");
    envelope_fini(&call);
}

TEST(a_client_reads_what_the_server_writes)
{
    static const char *const values[] = {"<value>v</value>", "\"v\"", "\"v\""};

    for (enum protocol p = PROTOCOL_XML; p <= PROTOCOL_JSON_2; p++) {
        struct envelope_reply good, bad;
        const char *text = answer(p, false, values[p]);

        CHECK_INT(envelope_parse_reply(p, text, strlen(text), &good, NULL), ==, 0);
        CHECK(good.success);
        CHECK_STR(val_text(&good.value), "v");
        text = failure(p);
        CHECK_INT(envelope_parse_reply(p, text, strlen(text), &bad, NULL), ==, 0);
        CHECK(!bad.success);
        CHECK_INT(val_count(&bad.value), ==, 3);
        CHECK_STR(val_text(val_at(&bad.value, 0)), "UUID_INVALID");
        CHECK_STR(val_text(val_at(&bad.value, 2)), "<nope>");
        val_unref(&good.value);
        val_unref(&bad.value);
    }
}

TEST(answers_of_other_servers_are_read_or_refused)
{
    static const struct {
        enum protocol protocol;
        const char *text;
        int r;
        bool success;
    } cases[] = {
        {PROTOCOL_JSON_2, "{\"jsonrpc\":\"2.0\",\"error\":[\"CODE\"],\"id\":0}", 0, false},
        {PROTOCOL_JSON_2, "{\"jsonrpc\":\"2.0\",\"error\":{\"message\":\"M\"}}", 0, false},
        {PROTOCOL_JSON_1, "{\"result\":null,\"error\":null}", 0, true},
        {PROTOCOL_JSON_1, "{\"result\":null,\"error\":[]}", -EINVAL, false},
        {PROTOCOL_JSON_1, "{\"result\":null,\"error\":[1]}", -EINVAL, false},
        {PROTOCOL_JSON_1, "{\"error\":\"text\"}", -EINVAL, false},
        {PROTOCOL_JSON_2, "{}", -EINVAL, false},
        {PROTOCOL_JSON_2, "[]", -EINVAL, false},
        {PROTOCOL_JSON_2, "{", -EINVAL, false},
        {PROTOCOL_XML,
         "<methodResponse><fault><value><struct><member><name>faultString</name>"
         "<value>f</value></member></struct></value></fault></methodResponse>",
         0, false},
        {PROTOCOL_XML,
         "<methodResponse><params><param><value><struct/></value></param></params>"
         "</methodResponse>",
         -EINVAL, false},
        {PROTOCOL_XML, "<html>", -EINVAL, false},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct envelope_reply reply = {0};

        CHECK_INT(envelope_parse_reply(cases[i].protocol, cases[i].text,
                                       strlen(cases[i].text), &reply, NULL),
                  ==, cases[i].r);
        CHECK_INT(reply.success, ==, cases[i].success);
        val_unref(&reply.value);
    }
}

TEST(a_server_reads_what_the_client_writes)
{
    for (enum protocol p = PROTOCOL_XML; p <= PROTOCOL_JSON_2; p++) {
        autoenvelope call = {.protocol = p, .id = val_int(9), .params = val_set(1)},
                     back = {0};
        autobuf out = BUF_INIT;

        call.method = strdup("VM.start");
        val_push(&call.params, val_str("x"));
        envelope_add_call(&call, &out);
        CHECK_INT(p == PROTOCOL_XML ? envelope_parse_xml(out.data, out.size, &back, NULL)
                                    : envelope_parse_json(out.data, out.size, &back, NULL),
                  ==, 0);
        CHECK_INT(back.protocol, ==, p);
        CHECK_STR(back.method, "VM.start");
        CHECK(val_equal(&call.params, &back.params));
        if (p != PROTOCOL_XML)
            CHECK(val_equal(&call.id, &back.id));
    }
}

TEST_MAIN
