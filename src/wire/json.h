// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON (RFC 8259) to untyped values and back.
 *
 * Objects become VAL_MAP with text keys in the order written, arrays VAL_SET, numbers
 * without fraction or exponent VAL_INT, other numbers and those beyond 64 bits VAL_FLOAT,
 * null VAL_VOID.  Input is strict: UTF-8, no NUL character, nesting to JSON_MAX_DEPTH,
 * nothing after the value.  No state; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/value.h"

#define JSON_MAX_DEPTH 64
#define JSON_MAX_SIZE  (256u << 20)

enum json_flags {
    /* Objects keep a key given twice.  Without this it is an error: for those who check it
     * later (codec_decode does, with a typed error), and for text this program wrote. */
    JSON_KEEP_DUPLICATES = 1 << 0,
};

/* Where and why a text was refused. */
struct json_error {
    const char *what; /* a constant phrase: "a string has no end" */
    size_t offset;
    unsigned line, column; /* from 1; the column counts bytes */
};

/* Reads the 'size' bytes at 'text' (need not end in NUL).  0; -EINVAL for text that is not
 * JSON, -E2BIG for one beyond the limits, -EEXIST for a repeated key.  'ret_error' may be
 * NULL. */
int json_parse(const char *text, size_t size, unsigned flags, struct val *ret_value,
               struct json_error *ret_error) MUST_CHECK;

/* Appends an untyped value.  Map keys are text or ints (written as text). */
void json_add(struct buf *out, const struct val *v);
/* Appends a string with its quotes.  Bytes that are not UTF-8 become U+FFFD, so that the
 * output is always JSON. */
void json_add_text(struct buf *out, const char *text, size_t len);
/* Appends a number that reads back as the same double, with a fraction or an exponent: 1.0.
 * JSON has no number for the others: they are the strings "inf", "-inf" and "nan". */
void json_add_float(struct buf *out, double d);
