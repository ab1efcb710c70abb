// SPDX-License-Identifier: GPL-2.0-or-later
/* Base64 (RFC 4648 section 4).  No state; any thread. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

void base64_add(struct buf *out, const void *data, size_t size);
/* Appends the bytes that 'text' stands for.  Strict: padding is there, no space, no bits
 * beyond the last byte.  0 or -EINVAL, with 'out' as it was. */
int base64_decode(const char *text, size_t len, struct buf *out) MUST_CHECK;
