// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses.  The text of one that was read is read as the same. */
#include "io/address.h"

#include <errno.h>

#include "base/cleanup.h"
#include "fuzz.h"

static void try_parse(const char *text)
{
    struct address address, again;
    char written[ADDRESS_TEXT_LEN + 1], written_again[ADDRESS_TEXT_LEN + 1];
    char host[ADDRESS_TEXT_LEN + 1];
    int r = address_parse(text, &address);

    if (r < 0) {
        FUZZ_CLAIM(r == -EINVAL || r == -ENAMETOOLONG);
        return;
    }
    address_text(&address, written);
    FUZZ_CLAIM(address_parse(written, &again) == 0);
    address_text(&again, written_again);
    FUZZ_CLAIM(STREQ(written, written_again));
    if (!address_is_path(text))
        address_host_text(&address.any, host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    char host[ADDRESS_HOST_LEN + 1];
    uint16_t port;
    int r = address_split(text, host, &port);

    FUZZ_CLAIM(r == 0 || r == -EINVAL || r == -ENAMETOOLONG);
    if (r == 0)
        FUZZ_CLAIM(host[0] && strlen(host) <= ADDRESS_HOST_LEN);
    try_parse(text);
    free(text);
    return 0;
}
