// SPDX-License-Identifier: GPL-2.0-or-later
/* XML-RPC documents.  What was read is written and read again with the same text.  The
 * first byte chooses between a call, a response and a value. */
#include "wire/xml.h"

#include <errno.h>

#include "fuzz.h"

static void check_value(const struct val *value)
{
    autoval struct val again = val_void();
    autobuf text = BUF_INIT, second = BUF_INIT;

    xml_add(&text, value);
    FUZZ_CLAIM(xml_parse_value(text.data, text.size, &again, NULL) == 0);
    xml_add(&second, &again);
    FUZZ_CLAIM(text.size == second.size && !memcmp(text.data, second.data, text.size));
}

static void check_call(const char *method, const struct val *params)
{
    autoval struct val again = val_void();
    autofree char *method_again = NULL;
    autobuf text = BUF_INIT;

    xml_add_call(&text, method, params);
    FUZZ_CLAIM(xml_parse_call(text.data, text.size, &method_again, &again, NULL) == 0);
    FUZZ_CLAIM(STREQ(method, method_again));
    FUZZ_CLAIM(val_count(params) == val_count(&again));
}

static int parse(uint8_t choice, const char *text, size_t size, struct xml_error *error)
{
    autoval struct val value = val_void();
    autofree char *method = NULL;
    bool fault;
    int r;

    switch (choice % 3) {
    case 0:
        r = xml_parse_call(text, size, &method, &value, error);
        if (r == 0)
            check_call(method, &value);
        return r;
    case 1:
        r = xml_parse_response(text, size, &fault, &value, error);
        break;
    default:
        r = xml_parse_value(text, size, &value, error);
    }
    if (r == 0)
        check_value(&value);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t choice = fuzz_choice(&data, &size);
    struct xml_error error = {0};
    int r = parse(choice, (const char *)data, size, &error);

    FUZZ_CLAIM(r == 0 || ((r == -EINVAL || r == -E2BIG) && error.what));
    return 0;
}
