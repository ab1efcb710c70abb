// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http.h"

#include "base/err.h"
#include "lib/test.h"

#define OK  "HTTP/1.1\r\nHost: h\r\n"
#define END "\r\n"

/* Feeds 'size' bytes, at most 'step' at a time; '*ret_used' counts what belonged to the
 * head. */
static enum http_result feed(struct http_head *head, enum http_kind kind, const char *data,
                             size_t size, size_t step, size_t *ret_used)
{
    enum http_result result = HTTP_MORE;
    size_t at = 0;

    http_head_init(head, kind);
    while (result == HTTP_MORE && at < size) {
        size_t n = size - at < step ? size - at : step, used = 0;

        result = http_head_feed(head, data + at, n, &used);
        at += used;
        if (result == HTTP_MORE)
            CHECK_INT(used, ==, n);
    }
    *ret_used = at;
    return result;
}

#define autohead CLEANUP(http_head_fini) struct http_head

/* Like feed(), once in one piece and once byte by byte: both must say the same. */
static enum http_result parse(struct http_head *head, enum http_kind kind, const char *data,
                              size_t size)
{
    size_t used, used_slowly;
    enum http_result result, slow;
    autohead slowly;

    slow = feed(&slowly, kind, data, size, 1, &used_slowly);
    result = feed(head, kind, data, size, size, &used);
    CHECK_INT(result, ==, slow);
    CHECK_INT(head->error, ==, slowly.error);
    if (result == HTTP_DONE)
        CHECK_INT(used, ==, used_slowly);
    return result;
}

static enum http_result parse_request(struct http_head *head, const char *text)
{
    return parse(head, HTTP_REQUEST, text, strlen(text));
}

/* ---- what could smuggle, and what is merely broken ---- */

static const struct {
    const char *text;
    int status;
} refused[] = {
    /* line ends */
    {"GET / HTTP/1.1\nHost: h\n\n", 400},
    {"GET / HTTP/1.1\nHost: h\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: h\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: h\r\n\n", 400},
    {"GET / HTTP/1.1\rHost: h\r\r", 0},
    {"GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", 400},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
    {"\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
    /* the request line */
    {"GET /\r\n", 400},
    {"GET  / HTTP/1.1\r\n", 400},
    {"GET /  HTTP/1.1\r\n", 400},
    {" GET / HTTP/1.1\r\n", 400},
    {"GET / HTTP/1.1 \r\n", 400},
    {"GET\t/\tHTTP/1.1\r\n", 400},
    {"G(T / HTTP/1.1\r\n", 400},
    {"GET / http/1.1\r\n", 400},
    {"GET / HTTP/1.10\r\n", 400},
    {"GET / HTTP/11\r\n", 400},
    {"GET / HTTP/1,1\r\n", 400},
    {"GET / HTTP/1.2\r\n", 505},
    {"GET / HTTP/2.0\r\n", 505},
    {"GET / HTTP/0.9\r\n", 505},
    {"GET /a b HTTP/1.1\r\n", 400},
    {"GET /a#b HTTP/1.1\r\n", 400},
    {"GET /\x7f HTTP/1.1\r\n", 400},
    {"GET /\xc3\xa9 HTTP/1.1\r\n", 400},
    {"GET a HTTP/1.1\r\n", 400},
    {"GET * HTTP/1.1\r\n", 400},
    {"GET ftp://h/ HTTP/1.1\r\n", 400},
    {"GET http://h HTTP/1.1\r\n", 400},
    {"CONNECT h:443 HTTP/1.1\r\n", 400},
    {"GET /%zz HTTP/1.1\r\n", 400},
    {"GET /%0 HTTP/1.1\r\n", 400},
    {"GET /%00 HTTP/1.1\r\n", 400},
    {"GET /%0d%0a HTTP/1.1\r\n", 400},
    {"GET /%ff HTTP/1.1\r\n", 400},
    {"GET /a/../b HTTP/1.1\r\n", 400},
    {"GET /a/%2e%2E/b HTTP/1.1\r\n", 400},
    {"GET /. HTTP/1.1\r\n", 400},
    {"GET /a%2fb HTTP/1.1\r\n", 400},
    {"GET /a%5Cb HTTP/1.1\r\n", 400},
    /* fields */
    {"GET / " OK "X : y\r\n", 400},
    {"GET / " OK "X\t: y\r\n", 400},
    {"GET / " OK " X: y\r\n", 400},
    {"GET / " OK "X: y\r\n z\r\n", 400},
    {"GET / " OK "X: y\r\n\tz\r\n", 400},
    {"GET / " OK ": y\r\n", 400},
    {"GET / " OK "X\r\n", 400},
    {"GET / " OK "X y: z\r\n", 400},
    {"GET / " OK "X(: z\r\n", 400},
    {"GET / " OK "X\xc3\xa9: z\r\n", 400},
    {"GET / " OK "X: a\x01z\r\n", 400},
    {"GET / " OK "X: a\x7fz\r\n", 400},
    {"GET / " OK "X: a\x0bz\r\n", 400},
    /* Host */
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / " OK "Host: h\r\n" END, 400},
    {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", 400},
    /* lengths */
    {"POST / " OK "Content-Length: 1\r\nContent-Length: 1\r\n" END, 400},
    {"POST / " OK "Content-Length: 1\r\nContent-Length: 2\r\n" END, 400},
    {"POST / " OK "Content-Length: 1, 1\r\n" END, 400},
    {"POST / " OK "Content-Length: +1\r\n" END, 400},
    {"POST / " OK "Content-Length: -1\r\n" END, 400},
    {"POST / " OK "Content-Length: 0x1\r\n" END, 400},
    {"POST / " OK "Content-Length: 1 1\r\n" END, 400},
    {"POST / " OK "Content-Length: \r\n" END, 400},
    {"POST / " OK "Content-Length: 9223372036854775808\r\n" END, 400},
    {"POST / " OK "Content-Length: 99999999999999999999\r\n" END, 400},
    {"POST / " OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n" END, 400},
    {"POST / " OK "Transfer-Encoding: chunked\r\ncontent-length: 0\r\n" END, 400},
    {"POST / " OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END, 400},
    {"POST / " OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" END, 400},
    {"POST / " OK "Transfer-Encoding: chunked, chunked\r\n" END, 501},
    {"POST / " OK "Transfer-Encoding: gzip, chunked\r\n" END, 501},
    {"POST / " OK "Transfer-Encoding: chunked;q=1\r\n" END, 501},
    {"POST / " OK "Transfer-Encoding: xchunked\r\n" END, 501},
    {"POST / " OK "Transfer-Encoding: \"chunked\"\r\n" END, 501},
    {"POST / " OK "Transfer-Encoding: \r\n" END, 501},
    {"POST / " OK "Transfer-Encoding: identity\r\n" END, 501},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" END, 400},
    /* the rest */
    {"POST / " OK "Expect: 200-ok\r\n" END, 417},
    {"\x16\x03\x01\x02\x01\xfc\n", 400},
};

TEST(whatever_could_be_read_in_two_ways_is_refused)
{
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        autohead head;
        enum http_result result = parse_request(&head, refused[i].text);

        if (result == HTTP_DONE || head.error != refused[i].status)
            TEST_FAIL("%s gives %d, not %d", refused[i].text, head.error,
                      refused[i].status);
    }
}

TEST(a_nul_is_refused_wherever_it_stands)
{
    static const char text[] = "GET /a HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n";

    for (size_t i = 0; i < sizeof(text) - 3; i++) {
        char copy[sizeof(text)];
        autohead head;

        memcpy(copy, text, sizeof(text));
        copy[i] = '\0';
        CHECK_INT(parse(&head, HTTP_REQUEST, copy, sizeof(copy) - 1), ==, HTTP_BAD);
    }
}

TEST(a_head_is_bounded_in_every_direction)
{
    static const struct {
        const char *start;
        char fill;
        size_t n;
        int status;
    } cases[] = {
        {"GET /", 'a', HTTP_MAX_LINE, 414},
        {"", 'a', HTTP_MAX_LINE + 1, 414},
        {"GET / HTTP/1.1\r\nX: ", 'a', HTTP_MAX_FIELDS_SIZE, 431},
        {"GET / HTTP/1.1\r\n", 'a', HTTP_MAX_FIELDS_SIZE + 1, 431},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autobuf text = BUF_INIT;
        autohead head;

        buf_add_str(&text, cases[i].start);
        for (size_t n = 0; n < cases[i].n; n++)
            buf_add_char(&text, cases[i].fill);
        CHECK_INT(parse(&head, HTTP_REQUEST, text.data, text.size), ==, HTTP_BAD);
        CHECK_INT(head.error, ==, cases[i].status);
    }
}

static enum http_result parse_fields(size_t n)
{
    autobuf text = BUF_INIT;
    autohead head;

    buf_add_str(&text, "GET / HTTP/1.1\r\nHost: h\r\n");
    for (size_t i = 1; i < n; i++)
        buf_addf(&text, "X%zu: y\r\n", i);
    buf_add_str(&text, "\r\n");
    return parse(&head, HTTP_REQUEST, text.data, text.size);
}

TEST(fields_are_counted)
{
    CHECK_INT(parse_fields(HTTP_MAX_FIELDS), ==, HTTP_DONE);
    CHECK_INT(parse_fields(HTTP_MAX_FIELDS + 1), ==, HTTP_BAD);
}

/* ---- what is good ---- */

TEST(a_request_is_read_and_its_body_left_alone)
{
    static const char text[] =
        "POST /jsonrpc?a=1&b HTTP/1.1\r\nHost: h:8443\r\n"
        "Content-Type:  text/xml \t\r\nCONTENT-LENGTH: 5\r\n\r\nhello";
    autohead head;
    size_t used;

    CHECK_INT(feed(&head, HTTP_REQUEST, text, strlen(text), 7, &used), ==, HTTP_DONE);
    CHECK_STR(text + used, "hello");
    CHECK_STR(head.method, "POST");
    CHECK_STR(head.path, "/jsonrpc");
    CHECK_STR(head.query, "a=1&b");
    CHECK_STR(http_head_field(&head, "content-type"), "text/xml");
    CHECK(!http_head_field(&head, "content"));
    CHECK_INT(head.body, ==, HTTP_BODY_LENGTH);
    CHECK_INT(head.content_length, ==, 5);
    CHECK(head.keep_alive);
    CHECK(!head.expect_continue);
}

TEST(the_forms_of_a_target_are_understood)
{
    static const char *const cases[][3] = {
        {"GET / " OK END, "/", ""},
        {"\r\nGET /a " OK END, "/a", ""},
        {"GET /a%20b/c?x=%2F? " OK END, "/a b/c", "x=%2F?"},
        {"GET http://other/a?b " OK END, "/a", "b"},
        {"GET HTTPS://other:1/a " OK END, "/a", ""},
        {"OPTIONS * " OK END, "*", ""},
        {"CONNECT /console?ref=x HTTP/1.0\r\n\r\n", "/console", "ref=x"},
        {"GET //a/ " OK END, "//a/", ""},
        {"GET /...?/../ " OK END, "/...", "/../"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autohead head;

        CHECK_INT(parse_request(&head, cases[i][0]), ==, HTTP_DONE);
        CHECK_STR(head.path, cases[i][1]);
        CHECK_STR(head.query, cases[i][2]);
    }
}

TEST(the_body_of_a_request_has_one_kind)
{
    static const struct {
        const char *text;
        enum http_body body;
        bool expect;
    } cases[] = {
        {"GET / " OK END, HTTP_BODY_NONE, false},
        {"PUT / HTTP/1.0\r\n\r\n", HTTP_BODY_NONE, false},
        {"POST / " OK "Content-Length: 0\r\n" END, HTTP_BODY_LENGTH, false},
        {"POST / " OK "Content-Length: 007\r\n" END, HTTP_BODY_LENGTH, false},
        {"POST / " OK "Transfer-Encoding: Chunked\r\n" END, HTTP_BODY_CHUNKED, false},
        {"POST / " OK "Expect: 100-Continue\r\nContent-Length: 1\r\n" END, HTTP_BODY_LENGTH,
         true},
        {"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n" END,
         HTTP_BODY_LENGTH, false},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autohead head;

        CHECK_INT(parse_request(&head, cases[i].text), ==, HTTP_DONE);
        CHECK_INT(head.body, ==, cases[i].body);
        CHECK_INT(head.expect_continue, ==, cases[i].expect);
    }
}

TEST(a_connection_is_kept_by_the_rules_of_its_version)
{
    static const struct {
        const char *text;
        bool keep_alive;
    } cases[] = {
        {"GET / " OK END, true},
        {"GET / " OK "Connection: close\r\n" END, false},
        {"GET / " OK "Connection: Keep-Alive\r\n" END, true},
        {"GET / " OK "Connection: Upgrade, CLOSE\r\n" END, false},
        {"GET / " OK "Connection: keep-alive\r\nConnection: close\r\n" END, false},
        {"GET / " OK "Connection: closed\r\n" END, true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autohead head;

        CHECK_INT(parse_request(&head, cases[i].text), ==, HTTP_DONE);
        CHECK_INT(head.keep_alive, ==, cases[i].keep_alive);
    }
}

TEST(a_head_can_be_read_in_any_pieces)
{
    static const char text[] = "GET /a " OK "X: y\r\n" END "rest";
    size_t head_size = strlen(text) - 4;

    for (size_t step = 1; step <= strlen(text); step++) {
        autohead head;
        size_t used;

        CHECK_INT(feed(&head, HTTP_REQUEST, text, strlen(text), step, &used), ==,
                  HTTP_DONE);
        CHECK_INT(used, ==, head_size);
        CHECK_STR(http_head_field(&head, "x"), "y");
    }
}

/* ---- responses ---- */

TEST(a_response_is_read)
{
    static const struct {
        const char *text;
        int status;
        enum http_body body;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", 200, HTTP_BODY_LENGTH},
        {"HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n", 200, HTTP_BODY_CHUNKED},
        {"HTTP/1.0 500 Internal Error\r\n\r\n", 500, HTTP_BODY_UNTIL_CLOSE},
        {"HTTP/1.1 100 Continue\r\n\r\n", 100, HTTP_BODY_NONE},
        {"HTTP/1.1 204\r\n\r\n", 204, HTTP_BODY_NONE},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        autohead head;

        CHECK_INT(parse(&head, HTTP_RESPONSE, cases[i].text, strlen(cases[i].text)), ==,
                  HTTP_DONE);
        CHECK_INT(head.status, ==, cases[i].status);
        CHECK_INT(head.body, ==, cases[i].body);
    }
}

TEST(what_is_no_response_is_refused)
{
    static const char *const texts[] = {
        "HTTP/1.1\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 099 OK\r\n",
        "HTTP/1.1 600 OK\r\n",
        "HTTP/1.1 abc OK\r\n",
        "HTTP/2.0 200 OK\r\n",
        "ICY 200 OK\r\n",
        "\r\nHTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        autohead head;

        CHECK_INT(parse(&head, HTTP_RESPONSE, texts[i], strlen(texts[i])), ==, HTTP_BAD);
    }
}

TEST_MAIN
