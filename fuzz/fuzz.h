// SPDX-License-Identifier: GPL-2.0-or-later
/* What the fuzz targets share.  A target is one function, called with bytes nobody
 * promised anything about; it stops the program when a claim about its parser does not
 * hold.  Linked with libFuzzer (fuzz/run) or with replay.c (make check). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CLAIM(cond)                                                                   \
    do {                                                                                   \
        if (!(cond)) {                                                                     \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #cond);       \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

/* The first byte of what is left, or 0: chooses what the rest is fed to. */
static inline uint8_t fuzz_choice(const uint8_t **data, size_t *size)
{
    uint8_t choice = *size ? **data : 0;

    *data += *size > 0;
    *size -= *size > 0;
    return choice;
}
