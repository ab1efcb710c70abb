// SPDX-License-Identifier: GPL-2.0-or-later
/* XML-RPC to untyped values and back.
 *
 * <array> becomes VAL_SET, <struct> VAL_MAP with text keys (a repeated one is kept:
 * codec_decode refuses it), <i4> <int> <i8> VAL_INT, <boolean> VAL_BOOL, <double>
 * VAL_FLOAT, <nil/> VAL_VOID; bare text, <string>, <dateTime.iso8601> and <base64>
 * (decoded, when it is text) are VAL_STR.  Input is UTF-8 whatever it declares; a DOCTYPE,
 * and so any entity but XML's own five, is refused, as is nesting beyond XML_MAX_DEPTH.
 * Attributes, comments and processing instructions are passed over.  No state; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/value.h"

#define XML_MAX_DEPTH 64 /* values within values */
#define XML_MAX_SIZE  (256u << 20)

/* Where and why a text was refused. */
struct xml_error {
    const char *what;      /* a constant phrase */
    unsigned line, column; /* from 1; the column counts bytes */
};

/* Each reads a whole document of 'size' bytes: 0, -EINVAL for one that is malformed or not
 * XML-RPC, -E2BIG for one beyond the limits.  'ret_error' may be NULL. */

/* A call: its method (heap) and its parameters, a VAL_SET. */
int xml_parse_call(const char *text, size_t size, char **ret_method, struct val *ret_params,
                   struct xml_error *ret_error) MUST_CHECK;
/* A response: its one value, or that of its <fault>. */
int xml_parse_response(const char *text, size_t size, bool *ret_fault,
                       struct val *ret_value, struct xml_error *ret_error) MUST_CHECK;
/* A single <value>, as tasks keep their results. */
int xml_parse_value(const char *text, size_t size, struct val *ret_value,
                    struct xml_error *ret_error) MUST_CHECK;

/* True for UTF-8 without NUL, U+FFFE and U+FFFF.  Control characters pass: xml_add_text
 * leaves them out. */
bool xml_text_is_valid(const char *text, size_t len);

/* Appends text with markup escaped.  Control characters that XML cannot carry are dropped,
 * bytes that are not UTF-8 become U+FFFD, so that the output is always well-formed. */
void xml_add_text(struct buf *out, const char *text, size_t len);
/* Appends a number with 16 significant digits. */
void xml_add_float(struct buf *out, double d);
/* Appends an untyped value as a <value>: ints as bare decimal text, like the rest of the
 * XenAPI; null as the empty text. */
void xml_add(struct buf *out, const struct val *v);
/* Appends a whole <methodCall>. */
void xml_add_call(struct buf *out, const char *method, const struct val *params);
