// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_chunked.h"

#include "base/err.h"
#include "lib/test.h"

#define ROOM 64

/* Decodes 'text' fed 'step' bytes at a time; the text after the body is left in
 * '*ret_rest'. */
static enum http_result decode(const char *text, size_t step, struct buf *out,
                               const char **ret_rest, int *ret_error)
{
    struct http_chunked body;
    enum http_result result = HTTP_MORE;
    size_t at = 0, size = strlen(text);

    http_chunked_init(&body, ROOM);
    buf_clear(out);
    while (result == HTTP_MORE && at < size) {
        const char *run;
        size_t used, run_size, n = size - at < step ? size - at : step;

        result = http_chunked_feed(&body, text + at, n, &used, &run, &run_size);
        CHECK(used > 0 && used <= n);
        buf_add(out, run, run_size);
        at += used;
    }
    *ret_rest = text + at;
    *ret_error = body.error;
    return result;
}

TEST(a_body_is_put_together_whatever_pieces_it_comes_in)
{
    static const char text[] = "5\r\nhello\r\n1;ext=\"v\"\r\n \r\n00A\r\n0123456789\r\n"
                               "0\r\nTrailer: t\r\n\r\nnext";
    autobuf out = BUF_INIT;
    const char *rest;
    int error;

    for (size_t step = 1; step <= strlen(text); step++) {
        CHECK_INT(decode(text, step, &out, &rest, &error), ==, HTTP_DONE);
        CHECK_STR(buf_str(&out), "hello 0123456789");
        CHECK_STR(rest, "next");
    }
}

TEST(what_could_be_read_in_two_ways_is_refused)
{
    static const char *const texts[] = {
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "0x1\r\n",
        " 1\r\na\r\n",
        "1 \r\na\r\n",
        "1\na\r\n",
        "1\r\na\n",
        "1\r\nab\r\n",
        "1\r\na\r\r\n",
        "1\r\ra",
        "1;\n",
        "1;a\x01\r\n",
        "0\r\n\n",
        "0\r\n\rx",
        "0\r\nA: b\n",
        "0\r\n A: b\r\n",
        "0\r\nA: b\r\n\tc\r\n",
        "0\r\nA\x7f",
        "0000000000000001\r\n",
        "ffffffffffffffff1\r\n",
        "1;a\rb\r\n",
    };
    autobuf out = BUF_INIT;
    const char *rest;
    int error;

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        for (size_t step = 1; step < 100; step += 98)
            if (decode(texts[i], step, &out, &rest, &error) != HTTP_BAD || error != 400)
                TEST_FAIL("%s is not refused", texts[i]);
}

TEST(a_body_larger_than_its_room_is_refused_before_its_data)
{
    autobuf out = BUF_INIT;
    const char *rest;
    int error;

    CHECK_INT(decode("41\r\n", 1, &out, &rest, &error), ==, HTTP_BAD);
    CHECK_INT(error, ==, 413);
    CHECK_INT(decode("1\r\na\r\n40\r\n", 1, &out, &rest, &error), ==, HTTP_BAD);
    CHECK_INT(error, ==, 413);
    CHECK_INT(decode("7fffffffffffffff\r\n", 1, &out, &rest, &error), ==, HTTP_BAD);
}

TEST(extensions_and_trailers_are_bounded)
{
    autobuf text = BUF_INIT, out = BUF_INIT;
    const char *rest;
    int error;

    for (size_t i = 0; i < HTTP_MAX_CHUNK_EXTRAS / 16 + 1; i++)
        buf_add_str(&text, "1;aaaaaaaaaaaaaaaa\r\na\r\n");
    CHECK_INT(decode(text.data, 1000, &out, &rest, &error), ==, HTTP_BAD);
    buf_clear(&text);
    buf_add_str(&text, "0\r\n");
    for (size_t i = 0; i < HTTP_MAX_CHUNK_EXTRAS / 4 + 1; i++)
        buf_add_str(&text, "A: b\r\n");
    CHECK_INT(decode(text.data, 1000, &out, &rest, &error), ==, HTTP_BAD);
}

TEST_MAIN
