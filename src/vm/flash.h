// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine's firmware keeps, the bytes of its flash, as a text: base64 of the pieces
 * that are not erased (0xff), of which most is.  The bytes mean nothing here.  No state;
 * any thread. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

#define FLASH_MAX_SIZE ((size_t)1 << 20)

/* At most FLASH_MAX_SIZE bytes.  Appends the text. */
void flash_pack(const void *bytes, size_t size, struct buf *text);
/* 0, with the bytes in place of what 'ret_bytes' held; -EBADMSG when 'text' is none of
 * flash_pack(). */
int flash_unpack(const char *text, size_t len, struct buf *ret_bytes) MUST_CHECK;
