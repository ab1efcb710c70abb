// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/alloc.h"
#include "rpc/server_private.h"
#include "wire/http_write.h"

/* What is sent at once: with a record behind it still below what malloc() takes from the
 * kernel anew each time. */
#define BLOCK (48u << 10)

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

/* Fills the block with what comes next: one copy, so that many small chunks become neither
 * many small writes nor many small records of TLS. */
static void gather(struct outgoing *out)
{
    while (out->next < out->n_chunks && out->block.size < BLOCK) {
        const struct http_chunk *chunk = &out->chunks[out->next];
        size_t room = BLOCK - out->block.size, n = chunk->size - out->offset;

        if (chunk->data) {
            size_t some = n < room ? n : room;

            buf_add(&out->block, (const char *)chunk->data + out->offset, some);
            out->offset += some;
            if (some < n)
                return;
        } else if (chunk->make) {
            size_t before = out->block.size;

            chunk->make(chunk->arg, &out->block);
            assert_msg(out->block.size - before == n, "an answer is not of its length");
        }
        release_chunk(chunk);
        out->next++;
        out->offset = 0;
    }
}

void outgoing_set(struct outgoing *out, unsigned minor, const struct http_answer *answer,
                  bool keep_alive)
{
    buf_reserve(&out->block, 500); /* most answers */
    http_add_response(&out->block, minor, answer->status, answer->content_type,
                      total_size(answer), keep_alive);
    if (answer->extra_headers)
        buf_add_str(&out->block, answer->extra_headers);
    http_end_head(&out->block);
    out->chunks = answer->chunks;
    out->n_chunks = answer->n_chunks;
    gather(out);
}

void outgoing_set_error(struct outgoing *out, unsigned minor, int status,
                        const char *detail, const char *field, const char *value)
{
    autobuf page = BUF_INIT;

    http_add_error_page(&page, status, detail);
    http_add_response(&out->block, minor, status, "text/html", page.size, false);
    if (field)
        http_add_field(&out->block, field, value);
    http_end_head(&out->block);
    buf_add(&out->block, page.data, page.size);
}

void outgoing_set_continue(struct outgoing *out)
{
    buf_add_str(&out->block, "HTTP/1.1 100 Continue\r\n\r\n");
}

bool outgoing_is_done(const struct outgoing *out)
{
    return out->n_sent == out->block.size && out->next == out->n_chunks;
}

ssize_t outgoing_send(struct outgoing *out, struct channel *channel)
{
    struct iovec part = {out->block.data + out->n_sent, out->block.size - out->n_sent};
    ssize_t n = part.iov_len ? channel_write(channel, &part, 1) : 0;

    if (n < 0)
        return n;
    out->n_sent += (size_t)n;
    if (out->n_sent == out->block.size) {
        buf_clear(&out->block);
        out->n_sent = 0;
        gather(out);
    }
    return n;
}

void outgoing_reset(struct outgoing *out)
{
    while (out->next < out->n_chunks)
        release_chunk(&out->chunks[out->next++]);
    free(out->chunks);
    buf_fini(&out->block);
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
    answer.chunks[0] = (struct http_chunk){
        .data = bytes, .size = size, .release = free_bytes, .arg = bytes};
    answer.n_chunks = 1;
    return answer;
}
