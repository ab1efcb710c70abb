// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_write.h"

#include "base/err.h"
#include "lib/test.h"
#include "wire/http.h"

TEST(fields_come_in_the_order_of_xapi)
{
    autobuf good = BUF_INIT, bad = BUF_INIT;

    http_add_response(&good, 0, 200, "text/xml", 272, false);
    CHECK_STR(buf_str(&good), "HTTP/1.0 200 OK\r\n"
                              "content-length: 272\r\n"
                              "connection: close\r\n"
                              "cache-control: no-cache, no-store\r\n"
                              "content-type: text/xml\r\n");
    http_add_response(&bad, 1, 500, "text/html", 3, false);
    CHECK_STR(buf_str(&bad), "HTTP/1.1 500 Internal Error\r\n"
                             "content-length: 3\r\n"
                             "content-type: text/html\r\n"
                             "connection: close\r\n"
                             "cache-control: no-cache, no-store\r\n");
}

TEST(a_response_reads_back)
{
    struct http_head head;
    autobuf out = BUF_INIT;
    size_t used;

    http_add_response(&out, 1, 200, "text/xml", 272, true);
    http_add_field(&out, "task-id", "a\r\nX: injected");
    http_end_head(&out);
    CHECK(strncmp(out.data, "HTTP/1.1 200 OK\r\ncontent-length: 272\r\n", 38) == 0);
    http_head_init(&head, HTTP_RESPONSE);
    CHECK_INT(http_head_feed(&head, out.data, out.size, &used), ==, HTTP_DONE);
    CHECK_INT(used, ==, out.size);
    CHECK_INT(head.content_length, ==, 272);
    CHECK(head.keep_alive);
    CHECK_STR(http_head_field(&head, "task-id"), "a  X: injected");
    CHECK(!http_head_field(&head, "x"));
    http_head_fini(&head);
}

TEST(a_request_reads_back)
{
    struct http_head head;
    autobuf out = BUF_INIT, path = BUF_INIT;
    size_t used;

    buf_add_str(&path, "/import?name=");
    http_add_escaped(&path, "a b&\xc3\xa9");
    CHECK_STR(buf_str(&path), "/import?name=a%20b%26%C3%A9");
    http_add_request(&out, "PUT", buf_str(&path), "h:443", NULL, HTTP_NO_LENGTH, false);
    http_end_head(&out);
    http_head_init(&head, HTTP_REQUEST);
    CHECK_INT(http_head_feed(&head, out.data, out.size, &used), ==, HTTP_DONE);
    CHECK_STR(head.path, "/import");
    CHECK_STR(http_head_field(&head, "host"), "h:443");
    CHECK_INT(head.body, ==, HTTP_BODY_NONE);
    CHECK(!head.keep_alive);
    http_head_fini(&head);
}

TEST(an_error_page_holds_no_markup_of_others)
{
    autobuf out = BUF_INIT;

    http_add_error_page(&out, 404, "<script>");
    CHECK(strstr(buf_str(&out), "<h1>HTTP 404 not found</h1>"));
    CHECK(strstr(buf_str(&out), "&lt;script&gt;</body></html>"));
    CHECK(!strstr(buf_str(&out), "<script>"));
}

TEST_MAIN
