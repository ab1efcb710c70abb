// SPDX-License-Identifier: GPL-2.0-or-later
/* Chunked bodies.  However the bytes are cut, the body is the same.  The first byte is the
 * size of the pieces, the second the size the body may have, in units of 64. */
#include "wire/http_chunked.h"

#include "fuzz.h"

struct outcome {
    enum http_result result;
    size_t n_used;
    int error;
    struct buf body;
};

static void feed(const char *data, size_t size, size_t piece, uint64_t max_size,
                 struct outcome *o)
{
    struct http_chunked body;

    *o = (struct outcome){.result = HTTP_MORE};
    http_chunked_init(&body, max_size);
    while (o->result == HTTP_MORE && o->n_used < size) {
        size_t n = size - o->n_used < piece ? size - o->n_used : piece;
        const char *run = NULL;
        size_t n_used, run_size = 0;

        o->result = http_chunked_feed(&body, data + o->n_used, n, &n_used, &run, &run_size);
        FUZZ_CLAIM(n_used <= n);
        FUZZ_CLAIM(o->result != HTTP_MORE || n_used > 0);
        if (run_size) {
            FUZZ_CLAIM(run >= data + o->n_used);
            FUZZ_CLAIM(run + run_size <= data + o->n_used + n_used);
            buf_add(&o->body, run, run_size);
        }
        o->n_used += n_used;
    }
    FUZZ_CLAIM(o->body.size <= max_size);
    o->error = o->result == HTTP_BAD ? body.error : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t piece = fuzz_choice(&data, &size) + 1u;
    uint64_t max_size = fuzz_choice(&data, &size) * UINT64_C(64);
    struct outcome whole, pieces;

    feed((const char *)data, size, size, max_size, &whole);
    feed((const char *)data, size, piece, max_size, &pieces);
    FUZZ_CLAIM(whole.result == pieces.result && whole.error == pieces.error);
    if (whole.result != HTTP_BAD) {
        FUZZ_CLAIM(whole.n_used == pieces.n_used);
        FUZZ_CLAIM(whole.body.size == pieces.body.size);
        FUZZ_CLAIM(memcmp(buf_str(&whole.body), buf_str(&pieces.body), whole.body.size) ==
                   0);
    } else {
        FUZZ_CLAIM(whole.error == 400 || whole.error == 413);
    }
    buf_fini(&whole.body);
    buf_fini(&pieces.body);
    return 0;
}
