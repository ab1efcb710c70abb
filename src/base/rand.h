// SPDX-License-Identifier: GPL-2.0-or-later
/* Random bytes from the kernel.  Any thread; ends the process if the kernel has none to
 * give. */
#pragma once

#include <stddef.h>
#include <stdint.h>

void rand_bytes(void *p, size_t size);
uint64_t rand_u64(void);
