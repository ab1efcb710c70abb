// SPDX-License-Identifier: GPL-2.0-or-later
/* Base64.  There is one spelling: what was read is written as it was; and any bytes come
 * back from their spelling. */
#include "wire/base64.h"

#include <errno.h>

#include "fuzz.h"

static bool same(const struct buf *a, const void *data, size_t size)
{
    return a->size == size && (size == 0 || memcmp(a->data, data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autobuf bytes = BUF_INIT, text = BUF_INIT;
    int r = base64_decode((const char *)data, size, &bytes);

    if (r == 0) {
        base64_add(&text, bytes.data, bytes.size);
        FUZZ_CLAIM(same(&text, data, size));
    } else {
        FUZZ_CLAIM(r == -EINVAL && bytes.size == 0);
    }
    buf_clear(&text);
    buf_clear(&bytes);
    base64_add(&text, data, size);
    FUZZ_CLAIM(base64_decode(buf_str(&text), text.size, &bytes) == 0);
    FUZZ_CLAIM(same(&bytes, data, size));
    return 0;
}
