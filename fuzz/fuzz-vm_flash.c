// SPDX-License-Identifier: GPL-2.0-or-later
/* A flash as the database has it, where anybody with the right may have written it: what is
 * taken is packed again to what unpacks to the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vm/flash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autobuf bytes = BUF_INIT, text = BUF_INIT, again = BUF_INIT;

    if (flash_unpack((const char *)data, size, &bytes) < 0)
        return 0;
    if (bytes.size == 0 || bytes.size > FLASH_MAX_SIZE)
        abort();
    flash_pack(bytes.data, bytes.size, &text);
    if (flash_unpack(buf_str(&text), text.size, &again) < 0 || again.size != bytes.size ||
        memcmp(again.data, bytes.data, bytes.size) != 0)
        abort();
    return 0;
}
