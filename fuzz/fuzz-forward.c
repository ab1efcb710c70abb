// SPDX-License-Identifier: GPL-2.0-or-later
/* Ports that lead to an interface.  What was read and written is read as the same. */
#include "net/forward.h"

#include "base/cleanup.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    struct net_forwards forwards, again;
    struct err *e = net_forwards_parse(text, &forwards);

    if (e) {
        FUZZ_CLAIM(err_code(e) == ERR_VALUE_NOT_SUPPORTED);
        err_free(e);
    } else {
        autofree char *written = net_forwards_text(&forwards);

        FUZZ_CLAIM(forwards.n <= NET_MAX_FORWARDS);
        FUZZ_CLAIM(!net_forwards_parse(written, &again));
        FUZZ_CLAIM(net_forwards_equal(&forwards, &again));
    }
    free(text);
    return 0;
}
