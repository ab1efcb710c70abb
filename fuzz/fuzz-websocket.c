// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames of WebSockets.  However the bytes are cut, the stream and the control frames are
 * the same.  The first byte is the size of the pieces. */
#include "wire/websocket.h"

#include "fuzz.h"

struct outcome {
    enum ws_result result;
    size_t n_used;
    uint16_t code;
    struct buf stream, controls;
};

/* Control frames as a client would get them back. */
static void note(struct outcome *o, const struct ws_reader *reader)
{
    FUZZ_CLAIM(reader->n_payload <= WS_MAX_CONTROL);
    ws_add_frame(&o->controls, reader->control, reader->payload, reader->n_payload);
}

static void feed(const char *data, size_t size, size_t piece, struct outcome *o)
{
    struct ws_reader reader = {0};
    struct buf copy = BUF_INIT;

    *o = (struct outcome){.result = WS_MORE};
    while (o->result != WS_BAD && o->n_used < size) {
        size_t n = size - o->n_used < piece ? size - o->n_used : piece;
        size_t used = 0, run_size = 0;
        const char *run = NULL;

        buf_clear(&copy);
        buf_add(&copy, data + o->n_used, n);
        o->result = ws_feed(&reader, copy.data, n, &used, &run, &run_size);
        FUZZ_CLAIM(used > 0 && used <= n);
        FUZZ_CLAIM(o->result != WS_MORE || used == n);
        if (o->result == WS_DATA) {
            FUZZ_CLAIM(run_size > 0 && run >= copy.data);
            FUZZ_CLAIM(run + run_size <= copy.data + used);
            buf_add(&o->stream, run, run_size);
        }
        if (o->result == WS_CONTROL)
            note(o, &reader);
        o->n_used += used;
    }
    o->code = o->result == WS_BAD ? reader.code : 0;
    buf_fini(&copy);
}

static bool same(const struct buf *a, const struct buf *b)
{
    return a->size == b->size && memcmp(buf_str(a), buf_str(b), a->size) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t piece = fuzz_choice(&data, &size) + 1u;
    struct outcome whole, pieces;

    feed((const char *)data, size, size ? size : 1, &whole);
    feed((const char *)data, size, piece, &pieces);
    FUZZ_CLAIM(whole.code == pieces.code && whole.n_used == pieces.n_used);
    FUZZ_CLAIM((whole.result == WS_BAD) == (pieces.result == WS_BAD));
    FUZZ_CLAIM(same(&whole.stream, &pieces.stream));
    FUZZ_CLAIM(same(&whole.controls, &pieces.controls));
    buf_fini(&whole.stream);
    buf_fini(&whole.controls);
    buf_fini(&pieces.stream);
    buf_fini(&pieces.controls);
    return 0;
}
