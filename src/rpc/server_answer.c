// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/alloc.h"
#include "rpc/server_private.h"
#include "wire/http_write.h"

#define MAX_PARTS 64 /* of one write */

static void release_chunk(const struct http_chunk *chunk)
{
    if (chunk->release)
        chunk->release(chunk->arg);
}

void answer_release(struct http_answer *answer)
{
    for (size_t i = 0; i < answer->n_chunks; i++)
        release_chunk(&answer->chunks[i]);
    free(take_ptr(answer->chunks));
    answer->n_chunks = 0;
}

static uint64_t total_size(const struct http_answer *answer)
{
    uint64_t size = 0;

    for (size_t i = 0; i < answer->n_chunks; i++)
        size += answer->chunks[i].size;
    return size;
}

void outgoing_set(struct outgoing *out, unsigned minor, const struct http_answer *answer,
                  bool keep_alive)
{
    http_add_response(&out->head, minor, answer->status, answer->content_type,
                      total_size(answer), keep_alive);
    if (answer->extra_headers)
        buf_add_str(&out->head, answer->extra_headers);
    http_end_head(&out->head);
    out->chunks = answer->chunks;
    out->n_chunks = answer->n_chunks;
}

void outgoing_set_error(struct outgoing *out, unsigned minor, int status,
                        const char *detail, const char *field, const char *value)
{
    autobuf page = BUF_INIT;

    http_add_error_page(&page, status, detail);
    http_add_response(&out->head, minor, status, "text/html", page.size, false);
    if (field)
        http_add_field(&out->head, field, value);
    http_end_head(&out->head);
    buf_add(&out->head, page.data, page.size);
}

void outgoing_set_continue(struct outgoing *out)
{
    buf_add_str(&out->head, "HTTP/1.1 100 Continue\r\n\r\n");
}

bool outgoing_is_done(const struct outgoing *out)
{
    return out->head_sent && out->next == out->n_chunks;
}

/* What comes next, as parts of one write. */
static int collect_parts(const struct outgoing *out, struct iovec parts[MAX_PARTS])
{
    size_t offset = out->offset;
    int n = 0;

    if (!out->head_sent) {
        parts[n++] = (struct iovec){out->head.data + offset, out->head.size - offset};
        offset = 0;
    }
    for (size_t i = out->next; i < out->n_chunks && n < MAX_PARTS; i++) {
        const struct http_chunk *chunk = &out->chunks[i];

        if (chunk->size > offset)
            parts[n++] = (struct iovec){(char *)chunk->data + offset, chunk->size - offset};
        offset = 0;
    }
    return n;
}

/* Counts 'n' more bytes as sent, and gives back the chunks that are. */
static void advance(struct outgoing *out, size_t n)
{
    out->offset += n;
    if (!out->head_sent && out->offset >= out->head.size) {
        out->offset -= out->head.size;
        out->head_sent = true;
    }
    while (out->head_sent && out->next < out->n_chunks &&
           out->offset >= out->chunks[out->next].size) {
        out->offset -= out->chunks[out->next].size;
        release_chunk(&out->chunks[out->next++]);
    }
}

ssize_t outgoing_send(struct outgoing *out, struct channel *channel)
{
    struct iovec parts[MAX_PARTS];
    int n_parts = collect_parts(out, parts);
    ssize_t n = n_parts ? channel_write(channel, parts, n_parts) : 0;

    if (n >= 0)
        advance(out, (size_t)n);
    return n;
}

void outgoing_reset(struct outgoing *out)
{
    while (out->next < out->n_chunks)
        release_chunk(&out->chunks[out->next++]);
    free(out->chunks);
    buf_fini(&out->head);
    *out = (struct outgoing){0};
}

static void free_bytes(void *bytes)
{
    free(bytes);
}

struct http_answer http_answer_buf(int status, const char *content_type, struct buf *body)
{
    struct http_answer answer = {.status = status, .content_type = content_type};
    size_t size = body->size;
    char *bytes = buf_take(body);

    answer.chunks = xcalloc(1, sizeof(answer.chunks[0]));
    answer.chunks[0] = (struct http_chunk){bytes, size, free_bytes, bytes};
    answer.n_chunks = 1;
    return answer;
}
