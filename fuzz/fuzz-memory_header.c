// SPDX-License-Identifier: GPL-2.0-or-later
/* The header of a memory image, which comes with an SR from wherever: its words may stand
 * in QEMU's command line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vm/memory_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory_header header;

    if (memory_header_parse((const char *)data, size, &header) < 0)
        return 0;
    if (!*header.machine || strpbrk(header.machine, ", =\n") || !*header.accel ||
        strpbrk(header.accel, ", =\n"))
        abort();
    return 0;
}
