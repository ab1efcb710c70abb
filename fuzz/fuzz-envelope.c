// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls and answers of XML-RPC and JSON-RPC.  A call that was read is written and read
 * again as the same call, and can be answered.  The first byte chooses protocol and side.
 */
#include "wire/envelope.h"

#include <errno.h>

#include "base/err.h"
#include "fuzz.h"

static void answer(const struct envelope *call, bool success)
{
    struct envelope_reply reply = {0};
    autobuf text = BUF_INIT;

    if (success) {
        envelope_begin(call, &text);
        buf_add_str(&text, call->protocol == PROTOCOL_XML ? "<value>x</value>" : "\"x\"");
        envelope_end(call, &text);
    } else {
        autoptr(err) e =
            err_params(ERR_MESSAGE_METHOD_UNKNOWN, call->method, "\x01\xff", NULL);

        envelope_add_failure(call, e, &text);
    }
    FUZZ_CLAIM(envelope_parse_reply(call->protocol, text.data, text.size, &reply, NULL) ==
               0);
    FUZZ_CLAIM(reply.success == success);
    val_unref(&reply.value);
}

static void check_call(const struct envelope *call)
{
    autoenvelope again = {0};
    autobuf text = BUF_INIT;
    int r;

    FUZZ_CLAIM(call->method && call->params.kind == VAL_SET);
    envelope_add_call(call, &text);
    r = call->protocol == PROTOCOL_XML
            ? envelope_parse_xml(text.data, text.size, &again, NULL)
            : envelope_parse_json(text.data, text.size, &again, NULL);
    FUZZ_CLAIM(r == 0);
    FUZZ_CLAIM(again.protocol == call->protocol);
    FUZZ_CLAIM(STREQ(again.method, call->method));
    FUZZ_CLAIM(val_count(&again.params) == val_count(&call->params));
    answer(call, true);
    answer(call, false);
}

static void check_error(int r, const struct envelope_error *error)
{
    FUZZ_CLAIM((r == -EINVAL || r == -E2BIG) && error->what);
}

static void try_call(const char *text, size_t size, bool xml)
{
    autoenvelope call = {0};
    struct envelope_error error = {0};
    int r = xml ? envelope_parse_xml(text, size, &call, &error)
                : envelope_parse_json(text, size, &call, &error);

    if (r == 0)
        check_call(&call);
    else
        check_error(r, &error);
}

static void try_reply(const char *text, size_t size, enum protocol protocol)
{
    struct envelope_reply reply = {0};
    struct envelope_error error = {0};
    int r = envelope_parse_reply(protocol, text, size, &reply, &error);

    if (r < 0)
        check_error(r, &error);
    else if (!reply.success)
        FUZZ_CLAIM(reply.value.kind == VAL_SET);
    val_unref(&reply.value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t choice = fuzz_choice(&data, &size) % 5;

    if (choice < 2)
        try_call((const char *)data, size, choice == 0);
    else
        try_reply((const char *)data, size, (enum protocol)(choice - 2));
    return 0;
}
