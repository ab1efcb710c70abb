// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/websocket.h"

#include "base/err.h"
#include "lib/test.h"

#define MASK "\x01\x02\x03\x04"

/* Bytes of a client, with what they mean once they were read 'step' at a time. */
struct heard {
    struct buf stream, controls;
    enum ws_result result;
    uint16_t code;
    const char *why;
};

static void heard_fini(struct heard *h)
{
    buf_fini(&h->stream);
    buf_fini(&h->controls);
}

static void hear(const void *data, size_t size, size_t step, struct heard *h)
{
    struct ws_reader reader = {0};
    autobuf copy = BUF_INIT;
    size_t at = 0;

    heard_fini(h);
    *h = (struct heard){.result = WS_MORE};
    buf_add(&copy, data, size);
    while (at < size && h->result != WS_BAD) {
        size_t n = size - at < step ? size - at : step, used, run_size = 0;
        const char *run = NULL;

        h->result = ws_feed(&reader, copy.data + at, n, &used, &run, &run_size);
        CHECK(used > 0 && used <= n);
        at += used;
        if (h->result == WS_DATA)
            buf_add(&h->stream, run, run_size);
        if (h->result == WS_CONTROL)
            buf_addf(&h->controls, "%d:%.*s;", (int)reader.control, (int)reader.n_payload,
                     (const char *)reader.payload);
    }
    h->code = reader.code;
    h->why = reader.why;
}

/* A client's frame. */
static void add_masked(struct buf *out, unsigned first, const void *data, size_t size)
{
    autobuf frame = BUF_INIT;
    size_t head;

    ws_add_frame(&frame, WS_BINARY, data, size);
    head = frame.size - size;
    frame.data[0] = (char)first;
    frame.data[1] = (char)(frame.data[1] | 0x80);
    buf_add(out, frame.data, head);
    buf_add(out, MASK, 4);
    for (size_t i = 0; i < size; i++)
        buf_add_char(out, (char)(((const char *)data)[i] ^ MASK[i % 4]));
}

TEST(the_stream_is_the_same_whatever_frames_and_pieces_it_comes_in)
{
    struct heard h = {0};
    autobuf in = BUF_INIT;
    autobuf big = BUF_INIT;
    autobuf wanted = BUF_INIT;

    for (int i = 0; i < 70000; i++)
        buf_add_char(&big, (char)i);
    add_masked(&in, 0x82, "RFB", 3);
    add_masked(&in, 0x02, " 003", 4);
    add_masked(&in, 0x89, "are you there", 13); /* within a message */
    add_masked(&in, 0x00, "", 0);
    add_masked(&in, 0x80, ".008\n", 5);
    add_masked(&in, 0x82, big.data, 300);
    add_masked(&in, 0x82, big.data, big.size);
    add_masked(&in, 0x8a, "", 0);
    buf_add_str(&wanted, "RFB 003.008\n");
    buf_add(&wanted, big.data, 300);
    buf_add(&wanted, big.data, big.size);
    for (size_t step = 1; step < 40; step++) {
        hear(in.data, in.size, step, &h);
        CHECK_INT(h.result, !=, WS_BAD);
        CHECK_INT(h.stream.size, ==, wanted.size);
        CHECK(memcmp(h.stream.data, wanted.data, wanted.size) == 0);
        CHECK_STR(buf_str(&h.controls), "9:are you there;10:;");
    }
    heard_fini(&h);
}

TEST(a_close_tells_its_code)
{
    static const struct {
        const char *payload;
        size_t size;
        enum ws_result result;
        uint16_t code;
    } cases[] = {
        {"", 0, WS_CONTROL, WS_CODE_NONE},      {"\x03\xe8", 2, WS_CONTROL, WS_CODE_NORMAL},
        {"\x0f\xa0going", 7, WS_CONTROL, 4000}, {"\x03", 1, WS_BAD, WS_CODE_PROTOCOL_ERROR},
        {"\x03\xed", 2, WS_BAD, WS_CODE_NONE},  {"\xff\xff", 2, WS_BAD, 0xffff},
    };
    struct heard h = {0};

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autobuf in = BUF_INIT;

        add_masked(&in, 0x88, cases[i].payload, cases[i].size);
        hear(in.data, in.size, in.size, &h);
        CHECK_INT(h.result, ==, cases[i].result);
        if (h.result == WS_CONTROL)
            CHECK_INT(h.code, ==, cases[i].code);
        else
            CHECK_INT(h.code, ==, WS_CODE_PROTOCOL_ERROR);
    }
    heard_fini(&h);
}

TEST(what_the_protocol_forbids_is_refused_at_once)
{
    static const struct {
        const char *bytes;
        size_t size;
        uint16_t code;
    } cases[] = {
        {"\xc2\x80", 2, 1002},                           /* a reserved bit */
        {"\x81\x80", 2, 1003},                           /* text */
        {"\x83\x80", 2, 1002},                           /* an unknown frame */
        {"\x8b\x80", 2, 1002},                           /* an unknown control frame */
        {"\x82\x01", 2, 1002},                           /* no mask */
        {"\x09\x80", 2, 1002},                           /* a ping in parts */
        {"\x89\xfe", 2, 1002},                           /* a ping of 126 bytes */
        {"\x80\x80", 2, 1002},                           /* goes on with nothing */
        {"\x02\x80" MASK "\x82\x80", 8, 1002},           /* one within another */
        {"\x82\xfe\x00\x7d" MASK, 8, 1002},              /* 125 in two bytes */
        {"\x82\xff\0\0\0\0\0\0\xff\xff" MASK, 14, 1002}, /* 65535 in eight */
        {"\x82\xff\x80\0\0\0\0\0\0\0" MASK, 14, 1002},   /* a length below zero */
    };
    struct heard h = {0};

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        hear(cases[i].bytes, cases[i].size, 1, &h);
        CHECK_INT(h.result, ==, WS_BAD);
        CHECK_INT(h.code, ==, cases[i].code);
        CHECK(h.why != NULL);
    }
    heard_fini(&h);
}

TEST(frames_are_written_with_the_shortest_length)
{
    static const struct {
        size_t size, head;
    } cases[] = {{0, 2}, {125, 2}, {126, 4}, {65535, 4}, {65536, 10}};
    static char data[65536];

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autobuf out = BUF_INIT;

        ws_add_frame(&out, WS_BINARY, data, cases[i].size);
        CHECK_INT(out.size, ==, cases[i].size + cases[i].head);
        CHECK_INT((unsigned char)out.data[0], ==, 0x82);
    }
}

TEST(the_answer_to_a_key_is_that_of_the_standard)
{
    autobuf out = BUF_INIT;

    CHECK_INT(ws_add_accept(&out, "dGhlIHNhbXBsZSBub25jZQ=="), ==, 0);
    CHECK_STR(buf_str(&out), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(ws_add_accept(&out, "dGhlIHNhbXBsZQ==") < 0);
    CHECK(ws_add_accept(&out, "") < 0);
    CHECK(ws_add_accept(&out, "not base64 at all 123456") < 0);
}

TEST_MAIN
