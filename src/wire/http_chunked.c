// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_chunked.h"

#include <stdbool.h>

void http_chunked_init(struct http_chunked *body, uint64_t max_size)
{
    *body = (struct http_chunked){.room = max_size};
}

static enum http_result bad(struct http_chunked *body, int status, const char *why)
{
    body->error = status;
    body->why = why;
    return HTTP_BAD;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum http_result read_size(struct http_chunked *body, char c)
{
    int digit = hex_digit(c);

    if (digit >= 0) {
        if (++body->n_digits > 15)
            return bad(body, 400, "a chunk's size has too many digits");
        body->left = body->left << 4 | (unsigned)digit;
        return HTTP_MORE;
    }
    if (body->n_digits == 0)
        return bad(body, 400, "a chunk has no size");
    if (c == ';')
        body->at = CHUNK_EXTENSION;
    else if (c == '\r')
        body->at = CHUNK_SIZE_LF;
    else
        return bad(body, 400, "a chunk's size is no number");
    return HTTP_MORE;
}

/* The line of the size is over. */
static enum http_result start_chunk(struct http_chunked *body)
{
    if (body->left == 0) {
        body->at = CHUNK_TRAILER;
        body->n_in_line = 0;
        return HTTP_MORE;
    }
    if (body->left > body->room)
        return bad(body, 413, "the body is too large");
    body->room -= body->left;
    body->at = CHUNK_DATA;
    return HTTP_MORE;
}

/* A character of an extension or trailer. */
static enum http_result skip_extra(struct http_chunked *body, char c)
{
    if (((unsigned char)c < ' ' && c != '\t') || c == 0x7f)
        return bad(body, 400, "a chunk's line holds a control character");
    if (++body->n_extras > HTTP_MAX_CHUNK_EXTRAS)
        return bad(body, 400, "a body has too much beside its data");
    return HTTP_MORE;
}

static enum http_result read_trailer(struct http_chunked *body, char c)
{
    if (c == '\r') {
        body->at = body->n_in_line ? CHUNK_TRAILER_LF : CHUNK_END_LF;
        return HTTP_MORE;
    }
    if (body->n_in_line++ == 0 && (c == ' ' || c == '\t'))
        return bad(body, 400, "a trailer is folded");
    return skip_extra(body, c);
}

/* One byte that is not data. */
static enum http_result read_byte(struct http_chunked *body, char c)
{
    switch (body->at) {
    case CHUNK_SIZE:
        return read_size(body, c);
    case CHUNK_EXTENSION:
        if (c != '\r')
            return skip_extra(body, c);
        body->at = CHUNK_SIZE_LF;
        return HTTP_MORE;
    case CHUNK_TRAILER:
        return read_trailer(body, c);
    case CHUNK_DATA_CR:
        body->at = CHUNK_DATA_LF;
        return c == '\r' ? HTTP_MORE : bad(body, 400, "a chunk is longer than its size");
    default:
        break;
    }
    if (c != '\n')
        return bad(body, 400, "a CR stands without its LF");
    if (body->at == CHUNK_END_LF)
        return HTTP_DONE;
    if (body->at == CHUNK_SIZE_LF)
        return start_chunk(body);
    if (body->at == CHUNK_TRAILER_LF) {
        body->at = CHUNK_TRAILER;
        body->n_in_line = 0;
        return HTTP_MORE;
    }
    body->at = CHUNK_SIZE;
    body->n_digits = 0;
    return HTTP_MORE;
}

enum http_result http_chunked_feed(struct http_chunked *body, const char *data, size_t size,
                                   size_t *ret_used, const char **ret_run,
                                   size_t *ret_run_size)
{
    enum http_result result = HTTP_MORE;
    size_t used = 0;

    *ret_run = data;
    *ret_run_size = 0;
    while (result == HTTP_MORE && used < size && body->at != CHUNK_DATA)
        result = read_byte(body, data[used++]);
    if (result == HTTP_MORE && used < size) {
        *ret_run = data + used;
        *ret_run_size = size - used < body->left ? size - used : (size_t)body->left;
        used += *ret_run_size;
        body->left -= *ret_run_size;
        if (body->left == 0)
            body->at = CHUNK_DATA_CR;
    }
    *ret_used = used;
    return result;
}
