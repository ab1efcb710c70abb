// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON texts.  What was read is written and read again as the same value.  The first byte
 * chooses whether a key may be given twice. */
#include "wire/json.h"

#include <errno.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned flags = fuzz_choice(&data, &size) & 1 ? JSON_KEEP_DUPLICATES : 0;
    autoval struct val value = val_void(), again = val_void();
    autobuf text = BUF_INIT, second = BUF_INIT;
    struct json_error error = {0};
    int r = json_parse((const char *)data, size, flags, &value, &error);

    if (r < 0) {
        FUZZ_CLAIM(r == -EINVAL || r == -E2BIG || (r == -EEXIST && !flags));
        FUZZ_CLAIM(error.what && error.offset <= size);
        return 0;
    }
    json_add(&text, &value);
    FUZZ_CLAIM(json_parse(text.data, text.size, flags, &again, NULL) == 0);
    json_add(&second, &again);
    FUZZ_CLAIM(text.size == second.size && !memcmp(text.data, second.data, text.size));
    if (!flags)
        FUZZ_CLAIM(val_equal(&value, &again));
    return 0;
}
