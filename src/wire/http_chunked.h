// SPDX-License-Identifier: GPL-2.0-or-later
/* Bodies in "Transfer-Encoding: chunked" (RFC 9112 section 7.1), decoded as they arrive
 * without copying.  Extensions and trailers are read over, within limits.  One thread at a
 * time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/http.h"

#define HTTP_MAX_CHUNK_EXTRAS 4096 /* bytes of all extensions and trailers of a body */

struct http_chunked {
    enum {
        CHUNK_SIZE,      /* in the digits of a size */
        CHUNK_EXTENSION, /* behind its ';' */
        CHUNK_SIZE_LF,
        CHUNK_DATA,
        CHUNK_DATA_CR,
        CHUNK_DATA_LF,
        CHUNK_TRAILER, /* at the start of a trailer line, or inside */
        CHUNK_TRAILER_LF,
        CHUNK_END_LF,
    } at;
    unsigned n_digits;
    uint64_t left; /* bytes of this chunk to come */
    uint64_t room; /* bytes the whole body may still have */
    size_t n_extras;
    size_t n_in_line; /* of a trailer */
    int error;        /* after HTTP_BAD: 400 or 413 */
    const char *why;
};

void http_chunked_init(struct http_chunked *body, uint64_t max_size);
/* Takes bytes of the connection up to the end of one run of data, which it returns (it lies
 * within 'data'; may be empty).  Call again with what is behind '*ret_used'.  HTTP_DONE:
 * the body ended there. */
enum http_result http_chunked_feed(struct http_chunked *body, const char *data, size_t size,
                                   size_t *ret_used, const char **ret_run,
                                   size_t *ret_run_size);
